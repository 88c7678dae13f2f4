"""Pages of the officers' queue: filters, bulk acts, figures, cover and units."""

from datetime import date

from tests.acceptance.stops import Stop
from tests.factories.desk import JOB
from tests.factories.views import COLLEAGUE, NUMBER, a_queue_row
from workflows.domain.state import TaskKind
from workflows.views import Card

ON = "cdpf.disability-card.first|accept"
ROWS = (
    a_queue_row(remaining_working_days=-2, card=Card.RED, urged=2, urged_on=date(2026, 3, 5)),
    a_queue_row(remaining_working_days=0, card=Card.YELLOW, officer=COLLEAGUE, covers="吴江", task="accept.2"),
    a_queue_row(kind=TaskKind.OBJECTION, task="accept.3", received_on=date(2026, 3, 2)),
    a_queue_row(remaining_working_days=None, task="accept.4", is_suspended=True),
)

STOPS: dict[str, Stop] = {
    "queue with cards": Stop("/officer?all=1", "window", {"queue_rows": ROWS}),
    "queue narrowed": Stop("/officer?card=red&kind=work", "window", {"queue_rows": ROWS}),
    "queue empty": Stop("/officer?show=mine", "window", {"queue_rows": ()}),
    "case search": Stop(f"/officer/cases?number={NUMBER}", "leader"),
    "case search empty": Stop("/officer/cases?number=470101-99", "leader", {"rows": ()}),
    "cases waiting": Stop("/officer/cases?show=waiting", "window"),
    "bulk steps": Stop("/officer/bulk", "window"),
    "bulk acts": Stop(f"/officer/bulk?on={ON}", "window"),
    "bulk confirm": Stop(f"/officer/bulk?on={ON}&act=ok", "window"),
    "jobs": Stop("/officer/jobs", "window"),
    "job": Stop(f"/officer/jobs/{JOB}", "window"),
    "figures": Stop("/officer/figures", "leader"),
    "absences": Stop("/officer/absences", "leader"),
    "units": Stop("/officer/units", "window"),
}
