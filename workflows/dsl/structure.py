"""Check the flow as a whole: returns lead to steps that surely were done, ends are reached, limits add up."""

from collections.abc import Mapping

from workflows.domain.definition import (
    APPLICANT,
    STAY,
    Act,
    AllStep,
    CallStep,
    EndStep,
    Facts,
    HumanStep,
    IfStep,
    IssueStep,
    Location,
    OpenStep,
    PayStep,
    Phase,
    SendStep,
    Step,
    Unit,
    WaitStep,
)
from workflows.dsl.compiled import Compiled
from workflows.dsl.consulting import check_consult
from workflows.dsl.findings import nearest
from workflows.dsl.limits import check_limits
from workflows.dsl.parties import check_parties
from workflows.dsl.payments import check_fee
from workflows.dsl.reach import check_reach
from workflows.dsl.rows import check_all_rows
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader
from workflows.dsl.signatures import every_signer
from workflows.dsl.statics import of_field
from workflows.dsl.texts import acts_of

Trail = tuple[tuple[str, int], ...]


def check_structure(compiled: Compiled, reader: Reader, *, facts: Facts | None) -> None:
    """Report faults of the flow's structure (E5xx, E6xx) and names that nothing uses."""
    if not compiled.top:
        return
    check_all_rows(compiled.notes.tables.values(), compiled.scope)
    _check_begin_and_end(compiled)
    _check_spots(compiled)
    check_parties(compiled)
    check_consult(compiled)
    _check_correction(compiled)
    _check_returns(compiled)
    _check_pages(compiled)
    _check_outcomes(compiled)
    _check_roles(compiled)
    _check_issue(compiled, facts)
    check_reach(compiled)
    if facts is not None:
        check_limits(compiled, reader, facts)
        check_fee(compiled, facts.fee, compiled.scope.places.get("fee", reader.at))
        _check_mode(compiled, reader, facts)


def _check_begin_and_end(compiled: Compiled) -> None:
    scope, top = compiled.scope, compiled.top
    first, last = top[0], top[-1]
    is_form = isinstance(first, HumanStep) and first.by == APPLICANT and not first.acts and not first.fill
    if not is_form and not scope.is_uncertain:
        scope.report(
            "E508", first.at, "the flow does not begin with the applicant", "begin with `{by: applicant, form: […]}`"
        )
    for step in compiled.every_step:
        if isinstance(step, HumanStep) and step.form and step is not first:
            scope.report(
                "E015",
                scope.places.get(f"{step.id}.by", step.at),
                "the form is filled once, at the beginning",
                "write `act: {…}` with `fill: […]` in a later step of the applicant",
            )
        if isinstance(step, EndStep) and step.parent is not None:
            scope.report("E508", step.at, "a parallel block cannot end the case", "put the end behind the block")
    if not _ends(last) and not scope.is_uncertain:
        scope.report(
            "E508", last.at, "the flow does not end here with an outcome", "add a last step `{end: <outcome>}`"
        )


def _check_spots(compiled: Compiled) -> None:
    """Report where nothing can be corrected on the spot: behind the acceptance, or where several act."""
    for step in compiled.every_step:
        acts = [act for act in acts_of(step) if act.ask is not None and act.ask.late is None]
        is_own = isinstance(step, HumanStep) and step.vote is None and step.each is None
        for act in acts if step.phase is not Phase.ACCEPTANCE or not is_own else ():
            compiled.scope.report(
                "E015",
                act.at,
                f"`late: {STAY}` is for errors that are corrected on the spot, before the application is accepted",
                "name an outcome, or let one officer ask in the phase `acceptance`",
            )


def _ends(step: Step) -> bool:
    if isinstance(step, IfStep):
        return all(branch and _ends(branch[-1]) for branch in (step.then, step.otherwise))
    return isinstance(step, EndStep) and step.when is None


def trails(steps: tuple[Step, ...], prefix: Trail = (), name: str = "") -> dict[str, Trail]:
    """Return for every step the sequences it stands in, with its index in each."""
    found: dict[str, Trail] = {}
    for index, step in enumerate(steps):
        here = (*prefix, (name, index))
        found[step.id] = here
        match step:
            case AllStep():
                for number, branch in enumerate(step.branches):
                    found |= trails(branch, here, f"{step.id}/{number}")
            case IfStep():
                found |= trails(step.then, here, f"{step.id}/then")
                found |= trails(step.otherwise, here, f"{step.id}/else")
    return found


