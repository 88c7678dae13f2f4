"""Lay out what was applied for as a sheet to be checked (核对表), line by line, and read it back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask import request

from gov_portal.web.base.forms import NO_FAULTS, Faults, anchor
from gov_portal.web.base.labels import desk_source_label
from gov_portal.web.officer.check_words import read_reason, spelt
from gov_portal.web.officer.papers import Pane, Paper
from workflows.domain.checks import Check, Verdict
from workflows.services.checks import Checks
from workflows.views import FieldView, MaterialView, WorkView

VERDICT, REASON = "check.", "check-reason."
"""Beginnings of the names of a line's inputs; the target follows."""

FORM = "checks"


@dataclass(frozen=True, slots=True)
class Line:
    """Show one field or material, perhaps with a note to be taken.

    Attributes:
        view: for its value and source; ``None`` for a material.
        paper: its file in the reading pane.
        may_mark: a supplement may open it, so that a note makes sense.
        reason: why it is wanting: one of the reasons, the officer's own words, or both.
        earlier: what was wanting at the visit before, in the same words.
    """

    target: str
    label: str
    view: FieldView | None = None
    material: MaterialView | None = None
    paper: Paper | None = None
    may_mark: bool = False
    verdict: str = ""
    reason: str = field(default="", repr=False)
    error: str = ""
    earlier: str = ""

    @property
    def anchor(self) -> str:
        """Return the id of the line's first input."""
        return anchor(f"{FORM}-{self.target}")

    @property
    def source_label(self) -> str:
        """Return who vouches for a material that need not be handed in."""
        return desk_source_label(self.material.source) if self.material else ""


def sheet_of(
    work: WorkView, checks: Checks, *, pane: Pane, typed: Mapping[str, object] | None = None, faults: Faults = NO_FAULTS
) -> tuple[Line, ...]:
    """Return every line of the sheet; what was typed just now goes before what was kept."""
    markable = {target for target, _label in work.markable}
    notes = checks.notes if typed is None else {}

    def line(target: str, label: str, **of: object) -> Line:
        note, earlier = notes.get(target), checks.earlier.get(target)
        verdict, reason = (note.verdict.value, spelt(note) if note.is_wanting else "") if note else ("", "")
        if typed is not None:
            verdict, reason = (str(typed.get(name + target, "")) for name in (VERDICT, REASON))
        return Line(
            target,
            label,
            paper=pane.of(target),
            may_mark=target in markable,
            verdict=verdict,
            reason=reason,
            error=faults.of(target),
            earlier=spelt(earlier) if earlier and earlier.is_wanting else "",
            **of,  # type: ignore[arg-type]
        )

    fields = tuple(line(view.path, view.label, view=view) for view in work.fields)
    return fields + tuple(line(one.id, one.name, material=one) for one in work.materials)


def read_sheet(work: WorkView) -> dict[str, Check]:
    """Return the notes that the sent form holds; a line without a verdict has none."""
    return dict(_notes(work))


def _notes(work: WorkView) -> Iterator[tuple[str, Check]]:
    for target, _label in work.markable:
        verdict = request.form.get(VERDICT + target, "")
        if verdict not in set(Verdict):
            continue
        typed = request.form.get(REASON + target, "").strip() if verdict == Verdict.WANTING else ""
        yield target, Check(Verdict(verdict), *read_reason(typed))
