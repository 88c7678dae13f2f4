"""Read the parties of an item (当事人): who takes part beside the applicant, what they may do and what they get."""

from workflows.domain.definition import APPLICANT, HumanStep, Location, Party
from workflows.dsl import words
from workflows.dsl.compiled import Compiled
from workflows.dsl.names import check_identifier
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader, expect
from workflows.dsl.source import Record
from workflows.dsl.statics import of_field

APPEAL = "appeal"


def read_parties(file: Reader, scope: Scope) -> None:
    """Declare the parties; after the roles, so that no name stands for both."""
    record = file.mapping("parties")
    for entry in record.entries if record else ():
        name = entry.key.text
        check_identifier(entry.key, what="the party", findings=scope.findings, reserved=False)
        if name == APPLICANT or name in scope.roles:
            scope.report("E021", entry.key.at, f"`{name}` is declared already", "choose another name for the party")
        body = expect(entry.value, Record, what=f"the party `{name}`", findings=scope.findings)
        if body is not None:
            scope.party_at[name] = entry.key.at
            scope.blame.declare("role", name, entry.key.at)
            reader = Reader(body, words.PARTY, at=entry.key.at, findings=scope.findings)
            scope.parties[name] = _party(name, reader, scope)


def _party(name: str, reader: Reader, scope: Scope) -> Party:
    person = reader.scalar("person")
    path = scope.field_path(person, what="`person`") if person is not None else None
    if person is not None and path is not None and path not in scope.broken_types:
        spelling = of_field(scope.fields[path].type).kind
        if spelling != "cn_id":
            scope.report(
                "E103", person.at, f"`{path}` is of type {spelling}, but a party is known by a citizen id",
                "name a field of type cn_id",
            )  # fmt: skip
    may = []
    for scalar in reader.scalars("may"):
        scope.places[f"party.{name}.{scalar.text}"] = scalar.at
        known = {**scope.steps, APPEAL: None}
        found = scope.known(scalar, known, code="E116", what="step")
        may += [found] if found else []
    gets = []
    for scalar in reader.scalars("gets"):
        scope.known(scalar, dict.fromkeys(scope.directory.notices), code="E120", what="notice")
        gets.append(scalar.text)
    return Party(name, path or "", tuple(may), tuple(gets))


def check_parties(compiled: Compiled) -> None:
    """Report parties that may do what is not theirs, and steps of a party that it may not do."""
    scope = compiled.scope
    theirs: dict[str, set[str]] = {name: set() for name in scope.parties}
    for step in compiled.every_step:
        for name in _citizens(step) if isinstance(step, HumanStep) else ():
            theirs.setdefault(name, set()).add(step.id)
            party = scope.parties.get(name)
            if party is not None and step.id not in party.may:
                at = scope.places.get(f"{step.id}.by", step.at)
                message = f"`{name}` does the step `{step.id}`, but `may` does not name it"
                scope.report("E116", at, message, f"add `{step.id}` to `may` of the party")
    for name, party in scope.parties.items():
        for word in party.may:
            if word != APPEAL and word not in theirs[name]:
                at = scope.places.get(f"party.{name}.{word}", scope.party_at[name])
                scope.report("E116", at, f"`{word}` is no step of `{name}`", f"write `by: {name}` in the step")
        if not theirs[name]:
            scope.report("W202", scope.party_at[name], f"no step is done by the party `{name}`", "delete it")


def check_citizens_step(step: HumanStep, reader: Reader) -> None:
    """Check a step that the applicant or a party does behind the form: silence must not hold the case for ever."""
    for key in ("vote", "fresh"):
        if reader.has(key):
            reader.report("E015", reader.location(key), f"`{key}` is for officers, not for citizens", "take it out")
    if not step.deemed and not reader.has("deemed"):
        reader.report(
            "E506", reader.location("by"), f"if nobody answers in `{step.id}`, the case waits for ever",
            "add `limit: …`, acts, and `deemed: <act>` for silence",
        )  # fmt: skip


def person_reads(name: str, scope: Scope, *, at: Location) -> tuple[tuple[str, Location], ...]:
    """Return the field that must be known before a party can be asked."""
    party = scope.parties.get(name)
    return ((party.person, at),) if party is not None and party.person else ()


def _citizens(step: HumanStep) -> tuple[str, ...]:
    return (step.by, *(step.each.of if step.each is not None else ()))
