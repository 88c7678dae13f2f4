"""A licence is issued under a seal with a time stamp, or not yet."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gov_portal.documents.certificates import certificate_of
from gov_portal.documents.errors import TimeStampUnavailable
from gov_portal.documents.sealing import Sealer
from gov_portal.documents.time_stamps import HttpStamper, OwnStamper, Stamper, StampReader
from gov_portal.kernel.principal import Citizen
from gov_portal.licences.domain import LicenceStatus
from gov_portal.licences.services import LicenceService
from tests.integration.licences.conftest import Desk


def reader_of(desk: Desk) -> StampReader:
    return StampReader(lambda: [certificate_of(desk.authority.root)])


def service_with(desk: Desk, stamper: Stamper) -> LicenceService:
    outside = replace(desk.service._outside, seals=Sealer(desk.authority, time_stamper=stamper))
    return LicenceService(desk.db, keys=desk.keys, files=desk.files, clock=desk.clock, outside=outside)


def holder(desk: Desk) -> Citizen:
    return Citizen(desk.holder, ial=3, aal=2)


def test_without_a_time_stamp_nothing_is_issued_and_the_next_attempt_issues_once(desk: Desk) -> None:
    away = HttpStamper("http://127.0.0.1:1/tsa", reader=reader_of(desk))
    with pytest.raises(TimeStampUnavailable):
        service_with(desk, away).issue(desk.order())
    assert desk.service.mine(holder(desk)) == []
    issued = desk.service.issue(desk.order())
    assert desk.service.issue(desk.order()) == issued


def test_verification_of_a_file_says_when_it_was_stamped(desk: Desk) -> None:
    service = service_with(desk, OwnStamper(desk.authority, reader=reader_of(desk)))
    card = service.pdf(service.issue(desk.order()).licence, by=holder(desk))
    found = service.verify_file(card)
    assert found.status is LicenceStatus.VALID
    assert found.stamped_at is not None
    assert abs(datetime.now(UTC) - found.stamped_at) < timedelta(minutes=10)
