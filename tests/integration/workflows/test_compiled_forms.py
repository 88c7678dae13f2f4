"""One process compiles for all; a form that was changed, or is of another language, is never believed but made anew."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.db import Database
from tests.factories.town import ITEMS
from workflows import compiling, definitions
from workflows.compiled import CompiledForms
from workflows.definitions import Definitions
from workflows.domain.definition import Definition
from workflows.domain.heading import Heading
from workflows.dsl.lint import compile_text

FILINGS = ITEMS / "filings.yaml"
MANY = 10
"""Items of that file."""


@pytest.fixture
def forms(database: Database, keys: KeyStore) -> CompiledForms:
    return CompiledForms(database, keys)


@pytest.fixture
def registry(database: Database, forms: CompiledForms) -> Definitions:
    """A registry whose published items are kept compiled."""
    registry = Definitions(database, forms=forms)
    assert len(registry.publish([FILINGS])) == MANY
    assert registry.prepare() == MANY
    return registry


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hashes that were compiled from their sources."""
    seen: list[str] = []

    def compile_kept(source: tuple[str, str, str], **given: object) -> Definition:
        seen.append(source[0])
        return compiling.compile_kept(source, directory=None)

    monkeypatch.setattr(definitions, "compile_kept", compile_kept)
    return seen


def of_sources(database: Database) -> dict[str, Definition]:
    """Return every kept definition, compiled from its source."""
    with database.driver() as driver:
        rows = driver.execute("SELECT hash, source, file FROM workflows_definitions").fetchall()
    return {digest: compile_text(text, file) for digest, text, file in rows}


@pytest.mark.usefixtures("registry")
def test_another_process_reads_all_in_their_lists_and_opens_one_without_compiling_any(
    database: Database, forms: CompiledForms, compiled: list[str]
) -> None:
    other, sources = Definitions(database, forms=forms), of_sources(database)
    headings = other.headings()
    assert {one.hash: one for one in headings} == {digest: Heading.of(one) for digest, one in sources.items()}
    assert {digest: other.by_hash(digest) for digest in sources} == sources
    assert other.prepare() == 0
    assert compiled == []


@pytest.mark.parametrize(
    "change",
    [
        "body = set_byte(body, 40, get_byte(body, 40) # 1)",
        "body = substr(body, 1, 30)",
        "body = ''",
        "body = heading",
        "body = (SELECT body FROM workflows_compiled other WHERE other.hash <> workflows_compiled.hash LIMIT 1)",
        "language = 'earlier'",
    ],
    ids=["a flipped bit", "cut", "empty", "the other part", "of another item", "another language"],
)
def test_a_form_that_is_not_what_was_kept_is_made_anew_from_the_source(
    registry: Definitions, database: Database, forms: CompiledForms, compiled: list[str], change: str
) -> None:
    digest, sources = registry.headings()[0].hash, of_sources(database)
    with database.driver() as driver:
        driver.execute(f"UPDATE workflows_compiled SET {change} WHERE hash = %s", (digest,))
    assert Definitions(database, forms=forms).by_hash(digest) == sources[digest]
    assert Definitions(database, forms=forms).by_hash(digest) == sources[digest]
    assert compiled == [digest]


FLIPPED = "set_byte({0}, 20, get_byte({0}, 20) # 1)"


@pytest.mark.parametrize(
    ("changes", "made_anew"),
    [
        (["workflows_heading_sheets SET sealed = " + FLIPPED.format("sealed")], 0),
        (["workflows_heading_sheets SET sealed = (SELECT heading FROM workflows_compiled LIMIT 1)"], 0),
        (["workflows_heading_sheets SET language = 'earlier'"], 0),
        (["workflows_compiled SET heading = " + FLIPPED.format("heading")], 0),
        (
            [
                "workflows_heading_sheets SET sealed = ''",
                "workflows_compiled SET heading = " + FLIPPED.format("heading"),
            ],
            MANY,
        ),
    ],
    ids=["the sheet", "one for the sheet", "another language", "each of them", "the sheet and each of them"],
)
@pytest.mark.usefixtures("registry")
def test_a_changed_heading_is_made_anew(
    database: Database, forms: CompiledForms, compiled: list[str], changes: list[str], made_anew: int
) -> None:
    with database.driver() as driver:
        for change in changes:
            assert driver.execute(f"UPDATE {change}").rowcount > 0
    sources = of_sources(database)
    for _ in range(2):
        headings = Definitions(database, forms=forms).headings()
        assert {one.hash: one for one in headings} == {digest: Heading.of(one) for digest, one in sources.items()}
        assert len(compiled) == made_anew


@pytest.mark.usefixtures("registry")
def test_a_sheet_that_lacks_what_was_published_since_is_written_anew(database: Database, forms: CompiledForms) -> None:
    (card,) = Definitions(database).publish([ITEMS / "disability-card.yaml"])
    assert card.hash not in forms.sheet()
    assert len(Definitions(database, forms=forms).headings()) == MANY + 1
    assert forms.sheet()[card.hash] == Heading.of(card)


@pytest.mark.usefixtures("registry")
def test_forms_of_an_installation_with_other_keys_are_not_believed(
    database: Database, compiled: list[str], tmp_path
) -> None:
    foreign = CompiledForms(database, KeyStore(database, FileKms.create(tmp_path / "foreign")))
    assert len(Definitions(database, forms=foreign).headings()) == MANY
    assert len(compiled) == MANY


def test_processes_that_compile_the_same_at_once_agree(
    database: Database, forms: CompiledForms, compiled: list[str]
) -> None:
    Definitions(database).publish([FILINGS])
    sources = of_sources(database)
    registries = [Definitions(database, forms=forms) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda one: {each.hash: each for each in one.published()}, registries))
    assert found == [sources] * 3
    assert {digest: forms.definition(digest) for digest in sources} == sources


def test_a_database_that_takes_no_writes_is_read_all_the_same(
    database: Database, keys: KeyStore, connect, compiled: list[str]
) -> None:
    Definitions(database).publish([FILINGS])
    _ = keys.platform_key
    standby = connect(f"{database.url}&options=-c%20default_transaction_read_only%3Don")
    registry = Definitions(standby, forms=CompiledForms(standby, keys))
    assert len(registry.headings()) == MANY == len(compiled)
