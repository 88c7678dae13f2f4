"""Draw the flow of an item as an SVG picture for the citizen's guide: phases, steps, branches side by side."""

import re
from collections.abc import Callable, Iterator, Mapping
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
    walk,
)
from workflows.dsl.endings import other_endings
from workflows.dsl.signatures import every_signer

WIDTH = 360
MARGIN = 10
GAP = 18
LINE = 20
CHARACTER = 15
SMALL = 13

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
_PIECES = re.compile(r"[^\s\u2e80-\uffff]+ ?|\s|.")
"""Where a line may break: behind a word, or behind any wide character."""

Say = Callable[..., str]
"""Says a Chinese text in the reader's language, with its places filled."""


def as_written(text: str, /, **places: object) -> str:
    """Say a text in Chinese."""
    return text.format(**places) if places else text


@dataclass(frozen=True, slots=True)
class Area:
    """Hold a column of the picture."""

    x: int
    width: int

    def column(self, index: int, count: int) -> "Area":
        """Return one of ``count`` columns side by side."""
        inner = (self.width - (count - 1) * 8) // count
        return Area(self.x + index * (inner + 8), inner)


@dataclass
class Canvas:
    """Gather the shapes of one picture; ``say`` gives its words their language."""

    say: Say = as_written
    shapes: list[str] = field(default_factory=list)

    def box(self, area: Area, y: int, height: int, *, kind: str) -> None:
        """Draw the outline of a step or block."""
        dash = ' stroke-dasharray="4 3"' if "optional" in kind or "block" in kind else ""
        radius = height // 2 if "end" in kind else 6
        fill = "none" if "block" in kind else "#ffffff"
        self.shapes.append(
            f'<rect class="flow-{kind.split(" ")[0]}" x="{area.x}" y="{y}" width="{area.width}" height="{height}" '
            f'rx="{radius}" fill="{fill}" stroke="#33475b"{dash}/>'
        )

    def text(self, x: int, y: int, words: str, *, size: int, is_heading: bool = False) -> None:
        """Write one line: centred, or bold from the left as a heading."""
        anchor, weight = ("start", "bold") if is_heading else ("middle", "normal")
        self.shapes.append(
            f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
            f'fill="#1b2733">{escape(words)}</text>'
        )

    def arrow(self, x: int, top: int, bottom: int) -> None:
        """Draw an arrow downwards."""
        self.shapes.append(
            f'<path class="flow-arrow" d="M{x} {top}V{bottom}m-4 -5l4 5l4 -5" fill="none" stroke="#33475b"/>'
        )


def flow_picture(definition: Definition, *, say: Say = as_written) -> str:
    """Return the flow of an item as SVG that needs no script, style sheet or font from elsewhere.

    Args:
        definition: the item.
        say: gives the words in the reader's language; Chinese without it.
    """
    canvas = Canvas(say)
    definition = replace(definition, labels={key: say(label) for key, label in definition.labels.items()})
    y = MARGIN
    area = Area(MARGIN, WIDTH - 2 * MARGIN)
    is_first = True
    for phase, steps in definition.flow:
        if not is_first:
            canvas.arrow(area.x + area.width // 2, y, y + GAP)
            y += GAP
        is_first = False
        canvas.text(area.x, y + LINE - 4, say(PHASES[phase]), size=CHARACTER, is_heading=True)
        y = _sequence(definition, steps, area, canvas, y + LINE + 4)
    y = _endings(definition, area, canvas, y)
    ident = escape(str(definition.facts.id).replace(".", "-"))
    title, names = say("{name}办理流程", name=say(definition.facts.name)), (f"flow-{ident}-title", f"flow-{ident}-desc")
    description = say("；").join(_sentences(definition, say))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" role="img" viewBox="0 0 {WIDTH} {y + MARGIN}" '
        f'aria-labelledby="{names[0]} {names[1]}">'
        f'<title id="{names[0]}">{escape(title)}</title><desc id="{names[1]}">{escape(description)}</desc>'
        f"{''.join(canvas.shapes)}</svg>"
    )


def ending_note(definition: Definition, outcome: str, steps: tuple[str, ...], *, say: Say = as_written) -> str:
    """Return at which point a case may end otherwise, such as 受理时."""
    withdraw = definition.anytime.withdraw
    notes = [say("{step}时", step=definition.label(f"step.{step}")) for step in steps]
    if withdraw is not None and withdraw.end == outcome:
        notes.append(say("您在{step}之前撤回", step=definition.label(f"step.{withdraw.before}")))
    return say("，").join(notes)


def _endings(definition: Definition, area: Area, canvas: Canvas, y: int) -> int:
    """Draw the other ends of a case, each in words, below the flow."""
    endings = list(other_endings(definition))
    if not endings:
        return y
    y += 2 * GAP
    canvas.text(area.x, y + LINE - 4, canvas.say("也可能这样结束"), size=CHARACTER, is_heading=True)
    y += LINE + 4
    for number, (outcome, steps) in enumerate(endings):
        y += 8 if number else 0
        note = ending_note(definition, outcome, steps, say=canvas.say)
        y = _boxed(definition.label(f"outcome.{outcome}"), note, Box(area, "other-end"), canvas, y)
    return y


@dataclass(frozen=True, slots=True)
class Box:
    """Say where a box of words stands, and of which kind it is."""

    area: Area
    kind: str


