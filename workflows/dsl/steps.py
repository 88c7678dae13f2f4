"""Compile the plain steps: a person acts, a call, a table, a wait, a licence, a delivery, an end."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.domain.definition import (
    APPLICANT,
    LIMIT,
    CallStep,
    DecideStep,
    EndStep,
    HumanStep,
    IssueStep,
    Lane,
    Location,
    Pause,
    SendStep,
    Step,
    Unit,
)
from workflows.domain.expressions import Expression, Tree
from workflows.domain.subject import ABOUT
from workflows.dsl import words
from workflows.dsl.acts import ActPlace, act_name, fills_of_acts, read_acts, read_vote
from workflows.dsl.agreement import Outside, compare
from workflows.dsl.bundles.opens import compile_open
from workflows.dsl.data import Placed, condition, read_paths
from workflows.dsl.expressions import check_expression
from workflows.dsl.findings import did_you_mean
from workflows.dsl.handing import check_call
from workflows.dsl.item import department, licence_kind, outcome, role, role_reads
from workflows.dsl.notes import FlowNotes, StepSource
from workflows.dsl.parties import check_citizens_step, person_reads
from workflows.dsl.payments import read_payment
from workflows.dsl.scope import Checked, Scope
from workflows.dsl.shape import Reader, expect
from workflows.dsl.signatures import read_signatures
from workflows.dsl.source import Listing, Record, Scalar
from workflows.dsl.spans import SPANS, span
from workflows.dsl.statics import accepts, of_field, of_spelling
from workflows.dsl.waits import WaitReader

PERIOD_UNITS = (Unit.WORKING_DAY, Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR)


class StepCompiler:
    """Compile one step after the other; what they read and write goes into the notes."""

    def __init__(self, scope: Scope, notes: FlowNotes) -> None:
        """Keep where names are declared and where notes go."""
        self.scope = scope
        self.notes = notes
        self._by_kind: Mapping[str, Callable[[StepSource, Reader, dict[str, Any]], Step]] = {
            "by": self._human,
            "call": self._call,
            "decide": self._decide,
            "wait": self._wait,
            "pay": self._pay,
            "issue": self._issue,
            "revoke": self._revoke,
            "send": self._send,
            "open": self._open,
            "end": self._end,
            "each": self._each,
        }

    def compile(self, source: StepSource) -> Step:
        """Return the compiled step."""
        place = words.STEP_KINDS[source.kind]
        reader = Reader(source.body, place, at=source.key.at, findings=self.scope.findings)
        when = condition(reader, "when", self.scope)
        if when is not None:
            self.notes.whens[source.key.text] = when
        for key in ("by", "limit", "issue", "absent", "mismatch", "unavailable", "to"):
            self.scope.places[f"{source.key.text}.{key}"] = reader.location(key)
        shows = read_paths(reader, "show", self.scope)
        for path, at in shows.items():
            self.notes.shows.setdefault(path, at)
        base: dict[str, Any] = {
            "id": source.key.text,
            "phase": source.phase,
            "at": source.key.at,
            "parent": source.parent,
            "when": when.expression if when else None,
            "limit": span(reader, "limit", source.key.text, self.scope, notes=self.notes),
            "pause": self._pause(reader),
            "show": tuple(shows),
        }
        return self._by_kind[source.kind](source, reader, base)

    def _pause(self, reader: Reader) -> Pause | None:
        node = reader.record.get("pause")
        return None if node is None else read_pause(node, self.scope)

    def _human(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        name = source.key.text
        by, also = self._by(reader)
        acts = read_acts(reader, ActPlace(name, name), self.scope, notes=self.notes)
        by_name = {act.id: act for act in acts}
        fill = read_paths(reader, "fill", self.scope)
        self.notes.write(name, Placed(f"the step `{name}`", fill, (), {}, reader.location("fill")))
        placed = fills_of_acts(acts, name, notes=self.notes)
        if placed is not None:
            self.notes.write(name, placed)
        step = HumanStep(
            **base,
            by=by,
            also=also,
            form=self._form(reader, by),
            acts=acts,
            fill=tuple(fill),
            vote=read_vote(reader, by_name, self.scope, step=name),
            deemed=act_name(reader, "deemed", by_name, self.scope, step=name),
            fresh=reader.flag("fresh"),
        )
        self._check_human(step, reader)
        for one in (by, *also):
            self._near(name, one, source.key.at)
        return step

    def _each(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        return read_signatures(source, reader, base, self.scope, notes=self.notes)

    def _by(self, reader: Reader) -> tuple[str, tuple[str, ...]]:
        """Return who does a step, and who may do it instead."""
        if not isinstance(reader.record.get("by"), Listing):
            return role(reader.scalar("by"), self.scope, applicant=True) or "", ()
        named = [role(scalar, self.scope) for scalar in reader.scalars("by")]
        by, *also = [name for name in named if name] or [""]
        return by, tuple(also)

    def _form(self, reader: Reader, by: str) -> tuple[str, ...]:
        pages: list[str] = []
        for scalar in reader.scalars("form"):
            page = self.scope.known(scalar, self.scope.pages, code="E113", what="page of the form")
            if page is not None:
                pages.append(page)
                self.notes.places.setdefault(f"page.{page}", scalar.at)
        if pages and by != APPLICANT:
            reader.report(
                "E015", reader.location("form"), "only the applicant fills a form", "use `fill: […]` for an officer"
            )
        return tuple(pages)

    def _check_human(self, step: HumanStep, reader: Reader) -> None:
        is_form = step.by == APPLICANT and (step.form or reader.has("form") or not (step.acts or step.fill))
        if not is_form and (step.by == APPLICANT or step.by in self.scope.parties):
            check_citizens_step(step, reader)
        if is_form:
            if not step.form:
                reader.report(
                    "E012",
                    reader.location("by"),
                    "`form` is missing in a step by the applicant",
                    "add `form: […]` with its pages",
                )
            for key in ("act", "fill", "vote", "deemed", "fresh"):
                if reader.has(key):
                    reader.report(
                        "E015", reader.location(key), f"`{key}` is for officers, not for the applicant", "take it out"
                    )
            return
        if step.limit is None and not reader.has("limit"):
            reader.report("E603", reader.at, f"the official step `{step.id}` has no limit", "add `limit: …wd`")
        if not reader.has("act") and not step.fill:
            reader.report("E012", reader.at, f"the step `{step.id}` has nothing to do", "add `act: {…}` or `fill: […]`")
        if step.vote is not None and step.also:
            reader.report(
                "E015", reader.location("by"), "a vote is drawn from one role", "name the role whose officers vote"
            )
        if step.vote is not None and (step.fill or any(act.fill for act in step.acts)):
            reader.report(
                "E015", reader.location("fill"), "a vote cannot fill fields", "fill them in a step of their own"
            )
        if reader.has("deemed") and not step.acts:
            reader.report("E012", reader.at, "`deemed` names an act, but the step has none", "add `act: {…}`")
        if step.deemed and not reader.has("limit"):
            reader.report("E012", reader.at, "`deemed` needs a `limit`", "add `limit: …wd`")

    def _near(self, step: str, by: str, at: Location) -> None:
        for path, place in (*role_reads(by, self.scope, at=at), *person_reads(by, self.scope, at=at)):
            self.notes.name(step, path, at=place)

    def _call(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        name = source.key.text
        resource = reader.scalar("call")
        known = (
            self.scope.known(resource, self.scope.directory.resources, code="E118", what="resource")
            if resource
            else None
        )
        types = self.scope.directory.resources.get(known or "")
        key = reader.scalar("key")
        key_path = self.scope.field_path(key, what="`key`") if key else None
        if key is not None and key_path is not None:
            self.notes.name(name, key_path, at=key.at)
        if key is not None and key_path is not None and types is not None and "key" in types:
            compare(key_path, Outside(types["key"], f"the key of {known}"), self.scope, at=key.at)
        match = self._match("match", reader, known, name=name)
        hands = self._match("from", reader, known, name=name)
        check_call(reader, undo=self._undo(reader), is_handing=bool(hands))
        lanes = {word: self._lane(name, reader.sub(word, words.LANE)) for word in ("absent", "mismatch")}
        if match and not reader.has("mismatch"):
            reader.report(
                "E012", reader.at, "`mismatch` is missing in a call with `match`", "add `mismatch: {by: …, limit: …}`"
            )
        if reader.has("mismatch") and not reader.has("match"):
            reader.report(
                "E015",
                reader.location("mismatch"),
                "nothing can mismatch without `match`",
                "add `match: […]`, or take it out",
            )
        unavailable = reader.sub("unavailable", words.UNAVAILABLE)
        then = unavailable.sub("then", words.LANE) if unavailable else None
        return CallStep(
            **base,
            resource=known or "",
            key=key_path or "",
            match=match,
            hands=hands,
            absent=lanes["absent"],
            mismatch=lanes["mismatch"],
            unavailable=self._lane(name, then),
            retry=unavailable.integer("retry", low=0, high=50, missing=5) if unavailable else 5,
            undo=self._undo(reader),
        )

    def _undo(self, reader: Reader) -> str | None:
        scalar = reader.scalar("undo")
        return (
            self.scope.known(scalar, self.scope.directory.resources, code="E118", what="resource") if scalar else None
        )

    def _match(self, key: str, reader: Reader, resource: str | None, *, name: str) -> tuple[str, ...]:
        types = self.scope.directory.resources.get(resource or "")
        paths = read_paths(reader, key, self.scope)
        for path, at in paths.items():
            self.notes.name(name, path, at=at)
            last = path.rpartition(".")[2]
            if types is None or at in self.scope.misnamed:
                continue
            if last not in types or last == "key":
                remedy = did_you_mean(last, [name for name in types if name != "key"])
                self.scope.report(
                    "E118", at, f"`{resource}` knows no `{last}` to {'match' if key == 'match' else 'take'}", remedy
                )
            else:
                compare(path, Outside(types[last], f"`{last}` of {resource}"), self.scope, at=at)
        return tuple(paths)

    def _lane(self, step: str, reader: Reader | None) -> Lane | None:
        if reader is None:
            return None
        by = role(reader.scalar("by"), self.scope)
        limit = reader.duration("limit", SPANS)
        if by is not None:
            self._near(step, by, reader.location("by"))
        return Lane(by, limit) if by and limit else None

    def _decide(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        name = source.key.text
        node = reader.record.get("decide")
        if isinstance(node, Record):
            return DecideStep(**base, fields=self._decide_fields(name, node))
        scalar = reader.scalar("decide")
        table = self.scope.known(scalar, self.scope.tables, code="E114", what="table") if scalar else None
        if table is None:
            self.scope.is_uncertain = True
        read = self.notes.tables.get(table or "")
        if read is not None and scalar is not None and LIMIT in read.outputs:
            self.scope.report("E114", scalar.at, f"the table `{table}` gives a duration", "name it in a `limit`")
            return DecideStep(**base)
        if read is not None and scalar is not None:
            for path, at in read.inputs.items():
                if not any(cells and ("missing",) in cells for cells, _ in read.table.rows):
                    self.notes.name(name, path, at=at)
            self.notes.write(name, Placed(f"the table `{table}`", read.outputs, (), {}, scalar.at))
            self.notes.places[f"table.{table}"] = scalar.at
        return DecideStep(**base, table=table)

    def _decide_fields(self, name: str, record: Record) -> dict[str, Expression]:
        fields: dict[str, Expression] = {}
        places: dict[str, Location] = {}
        for entry in record.entries:
            path = self.scope.field_path(entry.key, what="`decide`")
            source = expect(entry.value, Scalar, what=f"`{entry.key.text}`", findings=self.scope.findings)
            if path is None or source is None:
                continue
            checked = check_expression(source, self.scope)
            target = of_field(self.scope.fields[path].type)
            if not accepts(target, checked.static):
                self.scope.report(
                    "E103",
                    source.at,
                    f"`{path}` is of type {target}, but this is {checked.static}",
                    "write a value of that type",
                )
            self.notes.read(name, checked)
            fields[path] = checked.expression
            places[path] = entry.key.at
        self.notes.write(name, Placed(f"the step `{name}`", places, (), {}, record.at))
        return fields

    def _wait(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        return WaitReader(self.scope, self.notes).read(source.key.text, reader, base)

    def _pay(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        return read_payment(source.key.text, reader, base, self.scope, notes=self.notes)

    def _issue(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        kind = licence_kind(reader, "issue", self.scope)
        node = reader.listing("from")
        given = self._given(source.key.text, node, kind) if node else ()
        undo = reader.word("undo", ("revoke",)) if reader.has("undo") else None
        is_replacing = reader.has("replaces") and reader.word("replaces", (ABOUT,)) == ABOUT
        if is_replacing and undo is not None:
            reader.report(
                "E015",
                reader.location("undo"),
                "a replaced licence cannot be brought back by `undo`",
                "take `undo` out, and let nothing return over this step",
            )
        return IssueStep(
            **base,
            licence=kind or "",
            seal=department(reader, "seal", self.scope),
            given=given,
            undo=undo,
            is_replacing=is_replacing,
        )

    def _revoke(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        reader.word("revoke", (ABOUT,))
        return IssueStep(**base, licence=self.scope.about or "", seal="", given=(), is_revoking=True)

    def _given(self, name: str, node: Listing, kind: str | None) -> tuple[Expression, ...]:
        types = self.scope.directory.licences.get(kind or "")
        if types is not None and len(node.items) != len(types):
            self.scope.report(
                "E119",
                node.at,
                f"the licence `{kind}` shows {len(types)} values, but {len(node.items)} are given",
                f"give, in order: {', '.join(types)}",
            )
        given: list[Expression] = []
        for index, item in enumerate(node.items):
            scalar = expect(item, Scalar, what="a value of the licence", findings=self.scope.findings)
            if scalar is None:
                continue
            checked = check_expression(scalar, self.scope)
            self.notes.read(name, checked)
            given.append(checked.expression)
            if types is not None and len(types) == len(node.items):
                self._check_given(checked, types[index], f"value {index + 1} of `{kind}`")
        return tuple(given)

    def _check_given(self, checked: Checked, spelling: str, what: str) -> None:
        """Compare one value of a licence with the type that is printed there."""
        tree, wanted = checked.expression.tree, of_spelling(spelling)
        path = str(tree[1]) if tree[0] in ("field", "default") else ""
        if accepts(wanted, checked.static):
            self.scope.blame.agree(path)
        elif path in self.scope.fields:
            compare(path, Outside(spelling, what, "E119", is_output=True), self.scope, at=checked.at)
        else:
            message = f"{what} is of type {wanted}, but this is {checked.static}"
            self.scope.report("E119", checked.at, message, "keep the order of the licence's fields")

    def _send(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        name = source.key.text
        scalar = reader.scalar("send")
        way = self.scope.field_path(scalar, what="`send`") if scalar else None
        members: tuple[str, ...] = ()
        if scalar is not None and way is not None:
            self.notes.name(name, way, at=scalar.at)
            members = of_field(self.scope.fields[way].type).members
            if not members:
                self.scope.report(
                    "E103", scalar.at, f"`{way}` is no enum", "name the field in which the applicant chooses the way"
                )
        to = reader.mapping("to")
        targets = self._to(name, way, to, members) if to else {}
        if to is not None:
            for missing in (member for member in members if member not in targets):
                self.scope.report(
                    "E104", reader.location("to"), f"`to` says nothing about `{missing}`", f"add `{missing}: …`"
                )
        return SendStep(**base, way=way or "", to=targets)

    def _to(self, name: str, way: str | None, to: Record, members: tuple[str, ...]) -> dict[str, str]:
        found: dict[str, str] = {}
        for entry in to.entries:
            member: str | None = entry.key.text
            if members:
                member = self.scope.member(entry.key.text, way or "", members, at=entry.key.at)
            target = expect(entry.value, Scalar, what=f"`{entry.key.text}`", findings=self.scope.findings)
            if target is None or member is None:
                continue
            found[member] = target.text
            self._target(name, target, ("cmp", "==", ("field", way or ""), ("const", member)))
        return found

    def _target(self, name: str, target: Scalar, given: Tree) -> None:
        """Check where a delivery goes: a role, or a field of type address."""
        if target.text in self.scope.roles or "." not in target.text:
            known = role(target, self.scope)
            if known is not None:
                self._near(name, known, target.at)
            return
        path = self.scope.field_path(target, what="`to`")
        if path is not None:
            self.notes.name(name, path, at=target.at, given=given)
            self._check_address(target, path)

    def _check_address(self, target: Scalar, path: str) -> None:
        spelling = self.scope.fields[path].type.name
        if spelling != "address" and path not in self.scope.broken_types:
            self.scope.report(
                "E103",
                target.at,
                f"`{path}` is of type {spelling}, not an address",
                "name a field of type address, or a role",
            )

    def _open(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        return compile_open(source, reader, base, scope=self.scope, notes=self.notes)

    def _end(self, source: StepSource, reader: Reader, base: dict[str, Any]) -> Step:
        name = outcome(reader.scalar("end"), self.scope, no_remedies="the end of the flow")
        return EndStep(
            **base, outcome=name or "", rate=reader.flag("rate"), archive=reader.duration("archive", PERIOD_UNITS)
        )


def read_pause(node: object, scope: Scope) -> Pause | None:
    """Return the ground on which a clock stands still; one outside 行政许可法 art. 45 needs a cited basis."""
    if isinstance(node, Record):
        reader = Reader(node, words.PAUSE, at=node.at, findings=scope.findings)
        ground = reader.text("ground")
        if not reader.has("basis"):
            _ground(reader.scalar("ground"), scope)
        return Pause(ground, reader.text("basis") or None)
    if isinstance(node, Scalar):
        _ground(node, scope)
        return Pause(node.text)
    scope.report("E013", getattr(node, "at"), "a pause is a ground, or {ground: …, basis: …}", "write `pause: 鉴定`")  # noqa: B009
    return None


def _ground(scalar: Scalar | None, scope: Scope) -> None:
    if scalar is not None and scalar.text not in words.STATUTORY_GROUNDS:
        scope.report(
            "E602",
            scalar.at,
            f"`{scalar.text}` is no ground of 行政许可法 art. 45, and no basis is cited",
            f"write {{ground: …, basis: …}}, or one of {' '.join(words.STATUTORY_GROUNDS)}",
        )
