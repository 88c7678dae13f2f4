"""Read what an officer may do at a step: acts, votes, supplements, returns."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.domain.definition import AGAIN, NEXT, STAY, Act, Ask, Location, Vote
from workflows.dsl import words
from workflows.dsl.data import Placed, condition, read_paths
from workflows.dsl.findings import did_you_mean
from workflows.dsl.item import outcome
from workflows.dsl.names import check_identifier, check_look_alikes
from workflows.dsl.notes import FlowNotes
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader, expect
from workflows.dsl.source import Record
from workflows.dsl.spans import reminders, span

WAYS = ("end", "back", "ask", "go")


@dataclass(frozen=True, slots=True)
class ActPlace:
    """Say where acts stand: in which step, under which name their notes are kept."""

    step: str
    key: str
    """``<step>``, ``<step>.objection`` or ``<step>.late``."""
    names: tuple[str, ...] = ()
    """Ids of all acts there."""


def read_acts(reader: Reader, place: ActPlace, scope: Scope, *, notes: FlowNotes) -> tuple[Act, ...]:
    """Return the acts of a step, in the order of the buttons."""
    record = reader.mapping("act")
    acts: list[Act] = []
    names = tuple(entry.key.text for entry in record.entries) if record else ()
    for entry in record.entries if record else ():
        check_identifier(entry.key, what="the act", findings=scope.findings)
        body = expect(entry.value, Record, what=f"the act `{entry.key.text}`", findings=scope.findings)
        if body is not None:
            inner = Reader(body, words.ACT, at=entry.key.at, findings=scope.findings)
            acts.append(_act(entry.key.text, inner, ActPlace(place.step, place.key, names), scope, notes=notes))
    if record is not None:
        if not record.entries:
            scope.report("E014", record.at, "`act` is empty", "name at least one act")
        pairs = ((entry.key.text, entry.key.at) for entry in record.entries)
        check_look_alikes(pairs, what="the act", findings=scope.findings)
        _check_stuck(acts, reader.at, scope)
    return tuple(acts)


def _act(id_: str, reader: Reader, place: ActPlace, scope: Scope, *, notes: FlowNotes) -> Act:
    _check_ways(reader, place)
    name = f"{place.key}.{id_}"
    only = condition(reader, "only", scope)
    notes.read(place.step, only)
    fill = read_paths(reader, "fill", scope)
    if fill:
        notes.acts_fill.setdefault(place.step, {})[id_] = fill
    document = reader.scalar("doc")
    if document is not None:
        scope.known(document, dict.fromkeys(scope.directory.notices), code="E120", what="notice")
    return Act(
        id=id_,
        label=reader.text("label"),
        at=reader.at,
        doc=document.text if document else None,
        end=outcome(reader.scalar("end"), scope),
        back=_back(reader, name, scope, notes),
        ask=_ask(reader, place.step, scope, notes=notes),
        only=only.expression if only else None,
        max=reader.integer("max", low=1, high=99) if reader.has("max") else None,
        over=_over(reader, id_, place.names),
        fill=tuple(fill),
        go=reader.word("go", (NEXT, AGAIN)) if reader.has("go") else None,
    )


def _check_ways(reader: Reader, place: ActPlace) -> None:
    if reader.has("go") and place.key == place.step:
        reader.report(
            "E015",
            reader.location("go"),
            "`go` says what becomes of a wait, but this act belongs to no wait",
            "take it out: an act without end, back and ask goes on",
        )
    ways = [way for way in WAYS if reader.has(way)]
    if len(ways) > 1:
        reader.report(
            "E015",
            reader.location(ways[1]),
            f"an act cannot have both `{ways[0]}` and `{ways[1]}`",
            "make two acts of it",
        )
    for key in ("within", "late", "basis", "remind"):
        if reader.has(key) and not reader.has("ask"):
            reader.report(
                "E015",
                reader.location(key),
                f"`{key}` belongs to an act with `ask`",
                "add `ask: applicant`, or take it out",
            )
        elif reader.has("ask") and not reader.has(key) and key not in ("basis", "remind"):
            reader.report("E012", reader.at, f"`{key}` is missing in an act with `ask`", f"add `{key}: …`")
    if reader.has("over") and not reader.has("max"):
        reader.report(
            "E015",
            reader.location("over"),
            "`over` says what happens when `max` is used up",
            "add `max: …`, or take it out",
        )
    if reader.has("max") and not any(reader.has(way) for way in ("back", "ask", "go")):
        reader.report(
            "E015",
            reader.location("max"),
            "`max` bounds returns, but this act goes on",
            "add `back: …`, or take it out",
        )
    if reader.has("back") and not reader.has("max"):
        reader.report(
            "E502", reader.location("back"), "a return without `max` could go on for ever", "add `max: 1` or more"
        )

    if reader.has("go") and (scalar := reader.scalar("go")) and scalar.text == AGAIN and not reader.has("max"):
        reader.report("E502", scalar.at, "a wait without `max` could go on for ever", "add `max: 1` or more")


def _back(reader: Reader, name: str, scope: Scope, notes: FlowNotes) -> str | None:
    scalar = reader.scalar("back")
    if scalar is None:
        return None
    notes.places[f"{name}.back"] = scalar.at
    return scope.known(scalar, scope.steps, code="E116", what="step")


def _ask(reader: Reader, step: str, scope: Scope, *, notes: FlowNotes) -> Ask | None:
    if not reader.has("ask"):
        return None
    reader.word("ask", ("applicant",))
    within = span(reader, "within", step, scope, notes=notes)
    scalar = reader.scalar("late")
    is_spot = scalar is not None and scalar.text == STAY
    late = None if is_spot else outcome(scalar, scope, no_remedies="a late supplement")
    remind = reminders(reader, within, scope)
    return Ask(within, late, reader.text("basis") or None, remind) if within and (late or is_spot) else None


def _over(reader: Reader, name: str, names: tuple[str, ...]) -> str | None:
    scalar = reader.scalar("over")
    if scalar is None:
        return None
    others = [other for other in names if other != name]
    if scalar.text != NEXT and scalar.text not in others:
        reader.report(
            "E115",
            scalar.at,
            f"`over` names `{scalar.text}`, which is no other act of this step",
            did_you_mean(scalar.text, [*others, NEXT]),
        )
    return scalar.text


def _check_stuck(acts: list[Act], at: Location, scope: Scope) -> None:
    by_name = {act.id: act for act in acts}
    if acts and not any(_stand_ins(by_name, act.id)[1] for act in acts):
        scope.report(
            "E506",
            at,
            "every act of this step is used up at some time, so a case could be stuck here",
            "leave one act without `max`, or give one `over`",
        )


def _stand_ins(acts: Mapping[str, Act], name: str | None) -> tuple[list[Act], bool]:
    """Return an act and those that take its place one after the other, and whether the last never runs out."""
    chain: list[Act] = []
    while name is not None and name in acts and acts[name] not in chain:
        act = acts[name]
        chain.append(act)
        if act.max is None or act.over == NEXT:
            return chain, True
        name = act.over
    return chain, False


def read_vote(reader: Reader, acts: Mapping[str, Act], scope: Scope, *, step: str) -> Vote | None:
    """Return how officers vote."""
    vote = reader.sub("vote", words.VOTE)
    if vote is None:
        return None
    of = vote.integer("of", low=2, high=99, missing=3)
    need = vote.integer("need", low=1, high=99, missing=2)
    if need > of:
        vote.report(
            "E504",
            vote.location("need"),
            f"{need} voices are needed, but only {of} officers vote",
            "let `need` be at most `of`",
        )
    elif need * 2 <= of:
        vote.report(
            "E504",
            vote.location("need"),
            f"{need} of {of} is no majority, so two acts could win",
            f"need at least {of // 2 + 1}",
        )
    otherwise = act_name(vote, "else", acts, scope, step=step)
    if not acts:
        vote.report("E012", vote.at, "a vote needs acts to vote on", "add `act: {…}` to the step")
    return Vote(of, need, otherwise) if otherwise else None


def act_name(reader: Reader, key: str, acts: Mapping[str, Act], scope: Scope, *, step: str) -> str | None:
    """Return an act of the step that happens without a human choosing it; none that refuses."""
    scalar = reader.scalar(key)
    if scalar is None:
        return None
    name = scope.known(scalar, acts, code="E115", what="act of this step", space=f"act:{step}")
    if name and key == "deemed":
        check_deemed(acts[name], scalar.at, scope)
    elif name:
        _check_refusal(acts[name], "a tie", scalar.at, scope)
        _check_tie(acts, name, scope)
    return name


def check_deemed(act: Act, at: Location, scope: Scope) -> None:
    """Report an act that silence cannot be: one that refuses, asks, returns or has a condition."""
    _check_refusal(act, "a deemed act", at, scope)
    if act.ask or act.back or act.only:
        scope.report(
            "E505",
            at,
            f"`{act.id}` cannot be deemed: it asks, returns or has a condition",
            "name an act that simply goes on",
        )


def _check_refusal(act: Act, what: str, at: Location, scope: Scope) -> None:
    if act.end in scope.outcomes and scope.outcomes[act.end].remedies:
        scope.report(
            "E505",
            at,
            f"{what} leads to `{act.end}`, a refusal that no officer decided",
            "name an act that refuses nothing",
        )


def _check_tie(acts: Mapping[str, Act], name: str, scope: Scope) -> None:
    """Report an act that a tie could not take every time, or that would refuse once it is used up."""
    chain, is_endless = _stand_ins(acts, name)
    if not is_endless:
        scope.report(
            "E506",
            acts[name].at,
            f"`{name}` is used up at some time, and a tie would lead nowhere",
            "add `over: next`, or name an act without `max`",
        )
    if any(act.end in scope.outcomes and scope.outcomes[act.end].remedies for act in chain[1:] if act.end):
        scope.report(
            "E505",
            acts[name].at,
            f"once `{name}` is used up, a tie refuses and no officer decided",
            "let `over` name an act that refuses nothing",
        )
    if any(act.ask or act.only for act in chain):
        scope.report(
            "E505",
            acts[name].at,
            f"a tie cannot take `{name}`: it asks or has a condition",
            "name an act that goes on or returns",
        )


def fills_of_acts(acts: tuple[Act, ...], step: str, *, notes: FlowNotes) -> Placed | None:
    """Return what the acts of a step write, with the act as the condition unless every way on writes it."""
    fills = notes.acts_fill.get(step, {})
    if not fills:
        return None
    forward = [act.id for act in acts if not (act.end or act.back or act.ask)]
    places = {path: at for fill in fills.values() for path, at in fill.items()}
    certain = {path for path in places if forward and all(path in fills.get(act, {}) for act in forward)}
    conditional = {
        path: tuple(act for act, fill in fills.items() if path in fill) for path in places if path not in certain
    }
    notes.act_conditions.setdefault(step, {}).update(conditional)
    return Placed(f"the acts of `{step}`", places, (), {}, next(iter(places.values())))
