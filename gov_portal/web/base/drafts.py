"""Fill an application page by page, add papers, check and submit it, by whoever's hand."""

from collections.abc import Iterable
from uuid import uuid4

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId, FileId
from gov_portal.kernel.types import File
from gov_portal.web.base.forms import NO_FAULTS, Fault, Faults, Input, attempt, hint_of, inputs, is_upload, read
from gov_portal.web.base.fronts import Front
from gov_portal.web.base.labels import INSTANT, duration
from gov_portal.web.base.live import asked_fields, dumps, left_out_fields, shown_fields
from gov_portal.web.base.reasons import condition_words, material_words
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.base.uploads import Keep, take
from workflows.services.errors import PageMoved
from workflows.services.presenting import OPEN_STATES
from workflows.views import DraftView, FieldView, MaterialView


def resume(front: Front, case: CaseId) -> ResponseReturnValue:
    """Go to the first page that is not complete, or to the check."""
    return _onward(front, services().cases.draft(case, by=front.by))


def _onward(front: Front, draft: DraftView, *, after: str | None = None) -> ResponseReturnValue:
    ids = [page.id for page in draft.pages]
    saved = draft.page(after) if after else None
    if saved is not None and not saved.is_complete:
        # An answer has made another question of the same page necessary.
        return redirect(front.url("page", case=draft.case, page=saved.id, then=request.args.get("then")), 303)
    if request.args.get("then") == "check":
        return redirect(front.url("check", case=draft.case), 303)
    if after is None:
        target = draft.next_page
    else:
        place = ids.index(after) + 1 if after in ids else 0
        target = ids[place] if place < len(ids) else None
    if target is not None:
        return redirect(front.url("page", case=draft.case, page=target), 303)
    has_wanted = any(material.state == "wanted" for material in draft.materials)
    return redirect(front.url("materials" if has_wanted else "check", case=draft.case), 303)


def page(front: Front, case: CaseId, page: str) -> ResponseReturnValue:
    """Show one page of the form, or keep what was typed and go on."""
    draft = services().cases.draft(case, by=front.by)
    view = draft.page(page)
    if view is None:
        raise NotFound
    typed: dict[str, object] = dict(view.typed)
    faults = NO_FAULTS
    asked = view.fields
    if request.method == "POST":
        asked = asked_fields(view)
        typed, faults = read_fields(front, case, (*asked, *left_out_fields(view)))
        saved = _save_page(front, case, page=page, typed=typed)
        if not isinstance(saved, Faults) and not faults:
            return _onward(front, saved, after=page)
        faults = merged(faults, saved).named(asked)
    html = front.render(
        "page.html",
        draft=draft,
        page=view,
        inputs=inputs(
            shown_fields(view),
            typed=typed,
            faults=faults,
            labels=services().cases.pinned(draft.pinned).labels,
        ),
        asked={field.path for field in asked},
        rules=dumps(view.live),
        faults=faults,
        place=_place(draft, page),
        back=_back(front, draft, page),
    )
    return html, 422 if faults else 200


def _save_page(front: Front, case: CaseId, *, page: str, typed: dict[str, object]) -> DraftView | Faults:
    mark = request.form.get("mark", "")
    save = services().cases.save_page
    return attempt(lambda: save(case, page=page, raw=typed, by=front.by, mark=mark), also=(PageMoved,))


def merged(uploads: Faults, result: object) -> Faults:
    """Return the faults of uploads and of a service in one; an upload's own fault hides that its field is missing."""
    others = result.items if isinstance(result, Faults) else ()
    taken = {fault.field for fault in uploads.items}
    return Faults((*uploads.items, *(fault for fault in others if fault.field not in taken)))


def read_fields(front: Front, case: CaseId, views: Iterable[FieldView]) -> tuple[dict[str, object], Faults]:
    """Return what was typed and uploaded for some fields; uploads are stored first, files kept before stay."""
    fields = tuple(views)
    files = {view.path: view for view in fields if is_upload(view.type)}
    found, faults = take(files, keep=keeper(front, case))
    for path, view in files.items():
        if not found.get(path) and view.value is not None:
            found[path] = str(view.value)
    typed = {view.path: read(view.type, view.path, request.form) for view in fields if view.path not in files}
    return {**typed, **found}, faults


def keeper(front: Front, case: CaseId) -> Keep:
    """Return the function that stores an upload of the case."""

    def keep(path: str, content: bytes, claimed: str) -> FileId:
        return services().cases.attach(case, path, content, claimed_type=claimed, by=front.by)

    return keep


def _place(draft: DraftView, page: str | None) -> tuple[int, int]:
    steps = [view.id for view in draft.pages] + (["materials"] if wanted_uploads(draft) else []) + ["check"]
    return steps.index(page or "check") + 1, len(steps)


def _back(front: Front, draft: DraftView, page: str) -> str:
    if request.args.get("then") == "check":
        return front.url("check", case=draft.case)
    ids = [view.id for view in draft.pages]
    place = ids.index(page) if page in ids else len(ids)
    if place > 0:
        return front.url("page", case=draft.case, page=ids[place - 1])
    return front.url("item", item=draft.item)


