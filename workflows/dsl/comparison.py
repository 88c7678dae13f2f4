"""Compare two versions of an item by meaning: what was added, removed or changed, section by section."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.domain.definition import Definition
from workflows.dsl.outline import Outline, outline

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_MARKS = {ADDED: "+", REMOVED: "-", CHANGED: "~"}


@dataclass(frozen=True, slots=True)
class Change:
    """Hold one difference; ``attribute`` is empty where the whole entry came or went.

    Attributes:
        section: ``item field let prefill page material role condition outcome anytime step act table label`` …
        name: entry of the section, such as the id of a step.
        before, after: what it says; empty where it says nothing.
    """

    section: str
    name: str
    what: str
    attribute: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """Return the line that ``gov items diff`` prints."""
        head = f"{_MARKS[self.what]} {self.section}{f' {self.name}' if self.name else ''}"
        if not self.attribute:
            return f"{head}{f': {self.after or self.before}' if self.after or self.before else ''}"
        return f"{head}: {self.attribute} {self.before or '(nothing)'} → {self.after or '(nothing)'}"


def compare(old: Definition, new: Definition) -> tuple[Change, ...]:
    """Return every difference in meaning; the order of keys, comments and layout are none."""
    return tuple(_changes(outline(old), outline(new)))


def _changes(old: Outline, new: Outline) -> Iterator[Change]:
    for section in {**new, **old}:
        before, after = old.get(section, {}), new.get(section, {})
        for name in {**after, **before}:
            if name not in after:
                yield Change(section, name, REMOVED, before=_summary(before[name]))
            elif name not in before:
                yield Change(section, name, ADDED, after=_summary(after[name]))
            else:
                was, now = before[name], after[name]
                for key in {**now, **was}:
                    if was.get(key) != now.get(key):
                        yield Change(section, name, CHANGED, key, was.get(key, ""), now.get(key, ""))


def _summary(attributes: object) -> str:
    assert isinstance(attributes, dict)  # noqa: S101 - built by ``outline``
    return ", ".join(f"{key} {text}" for key, text in attributes.items() if text)