def dominates(target: Trail, step: Trail) -> bool:
    """Return whether every path to ``step`` enters ``target`` before."""
    depth = len(target) - 1
    if len(step) <= depth or target[:depth] != step[:depth] or target[depth][0] != step[depth][0]:
        return False
    return target[depth][1] < step[depth][1] or (target[depth][1] == step[depth][1] and len(step) > len(target))


def _check_returns(compiled: Compiled) -> None:
    by_id = {step.id: step for step in compiled.every_step}
    places = trails(compiled.top)
    for step in by_id.values():
        for key, act in _acts(step):
            at = compiled.notes.places.get(f"{key}.{act.id}.back")
            target = by_id.get(act.back or "")
            if at is not None and target is not None:
                _check_return(step, target, at, compiled, places=places)


def _acts(step: Step) -> list[tuple[str, Act]]:
    if isinstance(step, HumanStep):
        return [(step.id, act) for act in step.acts]
    if isinstance(step, WaitStep) and step.upon is not None:
        kind = "objection" if step.objection else "late"
        return [(f"{step.id}.{kind}", act) for act in step.upon.acts]
    return []


def _check_return(step: Step, target: Step, at: Location, compiled: Compiled, *, places: Mapping[str, Trail]) -> None:
    scope = compiled.scope
    if not dominates(places[target.id], places[step.id]):
        reason = "is this very step" if target is step else "is not surely done before this step"
        scope.report(
            "E501",
            at,
            f"`{target.id}` {reason}, so nothing can return to it",
            "return to an earlier step, or to the block around it",
        )
        return
    if isinstance(target, HumanStep) and target.by == APPLICANT and target.form:
        scope.report("E501", at, "a return does not lead to the applicant", "use an act with `ask: applicant`")
    same = step.when is not None and target.when is not None and step.when.tree == target.when.tree
    if target.when is not None and not same:
        scope.report(
            "E501",
            at,
            f"`{target.id}` stands under a condition, so it may never have been done",
            "return to a step without `when`",
        )


def _check_pages(compiled: Compiled) -> None:
    scope = compiled.scope
    used: dict[str, str] = {}
    for step in compiled.every_step:
        for page in step.form if isinstance(step, HumanStep) else ():
            used.setdefault(page, step.id)
    for page, at in scope.pages.items():
        if page not in used and not scope.is_uncertain:
            scope.report(
                "E113", at, f"no step shows the page `{page}`", "name it in `form` of the first step, or delete it"
            )
            for step in compiled.every_step:
                if isinstance(step, HumanStep) and step.form:
                    scope.report(
                        "E113",
                        step.at,
                        f"the step `{step.id}` does not show the page `{page}`",
                        f"add `{page}` to its `form`",
                    )


def _check_outcomes(compiled: Compiled) -> None:
    scope = compiled.scope
    reached = {*compiled.scope.led_to, *((compiled.anytime.withdraw.end,) if compiled.anytime.withdraw else ())}
    for step in compiled.every_step:
        if isinstance(step, EndStep):
            reached.add(step.outcome)
        if isinstance(step, WaitStep | PayStep):
            reached.add(step.late or "")
        for _, act in _acts(step):
            reached |= {act.end or "", (act.ask and act.ask.late) or ""}
    for name in scope.outcomes:
        if name not in reached and not scope.is_uncertain:
            at = scope.outcome_at[name]
            scope.report(
                "E510", at, f"nothing leads to the outcome `{name}`", "end a step or an act with it, or delete it"
            )
            _suspect_act(name, compiled)


def _suspect_act(outcome: str, compiled: Compiled) -> None:
    """Point at the act that is called like an outcome that nothing leads to."""
    for step in compiled.every_step:
        for _, act in _acts(step):
            is_alike = outcome[:3] == act.id[:3] or nearest(act.id, [outcome]) is not None
            if is_alike and not (act.end or act.back or act.ask):
                message = f"nothing leads to the outcome `{outcome}`, though `{act.id}` sounds like it"
                compiled.scope.report("E510", act.at, message, f"add `end: {outcome}`, or delete the outcome")


