"""A packed definition is the definition itself; what is no packed definition never becomes one."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from gov_portal.kernel.types import FieldType
from workflows import definition_bytes
from workflows.definition_bytes import NotPacked, pack, unpack
from workflows.domain.definition import Definition
from workflows.domain.heading import Heading
from workflows.dsl.lint import compile_file, item_paths

ITEMS = Path(definition_bytes.__file__).parent / "items"
FILES = item_paths(ITEMS)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_shipped_item_comes_back_as_it_was_compiled(path: Path) -> None:
    for definition in (whole.definition for whole in compile_file(path)):
        again = unpack(pack(definition), Definition)
        assert again == definition
        assert [type(one.tree) for one in again.lets.values()] == [type(one.tree) for one in definition.lets.values()]
        heading = Heading.of(definition)
        assert unpack(pack(heading), Heading) == heading == Heading.of(again)


def below(kind: Any, seen: set[Any]) -> Iterator[type]:
    """Yield every dataclass that a value of this type can hold."""
    if kind in seen:
        return
    seen.add(kind)
    for inner in get_args(kind):
        yield from below(inner, seen)
    if isinstance(kind, type) and is_dataclass(kind) and not issubclass(kind, FieldType):
        yield kind
        hints = get_type_hints(kind)
        for one in fields(kind):
            if one.init:
                yield from below(hints[one.name], seen)


def test_everything_that_a_definition_can_hold_can_be_packed() -> None:
    found = set(below(Definition, set())) | set(below(Heading, set()))
    assert len(found) > 40
    assert found <= set(definition_bytes._PARTS)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        ["text"],
        [[0]],
        [[999]],
        [[0, -1]],
        [[5, 0]],
        [["true", "os.system"]],
        {"": 1},
        ["a", [0, 5]],
        ["x", [0, 10]],
        [[]],
    ],
    ids=str,
)
def test_what_holds_something_else_is_no_definition(rows: object) -> None:
    with pytest.raises(NotPacked):
        unpack(zlib.compress(json.dumps(rows).encode()), Definition)


def test_cut_or_foreign_bytes_are_no_definition() -> None:
    packed = pack(compile_file(ITEMS / "vaccination-card.yaml")[0].definition)
    for bytes_ in (b"", b"{}", packed[:-9], packed[9:], b"\x80\x04N."):
        with pytest.raises(NotPacked):
            unpack(bytes_, Definition)
