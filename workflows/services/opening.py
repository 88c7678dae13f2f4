"""Open new cases: drafts that a person begins, and successors of other cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gov_portal.kernel.ids import CaseId, LicenceId
from gov_portal.kernel.ledger import GENESIS
from gov_portal.kernel.principal import Citizen, Principal, actor_of
from workflows.domain.commands import Begin
from workflows.domain.definition import Definition
from workflows.domain.state import CaseState, Context, Status
from workflows.engine import advance
from workflows.sealing import CaseValues, Stored
from workflows.services.errors import CaseBusy
from workflows.services.prefilling import Gathered, account_values, answers_of, gather
from workflows.services.stepping import MOST_ATTEMPTS, Stepper, provenance
from workflows.storage.loading import CaseRow, StoredCase
from workflows.storage.parts import PartOf
from workflows.storage.visibility import visible_to
from workflows.storage.writing import CaseMoved, Record, insert_case, save_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """Say what case is to be opened.

    Attributes:
        is_extra: beside another open draft of the same person and item.
        actor: who opens it, where that is not the applicant.
        appeal_of: the case that it appeals.
        corrects: the closed case that an office corrects by it.
        about: the licence that it is about.
        values: values known from elsewhere, beside those of the account.
        part_of: the bundle that it is a part of, with the step that opens it.
        columns: further columns of its row.
    """

    case: CaseId
    definition: Definition
    by: Citizen
    is_extra: bool = False
    actor: Principal | None = None
    appeal_of: CaseId | None = None
    corrects: CaseId | None = None
    about: LicenceId | None = None
    values: Mapping[str, Stored] = field(default_factory=dict)
    part_of: PartOf | None = None
    columns: Mapping[str, object] = field(default_factory=dict)


def _subject_columns(new: NewCase) -> dict[str, object]:
    rule = new.definition.start.about
    return {"about": new.about, "is_sole": rule.one_open} if rule is not None and new.about is not None else {}


class Opening(Stepper):
    """Open cases and ask departments for what they may give."""

    def _open(self, new: NewCase) -> None:
        """Insert the draft with what the account knows, as its first event."""
        now = self._desk.clock.now()
        account = account_values(new.definition, self._desk.ports.people.facts(new.by.subject), at=now)
        known = {**account, **new.values}
        stored = self._blank(new)
        fields = {path: one.value for path, one in known.items() if path in new.definition.fields}
        command = Begin(fields, new.about, new.corrects)
        actor = new.actor or new.by
        context = Context(new.case, now, actor, self._desk.calendar, stored.values)
        transition = advance(new.definition, stored.state, command, context)
        record = Record(
            kind="begin",
            at=now,
            actor=actor_of(actor),
            transition=transition,
            writes={**new.values, **provenance(new.definition, command, transition, at=now, sources=known)},
            columns={"is_extra": new.is_extra, **new.columns, **_subject_columns(new)},
        )
        with self._desk.db.driver() as driver:
            insert_case(driver, stored, record, unit_of=self._offices.unit)

    def _blank(self, new: NewCase) -> StoredCase:
        """Return the case as if it were stored, before its first event."""
        now = self._desk.clock.now()
        key_id = self._desk.ports.people.key_of(new.by.subject)
        row = CaseRow(
            id=new.case,
            serial=0,
            case_number=None,
            item=new.definition.facts.id,
            definition_hash=new.definition.hash,
            applicant=new.by.subject,
            begun_by=new.by.person,
            key_id=key_id,
            wrapped=None,
            opened_on=self._desk.calendar.local_date(now),
            rev=0,
            state="",
            own=None,
            draft="{}",
            head_seq=0,
            head_hash=GENESIS,
            officers="{}",
            appeal_of=new.appeal_of,
            appealed_by=None,
            begun_at=now,
            submitted_at=None,
            groups=[],
            sealed=[],
            requests=b"",
            part_of=new.part_of.parent if new.part_of else None,
            part_step=new.part_of.place if new.part_of else None,
        )
        cipher = self._desk.keys.cipher(key_id)
        values = CaseValues(new.definition, case=new.case, cipher=cipher, sealed={})
        return StoredCase(new.case, row, new.definition, CaseState(), cipher, values)

    def _ask_departments(self, case: CaseId, *, by: Citizen) -> None:
        """Ask what may be asked for a draft now, then keep the answers; what was typed meanwhile stays."""
        stored = self._draft_or_none(case, by=by)
        if stored is None:
            return
        found = gather(self._desk, stored, by=by)
        if found.answers != answers_of(stored) or found.values:
            self._keep_answers(case, found, by=by)

    def _keep_answers(self, case: CaseId, found: Gathered, *, by: Citizen) -> None:
        for _ in range(MOST_ATTEMPTS):
            stored = self._draft_or_none(case, by=by)
            if stored is None:
                return
            notes = {**stored.draft, "answers": {**answers_of(stored), **found.answers}}
            try:
                with self._desk.db.driver() as driver:
                    save_draft(driver, stored, writes=found.values, notes=notes, at=self._desk.clock.now())
            except CaseMoved:
                continue
            return
        raise CaseBusy

    def _draft_or_none(self, case: CaseId, *, by: Citizen) -> StoredCase | None:
        stored = self._find(case, sight=visible_to(by))
        return stored if stored is not None and stored.state.status is Status.DRAFT else None
