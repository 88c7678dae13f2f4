"""An officer accepts many cases by one press at a running portal; the workers do it, and each case has its result."""

import re
import time

from gov_portal.cli.demo.story import Stage

PATIENCE_S = 60
ANSWERS = {
    "claim.kind": "hearing",
    "claim.cause": "幼年高烧后听力逐渐下降",
    "claim.homebound": "false",
    "delivery.way": "pickup",
}


def test_cases_are_accepted_by_one_press_and_each_has_its_result(stage: Stage) -> None:
    citizen = stage.citizen("rare_plane_two")
    number = citizen.browser.open(citizen.apply(ANSWERS)).mark("case-number")
    window = stage.officer("window.470101").browser
    steps = window.open(f"/officer/bulk?number={number}")
    acts = window.open(steps.link("on="))
    confirm = window.open(acts.link("act=ok"))
    assert (confirm.mark("found"), confirm.mark("able")) == ("1", "1")
    job = window.submit(confirm, "order", {})
    path = re.sub(r"\?.*", "", re.sub(r"^https?://[^/]+", "", job.url))
    deadline = time.monotonic() + PATIENCE_S
    while (page := window.open(path)).mark("status") != "finished":
        assert time.monotonic() < deadline, page.text[:600]
        time.sleep(0.2)
    assert page.marks["outcome"] == ["done"]
    assert number.encode() in window.open(f"{path}/results.csv").body
