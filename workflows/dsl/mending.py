"""Mend what is mechanical: names with one likely spelling, signs that do not belong, scalars that need quotes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workflows.dsl.findings import Finding

MOST_ROUNDS = 50

_GUESS = re.compile(r"^did you mean `([^`]+)`\?$")
_NAME = re.compile(r"`([^`]+)`")
_TRUTHS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


@dataclass(frozen=True, slots=True)
class Mended:
    """Hold a text after mending, and the findings that are gone by it."""

    text: str
    mended: tuple[Finding, ...]


def mend(text: str, lint: Callable[[str], tuple[Finding, ...]]) -> Mended:
    """Return the text with every mechanical fault mended; an edit is kept only where errors become fewer by it."""
    done: list[Finding] = []
    findings = lint(text)
    for _ in range(MOST_ROUNDS):
        step = _one(text, findings, lint)
        if step is None:
            break
        text, findings, finding = step
        done.append(finding)
    return Mended(text, tuple(done))


def _one(
    text: str, findings: tuple[Finding, ...], lint: Callable[[str], tuple[Finding, ...]]
) -> tuple[str, tuple[Finding, ...], Finding] | None:
    before = sum(finding.is_error for finding in findings)
    for finding in findings:
        for attempt in _attempts(text, finding):
            after = lint(attempt)
            if sum(one.is_error for one in after) < before:
                return attempt, after, finding
    return None


def _attempts(text: str, finding: Finding) -> Iterator[str]:
    """Yield texts in which the finding may be mended, the likeliest first."""
    lines = text.split("\n")
    number, column = finding.at.line - 1, finding.at.column - 1
    if number >= len(lines):
        return
    line = lines[number]
    for old, new in _edits(finding, line, column):
        if line.startswith(old, column):
            lines[number] = line[:column] + new + line[column + len(old) :]
            yield "\n".join(lines)


def _edits(finding: Finding, line: str, column: int) -> Iterator[tuple[str, str]]:
    named = _NAME.search(finding.message)
    guess = _GUESS.match(finding.remedy)
    if finding.code == "E003" and named is not None:
        scalar = named[1]
        if scalar.lower() in _TRUTHS:
            yield scalar, _TRUTHS[scalar.lower()]
        if scalar.lower() in ("true", "false"):
            yield scalar, scalar.lower()
        if "_" in scalar and scalar.replace("_", "").isdigit():
            yield scalar, scalar.replace("_", "")
        yield scalar, f'"{scalar}"'
    elif finding.code == "E004":
        sign = line[column : column + 1]
        is_indent = sign == "\t" and not line[:column].strip()
        yield sign, "  " if is_indent else " " if sign.isspace() else ""
    elif guess is not None:
        for name in _NAME.findall(finding.message):
            yield name, guess[1]
