"""Speak with the benchmark over standard input and output; a peer's script imports it from beside itself.

The script is given the address of its database, prepares itself and says so. Then every line that comes asks for so
many cases; the answer says how long they took and how many came to their end. Nothing but Python itself is needed here,
for it runs in the peer's environment.
"""

import json
import sys
import time
from collections.abc import Callable

COMMITS = 6
"""Durable commits that a case is made of: its start and five people's steps."""

FORM = {"applicant": "A1", "name": "n" * 40, "address": "x" * 80, "amount": 480}
"""What a case begins with."""


def serve(run: Callable[[int], int], *, versions: dict[str, str]) -> None:
    """Answer until the input ends; ``run`` takes so many cases to their end and returns how many arrived there."""
    _say({"ready": versions})
    for line in sys.stdin:
        began, busy = time.perf_counter(), time.process_time()
        finished = run(int(line))
        _say(
            {
                "finished": finished,
                "seconds": time.perf_counter() - began,
                "cpu_seconds": time.process_time() - busy,
            }
        )


def _say(answer: dict[str, object]) -> None:
    sys.__stdout__.write(json.dumps(answer) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]
