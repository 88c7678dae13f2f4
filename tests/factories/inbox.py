"""Stand in for the messages of the pages' one person."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from gov_portal.messaging.catalogue import shipped
from gov_portal.messaging.news import Kind, Wishes
from gov_portal.messaging.preferences import StopLinkUnknown
from gov_portal.messaging.services import USUAL_READER, MessageUnknown, Reader, ShownMessage
from tests.factories.views import CASE

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MESSAGE, STOP_TOKEN = UUID("40000000-0000-4000-8000-000000000001"), "stop-token"


def a_message(number: int = 2, *, is_read: bool = False) -> ShownMessage:
    return ShownMessage(
        NOW, "case.accepted", "", id=UUID(int=MESSAGE.int + number - 2), number=number, case=CASE, is_read=is_read
    )


def _read(message: ShownMessage, reader: Reader) -> ShownMessage:
    params = {"case_number": "470101-1", "item": "残疾人证首次申办"}
    return replace(message, text=shipped().text(message.code, params, language=reader.language, say=reader.say))


@dataclass
class InMemoryMessagePreferences:
    """Keep the wishes of one person."""

    wishes: Wishes = field(default_factory=Wishes)
    stopped: list[str] = field(default_factory=list)

    def of(self, person):
        return self.wishes

    def change(self, person, wishes):
        self.wishes = wishes

    def stoppable(self, token):
        if token != STOP_TOKEN:
            raise StopLinkUnknown
        return Kind.PROGRESS

    def stop_emails(self, token):
        kind = self.stoppable(token)
        self.stopped.append(token)
        return kind


@dataclass
class InMemoryMessages:
    """Show one code on the desk and a few messages in the inbox."""

    shown: tuple[ShownMessage, ...] = field(default_factory=lambda: (a_message(2), a_message(1, is_read=True)))
    marked: list[UUID | None] = field(default_factory=list)
    preferences: InMemoryMessagePreferences = field(default_factory=InMemoryMessagePreferences)

    def desk(self, *, limit=50):
        return (ShownMessage(NOW, "identity.code", "您的验证码是 123456，5 分钟内有效。", "12000000001"),)

    def inbox(self, person, *, limit=50, reader=USUAL_READER, before=None):
        found = [one for one in self.shown if before is None or one.number < before]
        return tuple(_read(one, reader) for one in found[:limit])

    def message(self, message, *, by, reader=USUAL_READER):
        found = [one for one in self.shown if one.id == message]
        if not found:
            raise MessageUnknown
        return _read(found[0], reader)

    def unread(self, person):
        return sum(not one.is_read for one in self.shown)

    def mark_read(self, person, *, message=None):
        self.marked.append(message)
