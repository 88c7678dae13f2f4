"""Whatever an item, a licence or the sandbox's directory is called in Chinese has a name in English."""

from collections.abc import Iterator
from pathlib import Path

from gov_portal.licences.kinds import KindBook
from gov_portal.sandbox.officers import load_officers
from gov_portal.web.base.english import english
from tests.factories.cases import shipped_item
from tests.factories.phrases import HAN
from workflows.dsl.texts import texts_of

ITEMS = sorted(path.stem for path in Path("workflows/items").glob("*.yaml") if path.stem != "directory")


def missing(texts: Iterator[str]) -> set[str]:
    return {text for text in texts if HAN.search(text)} - set(english())


def test_every_text_of_the_items_has_english_words() -> None:
    assert ITEMS
    assert {name: missing(texts_of(shipped_item(name))) for name in ITEMS} == {name: set() for name in ITEMS}


def test_every_kind_of_licence_has_english_words() -> None:
    book = KindBook.default()
    texts = [kind.name for kind in book.kinds.values()]
    texts += [line.label for kind in book.kinds.values() for line in kind.lines]
    texts += [text for kind in book.kinds.values() for field in kind.fields for text in field.labels.values()]
    texts += [issuer.name for issuer in book.issuers]
    assert missing(iter(texts)) == set()


def test_every_unit_of_the_sandbox_has_english_words() -> None:
    assert missing(officer.unit_name for officer in load_officers()) == set()
