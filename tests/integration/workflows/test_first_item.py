"""The item of the tutorial goes live by two officers, as its page says, without a restart; a case is closed on it."""

import re
from pathlib import Path

from gov_portal.kernel.ids import ItemId
from tests.factories.town import Town
from workflows.services.versions import Versions

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "tutorial" / "first-item.md").read_text("utf-8")
ITEM = ItemId("demo.my-bench")


def test_a_case_of_the_new_item_is_closed(town: Town, gov, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (source,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    Path("my-bench.yaml").write_text(source, "utf-8")
    draft, publish = re.findall(r"gov items (draft .*|publish HASH .*)", PAGE)
    drafted = gov(*draft.split())
    assert drafted.exit_code == 0, drafted.output
    assert [row.item for row in town.cases.items()].count(ITEM) == 0
    published = gov(*publish.replace("HASH", drafted.output.split()[-1]).split())
    assert published.exit_code == 0, published.output
    (release,) = Versions(town.db, town.clock, town.desk.definitions).versions(ITEM)
    assert release.effective_at is not None
    town.clock.move_to(release.effective_at)
    town.desk.definitions.forget_current()
    item = town.cases.item(ITEM)
    case = town.cases.begin(ITEM, by=town.citizen)
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
