"""The directory is read whole or not at all, and says the same as the one that items are linted against."""

from pathlib import Path

import pytest

from gov_portal.exchange.directory import DirectoryInvalid, read_directory
from gov_portal.exchange.domain import ResourceKind
from workflows.dsl.directory import default_directory

SMALL = """
systems: [{id: police, name: 人口库, organisation: dept.police}]
resources:
- {id: police.person, system: police, name: 人口, kind: query, sharing: conditional, basis: x, key: cn_id,
   fields: {birth: date, died: "date?"}}
grants: [{item: account, resource: police.person, fields: [birth], purposes: [x], until: "2026-12-31"}]
"""


def test_a_small_directory_is_read(tmp_path: Path) -> None:
    path = tmp_path / "directory.yaml"
    path.write_text(SMALL)
    directory = read_directory(path)
    (resource,) = directory.resources
    assert resource.kind is ResourceKind.QUERY
    assert [field.is_maybe for field in resource.fields.values()] == [False, True]
    assert str(directory.grants[0].until) == "2026-12-31"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("kind: query", "kind: ask", "'ask' is not a valid ResourceKind"),
        ("birth: date", "birth: dat", "field birth"),
        ("system: police", "system: polise", "belongs to system polise"),
        ("fields: [birth]", "fields: [height]", "no such field"),
        ("resource: police.person", "resource: police.dog", "not in the directory"),
        ("kind: query, ", "", "kind"),
        ("systems: [", "systems: [[", "directory.yaml"),
        ("2026-12-31", "soon", "soon"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, why: str) -> None:
    path = tmp_path / "directory.yaml"
    path.write_text(SMALL.replace(old, new))
    with pytest.raises(DirectoryInvalid, match=why):
        read_directory(path)


def test_items_are_linted_against_fields_that_the_exchange_has() -> None:
    ours = {resource.id: resource for resource in read_directory().resources}
    departments = {name: fields for name, fields in default_directory().resources.items() if "." in name}
    assert departments
    for name, fields in departments.items():
        spelled = {"key": ours[name].key.name, **{f.name: f.type.name for f in ours[name].fields.values()}}
        assert spelled.items() >= dict(fields).items(), name
