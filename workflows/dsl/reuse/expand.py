"""Expand one file into whole definitions before anything else reads it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from workflows.domain.definition import Location
from workflows.dsl import words
from workflows.dsl.findings import DefinitionInvalid, Finding, Findings, did_you_mean
from workflows.dsl.reuse.library import Library, Reference, Shelved, parse_reference
from workflows.dsl.reuse.overlay import apply_overlay, check_marks
from workflows.dsl.reuse.parameters import Parameter, bind, read_parameters
from workflows.dsl.reuse.places import Origins, Use
from workflows.dsl.reuse.substitute import Body, Budget, Substitution, TooLarge
from workflows.dsl.reuse.trees import copy, map_steps, merge, put, without
from workflows.dsl.shape import Reader
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar

MOST_MEMBERS = 60
_HEADER = ("gov", "template", "name", "summary", "parameters")
_REUSE = ("extends", "family", "overridable")


@dataclass(frozen=True)
class Expansion:
    """Hold what one file expands to.

    Attributes:
        records: the definitions; none where a fault of the reuse itself was reported.
        origins: leads findings from templates back to the line that uses them.
        is_changed: anything was expanded; otherwise the file stands for itself.
    """

    records: tuple[Record, ...]
    origins: Origins
    is_changed: bool


def expand(record: Record, *, library: Library, findings: Findings) -> Expansion:
    """Return the definitions that a file stands for; faults of its reuse are reported."""
    expander = _Expander(library, findings, Origins(), Budget())
    faults = Findings()
    try:
        records = replace(expander, findings=faults).file(record)
    except TooLarge:
        faults.report("E828", at=record.at, message="this expands to far too much", remedy="use fewer templates")
        records = ()
    for finding in faults.sorted():
        findings.report(finding.code, at=finding.at, message=finding.message, remedy=finding.remedy)
    is_changed = len(records) != 1 or records[0] is not record
    return Expansion(() if faults.has_errors else records, expander.origins, is_changed)


def expand_base(name: Scalar, library: Library) -> Record:
    """Return a base item of the library, expanded, with its marks.

    Raises:
        DefinitionInvalid: there is no such base, or it has faults.
    """
    expander = _Expander(library, Findings(), Origins(), Budget())
    base = expander.base(name, stay=name)
    if base is None or expander.findings.has_errors:
        raise DefinitionInvalid(expander.origins.relocate(expander.findings.sorted()))
    return base


@dataclass(frozen=True)
class _Site:
    """Hold one place that uses a template: whose `use` it is, and what `$step` stands for there."""

    use: Scalar
    given: Record | None
    stay: Scalar | None
    step: Scalar | None = None


@dataclass(frozen=True)
class _Opened:
    """Hold a template as it is read for one place that uses it; the members of a family use it there one by one."""

    record: Record
    body: Body
    parameters: dict[str, Parameter]
    faults: tuple[Finding, ...]


@dataclass(frozen=True)
class _Expander:
    """Walk one file; ``stack`` holds the references that are being expanded, ``opened`` what was opened where."""

    library: Library
    findings: Findings
    origins: Origins
    budget: Budget
    stack: tuple[Reference, ...] = ()
    opened: dict[str, _Opened] = field(default_factory=dict)

    def report(self, code: str, at: Location, message: str, remedy: str) -> None:
        """Add one finding."""
        self.findings.report(code, at=at, message=message, remedy=remedy)

    def file(self, record: Record) -> tuple[Record, ...]:
        """Return the definitions of a file."""
        if "template" in record:
            at = record.at
            self.report("E829", at, "this file is a template, no item", "use it in an item: `flow: {use: …}`")
            return ()
        if "extends" in record:
            found = self._extended(record)
            return () if found is None else (without(found, *_REUSE),)
        members = self._members(record) if "family" in record else (record,)
        return tuple(replace(self, budget=Budget())._item(one) for one in members)

    def _item(self, record: Record) -> Record:
        expanded = self.uses(record)
        check_marks(expanded, self.findings)
        return without(expanded, *_REUSE) if any(key in expanded for key in _REUSE) else expanded

    def _members(self, record: Record) -> tuple[Record, ...]:
        head = record.get("family")
        if not isinstance(head, Record):
            at = head.at if head is not None else record.at
            self.report("E013", at, "`family` is a mapping", "write `parameters` and `members` under it")
            return ()
        family = Reader(head, words.FAMILY, at=head.at, findings=self.findings)
        parameters = read_parameters(family.mapping("parameters"), self.findings)
        members = family.mapping("members")
        if members is not None and len(members.entries) > MOST_MEMBERS:
            self.report("E834", members.at, f"a family has at most {MOST_MEMBERS} members", "make two files of it")
            return ()
        body = Body.of(without(record, "family"))
        found = [self._member(one, body, parameters) for one in (members.entries if members else ())]
        return tuple(one for one in found if one is not None)

    def _member(self, member: Entry, body: Body, parameters: dict[str, Parameter]) -> Record | None:
        if not isinstance(member.value, Record):
            self.report("E013", member.value.at, f"`{member.key.text}` is a mapping of arguments", "write `{…}`")
            return None
        of = f"the family of `{member.key.text}`"
        arguments = bind(parameters, member.value, of=of, at=member.key.at, findings=self.findings)
        if arguments is None:
            return None
        arguments["id"] = member.key
        kinds = {name: one.kind for name, one in parameters.items()}
        made = Substitution(arguments, kinds, Budget(), self.findings).record(body)
        item = made.get("item")
        written = item.get("id") if isinstance(item, Record) else None
        if not isinstance(written, Scalar) or written.text != member.key.text:
            at = written.at if written is not None else member.key.at
            self.report("E834", at, "every member of a family has an id of its own", "write `id: $id` under `item`")
        return made

    def _extended(self, record: Record) -> Record | None:
        overlay = Reader(record, words.OVERLAY, at=record.at, findings=self.findings)
        name = overlay.scalar("extends")
        base = None if name is None else self.base(name, stay=overlay.scalar("stay"))
        return None if base is None or name is None else apply_overlay(base, overlay, name.text)

    def base(self, name: Scalar, *, stay: Scalar | None) -> Record | None:
        """Return a base item of the library, expanded; ``None`` where a fault was reported."""
        shelved = self._shelved(name, stay=stay)
        if shelved is None:
            return None
        if "template" in shelved.record or "family" in shelved.record:
            self.report("E829", name.at, f"{name.text} is no single item", "name the base item of a province")
            return None
        moved = copy(shelved.record, self._mover(name))
        deeper = replace(self, stack=(*self.stack, shelved.reference))
        return deeper._extended(moved) if "extends" in moved else deeper.uses(moved)

    def uses(self, record: Record) -> Record:
        """Return a definition with every template in place of its `use`."""
        flow = record.get("flow")
        if isinstance(flow, Record) and "use" in flow:
            body = self._template(self._site(flow, record.at), wants_steps=False)
            return without(record, "flow") if body is None else merge(without(record, "flow"), body)
        sections: list[Record] = []

        def change(entry: Entry) -> tuple[Node, ...] | None:
            if not isinstance(entry.value, Record) or "use" not in entry.value:
                return None
            body = self._template(self._site(entry.value, entry.key.at, step=entry.key), wants_steps=True)
            if body is None:
                return ()
            sections.append(without(body, "steps"))
            steps = body.get("steps")
            return steps.items if isinstance(steps, Listing) else ()

        if flow is None:
            return record
        changed = map_steps(flow, change)
        if not sections:
            return record
        expanded = put(record, "flow", changed)
        for section in sections:
            expanded = merge(expanded, section)
        return expanded

    def _site(self, node: Record, at: Location, *, step: Scalar | None = None) -> _Site:
        reader = Reader(node, words.USE, at=at, findings=self.findings)
        empty = Scalar("", "", is_plain=True, at=at)
        return _Site(reader.scalar("use") or empty, reader.mapping("with"), reader.scalar("stay"), step)

    def _template(self, site: _Site, *, wants_steps: bool) -> Record | None:
        shelved = self._shelved(site.use, stay=site.stay)
        if shelved is None:
            return None
        template = self._open(shelved, site.use)
        for fault in template.faults:
            self.report(fault.code, fault.at, fault.message, fault.remedy)
        is_faulty = any(fault.is_error for fault in template.faults)
        if is_faulty or not self._is_placed(template.record, site, wants_steps=wants_steps):
            return None
        at = site.use.at
        arguments = bind(template.parameters, site.given, of=site.use.text, at=at, findings=self.findings)
        if arguments is None:
            return None
        if site.step is not None:
            arguments["step"] = site.step
        kinds = {name: one.kind for name, one in template.parameters.items()}
        body = Substitution(arguments, kinds, self.budget, self.findings).record(template.body)
        deeper = replace(self, stack=(*self.stack, shelved.reference))
        return deeper.uses(body) if "flow" in body else deeper.fragment(body)

    def fragment(self, body: Record) -> Record:
        """Return a template of steps with the templates that it uses itself in place."""
        steps = body.get("steps")
        if steps is None:
            return body
        whole = self.uses(Record((Entry(Scalar("flow", "flow", is_plain=True, at=steps.at), steps),), body.at))
        return merge(put(body, "steps", whole.get("flow")), without(whole, "flow"))

    def _is_placed(self, record: Record, site: _Site, *, wants_steps: bool) -> bool:
        if wants_steps and "steps" not in record:
            message = f"{site.use.text} is a whole flow, no step"
            self.report("E829", site.use.at, message, "write `flow: {use: …}`")
            return False
        if not wants_steps and "flow" not in record:
            message = f"{site.use.text} gives steps, not a whole flow"
            self.report("E829", site.use.at, message, "use it inside a phase: `- name: {use: …}`")
            return False
        return True

    def _open(self, shelved: Shelved, use: Scalar) -> _Opened:
        name = self.origins.mark(Use(use.at, use.text))
        if name not in self.opened:
            record, findings = copy(shelved.record, _mover(name)), Findings()
            reader = Reader(record, words.TEMPLATE, at=Location(name, 1, 1), findings=findings)
            named = reader.scalar("template")
            if named is not None and named.text != str(shelved.reference):
                message = f"the file of {shelved.reference} calls itself `{named.text}`"
                findings.report("E827", at=named.at, message=message, remedy=f"write `template: {shelved.reference}`")
            parameters = read_parameters(reader.mapping("parameters"), findings)
            self.opened[name] = _Opened(record, Body.of(without(record, *_HEADER)), parameters, findings.sorted())
        return self.opened[name]

    def _mover(self, use: Scalar) -> Callable[[Location], Location]:
        return _mover(self.origins.mark(Use(use.at, use.text)))

    def _shelved(self, use: Scalar, *, stay: Scalar | None) -> Shelved | None:
        reference = parse_reference(use.text)
        if reference is None:
            message = f"`{use.text}` names no version of a template"
            self.report("E820", use.at, message, "write for example std/promise-review@2")
            return None
        if reference in self.stack:
            way = " → ".join(str(one) for one in (*self.stack[self.stack.index(reference) :], reference))
            self.report("E822", use.at, f"{reference} uses itself: {way}", "take one of these uses out")
            return None
        shelved = self.library.find(reference)
        if shelved is None:
            self._unknown(use, reference)
            return None
        self._check_age(use, reference, stay)
        if any(fault.is_error for fault in shelved.faults):
            move = self._mover(use)
            for fault in shelved.faults:
                self.report(fault.code, move(fault.at), fault.message, fault.remedy)
            return None
        return shelved

    def _unknown(self, use: Scalar, reference: Reference) -> None:
        versions = self.library.versions(reference.name)
        if versions:
            listed = ", ".join(f"{reference.name}@{version}" for version in versions)
            message = f"{reference.name} has no version {reference.version}"
            self.report("E821", use.at, message, f"there is {listed}")
            return
        names = {one.name for one in self.library.references}
        self.report("E821", use.at, f"there is no `{reference.name}`", did_you_mean(reference.name, names))

    def _check_age(self, use: Scalar, reference: Reference, stay: Scalar | None) -> None:
        newest = self.library.versions(reference.name)[-1]
        if self.stack or stay is not None or newest == reference.version:
            return
        message = f"{reference} is older than {reference.name}@{newest}"
        self.report("E826", use.at, message, f"name version {newest}, or say why not: `stay: reason`")


def _mover(name: str) -> Callable[[Location], Location]:
    return lambda at: Location(name, at.line, at.column)
