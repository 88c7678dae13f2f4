"""Compile steps that wait: for a time, a day, or a message of a department's system."""

from typing import Any

from workflows.domain.definition import CASE_ID, NEXT, Act, Duration, Upon, WaitStep
from workflows.dsl import words
from workflows.dsl.acts import ActPlace, read_acts
from workflows.dsl.data import Placed, read_paths
from workflows.dsl.item import outcome, role
from workflows.dsl.names import DOTTED
from workflows.dsl.notes import FlowNotes
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader, duration_of
from workflows.dsl.source import Record
from workflows.dsl.spans import SPANS, reminders, span

NOT_SENT = frozenset({"image", "file", "rows", "officer", "licence", "list"})
"""Kinds of values that no message carries."""


class WaitReader:
    """Read the waits of one flow."""

    def __init__(self, scope: Scope, notes: FlowNotes) -> None:
        """Keep where names are declared and where notes go."""
        self.scope = scope
        self.notes = notes

    def read(self, name: str, reader: Reader, base: dict[str, Any]) -> WaitStep:
        """Return one compiled wait."""
        node = reader.record.get("wait")
        is_message = isinstance(node, Record) and ("message" in node or "until" not in node)
        self._check_content(reader, is_message=is_message)
        if is_message:
            return self._message(name, reader, base)
        if isinstance(node, Record):
            return WaitStep(**base, until=self._until(name, reader), objection=self._objection(name, reader))
        length = span(reader, "wait", name, self.scope, notes=self.notes)
        return WaitStep(**base, span=length, objection=self._objection(name, reader))

    def _check_content(self, reader: Reader, *, is_message: bool) -> None:
        for key in ("gives", "into"):
            if reader.has(key) and not is_message:
                reader.report(
                    "E015",
                    reader.location(key),
                    f"`{key}` keeps what a message brings, but this step waits for a time",
                    "write `wait: {message: …}`, or take it out",
                )
        if reader.has("upon") and is_message:
            reader.report(
                "E015",
                reader.location("upon"),
                "what waits for a message takes no objections",
                "say under `late` what an officer does when it does not come",
            )

    def _until(self, name: str, reader: Reader) -> str | None:
        inner = reader.sub("wait", words.WAIT_UNTIL)
        day = inner.scalar("until") if inner else None
        until = self.scope.field_path(day, what="`until`") if day else None
        if day is not None and until is not None:
            self.notes.name(name, until, at=day.at)
            if self.scope.fields[until].type.name.partition("(")[0] != "date":
                self.scope.report("E103", day.at, f"`{until}` is no date", "name a field of type date")
        return until

    def _message(self, name: str, reader: Reader, base: dict[str, Any]) -> WaitStep:
        inner = reader.sub("wait", words.WAIT_MESSAGE)
        if inner is None:
            return WaitStep(**base)
        message = inner.scalar("message")
        if message is not None and not DOTTED.match(message.text):
            self.scope.report(
                "E020", message.at, f"`{message.text}` is no name of a message", "write small letters, joined by `-`"
            )
        sender = inner.scalar("from")
        known = dict.fromkeys(self.scope.directory.departments)
        department = self.scope.known(sender, known, code="E120", what="department") if sender else None
        late, overdue = self._late(name, inner)
        within = span(inner, "within", name, self.scope, notes=self.notes)
        return WaitStep(
            **base,
            message=message.text if message else "",
            key=self._key(name, inner) or CASE_ID,
            sender=department or "",
            within=within,
            late=late,
            overdue=overdue,
            gives=self._gives(name, reader, is_certain=late != NEXT and not _goes_on(overdue)),
            into=self._into(name, reader),
            remind=reminders(inner, within, self.scope),
        )

    def _key(self, name: str, reader: Reader) -> str | None:
        scalar = reader.scalar("key")
        if scalar is None or scalar.text == CASE_ID:
            return CASE_ID
        path = self.scope.field_path(scalar, what="`key`")
        if path is not None:
            self.notes.name(name, path, at=scalar.at)
        return path

    def _late(self, name: str, reader: Reader) -> tuple[str | None, Upon | None]:
        if isinstance(reader.record.get("late"), Record):
            inner = reader.sub("late", words.OVERDUE)
            return None, (self._upon(name, inner, "late") if inner else None)
        scalar = reader.scalar("late")
        if scalar is None or scalar.text == NEXT:
            return NEXT, None
        return outcome(scalar, self.scope, no_remedies="a message that does not come"), None

    def _gives(self, name: str, reader: Reader, *, is_certain: bool) -> tuple[str, ...]:
        paths = read_paths(reader, "gives", self.scope)
        lasts: dict[str, str] = {}
        for path, at in paths.items():
            last = path.rpartition(".")[2]
            if last in lasts:
                self.scope.report(
                    "E021", at, f"`{lasts[last]}` and `{path}` have one name in the message", "rename one of them"
                )
            lasts[last] = path
            if self.scope.fields[path].type.name.partition("(")[0].split(" ")[0] in NOT_SENT:
                self.scope.report("E103", at, f"a message cannot bring `{path}`", "let it bring plain values")
            if not is_certain and not self.scope.is_maybe(path):
                self.scope.report(
                    "E207",
                    at,
                    f"`{path}` may be absent where the message does not come in time",
                    "declare it as `maybe`, or let `late` end the case",
                )
        self.notes.write(name, Placed(f"the message to `{name}`", paths, (), {}, reader.location("gives")))
        return tuple(paths)

    def _into(self, name: str, reader: Reader) -> str | None:
        scalar = reader.scalar("into")
        path = self.scope.field_path(scalar, what="`into`") if scalar else None
        if scalar is None or path is None:
            return None
        if not self.scope.fields[path].type.name.startswith("rows"):
            self.scope.report("E103", scalar.at, f"`{path}` holds no rows", "name a field of type `rows {…}`")
            return None
        self.notes.write(name, Placed(f"the messages to `{name}`", {path: scalar.at}, (), {}, scalar.at))
        return path

    def _objection(self, name: str, reader: Reader) -> Upon | None:
        upon = reader.sub("upon", words.UPON)
        inner = upon.sub("objection", words.OBJECTION) if upon else None
        if inner is None:
            return None
        inner.word("from", ("anyone",))
        return self._upon(name, inner, "objection")

    def _upon(self, name: str, reader: Reader, kind: str) -> Upon | None:
        by = role(reader.scalar("by"), self.scope)
        scalar = reader.scalar("limit")
        limit: Duration | None = None
        if scalar is not None:
            limit = duration_of(scalar, what="`limit`", units=SPANS, findings=self.scope.findings)
        acts = read_acts(reader, ActPlace(name, f"{name}.{kind}"), self.scope, notes=self.notes)
        for act in acts:
            self._check_act(act, kind)
            self.scope.blame.declare(f"act:{name}", act.id, act.at)
        self.scope.objection_acts[name] = tuple(act.id for act in acts)
        if by is not None:
            declared = self.scope.roles[by]
            if declared.near is not None:
                self.notes.name(name, declared.near, at=self.scope.near_at.get(by, reader.location("by")))
        return Upon(by, limit, acts) if by and limit else None

    def _check_act(self, act: Act, kind: str) -> None:
        if kind == "objection" and (act.fill or act.ask or act.end or act.go not in (None, NEXT)):
            self.scope.report(
                "E015",
                act.at,
                f"the answer `{act.id}` to an objection may only return or go on",
                "take out end, ask and fill",
            )
        if kind == "late" and (act.fill or act.ask):
            self.scope.report(
                "E015",
                act.at,
                f"`{act.id}` answers a message that does not come; it cannot fill or ask",
                "let it go on, wait once more, return or end",
            )
        if kind == "late" and not (act.go or act.back or act.end):
            self.scope.report(
                "E012",
                act.at,
                f"`{act.id}` does not say what happens to the wait",
                "add `go: next` (no longer wait), `go: wait` (once more), `back: …` or `end: …`",
            )


def _goes_on(overdue: Upon | None) -> bool:
    return overdue is not None and any(act.go == NEXT for act in overdue.acts)
