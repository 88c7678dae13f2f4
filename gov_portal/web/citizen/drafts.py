"""Fill an application: for whom, page by page, papers, check, submit."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId, FileId, ItemId
from gov_portal.web.base.access import current_citizen, requires, session_token
from gov_portal.web.base.forms import NO_FAULTS, Fault, Faults, Input, attempt, inputs, is_upload, read
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, own_words
from gov_portal.web.base.uploads import Keep, take
from gov_portal.web.citizen.account import SELF, as_ward, is_whom
from identity.domain.values import WardView
from identity.permissions import Permission
from workflows.views import DraftView, FieldView, MaterialView


@requires(Permission.APPLY)
def start(item: str) -> ResponseReturnValue:
    """Ask for whom, then begin the draft or go on with the open one (开始)."""
    citizen, definition = current_citizen(), services().cases.item(ItemId(item))
    wards = services().identity.wards(citizen.person) if "ward" in definition.facts.acting_for else ()
    faults = NO_FAULTS
    if request.method == "POST":
        chosen = request.form.get("for_whom", "" if wards else SELF)
        if is_whom(chosen):
            who = services().identity.act_for(session_token(), ward=as_ward(chosen))
            is_again = request.form.get("act") == "again"
            case = services().cases.begin(ItemId(item), by=who, again=is_again)
            return redirect(url_for("citizen.resume", case=case), 303)
        faults = Faults.single("for_whom", _("请选择为谁办理"))
    page = render_template(
        "citizen/start.html",
        item=definition,
        wards=wards,
        may_act_for_ward="ward" in definition.facts.acting_for,
        for_whom=_whom(wards, faults),
        draft=_open_draft(item),
        faults=faults,
    )
    return page, 422 if faults else 200


def _whom(wards: Iterable[WardView], faults: Faults) -> Input:
    acting_for = current_citizen().acting_for
    options = [(SELF, _("我自己"))]
    options += [
        (
            str(ward.person),
            _("{name}（{number}）", name=own_words(ward.name or ward.name_masked), number=ward.id_no_masked),
        )
        for ward in wards
    ]
    return Input(
        "for_whom", _("为谁办理？"), "radios", str(acting_for or SELF), faults.of("for_whom"), options=tuple(options)
    )


def _open_draft(item: str) -> CaseId | None:
    rows = services().cases.my_cases(current_citizen())
    return next((row.case for row in rows if row.item == item and row.status == "draft"), None)


@requires(Permission.CONDUCT_OWN_CASE)
def resume(case: UUID) -> ResponseReturnValue:
    """Go to the first page that is not complete, or to the check."""
    return _onward(services().cases.draft(CaseId(case), by=current_citizen()))


def _onward(draft: DraftView, *, after: str | None = None) -> ResponseReturnValue:
    ids = [page.id for page in draft.pages]
    saved = draft.page(after) if after else None
    if saved is not None and not saved.is_complete:
        # An answer has made another question of the same page necessary.
        return redirect(url_for("citizen.page", case=draft.case, page=saved.id, then=request.args.get("then")), 303)
    if request.args.get("then") == "check":
        return redirect(url_for("citizen.check", case=draft.case), 303)
    if after is None:
        target = draft.next_page
    else:
        place = ids.index(after) + 1 if after in ids else 0
        target = ids[place] if place < len(ids) else None
    if target is not None:
        return redirect(url_for("citizen.page", case=draft.case, page=target), 303)
    has_wanted = any(material.state == "wanted" for material in draft.materials)
    return redirect(url_for("citizen.materials" if has_wanted else "citizen.check", case=draft.case), 303)


@requires(Permission.CONDUCT_OWN_CASE)
def page(case: UUID, page: str) -> ResponseReturnValue:
    """Show one page of the form, or keep what was typed and go on."""
    citizen = current_citizen()
    draft = services().cases.draft(CaseId(case), by=citizen)
    view = draft.page(page)
    if view is None:
        raise NotFound
    typed: dict[str, object] | None = None
    faults = NO_FAULTS
    if request.method == "POST":
        typed, faults = read_fields(CaseId(case), view.fields)
        saved = attempt(lambda: services().cases.save_page(CaseId(case), page=page, raw=typed or {}, by=citizen))
        if not isinstance(saved, Faults) and not faults:
            return _onward(saved, after=page)
        faults = merged(faults, saved).named(view.fields)
    html = render_template(
        "citizen/page.html",
        draft=draft,
        page=view,
        inputs=inputs(view.fields, typed=typed, faults=faults, labels=services().cases.item(draft.item).labels),
        faults=faults,
        place=_place(draft, page),
        back=_back(draft, page),
    )
    return html, 422 if faults else 200


def merged(uploads: Faults, result: object) -> Faults:
    """Return the faults of uploads and of a service in one; an upload's own fault hides that its field is missing."""
    others = result.items if isinstance(result, Faults) else ()
    taken = {fault.field for fault in uploads.items}
    return Faults((*uploads.items, *(fault for fault in others if fault.field not in taken)))


