"""Read what helps people find and understand items, beside their definitions: life events, words, questions."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Theme:
    """Name one life event (人生事件)."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ItemGuide:
    """Hold what is known of one item.

    Attributes:
        themes: ids of the life events that it belongs to.
        words: what people may call it or look for.
        where, bring: the counter where one applies in person, and what to bring.
        questions: what people ask, each with its answer.
    """

    themes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    where: str = ""
    bring: str = ""
    questions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Guides:
    """Hold all of it.

    Attributes:
        synonyms: pairs of what people say and what items say.
        noise: words of a question that say nothing about what is looked for.
        endings: characters that say nothing at its end.
    """

    themes: tuple[Theme, ...]
    items: Mapping[str, ItemGuide]
    synonyms: tuple[tuple[str, str], ...]
    noise: tuple[str, ...] = ()
    endings: str = ""

    def of(self, item: str) -> ItemGuide:
        """Return what is known of an item; nothing for one that the file does not name."""
        return self.items.get(item, ItemGuide())


@lru_cache(maxsize=1)
def guides() -> Guides:
    """Return what the shipped file says."""
    read = tomllib.loads(files("workflows.items").joinpath("guides.toml").read_text(encoding="utf-8"))
    items = {
        item: ItemGuide(
            themes=tuple(said["themes"]),
            words=tuple(said["words"]),
            where=said["where"],
            bring=said["bring"],
            questions=tuple((question, answer) for question, answer in said["questions"]),
        )
        for item, said in read["item"].items()
    }
    synonyms = tuple((said, meant) for said, meant in read["synonyms"])
    return Guides(
        tuple(Theme(one["id"], one["name"]) for one in read["theme"]),
        items,
        synonyms,
        tuple(read["noise"]),
        read["endings"],
    )
