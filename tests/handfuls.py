"""Hand tests out to the workers by the handful: ten thousand hand-outs of one test each cost as much as many tests."""

from collections import Counter

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

MOST = 5
"""Tests of one file in a handful; more of them would leave the other workers idle at the end."""


class Handfuls(LoadGroupScheduling):
    """Hand out groups whole, and other tests some of one file at a time; the largest go first."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        self._known: dict[str, str] = {}
        self._taken: Counter[str] = Counter()

    def _split_scope(self, nodeid: str) -> str:
        """Return the group of a test, else its handful; asked for the first time in the order of the tests."""
        group = super()._split_scope(nodeid)
        if group != nodeid:
            return group
        if nodeid not in self._known:
            file = nodeid.partition("::")[0]
            self._known[nodeid] = f"{file} {self._taken[file] // MOST}"
            self._taken[file] += 1
        return self._known[nodeid]