def read_fields(case: CaseId, views: Iterable[FieldView]) -> tuple[dict[str, object], Faults]:
    """Return what was typed and uploaded for some fields; uploads are stored first, files kept before stay."""
    fields = tuple(views)
    files = {view.path: view for view in fields if is_upload(view.type)}
    found, faults = take(files, keep=keeper(case))
    for path, view in files.items():
        if not found.get(path) and view.value is not None:
            found[path] = str(view.value)
    typed = {view.path: read(view.type, view.path, request.form) for view in fields if view.path not in files}
    return {**typed, **found}, faults


def keeper(case: CaseId) -> Keep:
    """Return the function that stores an upload of the case."""
    citizen = current_citizen()

    def keep(path: str, content: bytes, claimed: str) -> FileId:
        return services().cases.attach(case, path, content, claimed_type=claimed, by=citizen)

    return keep


def _place(draft: DraftView, page: str | None) -> tuple[int, int]:
    steps = [view.id for view in draft.pages] + (["materials"] if _uploads(draft) else []) + ["check"]
    return steps.index(page or "check") + 1, len(steps)


def _back(draft: DraftView, page: str) -> str:
    if request.args.get("then") == "check":
        return url_for("citizen.check", case=draft.case)
    ids = [view.id for view in draft.pages]
    place = ids.index(page) if page in ids else len(ids)
    if place > 0:
        return url_for("citizen.page", case=draft.case, page=ids[place - 1])
    return url_for("citizen.item", item=draft.item)


def _uploads(draft: DraftView) -> tuple[MaterialView, ...]:
    return tuple(material for material in draft.materials if material.state in {"wanted", "uploaded"})


@requires(Permission.CONDUCT_OWN_CASE)
def materials(case: UUID) -> ResponseReturnValue:
    """Ask for the papers that no department could give."""
    citizen = current_citizen()
    draft = services().cases.draft(CaseId(case), by=citizen)
    wanted = _uploads(draft)
    faults = NO_FAULTS
    found: dict[str, object] = {}
    if request.method == "POST":
        found, faults = take([material.path for material in wanted], keep=keeper(CaseId(case)))
        raw = {path: value for path, value in found.items() if value}
        missing = [
            Fault(material.path, _("请上传{label}", label=material.name))
            for material in wanted
            if material.path not in raw and material.file is None and not faults.of(material.path)
        ]
        saved = attempt(lambda: services().cases.save_page(CaseId(case), page="materials", raw=raw, by=citizen))
        faults = merged(Faults((*faults.items, *missing)), saved)
        if not faults:
            return redirect(url_for("citizen.check", case=case), 303)
    html = render_template(
        "citizen/materials.html",
        draft=draft,
        inputs=material_inputs(wanted, found, faults),
        faults=faults,
        place=_place(draft, "materials") if wanted else (1, 1),
        back=_back(draft, "materials"),
    )
    return html, 422 if faults else 200


def material_inputs(wanted: Iterable[MaterialView], found: dict[str, object], faults: Faults) -> tuple[Input, ...]:
    """Return the uploads of some materials as inputs."""
    return tuple(
        Input(
            material.path,
            _(material.name),
            "file",
            found.get(material.path, ""),
            faults.of(material.path),
            _("PDF、JPG 或 PNG 文件，不超过 10 MB"),
            is_kept=material.file is not None or bool(found.get(material.path)),
        )
        for material in wanted
    )


@requires(Permission.CONDUCT_OWN_CASE)
def check(case: UUID) -> ResponseReturnValue:
    """Show every answer once more (核对), or submit."""
    citizen = current_citizen()
    faults = NO_FAULTS
    key = request.form.get("key") or uuid4().hex
    if request.method == "POST":
        # A second press of the button meets a case that is no draft any more: the key answers it, so it goes first.
        insist = request.form.get("insist") == "1"
        submitted = attempt(lambda: services().cases.submit(CaseId(case), by=citizen, key=key, insist=insist))
        if not isinstance(submitted, Faults):
            return redirect(url_for("citizen.receipt", case=case), 303)
        faults = submitted
    draft = services().cases.draft(CaseId(case), by=citizen)
    faults = faults.named(field for page in draft.pages for field in page.fields)
    html = render_template(
        "citizen/check.html", draft=draft, faults=faults, key=key, place=_place(draft, None), uploads=_uploads(draft)
    )
    return html, 422 if faults else 200


@requires(Permission.CONDUCT_OWN_CASE)
def discard(case: UUID) -> ResponseReturnValue:
    """Delete the draft after one question."""
    citizen = current_citizen()
    draft = services().cases.draft(CaseId(case), by=citizen)
    if request.method == "POST":
        services().cases.discard(CaseId(case), by=citizen)
        flash(_("草稿已删除，填写的内容都没有留下。"), "ok")
        return redirect(url_for("citizen.home"), 303)
    return render_template("citizen/discard.html", draft=draft)
