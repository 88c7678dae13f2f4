"""Pages of the officer front."""

from tests.acceptance.stops import Stop, begun
from tests.factories.pages import CASE
from tests.factories.views import a_vote, an_assessment

DESK = f"/officer/cases/{CASE}"

STOPS: dict[str, Stop] = {
    "officer sign in": Stop("/officer/sign-in"),
    "officer code": Stop("/officer/sign-in/code", session=begun("officer")),
    "queue": Stop("/officer", "leader"),
    "task": Stop(f"{DESK}/tasks/accept.1", "leader"),
    "fill": Stop(f"{DESK}/tasks/assess.1", "leader", {"work_view": an_assessment()}),
    "vote": Stop(f"{DESK}/tasks/review.1.2", "leader", {"work_view": a_vote()}),
}
