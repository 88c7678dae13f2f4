"""Compile one expanded definition: every section in an order in which names are declared before they are used."""

import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from workflows.domain.definition import Definition, HumanStep, Location, Step, walk
from workflows.domain.subject import Papers, Start
from workflows.dsl import words
from workflows.dsl.anytime import read_anytime
from workflows.dsl.bundles.expand import write_out
from workflows.dsl.bundles.members import Circumstances
from workflows.dsl.bundles.shelf import Shelf, default_shelf
from workflows.dsl.compiled import Compiled, Flow
from workflows.dsl.data import read_fields, read_lets, read_materials, read_pages, read_prefills
from workflows.dsl.dataflow import check_dataflow
from workflows.dsl.directory import Directory, default_directory
from workflows.dsl.findings import EnoughFindings, Finding, Findings, LintReport
from workflows.dsl.flow import FlowReader, index_steps
from workflows.dsl.item import (
    read_before,
    read_clock,
    read_conditions,
    read_distinct,
    read_facts,
    read_format,
    read_outcomes,
    read_roles,
)
from workflows.dsl.labels import read_labels
from workflows.dsl.migration import read_migration, with_former_names
from workflows.dsl.notes import FlowNotes
from workflows.dsl.once_only import check_once_only
from workflows.dsl.papers import declare_facts, read_papers
from workflows.dsl.parties import read_parties
from workflows.dsl.reuse.expand import expand
from workflows.dsl.reuse.library import Library, shipped_library
from workflows.dsl.runs import read_scenarios
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader
from workflows.dsl.silence import check_silence, read_silence
from workflows.dsl.source import Record, Scalar, load
from workflows.dsl.steps import StepCompiler
from workflows.dsl.structure import check_structure
from workflows.dsl.subject import check_start, read_about, read_result_shows, read_start
from workflows.dsl.tables import read_tables


def source_hash(record: Record) -> str:
    """Return the hash of what a source means: what a case pins."""
    return hashlib.sha256(record.meaning.encode("utf-8", errors="replace")).hexdigest()


@dataclass(frozen=True)
class World:
    """Hold what stands outside one file.

    Attributes:
        directory: names that it may use.
        shelf: items that it may open.
        library: templates and bases that it may use.
        trail: items whose compilation led to this one.
    """

    directory: Directory
    shelf: Shelf
    library: Library
    trail: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compilation:
    """Hold what came of a source text: its findings, and where none is an error its definitions.

    Attributes:
        records: the expanded mappings; none where the text could not be expanded.
        is_changed: something was expanded; otherwise the text stands for itself.
    """

    findings: tuple[Finding, ...]
    definitions: tuple[Definition, ...] = ()
    records: tuple[Record, ...] = ()
    is_changed: bool = False


OPENS = re.compile(r"\b(?:link|open)\b")
"""What stands in every source that opens other items."""
_LEANS = re.compile(r"\b(?:link|open|extends)\b")
"""Words by which an item leans on other items."""


def compile_source(text: str, *, file: str, world: World) -> Compilation:
    """Expand and compile a source text; what depends on nothing but what is shipped is remembered."""
    is_alone = world.directory is default_directory() and world.library.folders == shipped_library().folders
    if is_alone and not _LEANS.search(text):
        return _remembered(text, file)
    return _compiled(text, file, world)


@lru_cache(maxsize=48)
def _remembered(text: str, file: str) -> Compilation:
    return _compiled(text, file, World(default_directory(), default_shelf(), shipped_library()))


def forget() -> None:
    """Forget what was compiled, so that a measurement begins anew."""
    _remembered.cache_clear()


def _compiled(text: str, file: str, world: World) -> Compilation:
    findings = Findings()
    try:
        return _compile_source(text, file=file, findings=findings, world=world)
    except EnoughFindings:
        return Compilation(findings.sorted())


def _compile_source(text: str, *, file: str, findings: Findings, world: World) -> Compilation:
    record = load(text, file=file, findings=findings)
    if record is None:
        return Compilation(findings.sorted())
    reuse = expand(record, library=world.library, findings=findings)
    records = [expanded(one, findings=findings, world=world) for one in reuse.records]
    whole = tuple(one for one in records if one is not None)
    compiled = [compile_record(one, file=file, findings=findings, world=world) for one in whole]
    found = reuse.origins.relocate(findings.sorted())
    is_changed = reuse.is_changed or any(new is not old for new, old in zip(whole, reuse.records, strict=False))
    if findings.has_errors:
        return Compilation(found, (), whole, is_changed)
    definitions = tuple(one for one in compiled if one is not None)
    return Compilation(found, definitions, whole, is_changed)


def compile_record(record: Record, *, file: str, findings: Findings, world: World) -> Definition | None:
    """Return the definition of one expanded mapping; ``None`` where a finding is an error."""
    at = Location(file, record.at.line, record.at.column)
    reader = Reader(record, words.FILE, at=at, findings=findings)
    scope = Scope(world.directory, findings)
    read_format(reader)
    before = read_before(reader)
    definition = _compile(reader, scope, before=before, hash_=source_hash(record))
    return None if findings.has_errors else definition


