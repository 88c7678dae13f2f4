"""Undo an act within its seconds (撤销), and take note of one that came to nothing."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission


@requires(Permission.ACT_ON_TASK)
def undo(held: UUID) -> ResponseReturnValue:
    """Take an act back before anything came of it, and go back to its task."""
    case, task = services().held.undo(held, by=current_officer())
    flash(_("已撤销，什么都没有发生。"), "ok")
    return redirect(url_for("officer.task", case=case, task=task), 303)


@requires(Permission.ACT_ON_TASK)
def read_on(held: UUID) -> ResponseReturnValue:
    """Forget an act that came to nothing, now that its officer knows."""
    services().held.read_on(held, by=current_officer())
    return redirect(url_for("officer.queue"), 303)
