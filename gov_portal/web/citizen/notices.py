"""Show what is made public and take objections (公示 异议)."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt, long_text
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission

OBJECTION_LENGTH = 1000


@requires(Permission.VIEW_NOTICES)
def notices() -> ResponseReturnValue:
    """List what is open to objections now."""
    return render_template("citizen/notices.html", notices=services().cases.public_notices())


@requires(Permission.VIEW_NOTICES)
def notice(case: UUID, step: str) -> ResponseReturnValue:
    """Show one public notice."""
    return render_template("citizen/notice.html", notice=services().cases.public_notice(CaseId(case), step))


@requires(Permission.OBJECT)
def object_to(case: UUID, step: str) -> ResponseReturnValue:
    """Take an objection of whoever is signed in."""
    citizen, case_id = current_citizen(), CaseId(case)
    faults = NO_FAULTS
    key = request.form.get("key") or uuid4().hex
    if request.method == "POST":
        text, faults = long_text("text", _("异议的内容"), longest=OBJECTION_LENGTH)
        if not faults:
            done = attempt(lambda: services().cases.object_to(case_id, step, text=text, by=citizen, key=key))
            if not isinstance(done, Faults):
                flash(_("异议已收到。经办人员会核查，您的姓名不会公开。"), "ok")
                return redirect(url_for("citizen.notice", case=case, step=step), 303)
            faults = done
    text_input = Input(
        "text",
        _("您有什么异议？"),
        "textarea",
        request.form.get("text", ""),
        faults.of("text"),
        _("写清您知道的事实，最多 {n} 个字。只有核查的工作人员能看到。", n=OBJECTION_LENGTH),
    )
    view = services().cases.public_notice(case_id, step)
    page = render_template("citizen/object.html", notice=view, faults=faults, text=text_input, key=key)
    return page, 422 if faults else 200