def expanded(record: Record, *, findings: Findings, world: World) -> Record | None:
    """Return the mapping with its bundle written out and what it opens pinned; ``None`` where it cannot be."""

    def compile_other(text: str, file: str, trail: tuple[str, ...]) -> LintReport:
        other = compile_source(text, file=file, world=replace(world, trail=trail))
        return LintReport(other.findings, other.definitions[0] if other.definitions else None)

    item = record.get("item")
    own = item.get("id") if isinstance(item, Record) else None
    trail = (*world.trail, own.text) if isinstance(own, Scalar) else world.trail
    faults = Findings()
    try:
        written = write_out(record, Circumstances(world.shelf, compile_other, faults, trail))
    finally:
        for fault in faults.sorted():
            findings.report(fault.code, at=fault.at, message=fault.message, remedy=fault.remedy)
    return None if faults.has_errors else written


def _read_actors(reader: Reader, scope: Scope) -> None:
    read_roles(reader, scope)
    read_parties(reader, scope)


def _compile(reader: Reader, scope: Scope, *, before: object, hash_: str) -> Definition | None:
    read_outcomes(reader, scope)
    read_fields(reader, scope)
    index_steps(reader, scope)
    declare_facts(reader, scope)
    read_lets(reader, scope)
    conditions = read_conditions(reader, scope)
    about = read_about(reader, scope)
    prefills = read_prefills(reader, scope)
    pages = read_pages(reader, scope)
    materials = read_materials(reader, scope)
    papers = read_papers(reader, scope, [material for material, _ in materials])
    notes = FlowNotes(tables=read_tables(reader, scope))
    facts = read_facts(reader, scope, notes)
    _read_actors(reader, scope)
    start = read_start(reader, scope, about)
    result_shows = read_result_shows(reader, scope, notes)
    distinct = read_distinct(reader, scope)
    clock = read_clock(reader, scope)
    flow = FlowReader(scope, notes, StepCompiler(scope, notes)).read(reader)
    anytime = replace(read_anytime(reader, scope), silence=read_silence(reader, scope, flow))
    migration = read_migration(reader, scope, facts=facts)
    labels = with_former_names(read_labels(reader, scope), migration)
    scenarios = read_scenarios(reader, scope, _kinds(flow))
    when_materials = [when for _, when in materials if when is not None]
    compiled = Compiled(
        scope, notes, flow, anytime, prefills, {page.id: placed for page, placed in pages}, conditions, when_materials
    )
    check_structure(compiled, reader, facts=facts)
    check_once_only(compiled, [material for material, _ in materials], labels)
    _check_courses(compiled, start, papers)
    scope.blame.settle(scope.findings)
    if facts is None:
        return None
    return Definition(
        hash=hash_,
        facts=facts,
        fields=MappingProxyType(dict(scope.fields)),
        maybe_groups=frozenset(scope.maybe_groups),
        lets=MappingProxyType({name: checked.expression for name, checked in scope.lets.items()}),
        prefills=tuple(prefill for prefill, _ in prefills),
        pages=tuple(page for page, _ in pages),
        materials=tuple(material for material, _ in materials),
        tables=MappingProxyType({name: read.table for name, read in notes.tables.items()}),
        roles=MappingProxyType(dict(scope.roles)),
        distinct=distinct,
        clock=clock,
        conditions=tuple(checked.condition for checked in conditions),
        outcomes=MappingProxyType(dict(scope.outcomes)),
        flow=flow,
        anytime=anytime,
        scenarios=scenarios,
        before=before if isinstance(before, dict) else {},
        labels=labels,
        migration=migration,
        start=start,
        papers=papers,
        result_shows=result_shows,
        parties=MappingProxyType(dict(scope.parties)),
    )


def _check_courses(compiled: Compiled, start: Start, papers: Papers) -> None:
    """Prove the flow of data, and that a case may also begin and go on otherwise than step by step."""
    submitted, accepted = check_dataflow(compiled)
    check_start(compiled, start, papers, submitted=submitted)
    check_silence(compiled, accepted)


_KINDS = {
    "HumanStep": "by",
    "CallStep": "call",
    "DecideStep": "decide",
    "WaitStep": "wait",
    "PayStep": "pay",
    "IssueStep": "issue",
    "SendStep": "send",
    "OpenStep": "open",
    "AllStep": "all",
    "IfStep": "if",
    "EndStep": "end",
}


def _kinds(flow: Flow) -> dict[str, str]:
    return {step.id: _kind(step) for _, sequence in flow for step in walk(sequence)}


def _kind(step: Step) -> str:
    if isinstance(step, HumanStep) and step.each is not None:
        return "each"
    return _KINDS[type(step).__name__]
