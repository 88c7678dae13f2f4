"""Keep what people want to be told where; a link in every e-mail ends those of its kind without signing in."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.db import Database
from gov_portal.kernel.errors import Invalid, NotFound
from gov_portal.kernel.ids import PersonId
from gov_portal.messaging.catalogue import LANGUAGES
from gov_portal.messaging.models import deliveries, messages, preferences
from gov_portal.messaging.news import CHOICES, EMAIL, RULES, Kind, Wishes, kind_of

_PURPOSE = "messaging.stop"
_MARK_BYTES = 16
_HOURS = range(24)


class WishesInvalid(Invalid):
    """Refuse a language, a kind or an hour that does not exist, and quiet hours that begin when they end."""

    code = "messages.wishes"


class StopLinkUnknown(NotFound):
    """Answer that a link ends no e-mails: it was changed, or its message is gone."""

    code = "messages.stop-link"


class StopLinks:
    """Make and read the tokens of the links that end e-mails of a kind; they name a delivery, nobody's id."""

    def __init__(self, keys: KeyStore) -> None:
        """Sign under the key of the blind indexes."""
        self._keys = keys

    def token(self, delivery: UUID) -> str:
        """Return the token of a delivery."""
        return urlsafe_b64encode(delivery.bytes + self._mark(delivery)).rstrip(b"=").decode()

    def read(self, token: str) -> UUID:
        """Return the delivery of a token.

        Raises:
            StopLinkUnknown: the token is not ours.
        """
        try:
            packed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            delivery = UUID(bytes=packed[:16])
        except ValueError:
            raise StopLinkUnknown from None
        if not hmac.compare_digest(packed[16:], self._mark(delivery)):
            raise StopLinkUnknown
        return delivery

    def _mark(self, delivery: UUID) -> bytes:
        return self._keys.blind_index(_PURPOSE, str(delivery))[:_MARK_BYTES]


class MessagePreferences:
    """Know and change what people want to be told where."""

    def __init__(self, db: Database, links: StopLinks) -> None:
        """Keep them in ``db``."""
        self._db = db
        self._links = links

    def of(self, person: PersonId) -> Wishes:
        """Return what a person wants; the usual for whoever has not chosen."""
        return self.of_many((person,)).get(person, Wishes())

    def of_many(self, persons: Collection[PersonId]) -> Mapping[PersonId, Wishes]:
        """Return what those of the persons want who have chosen, in one statement."""
        query = select(preferences).where(preferences.c.person_id.in_(persons))
        with self._db.read() as connection:
            return {PersonId(row.person_id): _wishes(row) for row in connection.execute(query)}

    def change(self, person: PersonId, wishes: Wishes) -> None:
        """Keep what a person wants from now on; what is on its way already still comes.

        Raises:
            WishesInvalid: something in it does not exist.
        """
        _check(wishes)
        values = {
            "language": wishes.language,
            "sms": sorted(wishes.sms),
            "email": sorted(wishes.email),
            "quiet_from": wishes.quiet_from,
            "quiet_until": wishes.quiet_until,
            "changed_at": datetime.now(UTC),
        }
        statement = insert(preferences).values(person_id=person, **values)
        with self._db.begin() as uow:
            uow.connection.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))

    def stoppable(self, token: str) -> Kind:
        """Return the kind of news that a link ends.

        Raises:
            StopLinkUnknown: the link ends nothing.
        """
        return self._meant(token)[1]

    def stop_emails(self, token: str) -> Kind:
        """End e-mails of one kind for whom the link was sent to; the inbox goes on. Twice does no harm.

        Raises:
            StopLinkUnknown: the link ends nothing.
        """
        person, kind = self._meant(token)
        wishes = self.of(person)
        if kind in wishes.email:
            rest = wishes.email - {kind}
            self.change(person, Wishes(wishes.language, wishes.sms, rest, wishes.quiet_from, wishes.quiet_until))
        return kind

    def _meant(self, token: str) -> tuple[PersonId, Kind]:
        query = (
            select(messages.c.recipient_id, messages.c.code)
            .join(deliveries, deliveries.c.message_id == messages.c.id)
            .where(deliveries.c.id == self._links.read(token), deliveries.c.channel == EMAIL)
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.recipient_id is None or not RULES[kind_of(row.code)].is_choice:
            raise StopLinkUnknown
        return PersonId(row.recipient_id), kind_of(row.code)


def _wishes(row: Row[tuple[object, ...]]) -> Wishes:
    known = {kind.value: kind for kind in CHOICES}
    sms, email = (frozenset(known[name] for name in names if name in known) for names in (row.sms, row.email))
    return Wishes(row.language, sms, email, row.quiet_from, row.quiet_until)


def _check(wishes: Wishes) -> None:
    hours = (wishes.quiet_from, wishes.quiet_until)
    if wishes.language not in LANGUAGES:
        raise WishesInvalid(field="language")
    if (wishes.sms | wishes.email) - set(CHOICES):
        raise WishesInvalid(field="kinds")
    if (hours[0] is None) != (hours[1] is None) or any(hour is not None and hour not in _HOURS for hour in hours):
        raise WishesInvalid(field="quiet")
    if hours[0] is not None and hours[0] == hours[1]:
        raise WishesInvalid(field="quiet")
