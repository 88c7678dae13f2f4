"""Two officers, and outside a sandbox never one, publish an item; cases are tried on it, one step takes it back."""

from pathlib import Path

CARD = "cdpf.disability-card.first"
SOURCE = Path(__file__).resolve().parents[3] / "workflows" / "items" / "disability-card.yaml"


def test_an_item_goes_live_by_two_officers_and_back(gov, tmp_path: Path) -> None:
    alone = gov("publish", str(SOURCE), GOV_SANDBOX="0")
    assert alone.exit_code == 1
    assert "publishing takes two" in alone.output
    assert f"published {CARD} version 3" in gov("publish").output
    permits = [line.split()[1:5] for line in gov("versions", "market.food-permit").output.splitlines()]
    assert sorted(line[2:] for line in permits) == [["holds", "470200"], ["holds", "everywhere"]]
    path = tmp_path / "card.yaml"
    path.write_text(SOURCE.read_text().replace("version: 3", "version: 4").replace("promised: 15wd", "promised: 14wd"))
    drafted = gov("draft", str(path), "--by", "designer.470000")
    assert drafted.exit_code == 0, drafted.output
    digest = drafted.output.split()[-1]
    assert gov("diff", str(SOURCE), digest).output.startswith("~ item: version 3 → 4\n~ item: promised 15wd → 14wd\n")
    assert "holds no post `publisher`" in gov("publish", digest, "--by", "designer.470000").output
    assert "say who does it" in gov("publish", digest).output
    wrong = gov("publish", digest, "--by", "publisher.470000", GOV_OFFICER_PASSWORD="wrong-password-1")
    assert wrong.exit_code == 1
    assert "do not fit" in wrong.output
    published = gov("publish", digest, "--by", "publisher.470000")
    assert published.output == f"published {CARD} version 4 {digest}\n"
    listed = [line.split()[1:4] for line in gov("versions", CARD).output.splitlines()]
    assert [(line[0], line[2]) for line in listed] == [("4", "holds"), ("3", "replaced")]
    assert gov("migrate", CARD).output == "no live case to move\n"
    assert "version 3" in gov("rollback", CARD, "--by", "publisher.470000").output
    assert "refused: item.nothing-to-roll-back" in gov("rollback", CARD, "--by", "publisher.470000").output
    assert "everything was published before" in gov("publish").output
