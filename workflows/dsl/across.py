"""Check items against each other (E8xx, W402, W403): what one file alone cannot show."""

import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflows.domain.definition import Definition, Facts, Location
from workflows.dsl.directory import Directory
from workflows.dsl.findings import Finding, Findings
from workflows.dsl.limits import WorstCase, worst_case
from workflows.dsl.statics import of_spelling
from workflows.dsl.texts import acts_of, texts_of

SIMILAR_PERCENT = 80
FEWEST_TRAITS = 6
"""Items that ask and do less than this are not compared: small ones are alike by chance."""

_CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Element:
    """Hold one data element of an item: where it is declared, what it is called, its type."""

    path: str
    label: str
    spelling: str
    at: Location


@dataclass(frozen=True, slots=True)
class Summary:
    """Hold what other items must agree with; small enough to be sent between processes.

    Attributes:
        uploads: papers that people hand in, each with its place.
        gives: names of what comes out of the item: its licence and its notices.
        traits: what the item asks and does, to be compared with others.
        texts: Chinese texts with their places.
        code: code of the item (事项编码) with its place; ``None`` where the file itself says none, as an overlay that
            carries out its base item in another region.
    """

    id: str
    region: str
    version: int
    name: str
    at: Location
    worst: WorstCase
    elements: tuple[Element, ...]
    uploads: tuple[tuple[str, Location], ...]
    gives: frozenset[str]
    traits: frozenset[str]
    texts: tuple[tuple[str, Location], ...]
    code: tuple[str, Location] | None = None


def summarise(definition: Definition, text: str, file: str, *, directory: Directory) -> Summary:
    """Return what other items must agree with."""
    uncommented = "\n".join(line.partition(" #")[0] for line in text.split("\n"))
    facts, labels = definition.facts, definition.labels
    notices = {act.doc for step in definition.steps.values() for act in acts_of(step) if act.doc}
    licence = {paper for paper, source in directory.papers.items() if source == f"licence({facts.licence})"}
    asked = {field.path for page in definition.pages for field in page.fields}
    top = tuple(step for _, steps in definition.flow for step in steps)
    return Summary(
        id=facts.id,
        region=facts.region,
        version=facts.version,
        name=facts.name,
        at=_place(f"id: {facts.id}", uncommented, file),
        worst=worst_case(top, facts.promised),
        elements=tuple(
            Element(path, labels.get(path, ""), field.type.name, field.at) for path, field in definition.fields.items()
        ),
        uploads=tuple(
            (one.name, _place(f"name: {one.name}", uncommented, file))
            for one in definition.materials
            if one.source == "upload"
        ),
        gives=frozenset(notices | licence),
        traits=frozenset(
            [*(f"{path} {labels.get(path, '')}" for path in asked), *(one.name for one in definition.materials)]
            + [f"{type(step).__name__} {labels.get(f'step.{name}', name)}" for name, step in definition.steps.items()]
        ),
        texts=tuple(
            (one, _place(one, uncommented, file)) for one in dict.fromkeys(texts_of(definition)) if _CHINESE.search(one)
        ),
        code=_code(facts, uncommented, file),
    )


def _code(facts: Facts, source: str, file: str) -> tuple[str, Location] | None:
    if facts.codes is None:
        return None
    national = facts.codes.national
    whole = f"{national.body}{national.level}{national.base}"
    return (f"{whole}{national.suffix}", _place(whole, source, file)) if whole in source else None


def _place(text: str, source: str, file: str) -> Location:
    offset = max(0, source.find(text))
    return Location(file, source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset))


