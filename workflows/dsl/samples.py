"""Fill forms and steps of scenarios with sample values."""

from collections.abc import Iterable, Mapping
from datetime import date

from workflows.domain.definition import Definition, WaitStep
from workflows.domain.expressions import evaluate_lets, holds

MATERIALS = "materials."


class Samples:
    """Give the value of every field: what the scenario says, else the sample of its type."""

    def __init__(self, definition: Definition, given: Mapping[str, object]) -> None:
        """Keep what is given; ``None`` there means that the field stays absent."""
        self.definition = definition
        self.given = given

    def of(self, path: str) -> object:
        """Return the value of one field or material."""
        if path in self.given:
            return self.given[path]
        declared = self.definition.fields.get(path)
        return declared.type.sample() if declared else "00000000-0000-4000-8000-000000000001"

    def fill(self, paths: Iterable[str], stated: Mapping[str, object]) -> dict[str, object]:
        """Return values for fields that are filled in now; what is absent is left out."""
        values = {path: stated[path] if path in stated else self.of(path) for path in paths}
        values |= stated
        return {path: value for path, value in values.items() if value is not None}

    def message(self, step: WaitStep, stated: Mapping[str, object]) -> dict[str, object]:
        """Return what a message brings: values for the fields that it gives, and one row for what keeps it."""
        return self.fill((*step.gives, *((step.into,) if step.into else ())), stated)

    def application(self, *, today: date) -> tuple[dict[str, object], dict[str, object]]:
        """Return what account and departments give, and what the applicant fills in, as the conditions unfold."""
        prefilled: dict[str, object] = {}
        typed: dict[str, object] = {}
        for _ in range(len(self.definition.pages) + len(self.definition.prefills) + 2):
            before = len(prefilled) + len(typed)
            self._prefill(prefilled, typed, today)
            self._pages(prefilled, typed, today)
            if len(prefilled) + len(typed) == before:
                break
        return prefilled, typed

    def _prefill(self, prefilled: dict[str, object], typed: Mapping[str, object], today: date) -> None:
        values = {**prefilled, **typed}
        lets = evaluate_lets(self.definition.lets, values, today=today)
        for prefill in self.definition.prefills:
            if holds(prefill.when, values, today=today, lets=lets):
                prefilled.update(self.fill(prefill.gives, {}))

    def _pages(self, prefilled: Mapping[str, object], typed: dict[str, object], today: date) -> None:
        for page in self.definition.pages:
            for placed in page.fields:
                values = {**prefilled, **typed}
                lets = evaluate_lets(self.definition.lets, values, today=today)
                is_asked = holds(page.when, values, today=today, lets=lets) and holds(
                    placed.when, values, today=today, lets=lets
                )
                if is_asked and placed.path not in prefilled:
                    typed.update(self.fill((placed.path,), {}))
