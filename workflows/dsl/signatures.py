"""Compile a step that several sign side by side (会签): departments, parties, or one officer for every row."""

from collections.abc import Mapping
from typing import Any

from workflows.domain.definition import APPLICANT, Act, Each, HumanStep
from workflows.dsl import words
from workflows.dsl.acts import ActPlace, act_name, fills_of_acts, read_acts
from workflows.dsl.data import Placed, read_paths
from workflows.dsl.item import role, role_reads
from workflows.dsl.notes import FlowNotes, StepSource
from workflows.dsl.parties import person_reads
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader, scalars_of
from workflows.dsl.source import Listing, Record
from workflows.dsl.statics import of_field

NEEDS = ("all", "first")
SILENCES = ("stands", "agrees", "else")
PARTIES = "parties"
"""As ``of``: the applicant and every party sign."""


def read_signatures(
    source: StepSource, reader: Reader, base: dict[str, Any], scope: Scope, *, notes: FlowNotes
) -> HumanStep:
    """Return a step with ``each``; its signers, their acts and how many of them decide are proved to fit."""
    name = source.key.text
    acts = read_acts(reader, ActPlace(name, name), scope, notes=notes)
    fill = read_paths(reader, "fill", scope)
    notes.write(name, Placed(f"the step `{name}`", fill, (), {}, reader.location("fill")))
    placed = fills_of_acts(acts, name, notes=notes)
    if placed is not None:
        notes.write(name, placed)
    inner = reader.sub("each", words.SIGNERS_OF)
    each = _Each(inner, scope, name).read({act.id: act for act in acts}) if inner is not None else Each()
    by = role(inner.scalar("by"), scope) or "" if inner is not None else ""
    for signer in (by, *each.of):
        reads = (*role_reads(signer, scope, at=source.key.at), *person_reads(signer, scope, at=source.key.at))
        for path, at in reads:
            notes.name(name, path, at=at)
    if each.chosen is not None and inner is not None:
        notes.name(name, each.chosen, at=inner.location("of"))
    step = HumanStep(**base, by=by, acts=acts, fill=tuple(fill), each=each)
    _check_step(step, each, reader, scope)
    return step


def _check_step(step: HumanStep, each: Each, reader: Reader, scope: Scope) -> None:
    if step.limit is None and not reader.has("limit"):
        reader.report("E603", reader.at, f"the official step `{step.id}` has no limit", "add `limit: …wd`")
    if not step.acts and not step.fill and not reader.has("act"):
        reader.report("E012", reader.at, f"the step `{step.id}` has nothing to do", "add `act: {…}` or `fill: […]`")
    is_citizens = any(name == APPLICANT or name in scope.parties for name in each.of)
    if is_citizens and each.silence == "stands" and (step.acts or not reader.has("act")):
        reader.report(
            "E506", reader.at, f"if somebody does not sign `{step.id}`, the case waits for ever",
            "say what silence is: `silence: agrees` or `silence: else`",
        )  # fmt: skip
    fills = [*step.fill, *(path for act in step.acts for path in act.fill)]
    if fills and each.need != 1:
        reader.report(
            "E205",
            reader.location("fill"),
            f"every signer of `{step.id}` would write `{fills[0]}`",
            "let the reason of each signature say it, or write `need: first`",
        )
    for act in step.acts:
        if act.ask is not None:
            reader.report(
                "E015", act.at, "one signer cannot ask the applicant for a supplement", "ask in a step of its own"
            )


