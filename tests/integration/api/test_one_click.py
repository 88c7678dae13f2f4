"""What comes of one click is found by one id: in the lines of the web and the worker, and in departments' own logs."""

import json

from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from gov_portal.kernel import outbox
from gov_portal.sandbox.server import LOG_NAME
from gov_portal.workers.tasks import deliver
from tests.factories.province import Province

CLICK = "click-0a1b2c3d"


def accept(live: Province, case: str) -> None:
    token, _ = live.officer("dept.subdistrict", "window")
    headers = {"Authorization": f"Bearer {token}", "X-Request-Id": CLICK}
    path = f"/api/v1/desk/cases/{case}/tasks/accept.1/acts"
    acted = live.app.test_client().post(path, json={"act": "ok"}, headers=headers)
    assert acted.status_code == 204, acted.text


def work_on(live: Province) -> None:
    """Deliver as a worker does, until nothing more goes at once; each round brings what the one before has caused."""
    work = live.platform.work()
    while ids := outbox.due(work.database, 100):
        deliver(work, ids)


def told_by_departments(live: Province) -> list[dict]:
    logs = live.platform.base.settings.secrets_dir.parent.glob(f"*/{LOG_NAME}")
    return [json.loads(line) for path in logs for line in path.read_text("utf-8").splitlines()]


def test_one_id_goes_from_the_officers_click_to_the_departments_log(live: Province) -> None:
    case = str(live.submitted(live.citizen()[1]))
    live.deliver_all()
    with capture_logs(processors=[merge_contextvars]) as written:
        accept(live, case)
        work_on(live)
    ours = [line for line in written if line.get("request_id") == CLICK]
    assert [line["route"] for line in ours if line["event"] == "request"] == [
        "/api/v1/desk/cases/<uuid:case>/tasks/<task>/acts"
    ]
    asked = {line["resource"] for line in ours if line["event"] == "department-call"}
    assert "police.person" in asked
    assert {line["result"] for line in ours if line["event"] == "delivery"} == {"done"}
    assert len([line for line in ours if line["event"] == "delivery"]) >= len(asked)
    theirs = {line["path"].rpartition("/")[2] for line in told_by_departments(live) if line["request_id"] == CLICK}
    assert theirs == asked


def test_what_begins_by_itself_has_an_id_of_its_own(live: Province) -> None:
    live.submitted(live.citizen()[1])
    with capture_logs(processors=[merge_contextvars]) as written:
        work_on(live)
    ids = {line["request_id"] for line in written if line["event"] == "delivery"}
    assert ids
    assert "" not in ids
