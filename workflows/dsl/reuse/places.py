"""Know where expanded text came from, so that a fault in a template is told at the line that uses it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from workflows.domain.definition import Location
from workflows.dsl.findings import Finding


@dataclass(frozen=True, slots=True)
class Use:
    """Hold one use of a template or base: where it stands and what it names."""

    at: Location
    name: str


@dataclass
class Origins:
    """Give the nodes of every use a file name of their own, and lead findings back to the line of the use."""

    _uses: dict[str, Use] = field(default_factory=dict)

    def mark(self, use: Use) -> str:
        """Return the file name that stands for the template's text in this use."""
        name = f"{use.name} used at {use.at}"
        self._uses[name] = use
        return name

    def relocate(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return the findings at the lines of the item, each fault of a template once, in order."""
        moved = {self._relocated(finding): None for finding in findings}
        return tuple(sorted(moved, key=lambda f: (f.at.file, f.at.line, f.at.column, f.code, f.message)))

    def _relocated(self, finding: Finding) -> Finding:
        use = self._uses.get(finding.at.file)
        if use is None:
            return finding
        message = f"{finding.message} ({use.name}, line {finding.at.line})"
        at = use.at
        while at.file in self._uses:
            at = self._uses[at.file].at
        return Finding(at, finding.code, message, finding.remedy)