def check_across(items: Iterable[Summary], english: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Return what items do to each other; the later one in the order of ids is blamed.

    Args:
        items: those that have no errors of their own.
        english: Chinese texts that have English words; ``None`` where that is not asked.
    """
    ordered = sorted(items, key=lambda item: (item.id, item.at.file))
    findings = Findings(most=sys.maxsize)
    _check_ids(ordered, findings)
    _check_codes(ordered, findings)
    _check_elements(ordered, findings)
    _check_papers(ordered, findings)
    _check_similar(ordered, findings)
    if english is not None:
        for item in ordered:
            _check_english(item, english, findings)
    return findings.sorted()


def _check_ids(items: Sequence[Summary], findings: Findings) -> None:
    seen: dict[tuple[str, str], Summary] = {}
    for item in items:
        first = seen.setdefault((item.id, item.region), item)
        if first is not item:
            findings.report(
                "E805",
                at=item.at,
                message=f"the id `{item.id}` belongs to {first.at.file} already",
                remedy="give each item an id of its own",
            )


def _check_codes(items: Sequence[Summary], findings: Findings) -> None:
    seen: dict[str, Summary] = {}
    for item in items:
        if item.code is None:
            continue
        code, at = item.code
        first = seen.setdefault(code, item)
        if first.id != item.id:
            findings.report(
                "E806",
                at=at,
                message=f"the code `{code}` belongs to {first.id} already",
                remedy="give each item a code of its own, or its handling items a `suffix` each",
            )


def _check_elements(items: Sequence[Summary], findings: Findings) -> None:
    """Report data elements (called alike, at the same place of their group) that differ in type between items."""
    seen: dict[tuple[str, str], tuple[Element, Summary]] = {}
    for item in items:
        for element in item.elements:
            if not element.label:
                continue
            first, owner = seen.setdefault((element.path, element.label), (element, item))
            if owner.id != item.id and not _agree(first.spelling, element.spelling):
                findings.report(
                    "E801",
                    at=element.at,
                    message=f"`{element.path}` ({element.label}) is {element.spelling} here, "
                    f"but {first.spelling} in {owner.id}",
                    remedy="give one data element one type, or call it differently",
                )


def _agree(one: str, other: str) -> bool:
    """Return whether two spellings are one type; an enum may offer fewer members than another."""
    first, second = of_spelling(one), of_spelling(other)
    if first.kind == second.kind == "enum":
        return set(first.members) <= set(second.members) or set(second.members) <= set(first.members)
    return one == other


def _check_papers(items: Sequence[Summary], findings: Findings) -> None:
    givers: dict[str, Summary] = {}
    for item in items:
        for name in sorted(item.gives):
            givers.setdefault(name, item)
    for item in items:
        for name, at in item.uploads:
            giver = givers.get(name)
            if giver is not None and giver.id != item.id:
                findings.report(
                    "E803",
                    at=at,
                    message=f"people are to hand in {name}, which `{giver.id}` gives out",
                    remedy="take it from there: `from: licence(…)`, or ask by the case number",
                )


def _check_similar(items: Sequence[Summary], findings: Findings) -> None:
    for number, item in enumerate(items):
        for other in items[:number]:
            if (
                min(len(item.traits), len(other.traits)) < FEWEST_TRAITS
                or item.at.file == other.at.file
                or item.id == other.id
            ):
                continue
            share = 100 * len(item.traits & other.traits) // len(item.traits | other.traits)
            if share >= SIMILAR_PERCENT:
                findings.report(
                    "W403",
                    at=item.at,
                    message=f"`{item.id}` asks and does nearly the same as `{other.id}` ({share}%)",
                    remedy="make one item of both, or let both use one template",
                )


def _check_english(item: Summary, english: Collection[str], findings: Findings) -> None:
    for text, at in item.texts:
        if text not in english:
            findings.report(
                "W402",
                at=at,
                message=f"“{text}” has no English words",
                remedy="add it to workflows/items/locale/en.po",
            )


def lines_of(findings: Iterable[Finding]) -> Iterator[Mapping[str, object]]:
    """Yield findings as JSON for programs."""
    for finding in findings:
        yield {
            "file": finding.at.file,
            "line": finding.at.line,
            "column": finding.at.column,
            "code": finding.code,
            "message": finding.message,
            "remedy": finding.remedy,
        }
