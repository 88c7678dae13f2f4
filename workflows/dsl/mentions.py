"""Find where items cite a law, read a resource or hold a field, before one of these changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workflows.domain.definition import Definition
from workflows.dsl.outline import outline

_UNSOUGHT = frozenset({"label"})


@dataclass(frozen=True, slots=True)
class Mention:
    """Name one place of an item that mentions what was asked for."""

    item: str
    version: int
    section: str
    name: str
    attribute: str
    text: str

    def __str__(self) -> str:
        """Return the line that ``gov items uses`` prints."""
        place = f"{self.section} {self.name}".strip()
        return f"{self.item} {self.version}  {place}: {self.attribute} {self.text}".rstrip()


def mentions(definition: Definition, word: str) -> Iterator[Mention]:
    """Yield every place that names ``word``: an article, a resource, a field or one of its group, a role, a licence.

    ``word`` stands for itself as a whole: ``applicant.name`` does not find ``applicant.name_en``; an article is found
    by its law too.
    """
    sought = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w-]|\.\w)" if word.isascii() else re.escape(word))
    facts = definition.facts
    for section, entries in outline(definition).items():
        if section in _UNSOUGHT:
            continue
        for name, attributes in entries.items():
            if sought.search(name):
                yield Mention(facts.id, facts.version, section, name, "", "")
                continue
            for attribute, text in attributes.items():
                if sought.search(text):
                    yield Mention(facts.id, facts.version, section, name, attribute, text)
