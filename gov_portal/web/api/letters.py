"""Let applicants and the offices that hold a case write to each other in it (留言)."""

from uuid import UUID, uuid4

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.hands import applicant
from gov_portal.web.api.once import request_key
from gov_portal.web.api.paging import Answer, PageQuery, link, page, read_cursor
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.domain.letters import CaseLetters, WaitingLetter

resource = Resource("letters", title=phrase("留言"))

_LISTED = Shape(query=PageQuery, answer=views.LETTERS, is_paged=True)
_WRITTEN = Shape(body=bodies.NewLetter, answer=views.LETTERS, status=201, is_once=True)
_READ = Shape(body=bodies.ReadLetters, status=204)

Letters = tuple[CaseLetters, int, dict[str, str]]


@resource.endpoint(
    "GET", "/cases/<uuid:case>/letters", title=phrase("列出留言"), may=Permission.VIEW_OWN_CASES, shape=_LISTED
)
def list_letters(query: Json, case: UUID) -> Letters:
    """List the last letters of a case, oldest first; the next page has older ones. This marks none as read."""
    return _list(query, case, by=applicant())


@resource.endpoint(
    "POST", "/cases/<uuid:case>/letters", title=phrase("写留言"), may=Permission.CONDUCT_OWN_CASE, shape=_WRITTEN
)
def write_letter(body: Json, case: UUID) -> CaseLetters:
    """Write to the offices that hold the case; twenty letters a day."""
    return _write(body, case, by=applicant())


@resource.endpoint(
    "POST",
    "/cases/<uuid:case>/letters/read",
    title=phrase("标记留言已读"),
    may=Permission.CONDUCT_OWN_CASE,
    shape=_READ,
)
def read_letters(body: Json, case: UUID) -> str:
    """Say that letters were shown to the person; nothing is noted while an earlier one is unread."""
    return _read(body, case, by=applicant())


@resource.endpoint(
    "GET",
    "/desk/letters",
    title=phrase("列出有新留言的办件"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=PageQuery, answer=views.WAITING_LETTERS, is_paged=True),
)
def list_cases_with_letters(query: Json) -> Answer[WaitingLetter]:
    """List the cases whose applicants wrote to the officer's unit and were not read, the longest waiting first."""
    return page(services().correspondence.waiting(current_officer()), query, key=lambda row: str(row.case))


@resource.endpoint(
    "GET",
    "/desk/cases/<uuid:case>/letters",
    title=phrase("列出经办办件的留言"),
    may=Permission.VIEW_TASK,
    shape=_LISTED,
)
def list_letters_to_officer(query: Json, case: UUID) -> Letters:
    """List the last letters of a case that the officer may read; another department sees its own unit's only."""
    return _list(query, case, by=current_officer())


@resource.endpoint(
    "POST", "/desk/cases/<uuid:case>/letters", title=phrase("给申请人留言"), may=Permission.ACT_ON_TASK, shape=_WRITTEN
)
def write_letter_as_officer(body: Json, case: UUID) -> CaseLetters:
    """Write to the applicant, who is told of it; only while the case lies with the officer's unit."""
    return _write(body, case, by=current_officer())


@resource.endpoint(
    "POST",
    "/desk/cases/<uuid:case>/letters/read",
    title=phrase("标记申请人的留言已读"),
    may=Permission.ACT_ON_TASK,
    shape=_READ,
)
def read_letters_as_officer(body: Json, case: UUID) -> str:
    """Say that letters were shown to the officer's unit; nothing is noted while an earlier one is unread."""
    return _read(body, case, by=current_officer())


def _list(query: Json, case: UUID, *, by: Citizen | Officer) -> Letters:
    before = int(read_cursor(query["cursor"])) if query["cursor"] else None
    found = services().correspondence.letters(CaseId(case), by=by, before=before, most=query["limit"])
    return found, 200, link(str(found.before or ""), query)


def _write(body: Json, case: UUID, *, by: Citizen | Officer) -> CaseLetters:
    key = request_key() or uuid4().hex
    services().correspondence.write(CaseId(case), text=body["text"], by=by, key=key)
    return services().correspondence.letters(CaseId(case), by=by)


def _read(body: Json, case: UUID, *, by: Citizen | Officer) -> str:
    services().correspondence.mark_read(CaseId(case), first=body["first"], last=body["last"], by=by)
    return ""
