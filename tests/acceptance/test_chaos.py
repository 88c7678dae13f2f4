"""A small load comes through while nodes are killed in turn; `make chaos` does the same with thousands of cases."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.run import chaos


@pytest.mark.timeout(400)
def test_no_case_is_lost_doubled_or_torn_while_everything_dies_in_turn(make_home: Callable[[], Path]) -> None:
    assert chaos(make_home(), seed=470, cases=40, kills=4, tell=print) == []
