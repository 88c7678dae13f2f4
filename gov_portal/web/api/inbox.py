"""Show people what they were told, and let them mark it as read."""

from collections.abc import Sequence
from uuid import UUID

from marshmallow import fields

from gov_portal.messaging.services import Reader, ShownMessage
from gov_portal.web.api import views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, window
from gov_portal.web.api.shapes import made
from gov_portal.web.base.access import current_citizen
from gov_portal.web.base.language import language
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from identity.permissions import Permission

resource = Resource("inbox", title=phrase("我的消息"))

UNREAD = made("Unread", unread=fields.Integer())


def _reader() -> Reader:
    return Reader(language(), _)


@resource.endpoint(
    "GET",
    "/messages",
    title=phrase("列出消息"),
    may=Permission.VIEW_ACCOUNT,
    shape=Shape(query=PageQuery, answer=views.MESSAGES, is_paged=True),
)
def list_messages(query: Json) -> Answer[ShownMessage]:
    """List what the person was told, newest first."""
    person = current_citizen().person

    def behind(number: str, limit: int) -> Sequence[ShownMessage]:
        before = int(number) if number else None
        return services().messages.inbox(person, limit=limit, reader=_reader(), before=before)

    return window(behind, query, key=lambda row: str(row.number))


@resource.endpoint(
    "GET", "/messages/unread", title=phrase("数新消息"), may=Permission.VIEW_ACCOUNT, shape=Shape(answer=UNREAD)
)
def count_unread_messages() -> dict[str, int]:
    """Say how many messages are new."""
    return {"unread": services().messages.unread(current_citizen().person)}


@resource.endpoint(
    "GET",
    "/messages/<uuid:message>",
    title=phrase("查看消息"),
    may=Permission.VIEW_ACCOUNT,
    shape=Shape(answer=views.MESSAGE),
)
def show_message(message: UUID) -> ShownMessage:
    """Show one message; it stays new until it is marked as read."""
    return services().messages.message(message, by=current_citizen().person, reader=_reader())


@resource.endpoint(
    "POST",
    "/messages/<uuid:message>/read",
    title=phrase("标为已读"),
    may=Permission.VIEW_ACCOUNT,
    shape=Shape(status=204, is_once=True),
)
def mark_message_read(message: UUID) -> str:
    """Mark one message as read."""
    person = current_citizen().person
    services().messages.message(message, by=person)
    services().messages.mark_read(person, message=message)
    return ""


@resource.endpoint(
    "POST",
    "/messages/read",
    title=phrase("全部标为已读"),
    may=Permission.VIEW_ACCOUNT,
    shape=Shape(status=204, is_once=True),
)
def mark_all_messages_read() -> str:
    """Mark every message as read."""
    services().messages.mark_read(current_citizen().person)
    return ""
