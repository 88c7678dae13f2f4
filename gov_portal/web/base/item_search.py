"""Find items by what people call them: names, words, life events, papers, departments, in both languages."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from gov_portal.web.base.english import english
from gov_portal.web.base.labels import department, licence_name
from gov_portal.web.base.search import Entry, entry_of, find
from workflows.domain.definition import Definition
from workflows.guides import guides


def items_found(query: str, items: Sequence[Definition]) -> list[str]:
    """Return the ids of the items that hold most of what was typed, the best first; all for an empty query."""
    return find(query, [_entry(item) for item in items], words=guides())


@lru_cache(maxsize=4096)
def _entry_of(item_hash: str, name: str, texts: tuple[tuple[int, str], ...]) -> Entry:
    return entry_of(name, texts)


def _entry(item: Definition) -> Entry:
    return _entry_of(item.hash, str(item.facts.id), tuple(_texts(item)))


def _texts(item: Definition) -> Iterator[tuple[int, str]]:
    """Yield what an item may be found by, each with its weight, in both languages."""
    guide, words = guides().of(str(item.facts.id)), english()
    names = {theme.id: theme.name for theme in guides().themes}
    weighed = [(6, item.facts.name), *((5, word) for word in guide.words)]
    weighed += [(4, names[theme]) for theme in guide.themes]
    weighed += [(3, licence_name(item.facts.licence))] if item.facts.licence else []
    weighed += [(2, material.name) for material in item.materials] + [(2, department(item.facts.authority))]
    weighed += [(1, label) for label in item.labels.values()]
    for weight, text in weighed:
        yield weight, text
        yield weight, words.get(text, "")
