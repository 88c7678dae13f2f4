"""Read the catalogue entry of an item: facts, burden before, conditions, outcomes, clock, roles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gov_portal.kernel.codes.division import Divisions
from gov_portal.kernel.ids import ItemId
from workflows.domain.definition import (
    APPLICANT,
    Clock,
    Condition,
    Duration,
    Facts,
    Location,
    Outcome,
    Role,
    Unit,
)
from workflows.dsl import words
from workflows.dsl.agreement import Outside, compare
from workflows.dsl.codes import read_codes
from workflows.dsl.expressions import check_expression
from workflows.dsl.findings import did_you_mean
from workflows.dsl.names import DOTTED, check_ascii, check_identifier, check_look_alikes
from workflows.dsl.notes import FlowNotes
from workflows.dsl.scope import Checked, Scope
from workflows.dsl.shape import Reader, expect
from workflows.dsl.source import Listing, Record, Scalar
from workflows.dsl.spans import in_days, item_limit, spans_of
from workflows.dsl.statics import BOOL, of_field

FORMAT_VERSION = 1
UNREADABLE = Duration(10_000, Unit.WORKING_DAY)
"""Stands for a limit that could not be read, so that nothing else is said about it."""


@dataclass(frozen=True, slots=True)
class CheckedCondition:
    """Hold a condition of acceptance with what its rule reads."""

    condition: Condition
    rule: Checked


def read_format(file: Reader) -> None:
    """Check the version of the language itself."""
    scalar = file.scalar("gov")
    if scalar is not None and scalar.value != FORMAT_VERSION:
        file.report("E014", scalar.at, f"`gov` is the version of the language, not `{scalar.text}`", "write `gov: 1`")


def read_facts(file: Reader, scope: Scope, notes: FlowNotes) -> Facts | None:
    """Return the catalogue entry (实施清单); call it when tables are read."""
    item = file.sub("item", words.ITEM)
    if item is None:
        return None
    statutory, promised = _limits(item, scope, notes)
    scope.places |= {"mode": item.location("mode"), "fee": item.location("fee"), "result": item.location("result")}
    licence, media, result = _result(item, scope)
    return Facts(
        id=ItemId(_item_id(item)),
        version=item.integer("version", low=1, missing=1),
        name=item.text("name"),
        kind=item.word("type", words.ITEM_TYPES),
        level=item.word("level", words.LEVELS),
        authority=department(item, "authority", scope),
        basis=tuple(scalar.text for scalar in item.scalars("basis")),
        audience=item.words("audience", words.AUDIENCES),
        channels=item.words("channels", words.CHANNELS),
        mode=item.word("mode", words.MODES),
        statutory=statutory,
        promised=promised,
        visits=item.integer("visits", low=0, high=20),
        ial=_assurance(item),
        acting_for=item.words("acting_for", words.ACTING_FOR) or ("self",),
        fee=item.word("fee", ("nothing", "charged")),
        licence=licence,
        media=media,
        result=result,
        codes=read_codes(item),
        region=_region(item),
    )


def _item_id(item: Reader) -> str:
    scalar = item.scalar("id")
    if scalar is None:
        return "unknown"
    if check_ascii(scalar, what="the id", findings=item.findings) and not DOTTED.match(scalar.text):
        item.report(
            "E020",
            scalar.at,
            f"`{scalar.text}` is no id of an item",
            "write words of small letters, joined by `.` and `-`",
        )
    return scalar.text


def _region(item: Reader) -> str:
    scalar = item.scalar("region") if item.has("region") else None
    if scalar is None:
        return ""
    if Divisions.default().by_code.get(scalar.text) is None:
        message = f"`{scalar.text}` is no division"
        item.report("E014", scalar.at, message, "write the six digits of a province, city or county")
    return scalar.text


def _limits(item: Reader, scope: Scope, notes: FlowNotes) -> tuple[Duration, Duration]:
    """Return statutory and promised limit; what is promised must fit into the law in every case."""
    limit = item.sub("limit", words.ITEM_LIMIT)
    if limit is None:
        return UNREADABLE, UNREADABLE
    statutory, promised = (item_limit(limit, key, scope, notes=notes) for key in ("statutory", "promised"))
    scope.places["promised"] = limit.location("promised")
    if statutory and promised and (statutory.table != promised.table or not promised.table):
        longest, law = max(spans_of(promised, notes), key=in_days), min(spans_of(statutory, notes), key=in_days)
        if in_days(longest) > in_days(law):
            item.report(
                "E601",
                limit.location("promised"),
                f"the promised limit {longest} is longer than the statutory {law}",
                "promise no more than the law allows",
            )
    return statutory or UNREADABLE, promised or UNREADABLE


def _assurance(item: Reader) -> int:
    assurance = item.sub("assurance", words.ASSURANCE)
    return assurance.integer("ial", low=2, high=5, missing=5) if assurance else 5


def _result(item: Reader, scope: Scope) -> tuple[str | None, tuple[str, ...], str]:
    result = item.sub("result", words.RESULT)
    if result is None:
        return None, (), ""
    if not result.has("licence") and not result.has("name"):
        result.report("E012", result.at, "the result has no name", "add `licence: …`, or `name: …` where it is none")
    return licence_kind(result, "licence", scope), result.words("media", words.MEDIA), result.text("name")


def licence_kind(reader: Reader, key: str, scope: Scope) -> str | None:
    """Return a licence kind of the directory; faults are reported."""
    scalar = reader.scalar(key)
    return None if scalar is None else scope.known(scalar, scope.directory.licences, code="E119", what="licence")


def department(reader: Reader, key: str, scope: Scope) -> str:
    """Return a department code of the directory; faults are reported."""
    scalar = reader.scalar(key)
    if scalar is None:
        return ""
    known = dict.fromkeys(scope.directory.departments)
    return scope.known(scalar, known, code="E120", what="department") or scalar.text


def read_before(file: Reader) -> Mapping[str, object]:
    """Return the burden (办事负担) of the procedure that the item replaces."""
    before = file.sub("before", words.BEFORE)
    if before is None:
        return {}
    counts: dict[str, object] = {
        key: before.integer(key, low=0, high=1000) for key in ("fields", "paper", "visits") if before.has(key)
    }
    days = before.duration("days")
    return counts | ({"days": str(days)} if days else {})


def read_outcomes(file: Reader, scope: Scope) -> None:
    """Declare every end of the item."""
    record = file.mapping("outcomes")
    for entry in record.entries if record else ():
        check_identifier(entry.key, what="the outcome", findings=scope.findings, reserved=False)
        body = expect(entry.value, Record, what=f"the outcome `{entry.key.text}`", findings=scope.findings)
        if body is None:
            continue
        reader = Reader(body, words.OUTCOME, at=entry.key.at, findings=scope.findings)
        scope.outcome_at[entry.key.text] = entry.key.at
        scope.blame.declare("outcome", entry.key.text, entry.key.at)
        scope.outcomes[entry.key.text] = Outcome(
            id=entry.key.text,
            closing=reader.word("closing", words.CLOSINGS),
            remedies=reader.words("remedies", words.REMEDIES),
        )
    if record is not None:
        check_look_alikes(((e.key.text, e.key.at) for e in record.entries), what="the outcome", findings=scope.findings)


def outcome(scalar: Scalar | None, scope: Scope, *, no_remedies: str = "") -> str | None:
    """Return a declared outcome; with ``no_remedies`` one with remedies is refused, because no human decided it."""
    if scalar is None:
        return None
    name = scope.known(scalar, scope.outcomes, code="E117", what="outcome")
    if name is not None and no_remedies and scope.outcomes[name].remedies:
        scope.report(
            "E505",
            scalar.at,
            f"{no_remedies} leads to `{name}`, a refusal that no officer decided",
            "name an outcome without remedies",
        )
    return name


def read_conditions(file: Reader, scope: Scope) -> tuple[CheckedCondition, ...]:
    """Return the conditions of acceptance (受理条件)."""
    listing = file.listing("conditions")
    conditions: list[CheckedCondition] = []
    for node in listing.items if listing else ():
        record = expect(node, Record, what="a condition", findings=scope.findings)
        if record is None:
            continue
        reader = Reader(record, words.CONDITION, at=record.at, findings=scope.findings)
        rule = reader.scalar("rule")
        text = reader.text("text")
        if rule is not None:
            checked = check_expression(rule, scope, wants=BOOL)
            if any(checked.expression.tree == other.rule.expression.tree for other in conditions):
                scope.report("E021", rule.at, "this condition stands twice", "keep one of them")
            conditions.append(
                CheckedCondition(Condition(checked.expression, text, reader.text("basis") or None), checked)
            )
    return tuple(conditions)


def read_clock(file: Reader, scope: Scope) -> Clock:
    """Return when cards are raised."""
    clock = file.sub("clock", words.CLOCK)
    if clock is None:
        return Clock()
    calendar = clock.scalar("calendar")
    if calendar is not None:
        scope.known(calendar, dict.fromkeys(scope.directory.calendars), code="E120", what="calendar")
    yellow, red = clock.percent("yellow", missing=70), clock.percent("red", missing=100)
    if yellow >= red:
        clock.report(
            "E014",
            clock.location("yellow"),
            f"the yellow card at {yellow}% comes no earlier than the red one at {red}%",
            "let yellow be the smaller share",
        )
    return Clock(calendar.text if calendar else "cn-workday", yellow, red)


def read_roles(file: Reader, scope: Scope) -> None:
    """Declare who may act (岗位)."""
    record = file.mapping("roles")
    for entry in record.entries if record else ():
        check_identifier(entry.key, what="the role", findings=scope.findings, reserved=False)
        if entry.key.text == APPLICANT:
            scope.report("E021", entry.key.at, "the role `applicant` always exists", "take the line out")
        body = expect(entry.value, Record, what=f"the role `{entry.key.text}`", findings=scope.findings)
        if body is None:
            continue
        reader = Reader(body, words.ROLE, at=entry.key.at, findings=scope.findings)
        scope.role_at[entry.key.text] = entry.key.at
        scope.blame.declare("role", entry.key.text, entry.key.at)
        scope.roles[entry.key.text] = _role(entry.key.text, reader, scope)
    if record is not None:
        check_look_alikes(((e.key.text, e.key.at) for e in record.entries), what="the role", findings=scope.findings)
        _check_groups(scope)


def _role(name: str, reader: Reader, scope: Scope) -> Role:
    """Return a role: an office, perhaps with the officer whom a field names, or one that a field chooses."""
    near = _role_field(name, reader, "near", "region", scope)
    person = _role_field(name, reader, "person", "officer", scope)
    group = _role_field(name, reader, "group", "enum", scope)
    if not reader.has("group") and not reader.has("org"):
        reader.report("E012", reader.at, "`org` is missing in a role", "add `org: dept.…`")
    for key in ("org", "near", "rank", "person"):
        if reader.has("group") and reader.has(key):
            reader.report(
                "E015", reader.location(key), f"`{key}` belongs to the roles among which `group` chooses", "take it out"
            )
    rank = reader.word("rank", ("leader",)) if reader.has("rank") else None
    return Role(name, department(reader, "org", scope), near, rank, person, group)


def _role_field(name: str, reader: Reader, key: str, kind: str, scope: Scope) -> str | None:
    """Return the field by which a role is found, which must be of a kind."""
    scalar = reader.scalar(key)
    path = scope.field_path(scalar, what=f"`{key}`") if scalar is not None else None
    if scalar is None:
        return None
    scope.near_at[f"{name}.{key}"] = scalar.at
    if path is not None and key == "near":
        compare(path, Outside("region", "where a unit is", "E103"), scope, at=scalar.at)
    elif path is not None and path not in scope.broken_types and of_field(scope.fields[path].type).kind != kind:
        message = f"`{path}` is of type {scope.fields[path].type.name}, but `{key}` needs one of type {kind}"
        scope.report("E103", scalar.at, message, f"name a field of type {kind}")
    return path


def _check_groups(scope: Scope) -> None:
    """Report members of a field that chooses a role which are no role with a department."""
    for name, role_ in scope.roles.items():
        for member in of_field(scope.fields[role_.group].type).members if role_.group else ():
            if member not in scope.roles or scope.roles[member].group is not None:
                scope.report(
                    "E112",
                    scope.near_at[f"{name}.group"],
                    f"`{role_.group}` may be `{member}`, but no role of that name has a department",
                    "declare a role with `org` for every member",
                )


def role_reads(name: str, scope: Scope, *, at: Location) -> Iterator[tuple[str, Location]]:
    """Yield the fields that must be known before a role can get work, each with its place."""
    declared = scope.roles.get(name)
    if declared is None:
        return
    for key, path in (("near", declared.near), ("group", declared.group)):
        if path is not None:
            yield path, scope.near_at.get(f"{name}.{key}", at)
    if declared.person is not None and not scope.is_maybe(declared.person):
        yield declared.person, scope.near_at.get(f"{name}.person", at)
    for member in of_field(scope.fields[declared.group].type).members if declared.group else ():
        if member in scope.roles and scope.roles[member].group is None:
            yield from role_reads(member, scope, at=at)


def role(scalar: Scalar | None, scope: Scope, *, applicant: bool = False) -> str | None:
    """Return a declared role; with ``applicant`` also the applicant or a party; faults are reported."""
    if scalar is None:
        return None
    if scalar.text == APPLICANT and applicant:
        return APPLICANT
    known = dict.fromkeys([*scope.roles, *([APPLICANT, *scope.parties] if applicant else [])])
    if scalar.text == APPLICANT or (scalar.text in scope.parties and not applicant):
        name = "the applicant" if scalar.text == APPLICANT else "a party"
        scope.report("E112", scalar.at, f"{name} cannot be named here", did_you_mean("", scope.roles))
        return None
    return scope.known(scalar, known, code="E112", what="role")


def roles(reader: Reader, key: str, scope: Scope) -> tuple[str, ...]:
    """Return the declared roles of a key that holds one or several; faults are reported."""
    names = [role(scalar, scope) for scalar in reader.scalars(key, single=True)]
    return tuple(name for name in names if name)


def applicant_only(reader: Reader) -> None:
    """Check that ``by`` names the applicant."""
    scalar = reader.scalar("by")
    if scalar is not None and scalar.text != APPLICANT:
        reader.report("E112", scalar.at, f"only the applicant does this, not `{scalar.text}`", "write `by: applicant`")


def read_distinct(file: Reader, scope: Scope) -> tuple[tuple[str, ...], ...]:
    """Return sets of steps in which nobody acts twice (four eyes)."""
    listing = file.listing("distinct")
    if listing is None:
        return ()
    groups = listing.items if any(isinstance(item, Listing) for item in listing.items) else (listing,)
    found: list[tuple[str, ...]] = []
    for group in groups:
        inner = expect(group, Listing, what="an entry of `distinct`", findings=scope.findings)
        names = [_distinct_step(item, scope) for item in inner.items] if inner else []
        if inner is not None and len(inner.items) < 2:
            scope.report(
                "E014",
                inner.at,
                "`distinct` needs at least two steps",
                "name the steps that different officers must do",
            )
        found.append(tuple(name for name in names if name))
    return tuple(found)


def _distinct_step(item: object, scope: Scope) -> str | None:
    if isinstance(item, Scalar):
        scope.places[f"distinct.{item.text}"] = item.at
    return scope.known(item, scope.steps, code="E116", what="step") if isinstance(item, Scalar) else None
