"""Give the tests of messages a guardian with phone and mailbox, and the services."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from gov_portal.kernel.cipher import KeyStore
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.db import Database
from gov_portal.kernel.ids import KeyId, PersonId
from gov_portal.messaging.news import EMAIL, SMS
from gov_portal.messaging.services import MessageService
from tests.factories.messaging import InMemoryAddressees, KnownAddressee

WARD, GUARDIAN = PersonId(UUID(int=11)), PersonId(UUID(int=12))
PHONE, MAILBOX = "12000000001", "lin@example.com"


@pytest.fixture
def key(database: Database, keys: KeyStore) -> KeyId:
    with database.begin() as uow:
        return keys.create(uow)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 2, 1, tzinfo=UTC))


@pytest.fixture
def messages(database: Database, keys: KeyStore, key: KeyId, clock: FixedClock) -> MessageService:
    addressee = KnownAddressee(GUARDIAN, PHONE, key, MAILBOX)
    known = InMemoryAddressees({GUARDIAN: [addressee], WARD: [addressee]})
    return MessageService(database, keys=keys, clock=clock, addressees=known, channels=(SMS, EMAIL))
