"""What is written as the expanded source reads back as the same definition."""

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.effort import tried
from workflows.domain.definition import Location
from workflows.dsl.findings import Findings
from workflows.dsl.reuse.emit import emit
from workflows.dsl.scalars import resolve
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar, load

AT = Location("made.yaml", 1, 1)
LETTERS = st.text(st.sampled_from("ab 0:-_.#,[]{}'\"\\&*!|>%@`?=~<+/$、，：年字\U00020000"), min_size=1, max_size=12)
TEXTS = LETTERS.map(str.strip).filter(bool) | st.sampled_from(["yes", "017", "12:30", "null", "=", "true", "5", "0.5"])


def scalar(text: str, plain: bool) -> Scalar:
    return Scalar(text, resolve(text) if plain else text, is_plain=plain, at=AT)


def record(pairs: dict[str, Node]) -> Record:
    return Record(tuple(Entry(scalar(key, plain=False), value) for key, value in pairs.items()), AT)


SCALARS = st.builds(scalar, TEXTS, st.just(False)) | st.sampled_from(["7", "true", "1.50", "甲"]).map(
    lambda text: scalar(text, plain=True)
)
NODES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: Listing(tuple(items), AT))
        | st.dictionaries(TEXTS, inner, min_size=1, max_size=3).map(record)
    ),
    max_leaves=12,
)


@tried(80)
@given(st.dictionaries(TEXTS, NODES, min_size=1, max_size=4).map(record))
def test_any_mapping_reads_back_as_the_same(made: Record) -> None:
    findings = Findings()
    read = load(emit(made), file="read.yaml", findings=findings)
    assert findings.sorted() == ()
    assert read is not None
    assert read.meaning == made.meaning
