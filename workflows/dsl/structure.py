"""Check the flow as a whole: returns lead to earlier steps, ends are reachable, pages are used."""

from workflows.domain.definition import Facts
from workflows.dsl.shape import Reader


def check_structure(compiled: object, reader: Reader, *, facts: Facts | None) -> None:
    """Report faults of the flow's structure."""
