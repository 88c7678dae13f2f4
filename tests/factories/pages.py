"""Build an app of our pages over services that live in memory: what comes in is recorded, what goes out is canned."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from gov_portal.kernel.clock_store import later
from gov_portal.kernel.clocks import FixedClock
from gov_portal.kernel.errors import DomainError, NotFound
from gov_portal.kernel.ids import KeyId, LicenceId, OfficerId, PersonId
from gov_portal.kernel.monitoring.monitor import Monitor
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.licences.domain import LicenceStatus, Verification
from gov_portal.web.base.admission import Room
from gov_portal.web.base.services import Services, install_services, services_of
from gov_portal.web.fronts import register
from identity.domain.errors import CodeRefused, PasswordWrong, SignInRefused
from identity.domain.values import (
    Begun,
    ChallengeToken,
    OfficerFacts,
    PersonFacts,
    SessionId,
    SessionToken,
    SessionView,
    WardView,
)
from tests.factories.cases import CALENDAR, card_item, shipped_item
from tests.factories.casework import InMemoryCheckBook, InMemoryHeld, InMemorySnippets
from tests.factories.citizen import InMemoryRatings, InMemoryRecords
from tests.factories.counter import HALL, InMemoryCounter, InMemoryVisits
from tests.factories.desk import (
    GROUP,
    NO_NEIGHBOURS,
    InMemoryAbsences,
    InMemoryFigures,
    InMemoryJobs,
    InMemoryPreferences,
    the_posts,
)
from tests.factories.inbox import InMemoryMessages
from tests.factories.interfaces import (
    FreeRates,
    InMemoryAnswers,
    InMemoryExternal,
    InMemoryGuidePapers,
    InMemoryIncoming,
    InMemoryPayments,
    InMemoryReports,
    InMemoryWebhooks,
    a_licence,
)
from tests.factories.letters import InMemoryCorrespondence
from tests.factories.machine_forms import InMemoryMachineForms, InMemoryStatusLists
from tests.factories.monitoring import a_monitor
from tests.factories.offers import InMemoryOffers
from tests.factories.parked import OPERATOR, InMemoryParked
from tests.factories.showing import InMemoryCopies, InMemoryPresentations
from tests.factories.versions import InMemoryVersions
from tests.factories.views import (
    CASE,
    FILE,
    a_case,
    a_case_row,
    a_draft,
    a_joint_bill,
    a_notice,
    a_queue_row,
    a_work,
    an_involvement,
    item_row,
)
from workflows.definitions import around

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PERSON = PersonId(UUID("10000000-0000-4000-8000-000000000001"))
WARD = PersonId(UUID("10000000-0000-4000-8000-000000000002"))
OFFICER = OfficerId(UUID("20000000-0000-4000-8000-000000000001"))
CITIZEN = Citizen(PERSON, ial=3, aal=2)
WINDOW = Officer(OFFICER, org="dept.subdistrict", region="470101", roles=frozenset({"window"}), aal=2)
LEADER = replace(WINDOW, org="dept.cdpf", roles=frozenset({"leader", "checker"}), rank="leader")
HOLDERS = {"citizen": CITIZEN, "window": WINDOW, "leader": LEADER, "counter": HALL, "operator": OPERATOR}
CODE = "123456"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)

PART_FILES = {
    "market.start-business": "start-business",
    "market.company-register": "company-register",
    "police.seal-filing": "seal-filing",
    "tax.registration": "tax-registration",
    "hrss.insurance-account": "insurance-account",
    "fund.deposit-account": "fund-account",
}
"""A bundle and the items that it is made of, by id."""


@dataclass
class InMemoryCases:
    """Answer with one canned case; ``refuse`` names the error that a method raises instead."""

    case_view: object = field(default_factory=a_case)
    draft_view: object = field(default_factory=a_draft)
    work_view: object = field(default_factory=a_work)
    rows: tuple = field(default_factory=lambda: (a_case_row(),))
    by_region: dict = field(default_factory=dict)
    home: str = ""
    queue_rows: tuple = field(default_factory=lambda: (a_queue_row(),))
    assignable_tasks: tuple = ()
    involved: tuple = ()
    joint_view: object = field(default_factory=a_joint_bill)
    involved_view: object = field(default_factory=an_involvement)
    beside: object = NO_NEIGHBOURS
    calls: list = field(default_factory=list)
    refuse: dict[str, DomainError] = field(default_factory=dict)

    def _note(self, name: str, **values: object) -> None:
        self.calls.append((name, values))
        if name in self.refuse:
            raise self.refuse[name]

    def called(self, name: str) -> list[dict]:
        return [values for called, values in self.calls if called == name]

    def items(self, *, region=""):
        return (item_row(),)

    def pinned(self, digest):
        known = (card_item(), *self.by_region.values(), *map(shipped_item, PART_FILES.values()))
        parts = {part.version: shipped_item(PART_FILES[part.item]) for part in shipped_item("start-business").parts}
        return {one.hash: one for one in known}.get(digest) or parts[digest]

    def edition(self):
        return tuple(one.hash for one in self.by_region.values())

    def regions(self, item):
        return tuple(self.by_region)

    def home_region(self, item, *, by):
        return self.home

    def item(self, item, *, region=""):
        if item in PART_FILES:
            return shipped_item(PART_FILES[item])
        if item not in {"cdpf.disability-card.first", "admin-review"}:
            raise NotFound
        return next((self.by_region[one] for one in around(region) if one in self.by_region), card_item())

    def subjects(self, definition, *, by):
        return ()

    def begin(self, item, *, by, again=False, about=None, region=None):
        self._note("begin", item=item, by=by, again=again, region=region)
        return CASE

    def draft(self, case, *, by):
        self._note("draft", case=case)
        return self.draft_view

    def save_page(self, case, *, page, raw, by, mark=""):
        self._note("save_page", page=page, raw=dict(raw), **({"mark": mark} if mark else {}))
        return self.draft_view

    def keep_typed(self, case, *, page, raw, by, mark=""):
        self._note("keep_typed", page=page, raw=dict(raw), mark=mark)
        return f"{mark}+"

    def submit(self, case, *, by, key=None, insist=False):
        self._note("submit", key=key, insist=insist)
        return self.case_view

    def discard(self, case, *, by):
        self._note("discard", case=case)

    def attach(self, case, path, content, *, claimed_type, by):
        self._note("attach", path=path, size=len(content), claimed_type=claimed_type)
        return FILE

    def file(self, case, file, *, by):
        self._note("file", file=file)
        return "image/png", PNG

    def receipt_paper(self, case, *, by):
        self._note("receipt_paper", case=case)
        return b"%PDF-1.7 test"

    def view(self, case, *, by):
        self._note("view", case=case)
        return self.case_view

    def my_cases(self, by, *, with_parts=False):
        return self.rows

    def revise_bill(self, case, change, *, by, key=None):
        self._note("revise_bill", change=change, by=by)

    def joint_bill(self, case, *, by):
        self._note("joint_bill", case=case)
        return self.joint_view

    def join_bills(self, case, *, by):
        self._note("join_bills", case=case)
        return self.joint_view

    def involved_in(self, by):
        return self.involved

    def involvement(self, case, *, by):
        self._note("involvement", case=case)
        return self.involved_view

    def take_turn(self, case, command, *, by, key=None):
        self._note("take_turn", task=command.task, act=command.act, fields=dict(command.fields), key=key)

    def attach_in_turn(self, case, path, content, *, claimed_type, by):
        self._note("attach_in_turn", path=path)
        return FILE

    def involved_file(self, case, file, *, by):
        self._note("involved_file", file=file)
        return "image/png", PNG

    def change_signers(self, case, change, *, by, key=None):
        self._note("change_signers", step=change.step, add=change.add, remove=change.remove, key=key)

    def ask_opinion(self, case, question, *, by, key=None):
        self._note("ask_opinion", task=question.task, to=question.to, question=question.question, key=key)

    def correct(self, case, *, reason, raw, by, key=None):
        self._note("correct", reason=reason, raw=dict(raw), key=key)
        return CASE

    def return_supplement(self, case, *, task, raw, by, key=None):
        self._note("return_supplement", task=task, raw=dict(raw), key=key)
        return self.case_view

    def withdraw(self, case, *, by, reason="", key=None):
        self._note("withdraw", reason=reason, key=key)

    def urge(self, case, *, by):
        self._note("urge")

    def appeal(self, case, *, by, reason):
        self._note("appeal", reason=reason)
        return CASE

    def public_notices(self):
        return (a_notice(),)

    def public_notice(self, case, step):
        return a_notice()

    def object_to(self, case, step, *, text, by, key=None):
        self._note("object_to", step=step, text=text, key=key)

    def queue(self, by, filters=None):
        self._note("queue", filters=filters)
        return self.queue_rows

    def counts(self, by, wanted):
        return tuple(range(len(wanted)))

    def groups(self, by, filters=None):
        return (GROUP,)

    def neighbours(self, by, filters, *, case, task):
        self._note("neighbours", filters=filters, task=task)
        return self.beside

    def claim_next(self, by, filters=None):
        self._note("claim_next", filters=filters)
        return next(iter(self.queue_rows), None)

    def release(self, case, task, *, by):
        self._note("release", task=task)

    def waiting(self, by):
        return self.rows

    def cases_of_unit(self, by, number):
        self._note("cases_of_unit", number=number)
        return self.rows

    def pictures(self, files):
        return frozenset(files)

    def open_task(self, case, *, by):
        self._note("open_task", case=case)
        return next((row.task for row in self.queue_rows), None)

    def assignable(self, case, *, by):
        return self.assignable_tasks

    def work(self, case, task, *, by):
        self._note("work", task=task)
        return self.work_view

    def act(self, case, command, *, by, key=None):
        self._note("act", command=command, key=key)

    def claim(self, case, task, *, by):
        self._note("claim", task=task)

    def hand_over(self, case, task, *, to, by, reason=""):
        self._note("hand_over", task=task, to=to, reason=reason)

    def suspend(self, case, *, ground, reason, by, key=None):
        self._note("suspend", ground=ground, reason=reason)

    def resume(self, case, *, by, reason="", key=None):
        self._note("resume", reason=reason)

    def extend(self, case, *, reason, by, key=None):
        self._note("extend", reason=reason)


@dataclass
class InMemoryIdentity:
    """Know one person, one officer and their password ``right``; the code is always ``CODE``."""

    holders: dict[str, Citizen | Officer] = field(default_factory=lambda: dict(HOLDERS))
    refuse: dict[str, DomainError] = field(default_factory=dict)
    forms: list = field(default_factory=list)
    ended: list = field(default_factory=list)
    email: str = "lin@example.com"
    absences: InMemoryAbsences = field(default_factory=InMemoryAbsences)
    counter: InMemoryVisits = field(default_factory=InMemoryVisits)

    def _check(self, name: str) -> None:
        if name in self.refuse:
            raise self.refuse[name]

    def start_registration(self, form, *, client):
        self._check("start_registration")
        self.forms.append(form)
        return Begun(ChallengeToken("citizen"), NOW)

    def start_sign_in(self, login, *, password, client):
        self._check("start_sign_in")
        if password != "right":
            raise SignInRefused
        return Begun(ChallengeToken("citizen"), NOW)

    def start_officer_sign_in(self, login, *, password, client):
        if password != "right":
            raise SignInRefused
        return Begun(ChallengeToken(login), NOW)

    def _confirm(self, token, *, code, client):
        self._check("confirm")
        if code != CODE:
            raise CodeRefused
        return SessionToken(token)

    confirm_registration = confirm_sign_in = confirm_officer_sign_in = confirm_recovery = _confirm
    start_recovery = start_registration

    def change_password(self, token, *, current, new):
        self._check("change_password")
        if current != "right":
            raise PasswordWrong(field="current")
        self.ended.append("others")

    def start_email(self, by, *, email):
        self._check("start_email")
        self.forms.append(email)
        return Begun(ChallengeToken("email"), NOW)

    def confirm_email(self, by, token, *, code):
        if code != CODE:
            raise CodeRefused
        self.email = self.forms[-1]
        return self.email

    def remove_email(self, by):
        self.email = ""

    def facts(self, person):
        name, number = ("林小满", "470101201406010234") if person == WARD else ("林晓禾", "470101198005010124")
        return PersonFacts(person, name, number, "12000000001", date(1980, 5, 1), KeyId(UUID(int=3)), email=self.email)

    def send_code_again(self, token):
        self._check("send_code_again")
        return Begun(token, NOW)

    def session(self, token):
        return self.holders.get(token)

    bearer = session

    def sign_out(self, token):
        self.ended.append(token)

    def sessions(self, token):
        return (
            SessionView(SessionId(UUID(int=1)), "手机浏览器", NOW, NOW, is_current=True),
            SessionView(SessionId(UUID(int=2)), "电脑浏览器", NOW, NOW, is_current=False),
        )

    def end_session(self, token, *, session):
        self.ended.append(session)

    def wards(self, person):
        return (WardView(WARD, "林**", "470101********0234", date(2032, 6, 1), "林小满"),)

    def claim_ward(self, by, *, name, id_no):
        self._check("claim_ward")
        return self.wards(by.person)[0]

    def act_for(self, token, *, ward):
        citizen = replace(CITIZEN, acting_for=ward)
        self.holders[token] = citizen
        return citizen

    def posts(self, officer):
        return the_posts(officer)

    def switch_unit(self, token, *, org, region):
        self._check("switch_unit")
        self.ended.append((org, region))

    def officer_facts(self, officer):
        return OfficerFacts(officer, name="周敏", org="dept.subdistrict", region="470101")


class InMemoryLicences:
    """Know one code."""

    statuses = {code: LicenceStatus(code) for code in ("valid", "revoked", "superseded", "expired")}
    held = (a_licence(LicenceId(UUID(int=7))),)

    copies_found: dict[str, Verification] = {}

    def verify(self, typed):
        if typed in self.copies_found:
            return self.copies_found[typed]
        status = self.statuses.get(typed, LicenceStatus.UNKNOWN)
        if status is LicenceStatus.UNKNOWN:
            return Verification(status=status)
        return Verification(
            status=status,
            name="残疾人证",
            issuer="样例市东样区残疾人联合会",
            identifier="1.2.156.3005.2.11100000000000000X001.G1",
            holder_masked="林**",
            issued_on=date(2026, 3, 20),
            valid_until=date(2036, 3, 19),
        )

    def verify_file(self, pdf):
        for status in LicenceStatus:
            if str(status).encode() in pdf:
                return self.verify(str(status)) if str(status) in self.statuses else Verification(status=status)
        return Verification(status=LicenceStatus.UNKNOWN)

    def pdf(self, licence: LicenceId, *, by, version=None):
        return b"%PDF-1.7 test"

    def view(self, licence: LicenceId, *, by):
        return a_licence(licence)

    def mine(self, by):
        return list(self.held)


class MovedClock(FixedClock):
    """Stand in for the sandbox's clock."""

    def advance(self, duration, *, calendar):
        self.move_to(later(self.now(), duration=duration, calendar=calendar))
        return self.now()


