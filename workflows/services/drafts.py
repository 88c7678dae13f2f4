"""Begin, fill and submit a draft (申请)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import NAMESPACE_OID, uuid5

from psycopg.errors import UniqueViolation

from gov_portal.kernel import outbox
from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.ids import CaseId, ItemId, LicenceId, new_case_id
from gov_portal.kernel.principal import Citizen, actor_of
from gov_portal.kernel.types import Fault, ValueRefused, is_blank
from workflows.domain.commands import Submit
from workflows.domain.definition import Definition
from workflows.domain.state import Status
from workflows.engine.refusals import CaseNotDraft
from workflows.ports import HeldLicence
from workflows.sealing import APPEALED, MATERIALS, TYPED, Stored
from workflows.services.attachments import file_faults, file_owner
from workflows.services.catalogue import home_region
from workflows.services.errors import (
    AnswerUnsaved,
    CaseBusy,
    CaseUnknown,
    ConditionUnmet,
    MaterialMissing,
    NotForApplicants,
    OnlyByAppeal,
    PageMoved,
    PageUnknown,
    WardNotAllowed,
)
from workflows.services.fees import expected_fees
from workflows.services.forms import Form
from workflows.services.inputs import Inputs, is_file
from workflows.services.opening import NewCase
from workflows.services.pending import mark_of, pending_of, pending_path
from workflows.services.prefilling import answers_of
from workflows.services.presenting import draft_view
from workflows.services.stepping import MOST_ATTEMPTS, Order, request_key
from workflows.services.subjects import SubjectBusy, Subjects, subject_values
from workflows.storage.drafts import discard_draft, find_draft
from workflows.storage.loading import StoredCase
from workflows.storage.visibility import visible_to
from workflows.storage.writing import CaseMoved, save_draft
from workflows.views import DraftView

MATERIALS_PAGE = "materials"
"""Page that keeps uploads; no page of an item has this name."""


class Drafts(Subjects):
    """Take an application from its first page to its receipt."""

    def begin(
        self,
        item: ItemId,
        *,
        by: Citizen,
        again: bool = False,
        region: str | None = None,
        about: LicenceId | None = None,
    ) -> CaseId:
        """Return the person's open draft of the item, or begin one with what account and departments know.

        With ``again`` another draft is begun although one is open; ``about`` is the licence that the case is about.
        ``region`` is where they apply, for items of which regions have versions of their own; without one it is
        the division that their account names.

        Raises:
            TransitionRefused: ``case.assurance`` or ``case.not-permitted``, by the item's rules of who may apply.
            WardNotAllowed: there is no living guardianship record.
            OnlyByAppeal: the item is about another case.
            NotForApplicants: it begins with an offer or an officer.
            SubjectMissing, RenewalNotOpen, SubjectBusy: by the licence that it is about.
        """
        definition = self._here(item, by=by, region=region)
        if not definition.start.is_by_applicant and by.hand is None:
            raise NotForApplicants
        return self._start(definition, by=by, again=again, about=about)

    def begin_another(
        self, item: ItemId, *, by: Citizen, key: str, region: str | None = None, about: LicenceId | None = None
    ) -> CaseId:
        """Begin a draft although another is open; repeated with the same ``key`` return the same one.

        Raises:
            TransitionRefused, WardNotAllowed, OnlyByAppeal, NotForApplicants, SubjectMissing: as for any draft.
        """
        definition = self._here(item, by=by, region=region)
        if not definition.start.is_by_applicant and by.hand is None:
            raise NotForApplicants
        return self._start(definition, by=by, again=True, about=about, key=key)

    def begin_offered(self, item: ItemId, *, by: Citizen, about: LicenceId | None = None) -> CaseId:
        """Begin what was offered to the person, or return their open draft of it.

        Raises:
            TransitionRefused, WardNotAllowed, SubjectMissing, RenewalNotOpen, SubjectBusy: as for any draft.
        """
        return self._start(self._here(item, by=by), by=by, again=False, about=about)

    def _here(self, item: ItemId, *, by: Citizen, region: str | None = None) -> Definition:
        return self._desk.definitions.current(
            item, region=home_region(self._desk, item, by=by) if region is None else region
        )

    def _start(
        self, definition: Definition, *, by: Citizen, again: bool, about: LicenceId | None, key: str = ""
    ) -> CaseId:
        item = definition.facts.id
        if any(prefill.source == APPEALED for prefill in definition.prefills):
            raise OnlyByAppeal
        if by.acting_for is not None and not self._desk.ports.people.is_guardian(by.person, by.acting_for):
            raise WardNotAllowed
        held = self._subject(definition, about, by=by)
        new = _draft_id(item, by=by, key=key)
        if again and not held:
            case = new if key and self._find(new, sight=visible_to(by)) else None
        else:
            case = self._case_about(item, held, by=by) if held else self._open_draft(item, by=by)
        if case is None:
            case = self._begin_new(definition, held, new, by=by, again=again)
        self._ask_departments(case, by=by)
        return case

    def _begin_new(
        self, definition: Definition, held: HeldLicence | None, case: CaseId, *, by: Citizen, again: bool
    ) -> CaseId:
        item = definition.facts.id
        values = subject_values(self._desk, definition, held) if held else {}
        licence = held.licence if held else None
        is_extra = again or held is not None
        new = NewCase(case=case, definition=definition, by=by, is_extra=is_extra, about=licence, values=values)
        try:
            self._open(new)
        except UniqueViolation:
            # Two presses of the button, or two attempts at a request: the other one has made the draft.
            if self._find(case, sight=visible_to(by)):
                return case
            first = self._case_about(item, held, by=by) if held else self._open_draft(item, by=by)
            if first is None and held is not None:
                raise SubjectBusy from None
            if first is None:
                raise
            return first
        return case

    def draft(self, case: CaseId, *, by: Citizen) -> DraftView:
        """Show the draft to its owner.

        Raises:
            CaseNotDraft: it was submitted.
        """
        stored = must_be_draft(self._find(case, sight=visible_to(by)))
        form, item_of = self._form(stored), self._desk.definitions.by_hash
        fees = expected_fees(stored.definition, form.values, today=form.today, item_of=item_of)
        return replace(draft_view(stored, form=form, saved=_pages_of(stored)), fees=fees)

    def save_page(
        self, case: CaseId, *, page: str, raw: Mapping[str, object], by: Citizen, mark: str = ""
    ) -> DraftView:
        """Parse and keep one page; ``raw`` is keyed by field path, a file by the id that ``attach`` gave.

        A field that only these answers make necessary is no fault while ``raw`` does not name it, as where no script
        showed it: the page shows it at the next look. The page ``materials`` keeps uploads. What was typed and not
        accepted before is forgotten.

        Raises:
            PageMoved: the page holds other answers than when it bore ``mark``; nothing is kept.
            InvalidFields: every unacceptable field of the page at once; nothing is kept.
            PageUnknown: there is no such page now.
        """
        for _ in range(MOST_ATTEMPTS):
            try:
                self._keep_page(case, page=page, raw=raw, by=by, mark=mark)
                break
            except CaseMoved:
                continue
        else:
            raise CaseBusy
        self._ask_departments(case, by=by)
        return self.draft(case, by=by)

    def submit(self, case: CaseId, *, by: Citizen, key: str | None = None, insist: bool = False) -> None:
        """Submit the draft (提交); repeated with the same ``key`` it does nothing more.

        With ``insist`` it is submitted although a condition of acceptance does not hold: officers decide, not machines.

        Raises:
            InvalidFields: what is still missing or was typed but not saved, over all pages and materials.
            ConditionUnmet: a condition of acceptance does not hold.
        """

        def build(stored: StoredCase) -> Submit:
            form = self._form(must_be_draft(stored))
            _check_complete(form)
            _check_saved(form)
            unmet = tuple(one.text for one in form.conditions() if one.holds is False)
            if unmet and not insist:
                raise ConditionUnmet(unmet)
            return Submit()

        request = request_key(by, key, body=["submit"])
        self._carry_out(case, build, order=Order(by=by, request=request))

    def discard(self, case: CaseId, *, by: Citizen) -> None:
        """Delete a draft with everything typed and uploaded in it.

        Raises:
            CaseNotDraft: it was submitted.
        """
        for _ in range(MOST_ATTEMPTS):
            stored = must_be_draft(self._find(case, sight=visible_to(by)))
            try:
                with self._desk.db.begin() as uow:
                    discard_draft(uow.driver, stored)
                    outbox.add(uow, *([stored.place.message()] if stored.place else []))
                    self._desk.files.remove_all(uow, owner=file_owner(case))
                return
            except CaseMoved:
                continue
        raise CaseBusy

    def _open_draft(self, item: ItemId, *, by: Citizen) -> CaseId | None:
        with self._desk.db.driver() as driver:
            return find_draft(driver, item, applicant=by.subject)

    def _keep_page(self, case: CaseId, *, page: str, raw: Mapping[str, object], by: Citizen, mark: str) -> None:
        stored = must_be_draft(self._find(case, sight=visible_to(by)))
        form = self._form(stored)
        inputs, blanks = _page_inputs(form, page, raw)
        if inputs.faults or blanks or not _is_known(stored, inputs):
            check_mark(stored, form, page=page, mark=mark)
        now = self._desk.clock.now()
        with self._desk.db.driver() as driver:
            inputs.faults += file_faults(self._desk.files, driver, stored=stored, files=inputs.files())
            writes = {path: Stored(value, TYPED, now) for path, value in inputs.settle().items()}
            typed = [pending_path(page)] if pending_of(stored.values, page) else []
            writes.update((path, Stored(None, TYPED, now)) for path in [*blanks, *typed])
            notes = {**stored.draft, "pages": sorted({*_pages_of(stored), page})}
            save_draft(driver, stored, writes=writes, notes=notes, at=now)

    def _form(self, stored: StoredCase) -> Form:
        return Form.of(stored.definition, stored.values, answers=answers_of(stored), today=self._today())

    def _today(self) -> date:
        return self._desk.calendar.local_date(self._desk.clock.now())


def _draft_id(item: ItemId, *, by: Citizen, key: str) -> CaseId:
    """Return the id of a new draft, always the same one for the same key of a person."""
    made = f"draft:{actor_of(by)}:{by.subject}:{item}:{key}"
    return CaseId(uuid5(NAMESPACE_OID, made)) if key else new_case_id()


def must_be_draft(stored: StoredCase | None) -> StoredCase:
    """Return the case that was found.

    Raises:
        CaseUnknown: none was.
        CaseNotDraft: it was submitted.
    """
    if stored is None:
        raise CaseUnknown
    if stored.state.status is not Status.DRAFT:
        raise CaseNotDraft
    return stored


def check_mark(stored: StoredCase, form: Form, *, page: str, mark: str) -> None:
    """Refuse to go over answers that came from another window or device; without a mark nothing is checked.

    Raises:
        PageMoved: the page holds other answers than when it bore the mark.
    """
    if mark and mark != mark_of(stored.values, stored.definition, page=page, asked=form.page_fields(page)):
        raise PageMoved


def _is_known(stored: StoredCase, inputs: Inputs) -> bool:
    """Tell whether all of it was accepted before, as when a button is pressed twice."""
    return all(stored.values.get(path) == value for path, value in inputs.values.items())


def _pages_of(stored: StoredCase) -> frozenset[str]:
    pages = stored.draft.get("pages")
    return frozenset(str(page) for page in pages) if isinstance(pages, list) else frozenset()


def _page_inputs(form: Form, page: str, raw: Mapping[str, object]) -> tuple[Inputs, list[str]]:
    """Return what a page brings, and what it leaves blank on purpose."""
    inputs = Inputs(form.definition)
    if page == MATERIALS_PAGE:
        choices = {path: raw[path] for path in form.stand_ins() if path in raw}
        files = {path: given for path, given in raw.items() if path not in choices}
        inputs.take(files, allowed=[path for path, state in _papers(form) if state not in ("covered", "pending")])
        inputs.values.update((path, given in (True, "true")) for path, given in choices.items())
        return inputs, []
    asked = form.asked_on(page)
    if asked is None:
        raise PageUnknown(page=page)
    allowed = form.page_fields(page)
    inputs.take(raw, allowed=allowed)
    after = Form.of(form.definition, {**form.values, **inputs.values}, answers=form.answers, today=form.today)
    asked_after = after.asked_on(page) or ()
    needed = [path for path in after.needed() if path in asked_after and (path in asked or path in raw)]
    inputs.require(path for path in needed if not _is_kept(form, path, raw))
    blanks = [
        path
        for path, given in raw.items()
        if is_blank(given) and path in allowed and path not in needed and not is_file(form.definition, path)
    ]
    return inputs, [path for path in blanks if form.values.get(path) is not None]


def _is_kept(form: Form, path: str, raw: Mapping[str, object]) -> bool:
    """Tell whether a value from before stays: the page did not name it, or it is a file that was not sent again."""
    return form.values.get(path) is not None and (path not in raw or is_file(form.definition, path))


def _papers(form: Form) -> list[tuple[str, str]]:
    return [(f"{MATERIALS}.{material.id}", state) for material, state in form.materials()]


def _check_complete(form: Form) -> None:
    """Refuse with everything that is missing, over all pages and materials.

    Raises:
        InvalidFields: something is.
    """
    missing = [ValueRefused(Fault.MISSING, field=path) for path in form.missing()]
    papers = [MaterialMissing(field=path) for path, state in _papers(form) if state == "wanted"]
    if missing or papers:
        raise InvalidFields([*missing, *papers])


def _check_saved(form: Form) -> None:
    """Refuse while something was typed that would not be handed in.

    Raises:
        InvalidFields: something was.
    """
    typed = [path for page, _ in form.pages() for path in pending_of(form.values, page.id)]
    if typed:
        raise InvalidFields([AnswerUnsaved(field=path) for path in typed])
