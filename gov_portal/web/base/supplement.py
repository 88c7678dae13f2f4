"""Hand in what an officer found wanting (补正): only the marked fields, old and new side by side."""

from collections.abc import Mapping
from uuid import uuid4

from flask import redirect, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId, TaskKey
from gov_portal.web.base.drafts import keeper, material_inputs, merged, read_fields
from gov_portal.web.base.forms import NO_FAULTS, Fault, Faults, Input, attempt, inputs
from gov_portal.web.base.fronts import Front
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.base.uploads import take
from workflows.views import MarkView, SupplementView


def supplement(front: Front, case: CaseId) -> ResponseReturnValue:
    """Show the marked fields with their reasons, or hand them in."""
    key = request.form.get("key") or uuid4().hex
    view = services().cases.view(case, by=front.by)
    asked = view.supplement
    if asked is None:
        if request.method == "POST" and request.form.get("key"):
            return redirect(front.url("case", case=case), 303)
        raise NotFound
    raw: dict[str, object] = {}
    faults = NO_FAULTS
    if request.method == "POST":
        raw, faults = _read(front, case, asked)
        if not faults:
            task = TaskKey(request.form.get("task", asked.task))
            returned = attempt(
                lambda: services().cases.return_supplement(case, task=task, raw=raw, by=front.by, key=key)
            )
            if not isinstance(returned, Faults):
                return redirect(front.url("case", case=case), 303)
            faults = merged(faults, returned)
        faults = faults.named(mark.field for mark in asked.marks if mark.field is not None)
    labels = services().cases.pinned(view.pinned).labels
    typed = raw if request.method == "POST" else None
    rows = [(mark, _input(mark, typed, faults=faults, labels=labels)) for mark in asked.marks]
    page = front.render("supplement.html", case=view, asked=asked, rows=rows, faults=faults, key=key)
    return page, 422 if faults else 200


def _read(front: Front, case: CaseId, asked: SupplementView) -> tuple[dict[str, object], Faults]:
    typed, faults = read_fields(front, case, (mark.field for mark in asked.marks if mark.field is not None))
    papers = [mark.material for mark in asked.marks if mark.material is not None]
    found, more = take([paper.path for paper in papers], keep=keeper(front, case))
    kept = {path: value for path, value in found.items() if value}
    missing = [
        Fault(paper.path, _("请上传{label}", label=paper.name))
        for paper in papers
        if paper.path not in kept and not more.of(paper.path)
    ]
    return {**typed, **kept}, Faults((*faults.items, *more.items, *missing))


def _input(mark: MarkView, raw: dict[str, object] | None, *, faults: Faults, labels: Mapping[str, str]) -> Input | None:
    if mark.field is not None:
        return inputs((mark.field,), typed=raw, faults=faults, labels=labels)[0]
    if mark.material is not None:
        return material_inputs((mark.material,), raw or {}, faults)[0]
    return None
