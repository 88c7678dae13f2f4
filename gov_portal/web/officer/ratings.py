"""Answer bad ratings of one's unit in time (回访整改); who rated is never shown."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt, long_text
from gov_portal.web.base.rating_words import LEVELS, REASONS
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission
from workflows.services.ratings import LONGEST_TEXT
from workflows.views import Card


@requires(Permission.ANSWER_RATINGS)
def ratings() -> ResponseReturnValue:
    """List the bad ratings that the unit has to answer, the most urgent first."""
    rows = services().ratings.follow_ups(current_officer())
    overdue = sum(row.card is Card.RED for row in rows)
    return render_template("officer/ratings.html", rows=rows, overdue=overdue, levels=LEVELS)


@requires(Permission.ANSWER_RATINGS)
def rating(rating: UUID) -> ResponseReturnValue:
    """Show one bad rating, or take the answer to it."""
    officer, faults = current_officer(), NO_FAULTS
    if request.method == "POST":
        text, faults = long_text("text", _("答复"), longest=LONGEST_TEXT)
        if not faults:
            done = attempt(lambda: services().ratings.answer(rating, text=text, by=officer))
            if not isinstance(done, Faults):
                flash(_("答复已发给评价人。"), "ok")
                return redirect(url_for("officer.ratings"), 303)
            faults = done
    row = services().ratings.follow_up(rating, by=officer)
    answer = Input(
        "text",
        _("核实的情况和改进的措施"),
        "textarea",
        request.form.get("text", ""),
        faults.of("text"),
        _("评价人会看到这段话，并可以再评价一次。最多 {n} 个字。", n=LONGEST_TEXT),
    )
    page = render_template("officer/rating.html", row=row, faults=faults, answer=answer, levels=LEVELS, reasons=REASONS)
    return page, 422 if faults else 200


@requires(Permission.ANSWER_RATINGS)
def rating_contact(rating: UUID) -> ResponseReturnValue:
    """Note that the office has been in touch with whoever rated."""
    services().ratings.contact(rating, by=current_officer())
    flash(_("已记下回访。"), "ok")
    return redirect(url_for("officer.rating", rating=rating), 303)