@dataclass
class Pages:
    """Hold the app with its doubles."""

    app: Flask
    cases: InMemoryCases
    identity: InMemoryIdentity
    jobs: InMemoryJobs
    preferences: InMemoryPreferences
    ratings: InMemoryRatings
    correspondence: InMemoryCorrespondence
    messages: InMemoryMessages
    checks: InMemoryCheckBook
    held: InMemoryHeld
    snippets: InMemorySnippets
    counter: InMemoryCounter
    offers: InMemoryOffers
    parked: InMemoryParked

    def visitor(self) -> "Visitor":
        return Visitor(self.app.test_client())

    def signed_in(self, holder: str = "citizen") -> "Visitor":
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["token"] = holder
        return Visitor(client)


@dataclass
class Visitor:
    """Walk the pages as a browser would: the CSRF token of the last page goes with every form."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, **kwargs):
        response = self.client.get(path, **kwargs)
        if response.mimetype == "text/html":
            found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
            self.token = found[1] if found else self.token
        return response

    def post(self, path: str, data: dict | None = None, *, form: str | None = None, **kwargs):
        if not self.token:
            self.get(form or "/sign-in")
        return self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **kwargs)


@contextmanager
def turning_away(pages: Pages) -> Iterator[None]:
    """Let nobody in meanwhile: there is no place."""
    before, other = pages.app.wsgi_app, the_app(Room(at_once=0, waiting=0))
    install_services(other, services_of(pages.app))
    pages.app.wsgi_app = other.wsgi_app
    yield
    pages.app.wsgi_app = before


@cache
def the_app(room: Room | None = None) -> Flask:
    """Return the one app of this process, for those who read its routes or give it doubles of their own."""
    return an_app(room=room).app


def an_app(
    *, is_sandbox: bool = True, app: Flask | None = None, monitor: Monitor | None = None, room: Room | None = None
) -> Pages:
    """Return the pages over fresh doubles; a given app gets new doubles only."""
    clock, cases, checks = MovedClock(NOW), InMemoryCases(), InMemoryCheckBook()
    shown = {
        "cases": cases,
        "identity": InMemoryIdentity(),
        "jobs": InMemoryJobs(),
        "preferences": InMemoryPreferences(),
        "ratings": InMemoryRatings(),
        "correspondence": InMemoryCorrespondence(),
        "messages": InMemoryMessages(),
        "checks": checks,
        "held": InMemoryHeld(cases, checks),
        "snippets": InMemorySnippets(),
        "counter": InMemoryCounter(cases),
        "offers": InMemoryOffers(),
        "parked": InMemoryParked(),
    }
    services = Services(
        **shown,
        licences=InMemoryLicences(),
        presentations=InMemoryPresentations(),
        copies=InMemoryCopies(),
        machine_forms=InMemoryMachineForms(),
        status_lists=InMemoryStatusLists(),
        data_records=InMemoryRecords(),
        external=InMemoryExternal(cases),
        reports=InMemoryReports(),
        incoming=InMemoryIncoming(),
        guide_papers=InMemoryGuidePapers(),
        payments=InMemoryPayments(),
        figures=InMemoryFigures(),
        versions=InMemoryVersions(),
        answers=InMemoryAnswers(),
        rates=FreeRates(),
        webhooks=InMemoryWebhooks(),
        monitor=monitor or a_monitor(),
        clock=clock,
        calendar=CALENDAR,
        sandbox_clock=clock if is_sandbox else None,
    )
    if app is None:
        app = Flask("pages", static_folder=None)
        app.secret_key = "only for tests"
        register(app, services, room=room)
    else:
        install_services(app, services)
    return Pages(app, **shown)
