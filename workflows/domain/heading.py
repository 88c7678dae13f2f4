"""Define what stands of an item in lists, so that nobody opens hundreds of definitions to choose among them."""

from dataclasses import dataclass

from workflows.domain.definition import FROM_ANOTHER_CASE, Definition, Facts, WaitStep
from workflows.domain.subject import Start


@dataclass(frozen=True, slots=True)
class Heading:
    """Hold the head of one definition.

    Attributes:
        hash: of the definition.
        facts: its catalogue entry.
        start: what its cases begin with.
        needs_case: only a case that another one led to, such as an appeal, has the data that it is given.
        messages: name and sending department of every message that its cases wait for.
    """

    hash: str
    facts: Facts
    start: Start
    needs_case: bool
    messages: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, definition: Definition) -> "Heading":
        """Return the head of a definition."""
        waits = (step for step in definition.steps.values() if isinstance(step, WaitStep) and step.message is not None)
        return cls(
            definition.hash,
            definition.facts,
            definition.start,
            any(prefill.source == FROM_ANOTHER_CASE for prefill in definition.prefills),
            tuple((str(step.message), step.sender) for step in waits),
        )
