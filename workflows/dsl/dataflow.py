"""Prove the flow of data: what is read is written on every path before, by one source, never by two branches."""

from collections.abc import Iterable

from workflows.domain.definition import AllStep, HumanStep, IfStep, Location, PayStep, Phase, Step, walk
from workflows.domain.expressions import Tree
from workflows.dsl.compiled import Compiled
from workflows.dsl.data import Placed
from workflows.dsl.facts import facts_of, negation
from workflows.dsl.notes import ITEM_LIMIT
from workflows.dsl.scope import Checked, Scope
from workflows.dsl.submission import check_submission
from workflows.dsl.usage import check_usage, never_written
from workflows.dsl.written import Facts, Guards, Known, Way, check_reading

NO_FACTS: Facts = frozenset()
_BEFORE_THE_CLOCK = (Phase.RECEIPT, Phase.ACCEPTANCE)
STEP_FACTS = ("act", "role", "day")


def check_dataflow(compiled: Compiled) -> tuple[Known, Known]:
    """Report faults of the flow of data (E2xx); return what is written at submission, and when the clock starts."""
    compiled.scope.never_written = never_written(compiled)
    known = check_submission(compiled)
    walker = _Walker(compiled, known)
    early = [step for step in compiled.top if step.phase in _BEFORE_THE_CLOCK]
    accepted, facts = walker.sequence(early, known, NO_FACTS, guards=frozenset())
    for path, at, _ in compiled.notes.named.get(ITEM_LIMIT, ()):
        check_reading(path, at, accepted, facts, scope=compiled.scope)
    final, _ = walker.sequence(compiled.top[len(early) :], accepted, facts, guards=frozenset())
    check_usage(compiled, final)
    return known, accepted


