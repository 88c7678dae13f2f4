"""Precompute, once per definition, where each step stands: what follows, what is around it, whether it counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gov_portal.kernel.ids import TaskKey
from workflows.domain.definition import (
    Act,
    AllStep,
    Definition,
    Duration,
    EndStep,
    HumanStep,
    IfStep,
    OpenStep,
    Pause,
    Phase,
    Step,
    WaitStep,
    walk,
)
from workflows.domain.expressions import Expression
from workflows.domain.paying import PayStep
from workflows.engine.timing import CardShares

RANKS: Mapping[Phase, int] = {phase: rank for rank, phase in enumerate(Phase)}

DONE = "done"
"""Act of a step that is done by filling."""

Scope = tuple[tuple[str, int], ...]
"""Parallel blocks around a step with the branch it stands in, outermost first."""

Standing = tuple[str, str, str, str]
"""Kind, step, ground and basis of why the decision clock stands."""


class Paths(NamedTuple):
    """Hold the paths under which a step's act, who did it as what, when and why are kept."""

    act: str
    role: str
    day: str
    reason: str

    @classmethod
    def of(cls, step: str) -> "Paths":
        """Return the paths of a step."""
        return cls(f"{step}.act", f"{step}.role", f"{step}.day", f"{step}.reason")


class Keys(dict[int, TaskKey]):
    """Hold the keys of the visits of a step, each spelt when first asked for."""

    __slots__ = ("_step",)

    def __init__(self, step: str) -> None:
        """Begin without any."""
        self._step = step

    def __missing__(self, visit: int) -> TaskKey:
        """Spell the key of one more visit."""
        key = self[visit] = TaskKey(f"{self._step}.{visit}")
        return key


@dataclass(eq=False, slots=True)
class Place:
    """Hold what the engine must know of one step; built with its plan, never changed afterwards.

    Attributes:
        index: position in the order of the flow.
        following: place of the next step of the sequence, ``None`` at the end of a branch.
        block: place of the parallel block that ends with this sequence, where ``following`` is ``None``.
        scope: parallel blocks around it.
        inside: ids of these blocks.
        pause: ground on which the decision clock stands, its own or that of a block around it.
        acts: acts on offer by id: the step's own, or those upon what happens while it waits.
        opens: first places of the branches of a block, ``None`` for an empty one.
        offered: ids of the acts of a task here.
        is_race: a block that its first branch ends.
        others: steps whose actors may not act here (four eyes).
        limit: the step's limit; a wait's is its span.
        paths: where what is done here is kept.
        keys: what its visits are called, and the one task of each.
        standing: why the decision clock stands while this step is open, if its pause is why.
        roles: who may do the work of a step of people, its own role first.
        is_deemed: silence until the end of its limit is an act.
        is_part: it opens the case of another item.
    """

    step: Step
    id: str
    index: int
    phase: Phase
    rank: int
    scope: Scope
    pause: Pause | None
    limit: Duration | None
    acts: Mapping[str, Act]
    offered: tuple[str, ...]
    others: tuple[str, ...]
    is_block: bool
    paths: Paths
    keys: Keys
    is_race: bool = False
    following: "Place | None" = None
    block: "Place | None" = None
    inside: frozenset[str] = frozenset()
    opens: "tuple[Place | None, ...]" = ()
    when: Expression | None = None
    standing: Standing | None = None
    roles: tuple[str, ...] = ()
    is_deemed: bool = False
    is_part: bool = False

    @property
    def is_counting(self) -> bool:
        """Tell whether the decision clock runs while this step is open."""
        return self.pause is None and RANKS[Phase.ACCEPTANCE] < self.rank <= RANKS[Phase.DECISION]


@dataclass(eq=False, slots=True)
class Plan:
    """Hold the places of a definition.

    Attributes:
        first: place of the step that the applicant begins with.
        shares: when cards are raised.
        promised, statutory: limits of the decision.
        let_inputs: let -> fields and groups that it depends on, through other lets too.
        markable: fields and materials that a supplement may name.
        asked: fields that the applicant may give, on a page or because a department could not.
        citizens: as whom citizens act: the applicant and the parties.
        is_reminding: anybody is ever reminded of the end of a period.
        is_by_table: a decision table gives a limit of the decision.
        is_silence_deciding: silence until the statutory end decides.
    """

    definition: Definition
    places: Mapping[str, Place]
    first: Place
    shares: CardShares
    promised: Duration
    statutory: Duration
    let_inputs: Mapping[str, frozenset[str]]
    markable: frozenset[str]
    asked: frozenset[str]
    withdraw_index: int = -1
    citizens: frozenset[str] = frozenset()
    is_reminding: bool = False
    is_by_table: bool = False
    is_silence_deciding: bool = False


_plans: dict[str, Plan] = {}


def plan_of(definition: Definition) -> Plan:
    """Return the plan of a definition, built when first asked for and kept by hash."""
    plan = _plans.get(definition.hash)
    if plan is None or plan.definition is not definition:
        plan = _plans[definition.hash] = build_plan(definition)
    return plan