def wanted_uploads(draft: DraftView) -> tuple[MaterialView, ...]:
    """Return the papers that the applicant is asked for."""
    return tuple(material for material in draft.materials if material.state in OPEN_STATES)


def materials(front: Front, case: CaseId) -> ResponseReturnValue:
    """Ask for the papers that no department could give."""
    draft = services().cases.draft(case, by=front.by)
    wanted = wanted_uploads(draft)
    faults = NO_FAULTS
    found: dict[str, object] = {}
    chosen = {material.id: stand_in_of(material) for material in wanted}
    if request.method == "POST":
        found, faults = take([material.path for material in wanted], keep=keeper(front, case))
        raw = {path: value for path, value in found.items() if value}
        missing = [
            Fault(material.path, _("请上传{label}", label=material.name))
            for material in wanted
            if material.path not in raw and material.file is None and not faults.of(material.path)
            if not chosen[material.id]
        ]
        raw |= {
            f"{material.id}.{word}": chosen[material.id] == word for material in wanted for word in material.stand_ins
        }
        saved = attempt(lambda: services().cases.save_page(case, page="materials", raw=raw, by=front.by))
        faults = merged(Faults((*faults.items, *missing)), saved)
        if not faults:
            return redirect(front.url("check", case=case), 303)
    html = front.render(
        "materials.html",
        draft=draft,
        inputs=material_inputs(wanted, found, faults),
        choices={material.path: stand_in_input(material, draft, chosen[material.id]) for material in wanted},
        faults=faults,
        reasons=material_words(services().cases.pinned(draft.pinned), wanted),
        place=_place(draft, "materials") if wanted else (1, 1),
        back=_back(front, draft, "materials"),
    )
    return html, 422 if faults else 200


def stand_in_of(material: MaterialView) -> str:
    """Return what is chosen instead of a paper, on the page that was sent or before; nothing for an upload."""
    given = request.form.get(f"instead.{material.id}", material.state if request.method == "GET" else "")
    return given if given in material.stand_ins else ""


def stand_in_input(material: MaterialView, draft: DraftView, chosen: str) -> Input | None:
    """Return the choice of what stands in for a paper (告知承诺 容缺受理), where there is one."""
    if not material.stand_ins:
        return None
    papers = services().cases.pinned(draft.pinned).papers
    words = {
        "promised": papers.commitment and _("作出承诺，不交这份材料：{text}", text=_(papers.commitment.text)),
        "deferred": papers.provisional
        and _("先受理，{span}内补交；过期没有补交，申请终止", span=duration(papers.provisional.within)),
    }
    options = [("upload", _("现在上传")), *((word, words[word] or word) for word in material.stand_ins)]
    label = _("{name}：怎么交？", name=_(material.name))
    return Input(f"instead.{material.id}", label, "radios", chosen or "upload", "", options=tuple(options))


def material_inputs(wanted: Iterable[MaterialView], found: dict[str, object], faults: Faults) -> tuple[Input, ...]:
    """Return the uploads of some materials as inputs."""
    return tuple(
        Input(
            material.path,
            _(material.name),
            "file",
            found.get(material.path, ""),
            faults.of(material.path),
            hint_of(File()),
            is_kept=material.file is not None or bool(found.get(material.path)),
        )
        for material in wanted
    )


def check(front: Front, case: CaseId) -> ResponseReturnValue:
    """Show every answer once more (核对), or submit."""
    faults = NO_FAULTS
    key = request.form.get("key") or uuid4().hex
    if request.method == "POST":
        # A second press of the button meets a case that is no draft any more: the key answers it, so it goes first.
        insist = request.form.get("insist") == "1"
        submitted = attempt(lambda: services().cases.submit(case, by=front.by, key=key, insist=insist))
        if not isinstance(submitted, Faults):
            return redirect(front.url("case" if _is_instant(front, case) else "receipt", case=case), 303)
        faults = submitted
    draft = services().cases.draft(case, by=front.by)
    faults = faults.named(field for page in draft.pages for field in page.fields)
    uploads, place = wanted_uploads(draft), _place(draft, None)
    item = services().cases.pinned(draft.pinned)
    rules = [condition_words(item, one) for one in draft.conditions if one.holds is False]
    reasons = material_words(item, draft.materials)
    html = front.render(
        "check.html",
        draft=draft,
        faults=faults,
        key=key,
        place=place,
        uploads=uploads,
        rules=rules,
        material_reasons=reasons,
    )
    return html, 422 if faults else 200


def _is_instant(front: Front, case: CaseId) -> bool:
    """Tell whether the result comes at once (秒批), so that its page is the receipt."""
    return services().cases.pinned(services().cases.view(case, by=front.by).pinned).facts.mode == INSTANT


def discard(front: Front, case: CaseId) -> ResponseReturnValue:
    """Delete the draft after one question."""
    draft = services().cases.draft(case, by=front.by)
    if request.method == "POST":
        services().cases.discard(case, by=front.by)
        flash(_("草稿已删除，填写的内容都没有留下。"), "ok")
        return redirect(front.url("home"), 303)
    return front.render("discard.html", draft=draft)
