"""The schema for editors takes every item of the folder, completes every word, and marks what is no word."""

import copy
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from workflows.dsl.lint import item_paths, lint_file
from workflows.dsl.schema import language_schema
from workflows.dsl.words import PLACES, STEP_KINDS

ROOT = Path(__file__).resolve().parents[4]
SCHEMA = language_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
CARD = ROOT / "workflows" / "items" / "disability-card.yaml"


def loaded(path: Path) -> dict:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_item_of_the_folder_is_taken() -> None:
    paths = item_paths(ROOT / "workflows" / "items")
    wrong = {path.name: str(next(VALIDATOR.iter_errors(loaded(path))))[:400] for path in paths if not is_taken(path)}
    assert wrong == {}


def is_taken(path: Path) -> bool:
    return VALIDATOR.is_valid(loaded(path))


def test_every_word_of_every_place_is_completed() -> None:
    definitions = SCHEMA["$defs"]
    completed = {definition.get("title"): set(definition.get("properties", ())) for definition in definitions.values()}
    assert {place.name: set(place.keys) for place in PLACES} == {place.name: completed[place.name] for place in PLACES}
    assert len(definitions["step"]["additionalProperties"]["anyOf"]) == len(STEP_KINDS) + 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("item", "type"), "行政许克"),
        (("item", "limit", "promised"), "15 days"),
        (("item", "visits"), "once"),
        (("outcomes", "denied", "closing"), "closed"),
        (("anytime", "withdraw", "befor"), "issue"),
        (("conditions",), {"rule": "true"}),
        (("flow", "reviewing"), []),
        (("labels", "step.accept"), 5),
        (("colour",), "red"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_what_the_linter_refuses_by_its_shape_is_marked(path: tuple[str, ...], value: object) -> None:
    file = copy.deepcopy(loaded(CARD))
    place = file
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not VALIDATOR.is_valid(file)


def test_what_is_taken_is_what_the_linter_takes() -> None:
    assert lint_file(CARD).definition is not None
    assert is_taken(CARD)
