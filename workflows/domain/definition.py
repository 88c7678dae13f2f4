"""Define the compiled form of one service item (政务服务事项), as linter and engine read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from gov_portal.kernel.codes.item_code import ItemCode
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.types import FieldType
from workflows.domain.actors import Each as Each
from workflows.domain.actors import Party as Party
from workflows.domain.actors import Role as Role
from workflows.domain.anytime import OVERDUE as OVERDUE
from workflows.domain.anytime import Anytime as Anytime
from workflows.domain.anytime import Appeal as Appeal
from workflows.domain.anytime import Consult as Consult
from workflows.domain.anytime import Correct as Correct
from workflows.domain.anytime import Extend as Extend
from workflows.domain.anytime import Signers as Signers
from workflows.domain.anytime import Silence as Silence
from workflows.domain.anytime import Suspend as Suspend
from workflows.domain.anytime import Withdraw as Withdraw
from workflows.domain.expressions import Expression
from workflows.domain.form import Condition as Condition
from workflows.domain.form import Material as Material
from workflows.domain.form import Page as Page
from workflows.domain.form import PageField as PageField
from workflows.domain.measures import Duration as Duration
from workflows.domain.measures import Location as Location
from workflows.domain.measures import Phase as Phase
from workflows.domain.measures import Unit as Unit
from workflows.domain.migration import Migration
from workflows.domain.opening import OpenStep as OpenStep
from workflows.domain.paying import PayStep as PayStep
from workflows.domain.step_base import Pause as Pause
from workflows.domain.step_base import StepBase as StepBase
from workflows.domain.subject import Papers, Start

APPLICANT = "applicant"
"""The role of whoever applied, or acts for the one who applied."""

NEXT = "next"
"""As an act's ``over`` or ``go``: go on to the step behind this one."""

STAY = "stay"
"""As an act's ``late``: an error may be corrected on the spot (当场更正); if not, the work is open again as it was."""

AGAIN = "wait"
"""As an act's ``go``: wait once more for the message that is overdue."""

CASE_ID = "case.id"
"""As the key of a message: the case itself, by its number or id."""

LIMIT = "limit"
"""As the only ``out`` of a decision table: its rows give durations."""


@dataclass(frozen=True, slots=True)
class Field:
    """Declare one datum; ``path`` is ``<group>.<name>``."""

    path: str
    type: FieldType
    is_maybe: bool
    at: Location

    @property
    def group(self) -> str:
        """Return the group, the unit of storage and encryption."""
        return self.path.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Ask:
    """Send the case to the applicant for marked fields only (补正)."""

    within: Duration
    late: str | None
    """Outcome when nothing comes back in time; ``None`` for what is mended on the spot (当场更正) and binds nobody."""
    basis: str | None = None
    """Rule that stops the decision clock meanwhile; needed outside acceptance, where the clock runs on without it."""
    remind: tuple[Duration, ...] = ()
    """How long before the end the applicant is reminded."""


@dataclass(frozen=True, slots=True)
class Act:
    """Declare one thing an officer may do at a step; at most one of ``end``, ``back``, ``ask`` is set.

    Attributes:
        id: name in the step.
        label: the verb on the button.
        doc: notice that the act issues, such as 受理通知书.
        end: outcome that it closes the case with.
        back: earlier step that it returns to.
        ask: supplement that it asks for.
        only: condition under which it may be chosen.
        max: how often in the life of the case.
        over: act that takes its place when ``max`` is used up, or ``next``.
        fill: fields that it writes.
        go: of an act upon a wait: ``next`` ends the wait, ``wait`` waits once more.
    """

    id: str
    label: str
    at: Location
    doc: str | None = None
    end: str | None = None
    back: str | None = None
    ask: Ask | None = None
    only: Expression | None = None
    max: int | None = None
    over: str | None = None
    fill: tuple[str, ...] = ()
    go: str | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """Let ``of`` officers vote; ``need`` equal voices decide, else the act ``otherwise``."""

    of: int
    need: int
    otherwise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanStep(StepBase):
    """A person acts: the applicant fills pages, or an officer chooses an act or fills fields."""

    by: str
    """Role name, or ``applicant``; empty where ``each`` names who signs."""
    also: tuple[str, ...] = ()
    """Further roles, any of which may do it instead."""
    form: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    fill: tuple[str, ...] = ()
    vote: Vote | None = None
    each: Each | None = None
    deemed: str | None = None
    fresh: bool = False

    def act(self, act_id: str) -> Act | None:
        """Return the act of that name, or ``None``."""
        return next((act for act in self.acts if act.id == act_id), None)


