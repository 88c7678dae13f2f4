"""Make one form of the forms of all parts: each field is asked once, for whoever of them needs it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workflows.domain.definition import Definition, Location, Material
from workflows.domain.expressions import Expression
from workflows.dsl.bundles.members import Circumstances, Part

CHOSEN = "chosen"
"""Group of the choices, and the page on which the optional parts are chosen: one yes or no for each."""

OWN_SOURCES = ("account",)


@dataclass
class Asked:
    """Hold one field of the one form.

    Attributes:
        page: the page that it first stands on.
        ways: conditions under which a part asks it; an empty one always holds.
        is_optional: every part that asks it lets it be left empty.
        at: the part that asks it first.
    """

    page: str
    at: Location
    ways: list[str] = field(default_factory=list)
    is_optional: bool = True

    @property
    def when(self) -> str:
        """Return the condition under which somebody asks it, empty where one always does."""
        return any_of(self.ways)


@dataclass
class Given:
    """Hold one source of prefilled fields."""

    at: Location
    key: str | None
    purpose: str | None
    gives: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    asks: bool = False


@dataclass
class Paper:
    """Hold one material of the bundle."""

    material: Material
    at: Location
    ways: list[str] = field(default_factory=list)


def both(*conditions: str) -> str:
    """Return the condition that all of these hold; empty ones always do."""
    found = list(dict.fromkeys(one for one in conditions if one))
    return found[0] if len(found) == 1 else " and ".join(f"({one})" for one in found)


def any_of(ways: Iterable[str]) -> str:
    """Return the condition that one of these holds, empty where one always does."""
    found = list(dict.fromkeys(ways))
    if not found or "" in found:
        return ""
    return found[0] if len(found) == 1 else " or ".join(f"({one})" for one in found)


def source_of(condition: Expression | None) -> str:
    """Return a condition as it is written, empty where there is none."""
    return "" if condition is None else condition.source


def asked_fields(parts: Iterable[Part]) -> dict[str, Asked]:
    """Return every field that a page of a part asks and the bundle must ask, in the order of the pages."""
    found: dict[str, Asked] = {}
    for part in parts:
        shared = set(part.shared)
        for page in part.item.pages:
            for placed in page.fields:
                if placed.path not in shared:
                    continue
                asked = found.setdefault(placed.path, Asked(page.id, part.at))
                asked.ways.append(both(part.guard, source_of(page.when), source_of(placed.when)))
                is_free = not (page.when or placed.when) and part.item.fields[placed.path].is_maybe
                asked.is_optional = asked.is_optional and (is_free or placed.is_optional)
    return found


def given_fields(parts: Iterable[Part], around: Circumstances) -> dict[str, Given]:
    """Return what account and departments give, by source; every source is asked once for all parts."""
    found: dict[str, Given] = {}
    for part in parts:
        for prefill in part.item.prefills:
            gives = [path for path in prefill.gives if path in part.shared]
            if not gives:
                continue
            given = found.setdefault(prefill.source, Given(part.at, prefill.key, prefill.purpose))
            if given.key != prefill.key:
                message = f"`{part.name}` asks {prefill.source} by `{prefill.key}`, another part by `{given.key}`"
                around.report("E858", part.at, message, "let both items ask by the same field")
            given.gives.extend(path for path in gives if path not in given.gives)
            given.ways.append(both(part.guard, source_of(prefill.when)))
            given.asks = given.asks or prefill.ask_if_absent
    return found


def settle_sources(asked: dict[str, Asked], given: dict[str, Given]) -> None:
    """Let every field have one source: what is surely given is not asked, what is only perhaps given is asked."""
    for one in given.values():
        if not any_of(one.ways):
            for path in one.gives if not one.asks else ():
                asked.pop(path, None)
        elif not one.asks:
            one.gives = [path for path in one.gives if path not in asked]


def papers_of(parts: Iterable[Part]) -> tuple[dict[str, Paper], dict[str, dict[str, str]]]:
    """Return the materials of all parts without duplicates, and for each part which of them is which of its own.

    A licence that a part before issues is no material of the bundle.
    """
    found: dict[str, Paper] = {}
    same: dict[str, dict[str, str]] = {}
    issued: dict[str, Part] = {}
    for part in parts:
        same[part.name] = {}
        for material in part.item.materials:
            if material.source in {f"licence({kind})" for kind, giver in issued.items() if giver.name in part.after}:
                continue
            name = _same(found, material) or _free(found, part, material.id)
            paper = found.setdefault(name, Paper(material, part.at))
            paper.ways.append(both(part.guard, source_of(material.when)))
            same[part.name][material.id] = name
        if part.item.facts.licence is not None:
            issued[part.item.facts.licence] = part
    return found, same


def _same(found: dict[str, Paper], material: Material) -> str | None:
    for name, paper in found.items():
        known = paper.material
        if (known.name, known.source) == (material.name, material.source):
            return name
    return None


def _free(found: dict[str, Paper], part: Part, name: str) -> str:
    return name if name not in found else f"{part.name}_{name}"


def lets_of(parts: Iterable[Part], around: Circumstances) -> dict[str, tuple[str, Location]]:
    """Return the lets that conditions of the one form read, each once; those of `with_<part>` come last."""
    found: dict[str, tuple[str, Location]] = {}
    for part in parts:
        for name in _used(part.item):
            source = part.item.lets[name].source
            if found.setdefault(name, (source, part.at))[0] != source:
                message = f"`{name}` means something else in `{part.name}` than in a part above it"
                around.report("E858", part.at, message, "rename it in one of the items")
    for part in parts:
        if part.guard:
            chosen = f"{CHOSEN}.{part.name}" if part.is_optional else ""
            required = part.required.text if part.required is not None else ""
            found[part.guard] = (any_of(one for one in (chosen, required) if one), part.at)
    return found


def _used(item: Definition) -> list[str]:
    """Return the lets that the form of an item needs, those that others are made of first."""
    wanted: set[str] = set()
    waiting = [name for condition in _conditions(item) for name in condition.lets]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting.extend(item.lets[name].lets)
    return [name for name in item.lets if name in wanted]


def _conditions(item: Definition) -> Iterator[Expression]:
    for page in item.pages:
        yield from (one for one in (page.when, *(placed.when for placed in page.fields)) if one is not None)
    yield from (one.when for one in item.prefills if one.when is not None)
    yield from (one.when for one in item.materials if one.when is not None)
    yield from (condition.rule for condition in item.conditions)
