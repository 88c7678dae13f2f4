"""Pages about parked work, for those who run the platform."""

from tests.acceptance.stops import Stop
from tests.factories.parked import parked_work

MANY = tuple(parked_work(number, "case.call" if number % 2 else "message.deliver") for number in range(4700, 4760))

STOPS: dict[str, Stop] = {
    "parked": Stop("/officer/parked", "operator", {"parked.works": MANY}),
    "parked one": Stop("/officer/parked/4711", "operator"),
    "nothing parked": Stop("/officer/parked", "operator", {"parked.works": ()}),
    "parked wanting": Stop("/officer/parked/4711", "operator", press="处理"),
}
