"""Pages for whoever comes when too many are there already: who reads, who sends, who sends what is not sent back."""

from tests.acceptance.stops import Stop
from tests.factories.pages import CASE

STOPS: dict[str, Stop] = {
    "waiting to read": Stop(f"/cases/{CASE}", "citizen", is_full=True),
    "waiting to send": Stop(f"/cases/{CASE}/letters", "citizen", press="发出留言", is_full=True),
    "waiting to send a secret": Stop("/sign-in", press="继续", is_full=True),
}
