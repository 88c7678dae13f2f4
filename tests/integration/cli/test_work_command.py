"""`gov work` shows what is parked and carries out what an operator signs for."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from gov_portal.cli.main import main
from gov_portal.kernel import outbox, parking
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger import FileSigner
from gov_portal.kernel.outbox import OutboxMessage

BY = ("--by", "operator.470000", "--reason", "接收方换了地址")


@pytest.fixture
def gov_work(signing_environment: dict[str, str], secrets_dir) -> Callable[..., Result]:
    FileSigner.create(secrets_dir)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["work", *arguments], env=signing_environment)

    return run


@pytest.fixture
def numbers(database: Database) -> list[str]:
    """Three webhook deliveries that were parked."""
    with database.begin() as uow:
        for _ in range(3):
            outbox.add(uow, OutboxMessage("webhook.deliver", f"webhook:{uuid4()}", {"delivery": str(uuid4())}))
    found = outbox.due(database, 10)
    for one in found:
        message = outbox.claim(database, one)
        assert message is not None
        outbox.park(database, message, error="SealBroken cipher.broken")
    return [str(one) for one in sorted(found)]


def test_parked_work_is_listed_shown_and_settled_by_an_operator_with_a_reason(
    gov_work: Callable[..., Result], numbers: list[str], database: Database
) -> None:
    listed = gov_work("list", "--topic", "webhook").output.splitlines()
    assert [line.split()[0] for line in listed] == numbers
    assert "SealBroken" in listed[0]
    shown = json.loads(gov_work("show", numbers[0]).output)
    assert [one["error"] for one in shown["attempts"]] == ["SealBroken cipher.broken"]

    other = gov_work("skip", numbers[0], "--by", "publisher.470000", "--reason", "x")
    assert "holds no post `operator`" in other.output
    assert "refused: work.reason" in gov_work("skip", numbers[0], "--by", "operator.470000", "--reason", " ").output
    assert "Missing option '--reason'" in gov_work("skip", numbers[0], "--by", "operator.470000").output
    assert "say which" in gov_work("skip", *BY).output
    assert "refused: work.unknown" in gov_work("skip", "99", *BY).output
    assert len(parking.parked(database)) == len(numbers)

    assert gov_work("resume", numbers[0], *BY).output == f"{numbers[0]} webhook.deliver is tried again\n"
    assert gov_work("skip", numbers[1], *BY).exit_code == 0
    assert gov_work("abandon", "--topic", "webhook", *BY).exit_code == 0
    assert gov_work("list").output == "nothing is parked\n"
    assert outbox.due(database, 10) == [int(numbers[0])]
    with database.driver() as driver:
        rows = driver.execute("SELECT stream, kind, body FROM kernel_ledger WHERE stream LIKE 'work:%' ORDER BY stream")
        signed = [(stream, kind, json.loads(body)["reason"]) for stream, kind, body in rows.fetchall()]
    ways = ("work-resume", "work-skip", "work-abandon")
    assert signed == [(f"work:{one}", way, BY[3]) for one, way in zip(numbers, ways, strict=True)]
