"""Pages that belong to no front: refusals, and the sandbox."""

from tests.acceptance.stops import Stop

STOPS: dict[str, Stop] = {
    "unknown page": Stop("/nope"),
    "gallery": Stop("/gallery"),
    "sandbox": Stop("/sandbox/messages"),
}
