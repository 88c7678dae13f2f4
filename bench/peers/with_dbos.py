"""Run the case with DBOS: one durable workflow that waits for each person by ``recv``, as its documents show.

A person's step is a ``send`` to the workflow of the case. Cases are under way side by side, ten at a time and each
person in a thread, so that none waits for a notification or a commit alone.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version

from dbos import DBOS, WorkflowHandle
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
    with ThreadPoolExecutor(SIDE_BY_SIDE) as people:
        return sum(_run_some(min(SIDE_BY_SIDE, count - first), people) for first in range(0, count, SIDE_BY_SIDE))


def _run_some(count: int, people: ThreadPoolExecutor) -> int:
    handles = list(people.map(lambda _: DBOS.start_workflow(case, FORM), range(count)))
    for name in TASKS:
        list(people.map(partial(_act, name), handles))
    return sum(handle.get_result() == "issued" for handle in handles)


def _act(name: str, handle: WorkflowHandle[str]) -> None:
    DBOS.send(handle.workflow_id, {"ok": True, "note": "checked"}, name)


def main(url: str) -> None:
    """Serve the benchmark."""
    DBOS(config={"name": "bench", "system_database_url": url, "log_level": "ERROR"})
    DBOS.launch()
    serve(run, versions={"dbos": version("dbos")})
    DBOS.destroy()


if __name__ == "__main__":
    main(sys.argv[1])
