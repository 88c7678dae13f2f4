"""Write what a sitting found, for people and for programs."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.goals import Median, Verdict
from workflows import native

NOTE = (
    "Our fields and events are encrypted, the floor's and the peers' are not. Ratios compare one sitting on one "
    "machine only; figures of another machine or day are not to be set beside them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Hold everything of one sitting; ``void`` names the measures that say nothing, and why."""

    began_at: datetime
    form: str
    verdicts: Sequence[Verdict]
    medians: Sequence[Median]
    void: Sequence[str]

    @property
    def is_passed(self) -> bool:
        """Tell whether every must is met and no run was void."""
        return not self.void and all(one.is_met for one in self.verdicts)


def as_json(sitting: Sitting) -> str:
    """Return the goals as a list, each with id, value, unit, must, aim and whether the must is met."""
    goals = [
        {
            "id": one.goal.id,
            "words": one.goal.words,
            "value": one.value,
            "unit": one.goal.unit,
            "must": one.goal.must,
            "aim": one.goal.aim,
            "is_least": one.goal.is_least,
            "met": one.is_met,
            "aim_met": one.is_aim_met,
            "reason": one.reason,
        }
        for one in sitting.verdicts
    ]
    return json.dumps(goals, ensure_ascii=False, indent=1) + "\n"


def as_markdown(sitting: Sitting) -> str:
    """Return the tables with what they were measured on; what is void stands first."""
    engine = "our engine compiled" if native.is_used() else "our engine from its source"
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {engine}"
    head = f"# Speed, {sitting.form}\n\n{sitting.began_at:%Y-%m-%d %H:%M} UTC, {machine}.\n{NOTE}\n"
    void = "".join(f"\n**VOID: {reason}**\n" for reason in sitting.void)
    return f"{head}{void}\n{_goals_table(sitting.verdicts)}\n{_medians_table(sitting.medians)}"


def _goals_table(verdicts: Sequence[Verdict]) -> str:
    rows = [("goal", "value", "must", "aim", "")]
    for one in verdicts:
        sign = "≥" if one.goal.is_least else "≤"
        bounds = (f"{sign} {_number(bound)}" if bound is not None else "" for bound in (one.goal.must, one.goal.aim))
        value = "–" if one.value is None else f"{_number(one.value)} {one.goal.unit}"
        rows.append((one.goal.words, value, *bounds, _word(one)))
    return _table(rows)


def _word(one: Verdict) -> str:
    if one.value is None:
        return f"MISSING: {one.reason or 'not measured'}"
    if not one.is_met:
        return "MISSED"
    return "aim" if one.is_aim_met else "ok" if one.goal.must is not None else ""


def _medians_table(medians: Sequence[Median]) -> str:
    rows = [("median", "value", "share")]
    rows += [
        (one.words, f"{_number(one.value)} {one.unit}", "" if one.share is None else f"{one.share:.2f}")
        for one in medians
    ]
    return _table(rows)


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def write(sitting: Sitting, folder: Path) -> None:
    """Write ``latest.md`` and ``latest.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "latest.md").write_text(as_markdown(sitting), "utf-8")
    (folder / "latest.json").write_text(as_json(sitting), "utf-8")
