"""Read and show letters of a case (留言), alike for whoever writes: the form, and what was shown of them."""

from collections.abc import Mapping
from uuid import uuid4

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.kernel.read_only import where_writable
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt, long_text
from gov_portal.web.base.fronts import Front
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from workflows.domain.letters import LONGEST_TEXT, CaseLetters
from workflows.services.correspondence import LettersClosed, LettersTooMany, NotWithYou

FIRST, LAST = "first", "last"
"""Hidden inputs that say which letters stood above the form."""

ON_A_CASE = 5
"""How many letters the page of a case shows; the others stand on a page of their own."""


def letter_form(label: str, hint: str, *, typed: str = "", faults: Faults = NO_FAULTS) -> Mapping[str, object]:
    """Return what the form of a letter needs: its input and its key."""
    limit = _("最多 {n} 个字。", n=LONGEST_TEXT)
    field = Input("text", label, "textarea", typed, faults.of("text"), hint + limit, prefix="letter-")
    return {"letter": field, "letter_key": uuid4().hex}


def typed_letter() -> str:
    """Return the text that was typed into the form of this request."""
    return request.form.get("text", "")


def take_letter(case: CaseId, *, by: Citizen | Officer) -> Faults:
    """Write the letter of this request; return what is wrong with it, nothing where it is on its way."""
    text, faults = long_text("text", _("留言"), longest=LONGEST_TEXT)
    if faults:
        return faults
    key, shown = request.form.get("key") or uuid4().hex, shown_here()
    done = attempt(
        lambda: services().correspondence.write(case, text=text, by=by, key=key, shown=shown),
        also=(LettersClosed, LettersTooMany, NotWithYou),
    )
    return done if isinstance(done, Faults) else NO_FAULTS


def shown_here() -> tuple[int, int] | None:
    """Return the numbers of the first and last letter that stood above the form that was sent."""
    numbers = [request.form.get(name, "") for name in (FIRST, LAST)]
    if not all(number.isascii() and number.isdigit() and len(number) < 10 for number in numbers):
        return None
    return int(numbers[0]), int(numbers[1])


def page_of_letters(case: CaseId, *, by: Citizen | Officer) -> CaseLetters:
    """Return the letters of the page that the address asks for."""
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    return services().correspondence.letters(case, by=by, before=before)


def applicants_form(faults: Faults = NO_FAULTS) -> Mapping[str, object]:
    """Return what the form of an applicant's letter needs."""
    return letter_form(_("写留言"), _("只有办理这件事的单位能看到。"), typed=typed_letter(), faults=faults)


def note_seen(front: Front, case: CaseId, seen: CaseLetters) -> None:
    """Note that the applicant has seen the letters on a page."""
    if seen.unread:
        first, last = seen.shown
        with where_writable():
            services().correspondence.mark_read(case, first=first, last=last, by=front.by)


def letters(front: Front, case: CaseId, faults: Faults = NO_FAULTS) -> ResponseReturnValue:
    """Show the letters of a case, twenty to a page; whoever has seen them has read them."""
    view, seen = services().cases.view(case, by=front.by), page_of_letters(case, by=front.by)
    html = front.render(
        "letters.html", case=view, seen=seen, faults=faults.within("letter-"), **applicants_form(faults)
    )
    note_seen(front, case, seen)
    return html, 422 if faults else 200


def write_letter(front: Front, case: CaseId) -> ResponseReturnValue:
    """Take a letter to the offices that hold the case."""
    faults = take_letter(case, by=front.by)
    if faults:
        return letters(front, case, faults)
    flash(_("留言已发出。有回复时会告诉您。"), "ok")
    return redirect(front.url("case", case=case, _anchor="letters"), 303)