class _Walker:
    """Walk the steps in order, knowing what is written and what is certain."""

    def __init__(self, compiled: Compiled, known: Known) -> None:
        self.compiled = compiled
        self.notes = compiled.notes
        self.scope: Scope = compiled.scope
        self.writers: dict[str, tuple[str, Location]] = {}
        for placed in (*(placed for _, placed in compiled.prefills), *compiled.pages.values()):
            self._claim(placed)
        steps = (placed for places in self.notes.writes.values() for placed in places)
        self.written_anywhere = {*self.writers, *(path for placed in steps for path in placed.fields)}

    def _claim(self, placed: Placed) -> None:
        for path, at in placed.fields.items():
            self.writers.setdefault(path, (placed.what, at))

    def sequence(self, steps: Iterable[Step], known: Known, facts: Facts, *, guards: Guards) -> tuple[Known, Facts]:
        """Return what is known and certain behind a sequence."""
        for step in steps:
            known, facts = self.step(step, known, facts, guards=guards)
        return known, facts

    def step(self, step: Step, known: Known, facts: Facts, *, guards: Guards) -> tuple[Known, Facts]:
        """Return what is known and certain behind one step."""
        when = self.notes.whens.get(step.id)
        inner, inner_guards = facts, guards
        if when is not None:
            self._check(when, known, facts)
            inner = facts | facts_of(when.expression.tree, self.scope)
            inner_guards = guards | {when.expression.tree}
        if isinstance(step, AllStep):
            after, gained = self._parallel(step, known, inner, guards=inner_guards)
        elif isinstance(step, IfStep):
            after, gained = self._choice(step, known, inner, guards=inner_guards), inner
        else:
            after, gained = self._plain(step, known, inner, guards=inner_guards)
        return after, (facts if when is not None else gained)

    def _check(self, checked: Checked, known: Known, facts: Facts) -> None:
        for reading in checked.readings:
            check_reading(reading.path, reading.at, known, facts | reading.facts, scope=self.scope)

    def _plain(self, step: Step, known: Known, facts: Facts, *, guards: Guards) -> tuple[Known, Facts]:
        filled = {path: (Way(guards),) for path in step.fill} if isinstance(step, HumanStep) else {}
        if isinstance(step, PayStep):
            # How much is given back is asked behind the step.
            filled = {f"{step.id}.{fact}": (Way(guards),) for fact in self.scope.steps[step.id].facts}
        for checked in self.notes.reads.get(step.id, ()):
            self._check(checked, {**known, **filled}, facts)
        for path, at, given in self.notes.named.get(step.id, ()):
            certain = facts | ({given} if given is not None else NO_FACTS)
            check_reading(path, at, known, certain, scope=self.scope)
        after = dict(known)
        for placed in self.notes.writes.get(step.id, ()):
            for path, at in placed.fields.items():
                self._single_source(path, placed.what, at, known)
                for way in self._ways(step, path, guards):
                    after[path] = (*after.get(path, ()), way)
        for path in step.show:
            if path not in after and path in self.written_anywhere:
                at = self.notes.shows[path]
                self.scope.report(
                    "E202", at, f"`{path}` is shown here, but it is written only later", "show it in a later step"
                )
        after |= {f"{step.id}.{fact}": (Way(guards),) for fact in self.scope.steps[step.id].facts}
        if isinstance(step, HumanStep) and step.acts:
            after |= {f"{step.id}.{fact}": (Way(guards),) for fact in STEP_FACTS}
            facts = facts | self._certain_act(step)
        return after, facts

    def _ways(self, step: Step, path: str, guards: Guards) -> list[Way]:
        acts = self.notes.act_conditions.get(step.id, {}).get(path)
        if not acts:
            return [Way(guards)]
        return [Way(guards | {("cmp", "==", ("field", f"{step.id}.act"), ("const", act))}) for act in acts]

    def _single_source(self, path: str, what: str, at: Location, known: Known) -> None:
        first = self.writers.get(path)
        if first is not None and path in known:
            self.scope.report(
                "E204",
                at,
                f"{what} writes `{path}`, which {first[0]} writes already (line {first[1].line})",
                "keep one source, or declare a field of its own",
            )
        self.writers.setdefault(path, (what, at))

    def _certain_act(self, step: HumanStep) -> Facts:
        """Return what is certain behind a step that only one act leaves forward."""
        forward = [act for act in step.acts if not (act.end or act.back or act.ask)]
        if len(forward) != 1 or any(act.over == "next" for act in step.acts):
            return NO_FACTS
        chosen: Tree = ("cmp", "==", ("field", f"{step.id}.act"), ("const", forward[0].id))
        only = forward[0].only
        return frozenset({chosen}) | (facts_of(only.tree, self.scope) if only else NO_FACTS)

    def _parallel(self, step: AllStep, known: Known, facts: Facts, *, guards: Guards) -> tuple[Known, Facts]:
        """Return what is known behind a block; what a branch of ``any`` writes depends on which one was first."""
        merged, gained = dict(known), facts
        seen: dict[str, str] = {}
        for branch in step.branches:
            after, certain = self.sequence(branch, known, facts, guards=guards)
            name = branch[0].id if branch else ""
            for path, ways in after.items():
                if ways == known.get(path):
                    continue
                if path in seen and path in self.scope.fields:
                    self.scope.report(
                        "E205",
                        self._where(branch, path),
                        f"`{path}` is written here and in the parallel branch `{seen[path]}`",
                        "let one branch write it, or put one behind the other",
                    )
                seen.setdefault(path, name)
                merged[path] = tuple(Way(way.guards | {("first", name)}) for way in ways) if step.is_race else ways
            gained = facts if step.is_race else gained | certain
        merged |= {f"{step.id}.{fact}": (Way(guards),) for fact in self.scope.steps[step.id].facts}
        return merged, gained

    def _where(self, branch: tuple[Step, ...], path: str) -> Location:
        inside = {step.id for step in walk(branch)}
        for name, placed in self.notes.writes.items():
            for one in placed:
                if name in inside and path in one.fields:
                    return one.fields[path]
        return branch[0].at

    def _choice(self, step: IfStep, known: Known, facts: Facts, *, guards: Guards) -> Known:
        condition = self.notes.conditions.get(step.id)
        if condition is None:
            return known
        self._check(condition, known, facts)
        tree = condition.expression.tree
        yes, _ = self.sequence(step.then, known, facts | facts_of(tree, self.scope), guards=guards | {tree})
        no_facts = facts | facts_of(tree, self.scope, negated=True)
        no, _ = self.sequence(step.otherwise, known, no_facts, guards=guards | {negation(tree)})
        merged = dict(known)
        for path in {*yes, *no} - set(known):
            if path in yes and path in no:
                merged[path] = (Way(guards),)
            else:
                merged[path] = yes.get(path) or no[path]
        return merged