@dataclass(frozen=True, slots=True)
class Lane:
    """Name who settles by hand what a machine could not."""

    by: str
    limit: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStep(StepBase):
    """Ask a resource of the exchange, or hand something over; each result has a way on.

    ``absent``, ``mismatch`` or ``unavailable`` being ``None`` means: go on. With ``hands`` the department does
    something with these fields, and ``undo`` names the resource that takes it back.
    """

    resource: str
    key: str
    match: tuple[str, ...] = ()
    hands: tuple[str, ...] = ()
    absent: Lane | None = None
    mismatch: Lane | None = None
    unavailable: Lane | None = None
    retry: int = 5
    undo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideStep(StepBase):
    """Write fields by a decision table or by expressions."""

    table: str | None = None
    fields: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upon:
    """Let an officer act upon what happens while a step waits: an objection (异议), or a message that is overdue."""

    by: str
    limit: Duration
    acts: tuple[Act, ...]

    def act(self, act_id: str) -> Act | None:
        """Return the act of that name, or ``None``."""
        return next((act for act in self.acts if act.id == act_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitStep(StepBase):
    """Wait for a time (公示) or a message.

    Attributes:
        message: name of the message that ends the wait.
        key: field whose value the message must name, or ``CASE_ID``.
        sender: department whose system sends it.
        within: how long it may take; the message may come earlier than the step.
        late: what happens then by itself: ``NEXT``, or an outcome without remedies.
        overdue: or what an officer does then.
        gives: fields that the message writes, by their last names.
        into: field of rows that keeps all that arrived.
        remind: how long before ``within`` is over the applicant is reminded.
    """

    span: Duration | None = None
    until: str | None = None
    objection: Upon | None = None
    message: str | None = None
    key: str = ""
    sender: str = ""
    within: Duration | None = None
    late: str | None = None
    overdue: Upon | None = None
    gives: tuple[str, ...] = ()
    into: str | None = None
    remind: tuple[Duration, ...] = ()

    @property
    def upon(self) -> Upon | None:
        """Return what an officer does while the step waits."""
        return self.objection or self.overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStep(StepBase):
    """Issue a licence (制证), or the next version of the one that the case is about, or end that one.

    Attributes:
        given: what goes on the licence, in the order of the licence kind's fields (YAML key ``from``).
        is_replacing: it takes the place of the licence that the case is about (变更 换证 延续).
        is_revoking: that licence ends (注销 撤销), and nothing is issued.
    """

    licence: str
    seal: str
    given: tuple[Expression, ...]
    undo: str | None = None
    is_replacing: bool = False
    is_revoking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendStep(StepBase):
    """Deliver the result (送达); ``way`` is an enum field, ``to`` maps its members to an address field or a role."""

    way: str
    to: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllStep(StepBase):
    """Run branches side by side (并联) and wait for all of them, or for the first (``any``): the others are undone."""

    branches: tuple[tuple["Step", ...], ...]
    is_race: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IfStep(StepBase):
    """Run one of two sequences."""

    condition: Expression
    then: tuple["Step", ...]
    otherwise: tuple["Step", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndStep(StepBase):
    """Close the case (办结) with an outcome."""

    outcome: str
    rate: bool = False
    archive: Duration | None = None


Step = (
    HumanStep
    | CallStep
    | DecideStep
    | WaitStep
    | PayStep
    | IssueStep
    | SendStep
    | OpenStep
    | AllStep
    | IfStep
    | EndStep
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Name one end: its closing kind (办结结果) and what the applicant may do next."""

    id: str
    closing: str
    remedies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefill:
    """Take fields from the account or from a department instead of asking."""

    source: str
    """``account``, or the resource's id."""
    gives: tuple[str, ...]
    at: Location
    key: str | None = None
    purpose: str | None = None
    when: Expression | None = None
    ask_if_absent: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Hold a decision table.

    A cell is a matcher ``("is", v) | ("in", (v, …)) | ("range", lo, hi) | ("any",) | ("missing",)``.
    """

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    hit: str
    rows: tuple[tuple[tuple[tuple[object, ...], ...], tuple[object, ...]], ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Clock:
    """Say when cards are raised, as shares of a limit in percent."""

    calendar: str = "cn-workday"
    yellow_percent: int = 70
    red_percent: int = 100


@dataclass(frozen=True, slots=True)
class ItemCodes:
    """Hold the codes of an item (事项编码): the national one, and those of the province's own catalogue, if any."""

    national: ItemCode
    local_catalogue: str = ""
    local_task: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Hold the catalogue entry (实施清单) of the item."""

    id: ItemId
    version: int
    name: str
    kind: str
    level: str
    authority: str
    basis: tuple[str, ...]
    audience: tuple[str, ...]
    channels: tuple[str, ...]
    mode: str
    statutory: Duration
    promised: Duration
    visits: int
    ial: int
    acting_for: tuple[str, ...]
    fee: str
    licence: str | None
    media: tuple[str, ...]
    result: str = ""
    """Name of a result that is no licence."""
    codes: ItemCodes | None = None
    region: str = ""
    """Division for which alone this version is written; empty for everywhere."""

    @property
    def code(self) -> str:
        """Return the national code (事项编码) as far as the item says it; empty where it has none."""
        return str(self.codes.national) if self.codes is not None else ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Hold one self-test of the file: sample data, a run, and what must come out."""

    id: str
    given: Mapping[str, object]
    run: tuple[object, ...]
    expect: Mapping[str, object]
    at: Location


FROM_ANOTHER_CASE = "appealed"
"""Source of data that only a case has which another one led to, such as an appeal."""


@dataclass(frozen=True)
class Definition:
    """Hold one service item, compiled; immutable, found by the hash of its canonical source."""

    hash: str
    facts: Facts
    fields: Mapping[str, Field]
    maybe_groups: frozenset[str]
    lets: Mapping[str, Expression]
    prefills: tuple[Prefill, ...]
    pages: tuple[Page, ...]
    materials: tuple[Material, ...]
    tables: Mapping[str, Table]
    roles: Mapping[str, Role]
    distinct: tuple[tuple[str, ...], ...]
    clock: Clock
    conditions: tuple[Condition, ...]
    outcomes: Mapping[str, Outcome]
    flow: tuple[tuple[Phase, tuple[Step, ...]], ...]
    anytime: Anytime
    scenarios: tuple[Scenario, ...]
    before: Mapping[str, object]
    labels: Mapping[str, str]
    """Chinese labels by key: ``claim.kind``, ``claim.kind.vision``, ``claim.kind.why``, ``step.accept``, ``page.x``."""
    migration: Migration | None = None
    start: Start = field(default_factory=Start)
    papers: Papers = field(default_factory=Papers)
    result_shows: tuple[str, ...] = ()
    """Fields that tell the applicant the result, beside its outcome."""

    parties: Mapping[str, Party] = field(default_factory=dict)

    @cached_property
    def citizens(self) -> frozenset[str]:
        """Return the names under which citizens act in a case: the applicant and the parties."""
        return frozenset({APPLICANT, *self.parties})

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Return every step by id, blocks and their content included, in the order of the flow."""
        return {step.id: step for _, sequence in self.flow for step in walk(sequence)}

    @property
    def is_startable(self) -> bool:
        """Tell whether people begin with this item; an appeal starts from the case that it is about."""
        has_own_begin = all(prefill.source != FROM_ANOTHER_CASE for prefill in self.prefills)
        return has_own_begin and self.start.is_by_applicant

    @property
    def parts(self) -> tuple[OpenStep, ...]:
        """Return the steps that open a case of another item, in their order; nothing for an item by itself."""
        return tuple(step for step in self.steps.values() if isinstance(step, OpenStep))

    @property
    def is_bundle(self) -> bool:
        """Tell whether the item is made of others (一件事)."""
        return any(step.parent is not None for step in self.parts)

    @property
    def places(self) -> tuple[str, ...]:
        """Return the region fields that say which unit a case belongs to: its roles', or those of its parts."""
        found = [role.near for role in self.roles.values()] or [part.near for part in self.parts]
        return tuple(dict.fromkeys(path for path in found if path))

    def label(self, key: str) -> str:
        """Return the label of a key, or the last part of the key where none is given."""
        return self.labels.get(key) or key.rpartition(".")[2]


def walk(sequence: tuple[Step, ...]) -> Iterator[Step]:
    """Yield the steps of a sequence, each block before its content."""
    for step in sequence:
        yield step
        for inner in inner_sequences(step):
            yield from walk(inner)


def inner_sequences(step: Step) -> tuple[tuple[Step, ...], ...]:
    """Return the sequences inside a block; nothing for a plain step."""
    match step:
        case AllStep():
            return step.branches
        case IfStep():
            return (step.then, step.otherwise)
        case _:
            return ()
