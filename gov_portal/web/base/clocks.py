"""Explain the legal clock day by day: which stretches count, which do not, and why (为什么停钟)."""

from dataclasses import dataclass
from datetime import date

from gov_portal.web.base.text import _, phrase
from workflows.domain.definition import Definition
from workflows.engine.clock import ClockExplanation, ClockLine

_KINDS = {
    "running": phrase("计时"),
    "paused": phrase("停钟"),
    "suspended": phrase("挂起，停钟"),
    "supplement": phrase("等您补正，停钟"),
    "part": phrase("等一个事项，停钟"),
    "returned": phrase("退回前已停钟"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hold one line of the explanation, ready to be read."""

    first_on: date
    last_on: date
    kind: str
    what: str
    why: str
    working_days: int
    is_counted: bool


def stretches(clock: ClockExplanation, item: Definition) -> tuple[Stretch, ...]:
    """Return the lines of the clock with the names of the steps."""
    return tuple(
        Stretch(
            line.first_on,
            line.last_on,
            line.kind,
            _(_KINDS.get(line.kind, line.kind)),
            _why(line, item),
            line.working_days,
            line.is_counted,
        )
        for line in clock.lines
    )


def _why(line: ClockLine, item: Definition) -> str:
    parts = [_(item.label(f"step.{line.step}")) if line.step else "", _(line.ground) if line.ground else ""]
    why = _("，").join(dict.fromkeys(part for part in parts if part))
    return why + (_("（依据：{basis}）", basis=_(line.basis)) if line.basis else "")
