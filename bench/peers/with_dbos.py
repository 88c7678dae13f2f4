"""Run the case with DBOS: one durable workflow that waits for each person by ``recv``, as its documents show.

A person's step is a ``send`` to the workflow of the case. Cases are under way side by side, ten at a time,
so that none waits for a notification alone.
"""

import sys
from importlib.metadata import version

from dbos import DBOS
from protocol import FORM, serve

SIDE_BY_SIDE = 10
PATIENCE_S = 600
TASKS = ("review", "plain", "site", "finance", "issue")


@DBOS.workflow()
def case(form: dict[str, object]) -> str:
    """Carry a case from its start to its end."""
    DBOS.recv("review", PATIENCE_S)
    DBOS.recv("thorough" if int(str(form["amount"])) > 1000 else "plain", PATIENCE_S)
    # Both branches are open from here on: whichever message comes first waits in its topic for its turn.
    DBOS.recv("site", PATIENCE_S)
    DBOS.recv("finance", PATIENCE_S)
    answer = DBOS.recv("issue", PATIENCE_S)
    return "issued" if answer else "given up"


def run(count: int) -> int:
    """Take so many cases to their end and return how many were issued."""
    return sum(_run_some(min(SIDE_BY_SIDE, count - first)) for first in range(0, count, SIDE_BY_SIDE))


def _run_some(count: int) -> int:
    handles = [DBOS.start_workflow(case, FORM) for _ in range(count)]
    for name in TASKS:
        for handle in handles:
            DBOS.send(handle.workflow_id, {"ok": True, "note": "checked"}, name)
    return sum(handle.get_result() == "issued" for handle in handles)


def main(url: str) -> None:
    """Serve the benchmark."""
    DBOS(config={"name": "bench", "system_database_url": url, "log_level": "ERROR"})
    DBOS.launch()
    serve(run, versions={"dbos": version("dbos")})
    DBOS.destroy()


if __name__ == "__main__":
    main(sys.argv[1])
