"""Rate a closed case (好差评), by whoever's hand."""

from uuid import uuid4

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt, long_text
from gov_portal.web.base.fronts import Front
from gov_portal.web.base.rating_words import LEVELS, REASONS
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from workflows.domain.ratings import RatingForm, RatingLevel, RatingReason
from workflows.domain.state import Status
from workflows.services.ratings import LONGEST_TEXT, CaseRatings, RatingClosed
from workflows.views import CaseView

_LEVEL_WORDS = {level.value: level for level in RatingLevel}
_REASON_WORDS = {reason.value: reason for reason in RatingReason}


def rate(front: Front, case: CaseId) -> ResponseReturnValue:
    """Ask for the level, and perhaps reasons and a text; keep the rating."""
    faults, key = NO_FAULTS, request.form.get("key") or uuid4().hex
    if request.method == "POST":
        form, faults = _read()
        if form is not None:
            done = attempt(lambda: services().ratings.rate(case, form, by=front.by, key=key))
            if not isinstance(done, Faults):
                flash(_("谢谢，评价已收到。办理部门看不到您的姓名。"), "ok")
                return redirect(front.url("case", case=case), 303)
            faults = done
    standing, view = services().ratings.of_case(case, by=front.by), services().cases.view(case, by=front.by)
    if request.method == "GET" and not standing.may_rate:
        raise RatingClosed
    html = front.render("rate.html", case=view, standing=standing, faults=faults, inputs=_inputs(faults), key=key)
    return html, 422 if faults else 200


def rated(front: Front, view: CaseView) -> CaseRatings | None:
    """Return what was said of a closed case; ``None`` for one under way."""
    return services().ratings.of_case(view.case, by=front.by) if view.status is Status.CLOSED else None


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
