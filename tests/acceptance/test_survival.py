"""Killing worker, relay or Redis in the middle of a case loses nothing and doubles nothing."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gov_portal.cli.demo.command import await_empty_outbox
from gov_portal.cli.demo.people import Citizen
from gov_portal.cli.demo.story import CLAIM, Matter, Stage
from gov_portal.cli.instance import Instance
from gov_portal.kernel.ledger import FileSigner, verify
from gov_portal.sandbox.faults import Down, Faults, write_faults
from gov_portal.sandbox.store import Store
from gov_portal.wiring.platform import Platform
from workflows.services.register import CaseRegister

pytestmark = pytest.mark.installations


def kill(instance: Instance, *names: str) -> None:
    for name in names:
        os.kill(instance.pid(name), signal.SIGKILL)


def test_a_case_survives_the_death_of_every_process_behind_the_web(
    live_portal: Instance, stage: Stage, platform: Platform
) -> None:
    elder: Citizen = stage.citizen("elder")
    matter = Matter(stage, elder, elder.apply({**CLAIM, "claim.kind": "multiple"}), "470201")
    kill(live_portal, "worker")
    matter.do("window", "accept", "ok")
    kill(live_portal, "redis")
    matter.assess(1, kind="multiple")
    kill(live_portal, "relay", "redis")
    matter.await_publicity()
    stage.advance("6wd")
    matter.vote("ok", "ok")
    kill(live_portal, "worker", "relay")
    matter.do("leader", "approve", "ok")
    matter.await_phase("outcome", "granted")
    await_empty_outbox(platform.base.db)

    kinds = elder.browser.open(matter.path).marks["kind"]
    assert [kinds.count(kind) for kind in ("issued", "delivered", "closed")] == [1, 1, 1]
    assert len(received(live_portal, "post", matter.number)) == 1
    signer = FileSigner(platform.base.settings.secrets_dir)
    assert verify(platform.base.db, [CaseRegister.heads], public_key=signer.public_key) == []


def received(instance: Instance, department: str, case_number: str) -> list[object]:
    store = Store(instance.home.departments / department)
    return [push for push in store.received() if case_number in str(push)]


@pytest.mark.parametrize("switch", ["closed", "busy"])
def test_a_department_that_is_down_pauses_the_step_and_the_case_goes_on_by_itself(
    live_portal: Instance, stage: Stage, switch: str
) -> None:
    citizen = stage.citizen({"closed": "middle_dot", "busy": "rare"}[switch])
    matter = Matter(stage, citizen, citizen.apply({**CLAIM, "claim.kind": "limb"}), "470201")
    with department_down(live_portal, "police", switch=switch):
        matter.do("window", "accept", "ok")
        page = matter.await_phase("standstill", "unavailable")
        assert "系统暂时没有回应" in page.text
        assert "我们会自动重试" in page.text
    page = matter.await_phase("kind", "answered")
    assert "unavailable" not in page.marks.get("standstill", [])


@contextmanager
def department_down(instance: Instance, department: str, *, switch: str) -> Iterator[None]:
    folder = instance.home.departments / department
    write_faults(folder, Faults(down=Down(switch)))
    try:
        yield
    finally:
        write_faults(folder, Faults())