def _check_roles(compiled: Compiled) -> None:
    scope = compiled.scope
    used = set(compiled.anytime.hand_over)
    if compiled.anytime.suspend:
        used |= set(compiled.anytime.suspend.by)
    if compiled.anytime.extend:
        used.add(compiled.anytime.extend.by)
    if compiled.anytime.consult:
        used |= set(compiled.anytime.consult.to)
    if compiled.anytime.correct:
        used |= set(compiled.anytime.correct.by)
    for step in compiled.every_step:
        match step:
            case HumanStep():
                used |= set(every_signer(step))
                if step.each is not None and step.each.chosen is not None and not step.each.is_rows:
                    used |= set(of_field(scope.fields[step.each.chosen].type).members)
            case CallStep():
                used |= {lane.by for lane in (step.absent, step.mismatch, step.unavailable) if lane}
            case WaitStep() if step.upon:
                used.add(step.upon.by)
            case SendStep():
                used |= set(step.to.values())
    for name in [name for name in used if name in scope.roles]:
        if (group := scope.roles[name].group) is not None:
            used |= set(of_field(scope.fields[group].type).members)
    if compiled.anytime.signers:
        used |= set(scope.roles)
    for name, at in scope.role_at.items():
        if name not in used:
            scope.report("W202", at, f"no step is done by the role `{name}`", "delete it")


def _check_correction(compiled: Compiled) -> None:
    """Report a correction that would open cases of other items a second time."""
    opens = next((step for step in compiled.every_step if isinstance(step, OpenStep)), None)
    if compiled.anytime.correct is not None and opens is not None:
        message = f"a correction would run through `{opens.id}` and open its case once more"
        remedy = "leave `correct` out here: each of the opened items may have its own"
        compiled.scope.report("E518", compiled.scope.places["correct"], message, remedy)


def _check_issue(compiled: Compiled, facts: Facts | None) -> None:
    scope = compiled.scope
    issues = [step for step in compiled.every_step if isinstance(step, IssueStep)]
    for call in [step for step in compiled.every_step if isinstance(step, CallStep) and step.hands]:
        if call.undo is None and _may_be_left(call, compiled):
            scope.report(
                "E512",
                call.at,
                f"what `{call.id}` has a department do may have to be taken back, but it has no `undo`",
                "add `undo: …` with the resource that takes it back",
            )
    for issue in issues:
        if issue.undo is None and _may_be_left(issue, compiled):
            scope.report(
                "E512",
                issue.at,
                f"what `{issue.id}` issues may have to be taken back, but it has no `undo`",
                "let nothing return over it, and let `withdraw` end before it"
                if issue.is_replacing or issue.is_revoking
                else "add `undo: revoke`",
            )
        if facts is not None and issue.licence and facts.licence != issue.licence and not issue.is_revoking:
            named = facts.licence or "no licence"
            scope.report(
                "E119",
                scope.places.get(f"{issue.id}.issue", issue.at),
                f"the step issues `{issue.licence}`, but `item.result` names {named}",
                "let both name the same licence",
            )
    has_result = any(not issue.is_revoking for issue in issues)
    if facts is not None and facts.licence and not has_result and not scope.is_uncertain:
        at = scope.places.get("result", compiled.top[0].at)
        scope.report(
            "E119", at, f"`item.result` names `{facts.licence}`, but no step issues it", "add a step with `issue`"
        )


def _may_be_left(step: Step, compiled: Compiled) -> bool:
    """Tell whether a withdrawal or a return may come when a step is done."""
    places, withdraw = trails(compiled.top), compiled.anytime.withdraw
    is_withdrawable = (
        withdraw is not None and withdraw.before in places and not dominates(places[withdraw.before], places[step.id])
    )
    returns = [(other, act.back) for other in compiled.every_step for _, act in _acts(other) if act.back in places]
    return is_withdrawable or any(
        dominates(places[step.id], places[other.id]) and not dominates(places[step.id], places[target or ""])
        for other, target in returns
    )


def _check_mode(compiled: Compiled, reader: Reader, facts: Facts) -> None:
    """Report what keeps an instant item (秒批) from going through by itself: an officer, a wait, a way to a counter.

    What a call cannot settle still goes to an officer by its lanes: that is the exception, not the flow.
    """
    if facts.mode != "instant":
        return
    scope = compiled.scope
    for step in compiled.every_step:
        why = _not_automatic(step, scope)
        if why:
            scope.report("E511", scope.places.get("mode", reader.at), why, "write `mode: promise`, or take it out")
            return
    promised = facts.promised
    if (promised.amount, promised.unit) not in ((1, Unit.WORKING_DAY), (1, Unit.DAY)):
        message = f"an instant item is done at once, but {promised} are promised"
        scope.report("E511", scope.places.get("promised", reader.at), message, "promise 1wd")


def _not_automatic(step: Step, scope: Scope) -> str:
    match step:
        case HumanStep() if step.by != APPLICANT:
            return f"an instant item is automatic, but `{step.id}` is done by an officer"
        case WaitStep():
            return f"an instant item is automatic, but `{step.id}` waits"
        case SendStep() if set(step.to.values()) & set(scope.roles):
            return f"an instant item is automatic, but `{step.id}` may end at a counter"
    return ""
