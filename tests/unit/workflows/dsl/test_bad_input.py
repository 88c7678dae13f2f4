"""Whatever bytes stand in an item file, a located error comes out in under a second, and nothing is ever executed."""

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests.factories.effort import tried
from workflows.dsl.events import Event, NotYaml, events_of, explained
from workflows.dsl.lint import LintReport, lint_file, lint_text

ITEMS = Path(__file__).resolve().parents[4] / "workflows" / "items"
ITEM = (ITEMS / "disability-card.yaml").read_text(encoding="utf-8")
QUICK = tried(25)
LONG = 195_000


def repeated(text: str) -> str:
    return text * (LONG // len(text))


def widened(find: str, more: str, count: int) -> Callable[[], str]:
    """Return the item with a part of it many times over."""
    return lambda: ITEM.replace(find, find + "".join(more.replace("#", str(number)) for number in range(count)))


WORST: dict[str, Callable[[], str]] = {
    "brackets that open": lambda: "gov: " + repeated("["),
    "braces that open": lambda: "gov: " + repeated("{a: "),
    "brackets, all closed": lambda: "gov: " + "[" * 90_000 + "]" * 90_000,
    "ever deeper blocks": lambda: "\n".join(" " * depth + "a:" for depth in range(600)),
    "a billion laughs": lambda: "a: &a [x, x]\n" + "".join(f"k{n}: &k{n} [*a, *a]\n" for n in range(4000)),
    "one key many times": lambda: repeated("a: 1\n"),
    "many keys": lambda: "\n".join(f"key{number}: 1" for number in range(15_000)),
    "dashes": lambda: repeated("- "),
    "question marks": lambda: repeated("? "),
    "commas": lambda: "a: [" + repeated("x,") + "]",
    "documents": lambda: repeated("---\n"),
    "directives": lambda: repeated("%YAML 1.1\n"),
    "tags": lambda: "a: " + repeated("!!python/object/apply:os.system "),
    "tabs": lambda: repeated("\t"),
    "NUL": lambda: repeated("\x00"),
    "half characters": lambda: repeated("\ud800"),
    "unseen line breaks": lambda: repeated("\u2028"),
    "a quote that stays open": lambda: 'a: "' + repeated("x\n"),
    "one long line": lambda: "a: " + repeated("x"),
    "one long expression": lambda: "gov: 1\nlet: {x: '" + repeated("not ") + "true'}",
    "many parentheses": lambda: "gov: 1\nlet: {x: '" + repeated("(") + "'}",
    "the item many times": lambda: ITEM * 11,
    "the item with a bracket at its end": lambda: ITEM + "\n  ]",
    "labels for nothing": widened("labels:\n", "  a.b#: x\n", 4000),
    "steps without end": widened("  review:\n", "  - s#: {by: checker, limit: 1wd, act: {ok: {label: x}}}\n", 700),
    "fields without end": widened("data:\n", "  g#: {a: text(4), b: int, c: date}\n", 800),
    "one enum of thousands": widened('grade: "enum(', "m#,", 12_000),
    "rows without end": widened("rows: [", "[0, not_graded], ", 1500),
    "outcomes that look alike": widened("outcomes: ", "\n  l#: {closing: 办结}", 1200),
}


def located(report: LintReport, lines: int) -> None:
    assert report.definition is None
    assert report.errors
    assert all(1 <= finding.at.line <= lines + 1 and finding.at.column >= 1 for finding in report.findings)
    assert all(finding.message and finding.remedy for finding in report.findings)


def soon(lint: Callable[[], LintReport]) -> LintReport:
    """Return the report; what other tests left behind is not looked through meanwhile: only the linter is timed."""
    gc.disable()
    began = time.process_time()
    try:
        report = lint()
    finally:
        taken = time.process_time() - began
        gc.enable()
    assert taken < 1
    return report


@pytest.mark.parametrize("name", WORST)
def test_the_worst_that_we_know_is_an_error_in_under_a_second(name: str) -> None:
    text = WORST[name]()
    report = soon(lambda: lint_text(text, "item.yaml"))
    located(report, text.count("\n") + 1)


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00g", b"gov: \xc3\x28", b"\x00" * 10_000_000, b"gov: 1\n" * 1_500_000],
    ids=["UTF-16", "no UTF-8", "zeros", "lines"],
)
def test_a_file_of_any_bytes_and_size_is_an_error_in_under_a_second(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "item.yaml"
    path.write_bytes(content)
    report = soon(lambda: lint_file(path))
    located(report, content.count(b"\n") + 1)


@QUICK
@given(content=st.binary(max_size=300))
@example(content=b"")
@example(content=b"\xef\xbb\xbfgov: 1")
@example(content=b"? [a, b]\n: c")
@example(content=b"- - - - ?")
@example(content=b"a: !!python/object/new:os.system [id]")
def test_any_bytes_are_a_located_error(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "item.yaml"
    path.write_bytes(content)
    located(lint_file(path), content.count(b"\n") + 1)


@QUICK
@given(st.integers(0, len(ITEM) - 1), st.binary(min_size=1, max_size=4), st.integers(0, 6))
def test_an_item_with_other_bytes_somewhere_never_stops_the_linter(at: int, other: bytes, cut: int) -> None:
    text = ITEM[:at] + other.decode("utf-8", errors="surrogateescape") + ITEM[at + cut :]
    report = lint_text(text, "item.yaml")
    assert (report.definition is None) == bool(report.errors)


@QUICK
@given(st.integers(0, ITEM.count("\n")), st.text("ab:-,[]{}'\"#&*!|>?% \n", max_size=12))
def test_both_parsers_read_what_is_sound_alike(number: int, other: str) -> None:
    lines = ITEM.split("\n")[:20]
    text = "\n".join([*lines[: number % 20], other, *lines[number % 20 :]])
    try:
        assert said(events_of(text)) == said(explained(text))
    except NotYaml:
        return


def said(events: Iterator[Event]) -> list[tuple[object, ...]]:
    """Return what each event says, and where it begins unless it is nothing: an end, or a value that is not there."""
    shown = [(event, event.kind != "end" and (event.kind != "scalar" or event.text)) for event in events]
    return [(event.kind, event.text, *((event.line, event.column) if placed else ())) for event, placed in shown]


def test_nothing_in_a_file_is_ever_made_into_an_object() -> None:
    text = "gov: !!python/object/apply:builtins.exec ['raise SystemExit']\n"
    assert {finding.code for finding in lint_text(text, "item.yaml").errors} >= {"E002"}
    assert all(isinstance(event, yaml.events.Event) for event in yaml.parse(text, Loader=yaml.CSafeLoader))
