"""Let a person take their step of a case: the applicant asked again, or another party (当事人)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId, FileId, TaskKey
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.downloads import send
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt, inputs, is_upload, long_text, read
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.base.uploads import take
from identity.permissions import Permission
from workflows.domain.commands import ActOn
from workflows.views import ActView, FieldView, TurnView

REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class TurnForm:
    """Show one act that a person may choose, with the fields that it asks for."""

    act: ActView
    fields: tuple[Input, ...]


@requires(Permission.VIEW_OWN_CASES)
def involvement(case: UUID) -> ResponseReturnValue:
    """Show a person their part of a case, and what they are asked now."""
    return _page(CaseId(case))


@requires(Permission.CONDUCT_OWN_CASE)
def take_turn(case: UUID) -> ResponseReturnValue:
    """Carry out the act that a person has chosen."""
    case_id, citizen = CaseId(case), current_citizen()
    turn = services().cases.involvement(case_id, by=citizen).turn
    act = next((one for one in turn.acts if one.id == request.form.get("act")), None) if turn else None
    if turn is None or act is None:
        return redirect(url_for("citizen.involvement", case=case), 303)
    raw, faults = _read(case_id, _asked(turn, act))
    if not faults:
        command = ActOn(TaskKey(request.form.get("task", turn.task)), act.id, raw)
        done = attempt(lambda: services().cases.take_turn(case_id, command, by=citizen, key=request.form.get("key")))
        if not isinstance(done, Faults):
            flash(_("已提交。"), "ok")
            return redirect(url_for("citizen.involvement", case=case), 303)
        faults = done
    return _page(case_id, tried=act.id, typed=raw, faults=faults.named(_asked(turn, act)))


@requires(Permission.CONDUCT_OWN_CASE)
def appeal_as_party(case: UUID) -> ResponseReturnValue:
    """Open the appeal of a party and go on with its form."""
    reason, faults = long_text("reason", _("复议的理由"), longest=REASON_LENGTH)
    if faults:
        return _page(CaseId(case), faults=faults)
    opened = services().cases.appeal(CaseId(case), by=current_citizen(), reason=reason)
    return redirect(url_for("citizen.case", case=opened), 303)


@requires(Permission.VIEW_OWN_CASES)
def involved_file(case: UUID, file: UUID) -> Response:
    """Send a file that is shown to the person, or a notice that they get."""
    media_type, content = services().cases.involved_file(CaseId(case), FileId(file), by=current_citizen())
    return send(content, media_type, name=f"file-{str(file)[:8]}")


def _page(
    case: CaseId, *, tried: str = "", typed: Mapping[str, object] | None = None, faults: Faults = NO_FAULTS
) -> ResponseReturnValue:
    view = services().cases.involvement(case, by=current_citizen())
    labels = services().cases.pinned(view.pinned).labels
    forms = []
    for act in view.turn.acts if view.turn else ():
        is_tried = act.id == tried
        fields = inputs(
            _asked(view.turn, act) if view.turn else (),
            typed=typed if is_tried else None,
            faults=faults if is_tried else NO_FAULTS,
            labels=labels,
            prefix=f"{act.id}-",
        )
        forms.append(TurnForm(act, fields))
    page = render_template(
        "citizen/involvement.html", case=view, forms=forms, faults=faults.within(f"{tried}-"), key=uuid4().hex
    )
    return page, 422 if faults else 200


def _asked(turn: TurnView, act: ActView) -> tuple[FieldView, ...]:
    return (*turn.fill, *act.fill)


def _read(case: CaseId, views: Iterable[FieldView]) -> tuple[dict[str, object], Faults]:
    """Return what was typed and uploaded for the fields of an act; uploads are stored first."""
    fields = tuple(views)
    citizen = current_citizen()

    def keep(path: str, content: bytes, claimed: str) -> FileId:
        return services().cases.attach_in_turn(case, path, content, claimed_type=claimed, by=citizen)

    files = [view.path for view in fields if is_upload(view.type)]
    found, faults = take(files, keep=keep)
    typed = {view.path: read(view.type, view.path, request.form) for view in fields if view.path not in files}
    return {**typed, **{path: value for path, value in found.items() if value}}, faults
