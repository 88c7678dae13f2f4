"""Run the case with SpiffWorkflow, its state as JSON in one row of PostgreSQL, as its example application keeps it.

The definition is stored apart from the instances and parsed once (the example's serializers do so too); a step reads
and locks the row, restores the instance, completes the task, runs what follows by itself and writes the row back. There
is no table of tasks and no log of events.
"""

import sys
from importlib.metadata import version
from pathlib import Path

import psycopg
from protocol import FORM, serve
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import DEFAULT_CONFIG, BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.process_spec import BpmnProcessSpecConverter
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

TASKS = ("review", "plain", "site", "finance", "issue")
# Not jsonb, which forgets the order of keys, and with it parents come after children.
SCHEMA = """DROP TABLE IF EXISTS instances;
CREATE TABLE instances (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state json NOT NULL)"""


def _definition() -> BpmnProcessSpec:
    parser = BpmnParser()
    parser.add_bpmn_file(str(Path(__file__).parent / "six-steps.bpmn"))
    return parser.get_spec("six_steps")


SPEC = _definition()


class SpecByName(BpmnProcessSpecConverter):
    """Keep the definition out of every instance: its name stands for it."""

    def to_dict(self, spec: BpmnProcessSpec) -> dict[str, object]:
        """Return the name."""
        return {"name": spec.name}

    def from_dict(self, dct: dict[str, object]) -> BpmnProcessSpec:
        """Return the definition of this process."""
        return SPEC


class Engine:
    """Start cases and complete tasks, each in one transaction."""

    def __init__(self, url: str) -> None:
        """Connect and make the table."""
        self._connection = psycopg.connect(url)
        with self._connection.transaction():
            self._connection.execute(SCHEMA)
        registry = BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, BpmnProcessSpec: SpecByName})
        self._serializer = BpmnWorkflowSerializer(registry)

    def start(self) -> int:
        """Store a new case and return its id."""
        workflow = BpmnWorkflow(SPEC)
        workflow.get_next_task(spec_name="start").data.update(FORM)
        workflow.do_engine_steps()
        with self._connection.transaction():
            sql = "INSERT INTO instances (state) VALUES (%s) RETURNING id"
            row = self._connection.execute(sql, (self._serializer.serialize_json(workflow),)).fetchone()
        assert row is not None
        return int(row[0])

    def complete(self, case: int, name: str) -> bool:
        """Complete one task; return whether the case has come to its end."""
        with self._connection.transaction():
            sql = "SELECT state FROM instances WHERE id = %s FOR UPDATE"
            row = self._connection.execute(sql, (case,)).fetchone()
            assert row is not None
            state = row[0]
            self._serializer.migrate(state)
            workflow = self._serializer.from_dict(state)
            task = workflow.get_next_task(manual=True, spec_name=name)
            task.data[name] = {"ok": True, "note": "checked"}
            task.run()
            workflow.do_engine_steps()
            changed = self._serializer.serialize_json(workflow)
            self._connection.execute("UPDATE instances SET state = %s WHERE id = %s", (changed, case))
        return workflow.completed


def main(url: str) -> None:
    """Serve the benchmark."""
    engine = Engine(url)

    def run(count: int) -> int:
        cases = [engine.start() for _ in range(count)]
        for name in TASKS[:-1]:
            for case in cases:
                engine.complete(case, name)
        return sum(engine.complete(case, TASKS[-1]) for case in cases)

    serve(run, versions={"SpiffWorkflow": version("SpiffWorkflow")})


if __name__ == "__main__":
    main(sys.argv[1])
