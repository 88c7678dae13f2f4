"""Run every scenario of the shipped items, and print in which form the engine ran and a digest of all that came of it.

Tests run it in processes of their own: a module is imported once, in one form.
"""

import hashlib
from pathlib import Path

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.working_days import Calendar
from workflows.domain.commands import Command
from workflows.domain.definition import Definition
from workflows.domain.state import CaseState, Context, Transition
from workflows.dsl import made_up
from workflows.dsl.lint import item_paths, lint_file
from workflows.dsl.scenarios import run_scenarios
from workflows.engine import advance, run

ITEMS = Path(__file__).parents[2] / "workflows" / "items"


class Recorder:
    """Put down what each command came to, the refused ones too."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.count = 0
        self.seen = hashlib.sha256()

    def advance(self, definition: Definition, state: CaseState, command: Command, context: Context) -> Transition:
        """Advance, and put down what came of it."""
        self.count += 1
        try:
            transition = advance(definition, state, command, context)
        except DomainError as refusal:
            self.seen.update(f"{type(refusal).__name__} {refusal}\n".encode())
            raise
        self.seen.update(f"{transition}\n".encode())
        return transition


def main() -> None:
    """Run the scenarios."""
    recorder = Recorder()
    made_up.advance = recorder.advance  # type: ignore[attr-defined]
    for path in item_paths(ITEMS):
        for definition in lint_file(path).definitions:
            run_scenarios(definition, Calendar.official())
    form = "source" if str(run.__file__).endswith(".py") else "compiled"
    print(form, recorder.count, recorder.seen.hexdigest())


if __name__ == "__main__":
    main()
