"""Lay out what was applied for as a sheet to be checked (核对表), line by line, and read it back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask import request

from gov_portal.web.base.forms import NO_FAULTS, Faults, anchor
from gov_portal.web.base.labels import desk_source_label
from gov_portal.web.base.text import _
from gov_portal.web.officer.check_words import REASONS
from gov_portal.web.officer.papers import Pane, Paper
from workflows.domain.checks import Check, Verdict, WantingReason
from workflows.services.checks import Checks
from workflows.views import FieldView, MaterialView, WorkView

VERDICT, REASON, WORDS = "check.", "check-reason.", "check-words."
"""Beginnings of the names of a line's inputs; the target follows."""

FORM = "checks"


@dataclass(frozen=True, slots=True)
class Line:
    """Show one field or material, perhaps with a note to be taken.

    Attributes:
        view: for its value and source; ``None`` for a material.
        paper: its file in the reading pane.
        may_mark: a supplement may open it, so that a note makes sense.
        earlier: what was wanting at the visit before, as the reason's name.
    """

    target: str
    label: str
    view: FieldView | None = None
    material: MaterialView | None = None
    paper: Paper | None = None
    may_mark: bool = False
    verdict: str = ""
    reason: str = ""
    words: str = field(default="", repr=False)
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
        kept = (note.verdict.value, note.reason.value, note.words) if note else ("", "", "")
        if typed is not None:
            kept = tuple(str(typed.get(name + target, "")) for name in (VERDICT, REASON, WORDS))  # type: ignore[assignment]
        return Line(
            target,
            label,
            paper=pane.of(target),
            may_mark=target in markable,
            verdict=kept[0],
            reason=kept[1],
            words=kept[2],
            error=faults.of(target),
            earlier=_(REASONS[earlier.reason]) if earlier and earlier.is_wanting else "",
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
        reason = request.form.get(REASON + target, "")
        known = WantingReason(reason) if reason in set(WantingReason) else WantingReason.OTHER
        is_wanting = verdict == Verdict.WANTING
        words = request.form.get(WORDS + target, "").strip() if is_wanting else ""
        yield target, Check(Verdict(verdict), known if is_wanting else WantingReason.OTHER, words)
