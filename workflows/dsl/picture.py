"""Draw the flow of an item, or how far a case is in it, as an SVG picture that stands alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape

from workflows.domain.definition import (
    APPLICANT,
    AllStep,
    CallStep,
    DecideStep,
    Definition,
    Duration,
    EndStep,
    HumanStep,
    IfStep,
    IssueStep,
    PayStep,
    Phase,
    SendStep,
    Step,
    Unit,
    WaitStep,
    inner_sequences,
    walk,
)
from workflows.domain.wording import Say, Wording, as_written
from workflows.dsl.drawing import GAP, MARGIN, WIDTH, Area, Arrow, Box, Layout, Line, Node, Words
from workflows.dsl.endings import other_endings
from workflows.dsl.signatures import every_signer

PHASES = {
    Phase.RECEIPT: "收件",
    Phase.ACCEPTANCE: "受理",
    Phase.REVIEW: "审查",
    Phase.DECISION: "决定",
    Phase.ISSUANCE: "制证",
    Phase.DELIVERY: "送达",
}
"""Legal phases (办理环节) as citizens read them."""

_UNITS = {
    Unit.HOUR: "{n}小时",
    Unit.WORKING_DAY: "{n}个工作日",
    Unit.DAY: "{n}天",
    Unit.WEEK: "{n}周",
    Unit.MONTH: "{n}个月",
    Unit.YEAR: "{n}年",
}
_REMARKS: Mapping[tuple[type, bool], str] = {
    (AllStep, False): "（同时进行）",
    (AllStep, True): "（任一完成即可）",
}
_LONGEST_CONDITION = 60

INK, LINES, PAPER, DONE, NOW = "#1b2733", "#33475b", "#ffffff", "#e3efe6", "#fff3c4"


@dataclass(frozen=True, slots=True)
class Marking:
    """Say how far a case is: steps that are done, and those that are open now."""

    done: frozenset[str] = field(default=frozenset())
    current: frozenset[str] = field(default=frozenset())

    def of(self, step: str) -> str:
        """Return ``current``, ``done`` or an empty text."""
        return "current" if step in self.current else "done" if step in self.done else ""


NOWHERE = Marking()


def flow_picture(definition: Definition, *, say: Say = as_written, marking: Marking = NOWHERE) -> str:
    """Return the flow of an item as SVG that needs no script, style sheet or font from elsewhere.

    Args:
        definition: the item.
        say: gives the words in the reader's language; Chinese without it.
        marking: how far a case is; nothing is marked without it.
    """
    author = _Author(definition, say, marking)
    layout, height = author.layout()
    name = escape(str(definition.facts.id).replace(".", "-"))
    title, names = say("{name}办理流程", name=say(definition.facts.name)), (f"flow-{name}-title", f"flow-{name}-desc")
    description = say("；").join(author.sentences())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" role="img" viewBox="0 0 {WIDTH} {height}" '
        f'aria-labelledby="{names[0]} {names[1]}">'
        f'<title id="{names[0]}">{escape(title)}</title><desc id="{names[1]}">{escape(description)}</desc>'
        f"{''.join(_shapes(layout, marking))}</svg>"
    )


def flow_layout(definition: Definition, *, say: Say = as_written) -> Layout:
    """Return where everything stands in the picture of an item."""
    return _Author(definition, say, NOWHERE).layout()[0]


def ending_note(definition: Definition, outcome: str, steps: tuple[str, ...], *, say: Say = as_written) -> str:
    """Return at which point a case may end otherwise, such as 受理时."""
    withdraw = definition.anytime.withdraw
    notes = [say("{step}时", step=definition.label(f"step.{step}")) for step in steps]
    if withdraw is not None and withdraw.end == outcome:
        notes.append(say("您在{step}之前撤回", step=definition.label(f"step.{withdraw.before}")))
    return say("，").join(notes)


def spoken(duration: Duration, *, say: Say = as_written) -> str:
    """Return a duration as citizens read it, such as 5个工作日."""
    return say(_UNITS[duration.unit], n=duration.amount)


class _Author:
    """Word the picture of one item."""

    def __init__(self, definition: Definition, say: Say, marking: Marking) -> None:
        self.words = Wording(definition, say=say)
        labels = {key: say(label) for key, label in definition.labels.items()}
        self.definition = replace(definition, labels=labels)
        self.say = say
        self.marking = marking

    def layout(self) -> tuple[Layout, int]:
        """Return where everything stands, and how high the picture is."""
        layout, area, y = Layout(), Area(MARGIN, WIDTH - 2 * MARGIN), MARGIN
        for phase, steps in self.definition.flow:
            if layout.headings:
                y = layout.arrow(area, y)
            y = layout.heading(area, y, self.say(PHASES[phase]))
            y = layout.sequence(self.nodes(steps), area, y)
        endings = list(other_endings(self.definition))
        if endings:
            y = layout.heading(area, y + 2 * GAP, self.say("也可能这样结束")) - 8
        for outcome, steps_of_it in endings:
            note = ending_note(self.definition, outcome, steps_of_it, say=self.say)
            words = Words(self.definition.label(f"outcome.{outcome}"), (note,))
            y = layout.node(Node(outcome, "other-end", words), area, y + 8)
        return layout, y + MARGIN

    def nodes(self, steps: tuple[Step, ...]) -> tuple[Node, ...]:
        """Return what is drawn of some steps; what a machine decides by itself is left out."""
        return tuple(self.node(step) for step in steps if not isinstance(step, DecideStep))

    def node(self, step: Step) -> Node:
        """Return one step or block as it is drawn."""
        inner = inner_sequences(step)
        if not inner:
            kind = "end" if isinstance(step, EndStep) else "optional" if step.when is not None else "step"
            return Node(step.id, kind, Words(self.label(step), tuple(self.notes(step))))
        remark = self.say(_REMARKS.get((type(step), isinstance(step, AllStep) and step.is_race), "（视情况）"))
        words = Words(self.definition.label(f"step.{step.id}") + remark, tuple(self.notes(step)))
        branches = tuple(nodes for sequence in inner if (nodes := self.nodes(sequence)))
        return Node(step.id, "block", words, branches)

    def label(self, step: Step) -> str:
        """Return the name of a step; an end says which."""
        name = self.definition.label(f"step.{step.id}")
        if isinstance(step, EndStep):
            return self.say("{label}：{act}", label=name, act=self.definition.label(f"outcome.{step.outcome}"))
        return name

    def notes(self, step: Step) -> Iterator[str]:
        """Yield who does a step, how long it may take, when it is done at all, and where it may send back."""
        yield from filter(None, [self.say(" · ").join(self.who_and_how_long(step))])
        yield from filter(None, [self.condition(step)])
        upon = step.upon if isinstance(step, WaitStep) else step if isinstance(step, HumanStep) else None
        targets = dict.fromkeys(act.back for act in (upon.acts if upon else ()) if act.back)
        if targets:
            names = self.say("、").join(self.definition.label(f"step.{target}") for target in targets)
            yield self.say("可退回：{names}", names=names)
        if self.marking.of(step.id) == "current":
            yield self.say("● 现在")

    def who_and_how_long(self, step: Step) -> Iterator[str]:
        """Yield who does a step and how long it may take."""
        who = self.who(step)
        if who:
            yield who
        limit = step.span or step.within if isinstance(step, WaitStep) else step.limit
        limit = step.within if isinstance(step, PayStep) else limit
        if isinstance(limit, Duration):
            yield spoken(limit, say=self.say)
        if step.when is not None and not self.condition(step):
            yield self.say("视情况")

    def condition(self, step: Step) -> str:
        """Return under which condition a step is done, where that can be said shortly."""
        condition = step.condition if isinstance(step, IfStep) else step.when
        if condition is None:
            return ""
        words = self.words.condition(condition.tree)
        return self.say("如果{condition}", condition=words) if len(words) <= _LONGEST_CONDITION else ""

    def who(self, step: Step) -> str:
        """Return who does a step."""
        match step:
            case PayStep():
                return self.say("您")
            case HumanStep() if step.by == APPLICANT:
                return self.say("您")
            case HumanStep():
                return self.say("、").join(self.definition.label(f"role.{name}") for name in every_signer(step))
            case CallStep() | IssueStep():
                return self.say("系统办理")
            case SendStep():
                return self.say("寄递或窗口")
        return ""

    def sentences(self) -> Iterator[str]:
        """Yield the flow in words, for who does not see the picture."""
        for phase, steps in self.definition.flow:
            words = []
            for step in walk(steps):
                if isinstance(step, DecideStep) or inner_sequences(step):
                    continue
                note = self.say(" · ").join(self.who_and_how_long(step))
                words.append(self.label(step) + (self.say("（{note}）", note=note) if note else ""))
            yield self.say("{label}：{act}", label=self.say(PHASES[phase]), act=self.say("，").join(words))
        for outcome, at in other_endings(self.definition):
            note = ending_note(self.definition, outcome, at, say=self.say)
            yield self.say("也可能{label}（{note}）", label=self.definition.label(f"outcome.{outcome}"), note=note)
        now = [self.definition.label(f"step.{step}") for step in self.definition.steps if step in self.marking.current]
        if now:
            yield self.say("现在：{names}", names=self.say("、").join(now))


def _shapes(layout: Layout, marking: Marking) -> Iterator[str]:
    for thing in layout.things:
        match thing:
            case Box():
                yield _box(thing, marking.of(thing.id))
                yield from (_text(line) for line in thing.lines)
            case Arrow(x, top, bottom):
                way = f"M{x} {top}V{bottom}m-4 -5l4 5l4 -5"
                yield f'<path class="flow-arrow" d="{way}" fill="none" stroke="{LINES}"/>'
            case _:
                yield _text(thing, is_heading=True)


def _box(box: Box, state: str) -> str:
    dash = ' stroke-dasharray="4 3"' if box.kind in ("optional", "block") else ""
    radius = min(box.height // 2, 18) if "end" in box.kind else 6
    fill = "none" if box.kind == "block" else {"done": DONE, "current": NOW}.get(state, PAPER)
    stroke = ' stroke-width="3"' if state == "current" else ""
    mark = f' data-state="{state}"' if state else ""
    kind = "step" if box.kind == "optional" else box.kind
    return (
        f'<rect class="flow-{kind}" data-step="{box.id}"{mark} x="{box.x}" y="{box.y}" width="{box.width}" '
        f'height="{box.height}" rx="{radius}" fill="{fill}" stroke="{LINES}"{dash}{stroke}/>'
    )


def _text(line: Line, *, is_heading: bool = False) -> str:
    anchor, weight = ("start", "bold") if is_heading else ("middle", "normal")
    return (
        f'<text x="{line.x}" y="{line.y}" font-size="{line.size}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="{INK}">{escape(line.text)}</text>'
    )
