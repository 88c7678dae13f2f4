"""Begin a draft and receive the application (收件)."""

from gov_portal.kernel.principal import Platform
from workflows.domain.commands import Begin, Submit
from workflows.domain.definition import HumanStep
from workflows.domain.state import Status, TaskKind
from workflows.domain.subject import LICENCE
from workflows.engine import posts
from workflows.engine.acts import check_fields
from workflows.engine.entering import Work, complete, mark_active, open_task
from workflows.engine.forms import settle_lets, wanted_fields
from workflows.engine.owed import await_owed, freeze_stand_ins
from workflows.engine.refusals import CaseNotDraft, FieldMissing
from workflows.engine.renewal import arm_renewal, note_in_time
from workflows.engine.run import Run, altered


def begin(run: Run, command: Begin) -> None:
    """Open the draft with what was prefilled.

    Raises:
        CaseNotDraft: it was begun already.
    """
    if run.status is not Status.DRAFT or run.visits:
        raise CaseNotDraft
    run.corrects = command.corrects
    _check_beginner(run)
    check_fields(run, command.fields, allowed=run.plan.asked, needed=())
    run.writes.update(command.fields)
    if command.about is not None:
        run.writes[LICENCE] = str(command.about)
    place = run.plan.first
    step = place.step
    if isinstance(step, HumanStep):
        active = mark_active(run, place)
        work = Work(place.keys[active.visit], TaskKind.APPLY, step.by, place.limit, place.offered)
        open_task(run, place, work)
    run.happen("begun", place.id, 1)


def submit(run: Run, command: Submit) -> None:
    """Receive the application: freeze the lets, start the day of receipt, and go on.

    A submission after office hours or on a day off is received on the next working day.

    Raises:
        CaseNotDraft: there is no draft to submit.
        FieldMissing: pages are not complete.
    """
    place = run.plan.first
    if run.status is not Status.DRAFT or place.id not in run.active:
        raise CaseNotDraft
    is_for_ward = _check_beginner(run)
    check_fields(run, command.fields, allowed=run.plan.asked, needed=())
    run.writes.update(command.fields)
    freeze_stand_ins(run)
    lets, wanted = settle_lets(run)
    step = place.step
    pages = step.form if isinstance(step, HumanStep) else ()
    if len(pages) < len(run.plan.definition.pages):
        wanted = wanted_fields(run, pages=pages, lets=lets)
    if wanted.missing:
        raise FieldMissing(wanted.missing)
    run.writes.update({f"let.{name}": value for name, value in lets.items()})
    run.writes |= {place.paths.act: "submit", place.paths.role: "applicant", place.paths.day: run.on}
    run.status = Status.OPEN
    run.clock = altered(run.clock, 0, run.on)
    run.happen("submitted", place.id, run.visits[place.id], for_ward=is_for_ward, is_correction=bool(run.corrects))
    if run.corrects is None:
        run.tell("case.received", place.id, run.visits[place.id])
    complete(run, place)
    await_owed(run)
    note_in_time(run)
    arm_renewal(run)


def _check_beginner(run: Run) -> bool:
    """Tell whether a guardian applies; a correction is handed in by the platform, for the office that ordered it.

    Raises:
        NotPermitted, AssuranceTooLow: not by the applicant, or not proved well enough.
    """
    if run.corrects is not None and isinstance(run.actor, Platform):
        return False
    return posts.assured_applicant(run).acting_for is not None
