"""Collect what is wrong with a definition, so that all faults of a file are reported at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from workflows.domain.definition import Definition, Location


@dataclass(frozen=True, slots=True)
class Finding:
    """Name one fault: where it is, what is wrong and how to mend it, one sentence each.

    Attributes:
        at: position in the source; findings sort by it.
        code: ``E…`` for an error, ``W…`` for a warning; the list is in docs/reference/language.md.
        message: what is wrong.
        remedy: how to mend it.
    """

    at: Location
    code: str
    message: str
    remedy: str

    @property
    def is_error(self) -> bool:
        """Return whether the definition cannot be published with it."""
        return self.code.startswith("E")

    def __str__(self) -> str:
        """Return the line that ``gov items lint`` prints."""
        return f"{self.at}: {self.code} {self.message} — {self.remedy}"


MOST_FINDINGS = 400
"""Nobody reads more about one file; reading stops there, so that no input takes long."""


class EnoughFindings(Exception):
    """Stop reading a file in which nearly everything is wrong."""


class Findings:
    """Gather findings, each place and code once."""

    def __init__(self, *, most: int = MOST_FINDINGS) -> None:
        """Start with none; ``most`` is how many are gathered before reading stops."""
        self._found: dict[tuple[Location, str, str], Finding] = {}
        self._most = most

    def report(self, code: str, *, at: Location, message: str, remedy: str) -> None:
        """Add one finding; the same words at the same place are kept once.

        Raises:
            EnoughFindings: there are so many that the rest is not worth reading.
        """
        self._found.setdefault((at, code, message), Finding(at, code, message, remedy))
        if len(self._found) >= self._most:
            self.stop(at)

    def stop(self, at: Location) -> NoReturn:
        """Say that reading stops here.

        Raises:
            EnoughFindings: always.
        """
        message, remedy = f"more than {self._most} things are wrong; what follows is not read", "mend these first"
        self._found.setdefault((at, "E001", message), Finding(at, "E001", message, remedy))
        raise EnoughFindings

    def sorted(self) -> tuple[Finding, ...]:
        """Return all findings in the order of the source."""
        return tuple(sorted(self._found.values(), key=lambda f: (f.at.file, f.at.line, f.at.column, f.code, f.message)))

    @property
    def has_errors(self) -> bool:
        """Return whether one of them is an error."""
        return any(finding.is_error for finding in self._found.values())


@dataclass(frozen=True, slots=True)
class LintReport:
    """Hold the findings of one file, and its definitions where no finding is an error.

    Attributes:
        definition: the definition of the file; the first one of a family.
        further: the other members of a family.
    """

    findings: tuple[Finding, ...]
    definition: Definition | None
    further: tuple[Definition, ...] = ()

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """Return every definition that the file holds, in its order."""
        return () if self.definition is None else (self.definition, *self.further)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that forbid publishing."""
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return the findings that may stand."""
        return tuple(finding for finding in self.findings if not finding.is_error)


class DefinitionInvalid(Exception):
    """Refuse to compile a file that has errors; ``findings`` holds every one of them."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep the findings and show them in the message."""
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that ``name`` was probably meant to be, or ``None``."""
    pool = sorted(set(candidates))
    folded = name.lower().replace("-", "_")
    for candidate in pool:
        if candidate.lower().replace("-", "_") == folded:
            return candidate
    matches = get_close_matches(name, pool, n=1, cutoff=0.7)
    return matches[0] if matches else None


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return a remedy: the nearest candidate, or the list to choose from."""
    pool = sorted(set(candidates))
    guess = nearest(name, pool)
    if guess is not None:
        return f"did you mean `{guess}`?"
    if not pool:
        return "none is declared here: declare it, or take it out"
    shown = ", ".join(pool[:12]) + (", …" if len(pool) > 12 else "")
    return f"choose one of: {shown}"
