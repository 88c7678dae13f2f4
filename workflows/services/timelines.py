"""Tell what happened in a case from its ledger events and the item's labels; pure."""

from collections.abc import Callable, Iterable, Mapping

from gov_portal.kernel.ids import OfficerId
from gov_portal.kernel.principal import hand_in
from workflows.domain.definition import Definition, HumanStep, WaitStep
from workflows.domain.state import Happening
from workflows.storage.lists import Event
from workflows.views import TimelineEntry

OrganOf = Callable[[str], str]
"""Return the name of the office that a role stands for in this case."""

_NEVER = frozenset({"left", "cancelled", "held", "dropped", "redrawn", "asked-again", "undo-asked", "available"})
_INTERNAL = frozenset(
    {"voted", "claimed", "released", "covered", "handed-over", "raised", "confirmed"}
    | {"yellow-card", "red-card", "undo-failed", "elapsed", "against-rules"}
    | {"work-resumed", "work-skipped", "work-abandoned", "struck-out"}
)
"""What officers see and the applicant does not."""


def timeline(
    definition: Definition,
    events: Iterable[Event],
    *,
    organ_of: OrganOf,
    hands: Mapping[OfficerId, str],
    is_internal: bool,
) -> tuple[TimelineEntry, ...]:
    """Return what happened, oldest first; ``is_internal`` adds what only officers see.

    ``hands`` names the officers who typed for the applicant at a counter, where the reader may know them.
    """
    hidden = _NEVER if is_internal else _NEVER | _INTERNAL
    return tuple(
        _entry(definition, happening, event=event, organ_of=organ_of, hands=hands)
        for event in events
        for happening in event.happenings
        if happening.kind not in hidden
    )


def refusal_reason(definition: Definition, entries: Iterable[TimelineEntry], *, outcome: str | None) -> str:
    """Return why a human refused or denied; empty for an outcome without remedies."""
    if outcome is None or not definition.outcomes[outcome].remedies:
        return ""
    reasons = [str(entry.detail["reason"]) for entry in entries if entry.kind == "acted" and entry.detail.get("reason")]
    return reasons[-1] if reasons else ""


def act_label(definition: Definition, step_id: str, act_id: str) -> str:
    """Return the label of an act, or the id of one that every step has."""
    step = definition.steps.get(step_id)
    source = step if isinstance(step, HumanStep) else step.upon if isinstance(step, WaitStep) else None
    act = source.act(act_id) if source is not None else None
    return act.label if act is not None else act_id


def _entry(
    definition: Definition,
    happening: Happening,
    *,
    event: Event,
    organ_of: OrganOf,
    hands: Mapping[OfficerId, str],
) -> TimelineEntry:
    kind, at, step, visit, told = happening
    detail = dict(told)
    role = detail.get("role")
    reason = reason_of(event.writes, kind, step=step)
    if reason and kind in _REASONED:
        detail["reason"] = reason
    hand = hand_in(event.actor)
    if hand is not None and kind in _BY_APPLICANT:
        detail["hand"] = hands.get(hand, "")
    if "act" in detail:
        detail["act_label"] = act_label(definition, step, str(detail["act"]))
    return TimelineEntry(
        at=at,
        kind=kind,
        step=step,
        visit=visit,
        label=definition.label(f"step.{step}") if step else "",
        organ=organ_of(str(role)) if role else "",
        detail=detail,
    )


_BY_APPLICANT = frozenset({"begun", "submitted", "supplement-returned", "followed", "withdrawn", "urged", "appealed"})
"""What an applicant does; at a counter by an officer's hand, the named second person of the event."""

_REASONED = {
    "acted": "",
    "revised": "",
    "suspended": "suspend",
    "resumed": "resume",
    "extended": "extend",
    "withdrawn": "withdraw",
    "corrected": "correct",
    "work-resumed": "mend",
    "work-skipped": "mend",
    "work-abandoned": "mend",
}


def reason_of(writes: Mapping[str, object], kind: str, *, step: str, signer: str = "") -> str:
    """Return the reason that was written with what happened: of a signer, of the step, or beside the flow."""
    own = f"{step}.{signer}" if signer else step
    beside = _REASONED.get(kind)
    return str(writes.get(f"{own}.reason") or (writes.get(f"{beside}.reason") if beside else None) or "")
