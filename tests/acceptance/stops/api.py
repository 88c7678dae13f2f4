"""Pages of the reference for programmers."""

from tests.acceptance.stops import Stop

STOPS: dict[str, Stop] = {
    "api reference": Stop("/api"),
    "api part": Stop("/api/parts/queue"),
    "api endpoint": Stop("/api/endpoints/lease_external_task"),
    "api shape": Stop("/api/shapes/Case"),
}