def _boxed(label: str, note: str, box: Box, canvas: Canvas, y: int) -> int:
    """Draw a label and a note below it in a box as high as they need; return where it ends."""
    area = box.area
    lines = [(part, CHARACTER) for part in _wrapped(label, (area.width - 12) // CHARACTER)]
    lines += [(part, SMALL) for part in _wrapped(note, (area.width - 12) // SMALL)]
    height = len(lines) * LINE + 12
    canvas.box(area, y, height, kind=box.kind)
    for number, (words, size) in enumerate(lines):
        canvas.text(area.x + area.width // 2, y + 20 + number * LINE, words, size=size)
    return y + height


def _sequence(definition: Definition, steps: tuple[Step, ...], area: Area, canvas: Canvas, y: int) -> int:
    shown = [step for step in steps if not isinstance(step, DecideStep)]
    for index, step in enumerate(shown):
        if index:
            canvas.arrow(area.x + area.width // 2, y, y + GAP)
            y += GAP
        y = _step(definition, step, area, canvas, y)
    return y


def _step(definition: Definition, step: Step, area: Area, canvas: Canvas, y: int) -> int:
    if isinstance(step, AllStep):
        return _branches(definition, step, area, canvas, y)
    if isinstance(step, IfStep):
        return _branches(definition, step, area, canvas, y)
    return _plain(definition, step, area, canvas, y)


_REMARKS: Mapping[tuple[type, bool], str] = {
    (AllStep, False): "（同时进行）",
    (AllStep, True): "（任一完成即可）",
    (IfStep, False): "（视情况）",
}


def _branches(definition: Definition, step: AllStep | IfStep, area: Area, canvas: Canvas, y: int) -> int:
    branches = step.branches if isinstance(step, AllStep) else tuple(b for b in (step.then, step.otherwise) if b)
    remark = canvas.say(_REMARKS[(type(step), isinstance(step, AllStep) and step.is_race)])
    label = definition.label(f"step.{step.id}") + remark
    inner = Area(area.x + 6, area.width - 12)
    canvas.text(area.x + area.width // 2, y + LINE - 2, label, size=SMALL)
    top = y + LINE + 6
    bottoms = [
        _sequence(definition, branch, inner.column(index, len(branches)), canvas, top)
        for index, branch in enumerate(branches)
    ]
    bottom = max(bottoms, default=top) + 8
    canvas.box(area, y, bottom - y, kind="block")
    return bottom


def _plain(definition: Definition, step: Step, area: Area, canvas: Canvas, y: int) -> int:
    kind = "end" if isinstance(step, EndStep) else "step"
    box = Box(area, kind + (" optional" if step.when is not None else ""))
    return _boxed(_label(definition, step, canvas.say), _note(definition, step, canvas.say), box, canvas, y)


def _wrapped(words: str, width: int) -> Iterator[str]:
    """Yield a text in lines of ``width`` wide characters; two narrow ones count as one."""
    line, used = "", 0.0
    for piece in _PIECES.findall(words):
        size = sum(1.0 if character > "\u2e7f" else 0.55 for character in piece)
        if used + size > max(width, 4) and line:
            yield line.rstrip()
            line, used = "", 0.0
        line += piece
        used += size
    if line:
        yield line


def _label(definition: Definition, step: Step, say: Say) -> str:
    if isinstance(step, EndStep):
        outcome = definition.label(f"outcome.{step.outcome}")
        return say("{label}：{act}", label=definition.label(f"step.{step.id}"), act=outcome)
    return definition.label(f"step.{step.id}")


def _note(definition: Definition, step: Step, say: Say) -> str:
    """Return who does the step and how long it may take."""
    parts = [_who(definition, step, say)]
    limit = step.limit
    if isinstance(step, WaitStep):
        limit = step.span or step.within
    elif isinstance(step, PayStep):
        limit = step.within
    if limit is not None:
        parts.append(spoken(limit, say=say))
    if step.when is not None:
        parts.append(say("视情况"))
    return " · ".join(part for part in parts if part)


def _who(definition: Definition, step: Step, say: Say) -> str:
    match step:
        case PayStep():
            return say("您")
        case HumanStep() if step.by == APPLICANT:
            return say("您")
        case HumanStep():
            return "、".join(definition.label(f"role.{name}") for name in every_signer(step))
        case CallStep() | IssueStep():
            return say("系统办理")
        case SendStep():
            return say("寄递或窗口")
    return ""


def spoken(duration: Duration, *, say: Say = as_written) -> str:
    """Return a duration as citizens read it, such as 5个工作日."""
    return say(_UNITS[duration.unit], n=duration.amount)


def _sentences(definition: Definition, say: Say) -> Iterator[str]:
    """Yield the flow in words, for who does not see the picture."""
    for phase, steps in definition.flow:
        words = []
        for step in walk(steps):
            if isinstance(step, DecideStep | AllStep | IfStep):
                continue
            note = _note(definition, step, say)
            words.append(_label(definition, step, say) + (say("（{note}）", note=note) if note else ""))
        yield say("{label}：{act}", label=say(PHASES[phase]), act=say("，").join(words))
    for outcome, at in other_endings(definition):
        note = ending_note(definition, outcome, at, say=say)
        yield say("也可能{label}（{note}）", label=definition.label(f"outcome.{outcome}"), note=note)
