"""Any text is an expression or a fault with its place; none reaches an attribute, an import or an endless loop."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.effort import tried
from tests.factories.fuzzing import try_expression

WORDS = """
a.name a.born a.level a.kind a.sure a.fee a.size a.home a.tags b b.name b.note young province today true false
and or not in == != < <= > >= + - * / ** % ( ) [ ] , . : ' " '2026-02-30' 'x' 0 1 3 -7 0.5 1e9 99999999999999999
years( days( months( len( sum( min( max( any( all( has( default( ratio( round( half_up x y z p q
lambda if else for is None True __class__ __import__( .__globals__ eval( getattr( f'{a.name}' := @ ~ # ; 张三 а ａ
"""
PIECES = (*WORDS.split(), "\u202e", "\x00", "\n", "\t", "\\")


@tried(80)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_pieces_of_the_language_and_of_python_in_any_order(text: str) -> None:
    try_expression(text)


@tried(60)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    try_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "().__class__.__bases__[0].__subclasses__()",
        "__import__('os').system('true')",
        "a.name.__class__.__mro__",
        "[x for x in a.tags]",
        "(lambda: a.sure)()",
        "9**9**9**9",
        "'x' * 999999999",
        "a.level " + "* 999999999999999 " * 60,
        "(" * 2000 + "a.sure" + ")" * 2000,
        "not " * 5000 + "a.sure",
        "-" * 5000 + "1",
        "a.sure or " * 5000 + "a.sure",
        "sum(" * 90 + "1" + ")" * 90,
        "a." * 3000 + "b",
        "'" + "x" * 100_000 + "' == a.name",
    ],
    ids=lambda text: text[:24],
)
def test_what_breaks_out_of_other_sandboxes_is_answered_at_once(text: str) -> None:
    start = time.monotonic()
    try_expression(text)
    assert time.monotonic() - start < 1
