"""Show operators what failed again and again and was parked (搁置), and carry out what they decide for many at once."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.kernel.decisions import LONGEST_REASON, Decision, Way
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.parking import ParkedWork
from gov_portal.kernel.principal import Officer
from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.catalogue import message
from gov_portal.web.base.forms import NO_FAULTS, Fault, Faults, long_text
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from gov_portal.web.officer.parked_words import DONE, WAYS, error_words, topic_words
from identity.permissions import OPERATING_ROLES, Permission

PAGE_LENGTH = 25
MOST_AT_ONCE = 200
"""How many are settled by one press; each is a transaction of its own."""

LARGEST = 2**63 - 1
"""No number of work is larger: they are the database's."""

WORK, EVERY, WAY, CONFIRMED = "work", "every", "way", "confirmed"
"""Names of the inputs: numbers of the chosen, all that are listed, what becomes of them, the second word."""


@requires(Permission.SETTLE_PARKED_WORK)
def parked() -> ResponseReturnValue:
    """List what is parked, the oldest first, perhaps of one topic."""
    return _list(NO_FAULTS)


@requires(Permission.SETTLE_PARKED_WORK)
def parked_work(number: int) -> ResponseReturnValue:
    """Show one piece of parked work with all its attempts."""
    return _one(services().parked.work(number), NO_FAULTS)


@requires(Permission.SETTLE_PARKED_WORK)
def settle() -> ResponseReturnValue:
    """Resume at once; skip or abandon, which nothing undoes, after a second word."""
    works, way = _chosen(), _way()
    reason, faults = long_text("reason", _("理由"), longest=LONGEST_REASON)
    wanting = [] if works else [Fault(WORK, _("请选择要处理的工作；选过的可能已经有人处理了"))]
    wanting += [] if way else [Fault(WAY, _("请选择怎样处理"))]
    faults = Faults((*wanting, *faults.items))
    if faults or way is None:
        is_single = len(works) == 1 and request.form.get("from") == "one"
        return _one(works[0], faults) if is_single else _list(faults)
    if way is not Way.RESUME and request.form.get(CONFIRMED) != "1":
        return _page("confirm_parked", topic=_topic(), works=works, way=way, reason=reason)
    refused = services().parked.settle_all(works, Decision(way, reason), by=current_officer())
    _tell(len(works) - len(refused), refused, way=way)
    return redirect(url_for("officer.parked", topic=_topic() or None), 303)


def parked_here(officer: Officer) -> int | None:
    """Return how much work is parked, for those who may decide about it."""
    return sum(services().parked.counts().values()) if officer.roles & OPERATING_ROLES else None


def _list(faults: Faults) -> ResponseReturnValue:
    desk = services().parked
    counts, after = desk.counts(), _number(request.args.get("after", ""))
    # Where the last of a kind is settled, everything is shown.
    topic = named if (named := _topic()) in counts else ""
    found = desk.parked(topic=topic, after=after or 0, most=PAGE_LENGTH + 1)
    rows = found[:PAGE_LENGTH]
    following = {"topic": topic or None, "after": rows[-1].message.id} if len(found) > PAGE_LENGTH else {}
    return _page(
        "parked",
        faults,
        topic=topic,
        rows=rows,
        counts=counts,
        total=counts.get(topic, 0) if topic else sum(counts.values()),
        chosen=frozenset(request.form.getlist(WORK)),
        first=url_for("officer.parked", topic=topic or None) if after else "",
        next=url_for("officer.parked", **following) if following else "",  # type: ignore[arg-type]
    )


def _one(work: ParkedWork, faults: Faults) -> ResponseReturnValue:
    return _page("parked_work", faults, work=work)


def _page(name: str, faults: Faults = NO_FAULTS, **context: object) -> ResponseReturnValue:
    words = {"topic_words": topic_words, "error_words": error_words, "ways": WAYS, "most": MOST_AT_ONCE}
    page = render_template(f"officer/{name}.html", faults=faults, typed=request.form, **words, **context)
    return page, 422 if faults else 200


def _topic() -> str:
    """Return the topic that the address or the form names; nothing where it names none."""
    return request.values.get("topic", "")


def _way() -> Way | None:
    return next((way for way in Way if way == request.form.get(WAY)), None)


def _chosen() -> tuple[ParkedWork, ...]:
    """Return what is still parked of what was chosen: single pieces, or the oldest of all that are listed."""
    desk, topic = services().parked, _topic()
    if request.form.get(EVERY):
        # Of a kind that somebody else has settled nothing is left, which does not mean all other kinds.
        return desk.parked(topic=topic, most=MOST_AT_ONCE) if not topic or topic in desk.counts() else ()
    numbers = [number for text in request.form.getlist(WORK) if (number := _number(text)) is not None]
    return desk.parked(ids=numbers, most=MOST_AT_ONCE) if numbers else ()


def _number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
    return number if number is not None and number <= LARGEST else None


def _tell(settled: int, refused: Mapping[int, DomainError], *, way: Way) -> None:
    """Say how many are settled, and which are not and why."""
    if settled:
        flash(_(DONE[way], n=settled), "ok")
    why: dict[str, list[int]] = {}
    for number, error in refused.items():
        why.setdefault(message(error), []).append(number)
    for text, numbers in why.items():
        named = _("、").join(map(str, numbers))
        flash(_("第 {numbers} 号没有改动：{why}", numbers=named, why=text), "error")