def build_plan(definition: Definition) -> Plan:
    """Build the tables of a definition.

    Raises:
        ValueError: the flow does not begin with the applicant or does not finish with an end; the linter excludes both.
    """
    places = _Builder(definition).places()
    first = next(iter(places.values()), None)
    if first is None or not isinstance(first.step, HumanStep):
        raise ValueError(f"{definition.facts.id}: the flow does not begin with a person")
    for place in places.values():
        if place.following is None and place.block is None and not isinstance(place.step, EndStep | IfStep):
            raise ValueError(f"{definition.facts.id}: nothing follows {place.id}")
    asked = frozenset(page_field.path for page in definition.pages for page_field in page.fields)
    given = frozenset(path for prefill in definition.prefills for path in prefill.gives)
    withdraw = definition.anytime.withdraw
    return Plan(
        definition=definition,
        places=places,
        first=first,
        shares=CardShares.of(definition.clock),
        promised=definition.facts.promised,
        statutory=definition.facts.statutory,
        let_inputs=_let_inputs(definition),
        markable=asked | given | {material.id for material in definition.materials},
        asked=asked | given,
        withdraw_index=places[withdraw.before].index if withdraw else -1,
        citizens=definition.citizens,
        is_silence_deciding=definition.anytime.silence is not None,
        is_by_table=bool(definition.facts.promised.table or definition.facts.statutory.table),
        is_reminding=any(map(_is_reminding, places.values())) or _reminds_of_appeal(definition),
    )


def _is_reminding(place: Place) -> bool:
    step = place.step
    spans = step.remind if isinstance(step, WaitStep | PayStep) else ()
    return bool(spans) or any(act.ask is not None and act.ask.remind for act in place.acts.values())


def _reminds_of_appeal(definition: Definition) -> bool:
    rule = definition.anytime.appeal
    return rule is not None and bool(rule.remind)


@dataclass
class _Builder:
    definition: Definition
    built: dict[str, Place] = field(default_factory=dict)

    def places(self) -> dict[str, Place]:
        """Return the places in the order of the flow, joined."""
        sequence = tuple(step for _, steps in self.definition.flow for step in steps)
        for step in walk(sequence):
            self.built[step.id] = self._place(step)
        self._link(sequence, scope=(), pause=None, block=None, tail=None)
        return self.built

    def _place(self, step: Step) -> Place:
        acts = _acts_of(step)
        return Place(
            step=step,
            id=step.id,
            index=len(self.built),
            phase=step.phase,
            rank=RANKS[step.phase],
            scope=(),
            pause=step.pause,
            limit=step.limit,
            acts=acts,
            offered=tuple(acts) or (DONE,),
            others=tuple(
                other for group in self.definition.distinct if step.id in group for other in group if other != step.id
            ),
            is_block=isinstance(step, AllStep),
            paths=Paths.of(step.id),
            keys=Keys(step.id),
            is_race=isinstance(step, AllStep) and step.is_race,
            when=step.when,
            roles=(step.by, *step.also) if isinstance(step, HumanStep) else (),
            is_deemed=isinstance(step, HumanStep) and step.deemed is not None,
            is_part=isinstance(step, OpenStep),
        )

    def _link(
        self,
        sequence: tuple[Step, ...],
        *,
        scope: Scope,
        pause: Pause | None,
        block: Place | None,
        tail: Place | None,
    ) -> Place | None:
        """Join a sequence; ``tail`` is where it goes on, ``block`` what it ends."""
        following = tail
        for step in reversed(sequence):
            place = self.built[step.id]
            place.scope, place.inside = scope, frozenset(name for name, _ in scope)
            place.pause = place.pause or pause
            if place.pause is not None:
                place.standing = ("paused", place.id, place.pause.ground, place.pause.basis or "")
            place.following, place.block = following, None if following else block
            if isinstance(step, AllStep):
                place.opens = tuple(
                    self._link(branch, scope=(*scope, (step.id, number)), pause=place.pause, block=place, tail=None)
                    for number, branch in enumerate(step.branches)
                )
            elif isinstance(step, IfStep):
                place.opens = tuple(
                    self._link(branch, scope=scope, pause=place.pause, block=block, tail=following)
                    for branch in (step.then, step.otherwise)
                )
            following = place
        return following if sequence else None


def _acts_of(step: Step) -> dict[str, Act]:
    if isinstance(step, HumanStep):
        return {act.id: act for act in step.acts}
    if isinstance(step, WaitStep) and step.upon:
        return {act.id: act for act in step.upon.acts}
    return {}


def _let_inputs(definition: Definition) -> dict[str, frozenset[str]]:
    inputs: dict[str, frozenset[str]] = {}
    for name, expression in definition.lets.items():
        own = expression.reads | expression.guarded_reads
        inputs[name] = own.union(*(inputs.get(inner, frozenset()) for inner in expression.lets))
    return inputs
