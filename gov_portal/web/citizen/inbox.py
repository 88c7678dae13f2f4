"""Show what the person was told (我的消息)."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.read_only import where_writable
from gov_portal.messaging.services import Reader
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.language import language
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission

PAGE = 20
_DIGITS = 18


@requires(Permission.VIEW_ACCOUNT)
def inbox() -> ResponseReturnValue:
    """List the messages, newest first, twenty to a page."""
    person, messages = current_citizen().person, services().messages
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS else None
    found = messages.inbox(person, limit=PAGE + 1, reader=_reader(), before=before)
    older = url_for("citizen.inbox", before=found[PAGE - 1].number) if len(found) > PAGE else ""
    newest = url_for("citizen.inbox") if before is not None else ""
    return render_template(
        "citizen/inbox.html", messages=found[:PAGE], unread=messages.unread(person), older=older, newest=newest
    )


@requires(Permission.VIEW_ACCOUNT)
def message(message: UUID) -> ResponseReturnValue:
    """Show one message; whoever has seen it has read it."""
    person = current_citizen().person
    shown = services().messages.message(message, by=person, reader=_reader())
    if not shown.is_read:
        with where_writable():
            services().messages.mark_read(person, message=message)
    return render_template("citizen/message.html", message=shown)


@requires(Permission.VIEW_ACCOUNT)
def mark_all_read() -> ResponseReturnValue:
    """Mark every message as read."""
    services().messages.mark_read(current_citizen().person)
    return redirect(url_for("citizen.inbox"), 303)


def _reader() -> Reader:
    return Reader(language(), _)
