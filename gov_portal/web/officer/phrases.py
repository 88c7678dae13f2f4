"""Manage phrases for replies (常用语)."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, as_uuid, attempt
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission
from workflows.services.snippets import LONGEST, TooManySnippets

INSERT = "insert"
"""Name of the button that puts a phrase into the text of a form instead of sending it."""


@requires(Permission.VIEW_QUEUE)
def phrases() -> ResponseReturnValue:
    """Show the officer's phrases and those of the unit, and take a new one."""
    officer, faults = current_officer(), NO_FAULTS
    text, is_units = request.form.get("text", ""), request.form.get("for") == "unit"
    if request.method == "POST":
        added = attempt(lambda: services().snippets.add(text, by=officer, is_units=is_units), also=(TooManySnippets,))
        if not isinstance(added, Faults):
            flash(_("常用语已保存。"), "ok")
            return redirect(url_for("officer.phrases"), 303)
        faults = added
    hint = _("最多{length}个字。不要写个人信息。", length=LONGEST)
    page = render_template(
        "officer/phrases.html",
        known=services().snippets.snippets(officer),
        field=Input("text", _("新的常用语"), "textarea", text, faults.of("text"), hint=hint),
        is_leader=officer.rank == "leader",
        is_units=is_units,
        faults=faults,
    )
    return page, 422 if faults else 200


@requires(Permission.VIEW_QUEUE)
def delete_phrase(phrase: UUID) -> ResponseReturnValue:
    """Delete one phrase."""
    services().snippets.delete(phrase, by=current_officer())
    flash(_("常用语已删除。"), "ok")
    return redirect(url_for("officer.phrases"), 303)


def chosen_phrase() -> str:
    """Return the text of the phrase that the form of this request asks to be put in; empty where there is none."""
    wanted = as_uuid(request.form.get("snippet", ""))
    return next((one.text for one in services().snippets.snippets(current_officer()) if one.id == wanted), "")