class _Each:
    """Read the signers of one step."""

    def __init__(self, reader: Reader, scope: Scope, step: str) -> None:
        self.reader = reader
        self.scope = scope
        self.step = step

    def read(self, acts: Mapping[str, Act]) -> Each:
        """Return who signs and what decides."""
        of, chosen, is_rows = self._of()
        need = self._need(len(of))
        if self.reader.has("by") and not is_rows:
            self.reader.report(
                "E015", self.reader.location("by"), "`by` says who signs for each row, but these are no rows",
                "take it out; every role signs for itself",
            )  # fmt: skip
        if is_rows and not self.reader.has("by"):
            self.reader.report("E012", self.reader.at, "`by` is missing: who signs for each row?", "add `by: <role>`")
        silence = self.reader.word("silence", SILENCES) if self.reader.has("silence") else SILENCES[0]
        if silence == "agrees":
            self._check_silence(acts)
        elif silence == "else" and not self.reader.has("else"):
            self.reader.report(
                "E012", self.reader.at, "silence is the act of `else`, which is missing", "add `else: …`"
            )
        otherwise = act_name(self.reader, "else", acts, self.scope, step=self.step)
        if len(acts) > 1 and need != 1 and not self.reader.has("else"):
            self.reader.report(
                "E012", self.reader.at, "signers may disagree, but `else` does not say what follows",
                "add `else: <act>`, an act that refuses nothing",
            )  # fmt: skip
        return Each(of, chosen, is_rows, need, silence, otherwise)

    def _of(self) -> tuple[tuple[str, ...], str | None, bool]:
        node = self.reader.record.get("of")
        if isinstance(node, Listing):
            return self._named(node), None, False
        scalar = self.reader.scalar("of")
        if scalar is not None and scalar.text == PARTIES:
            return (APPLICANT, *self.scope.parties), None, False
        path = self.scope.field_path(scalar, what="`of`") if scalar is not None else None
        if scalar is None or path is None:
            return (), None, False
        static = of_field(self.scope.fields[path].type)
        if static.kind == "list":
            for member in static.members:
                if member not in self.scope.roles:
                    message = f"`{member}` of `{path}` signs, but there is no such role"
                    self.scope.report("E112", scalar.at, message, "declare a role for every member of the list")
        elif static.kind != "rows" and path not in self.scope.broken_types:
            self.scope.report(
                "E103", scalar.at, f"`{path}` is of type {static}, so nobody can sign for each of it",
                "name roles, or a field of type list(enum(…)) or rows {…}",
            )  # fmt: skip
        return (), path, static.kind == "rows"

    def _named(self, node: Listing) -> tuple[str, ...]:
        scalars = scalars_of(node, what="`of`", findings=self.scope.findings)
        found = [role(scalar, self.scope, applicant=True) for scalar in scalars]
        if len(scalars) == 1:
            self.reader.report("E014", node.at, "one signer needs no `each`", "use a step with `by`, or name two roles")
        return tuple(name for name in found if name)

    def _need(self, number: int) -> int | None:
        node = self.reader.record.get("need")
        if not isinstance(node, Record):
            return {"all": None, "first": 1}[self.reader.word("need", NEEDS)] if node is not None else None
        inner = self.reader.sub("need", words.SIGNERS_NEED)
        if inner is None:
            return None
        of, need = inner.integer("of", low=1, high=99, missing=1), inner.integer("need", low=1, high=99, missing=1)
        if number and of != number:
            inner.report("E504", inner.location("of"), f"{number} sign, not {of}", f"write `of: {number}`")
        elif need > of:
            inner.report(
                "E504", inner.location("need"), f"{need} of {of} signatures can never be reached", f"need at most {of}"
            )
        return need

    def _check_silence(self, acts: Mapping[str, Act]) -> None:
        first = next(iter(acts.values()), None)
        at = self.reader.location("silence")
        if first is None:
            self.reader.report("E015", at, "silence cannot fill fields", "write `silence: stands`")
        elif first.end or first.back or first.only or first.max:
            self.reader.report(
                "E505", at, f"silence is the first act, but `{first.id}` does not simply go on",
                "put the act that agrees first",
            )  # fmt: skip


def every_signer(step: HumanStep) -> tuple[str, ...]:
    """Return the roles that a step names as those who may do it."""
    return tuple(name for name in (step.by, *step.also, *(step.each.of if step.each else ())) if name)
