"""A small load comes through while nodes and servers die in turn; `make chaos` does it with thousands of cases."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.plan import Form
from tests.chaos.run import chaos


@pytest.mark.timeout(300)
def test_no_case_is_lost_doubled_or_torn_while_everything_dies_in_turn(make_home: Callable[[], Path]) -> None:
    assert chaos(make_home(), Form.short(), seed=470, tell=print) == []
