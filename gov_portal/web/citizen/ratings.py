"""Rate a closed case (好差评), and show the figures of all ratings without names."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt, long_text
from gov_portal.web.base.rating_words import LEVELS, REASONS
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission
from workflows.domain.ratings import FEWEST_SHOWN, RatingForm, RatingLevel, RatingReason
from workflows.services.ratings import LONGEST_TEXT, RatingClosed

_LEVEL_WORDS = {level.value: level for level in RatingLevel}
_REASON_WORDS = {reason.value: reason for reason in RatingReason}


@requires(Permission.CONDUCT_OWN_CASE)
def rate(case: UUID) -> ResponseReturnValue:
    """Ask for the level, and perhaps reasons and a text; keep the rating."""
    citizen, case_id = current_citizen(), CaseId(case)
    faults, key = NO_FAULTS, request.form.get("key") or uuid4().hex
    if request.method == "POST":
        form, faults = _read()
        if form is not None:
            done = attempt(lambda: services().ratings.rate(case_id, form, by=citizen, key=key))
            if not isinstance(done, Faults):
                flash(_("谢谢，评价已收到。办理部门看不到您的姓名。"), "ok")
                return redirect(url_for("citizen.case", case=case), 303)
            faults = done
    standing, view = services().ratings.of_case(case_id, by=citizen), services().cases.view(case_id, by=citizen)
    if request.method == "GET" and not standing.may_rate:
        raise RatingClosed
    page = render_template(
        "citizen/rate.html", case=view, standing=standing, faults=faults, inputs=_inputs(faults), key=key
    )
    return page, 422 if faults else 200


def _read() -> tuple[RatingForm | None, Faults]:
    level = _LEVEL_WORDS.get(request.form.get("level", ""))
    text, faults = long_text("text", _("想说的话"), longest=LONGEST_TEXT, is_required=False)
    if level is None:
        return None, Faults((*Faults.single("level", _("请选择满意程度")).items, *faults.items))
    reasons = tuple(_REASON_WORDS[word] for word in request.form.getlist("reasons") if word in _REASON_WORDS)
    return (None, faults) if faults else (RatingForm(level, reasons, text), NO_FAULTS)


def _inputs(faults: Faults) -> tuple[Input, ...]:
    form = request.form
    levels = tuple((level.value, _(label)) for level, label in LEVELS.items())
    reasons = tuple((reason.value, _(label)) for reason, label in REASONS.items())
    return (
        Input("level", _("您满意吗？"), "radios", form.get("level", ""), faults.of("level"), options=levels),
        Input(
            "reasons",
            _("是关于哪些方面？"),
            "checkboxes",
            form.getlist("reasons"),
            hint=_("可以选几项"),
            options=reasons,
            is_required=False,
        ),
        Input(
            "text",
            _("想说的话"),
            "textarea",
            form.get("text", ""),
            faults.of("text"),
            _("最多 {n} 个字。请不要写姓名、电话和身份证号。", n=LONGEST_TEXT),
            is_required=False,
        ),
    )


@requires(Permission.VIEW_PUBLIC)
def ratings() -> ResponseReturnValue:
    """Show how people rated each item, without names."""
    shown = services().ratings.figures()
    return render_template("citizen/ratings.html", figures=shown, levels=LEVELS, fewest=FEWEST_SHOWN)
