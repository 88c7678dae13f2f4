"""What an item may use of a department is what its own file declares."""

from pathlib import Path

import pytest

from gov_portal.exchange.directory import check_grant, read_directory
from gov_portal.wiring.granting import declared_grants
from workflows.dsl.lint import compile_text

ITEMS = Path(__file__).resolve().parents[3] / "workflows" / "items"
FILES = sorted(path for path in ITEMS.glob("*.yaml") if path.name != "directory.yaml")
RESOURCES = {resource.id: resource for resource in read_directory().resources}


def grants_of(path: Path):
    return declared_grants(compile_text(path.read_text("utf-8"), path.name))


def test_prefills_and_calls_of_the_card_are_granted() -> None:
    declared = {(grant.resource, grant.fields) for grant in grants_of(ITEMS / "disability-card.yaml")}
    assert declared >= {
        ("police.person", frozenset({"birth", "region"})),
        ("police.person", frozenset({"name", "birth"})),
        ("civil.guardian", frozenset({"name", "id_no"})),
    }


def test_what_a_call_hands_over_is_granted_for_doing_and_for_undoing() -> None:
    declared = {(grant.resource, grant.fields) for grant in grants_of(ITEMS / "construction-permit.yaml")}
    handed = frozenset({"id_no", "project", "area"})
    assert declared >= {("housing.project", handed), ("housing.release", handed)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_declared_grant_is_in_the_directory(path: Path) -> None:
    for grant in grants_of(path):
        check_grant(grant, RESOURCES, where=path.name)
