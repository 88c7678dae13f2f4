"""The item of the tutorial goes live without a restart, and a case is closed on it."""

import re
from pathlib import Path

from gov_portal.kernel.ids import ItemId
from tests.factories.town import Town

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "tutorial" / "first-item.md").read_text("utf-8")


def test_a_case_of_the_new_item_is_closed(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "my-bench.yaml"
    (source,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    path.write_text(source, "utf-8")
    (item,) = town.desk.definitions.publish([path])
    case = town.cases.begin(ItemId("demo.my-bench"), by=town.citizen)
    town.cases.save_page(case, page="bench", raw={"bench.place": "东门", "bench.kind": "wood"}, by=town.citizen)
    town.cases.submit(case, by=town.citizen)
    town.act(case, "accept.1", "ok", by=town.window)
    town.act(case, "review.1", "ok", by=town.checkers[0])
    town.act(case, "approve.1", "ok", by=town.leader)
    with town.db.driver() as driver:
        row = driver.execute(
            "SELECT status, outcome, definition_hash FROM workflows_cases WHERE id = %s", (case,)
        ).fetchone()
    assert row == ("closed", "granted", item.hash)
