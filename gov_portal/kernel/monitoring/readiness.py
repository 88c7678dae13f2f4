"""Say whether a process can work: every dependency is asked, none for longer than the caller waits."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gov_portal.kernel.logs import describe
from gov_portal.kernel.monitoring.bounded import Bounded, Hanging

WAIT_S = 1.5
KEEP_S = 1.0
NOT_ASKED = "not-asked"
HANGING = "no-answer-in-time"

Findings = Mapping[str, str]
"""What was found of each dependency: empty where it is well, else a code that says what is not."""


class Unready(Exception):
    """Report by a code, without a secret, what is wrong with a dependency."""

    def __init__(self, reason: str) -> None:
        """Name the reason."""
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Check:
    """Ask about dependencies at once; where the first fails, nothing is known of the others."""

    names: tuple[str, ...]
    ask: Callable[[], Findings]


@dataclass(frozen=True, slots=True)
class Dependency:
    """Say how it is with one dependency."""

    name: str
    reason: str
    took_ms: int

    @property
    def is_ok(self) -> bool:
        """Tell whether it is well."""
        return not self.reason


class Readiness:
    """Ask about all dependencies, all at the same time."""

    def __init__(self, checks: Sequence[Check], *, wait_s: float = WAIT_S, keep_s: float = KEEP_S) -> None:
        """Wait at most ``wait_s`` for all together, and let answers stand for ``keep_s``."""
        self._asked = [(check, Bounded(check.ask, keep_s=keep_s)) for check in checks]
        self._wait_s = wait_s

    def look(self) -> tuple[Dependency, ...]:
        """Return how it is with each dependency now."""
        until = time.monotonic() + self._wait_s
        for _, bounded in self._asked:
            bounded.begin()
        return tuple(one for check, bounded in self._asked for one in self._found(check, bounded, until))

    def _found(self, check: Check, bounded: Bounded[Findings], until: float) -> list[Dependency]:
        try:
            answered = bounded.get(wait_s=until - time.monotonic())
        except Hanging:
            return self._failed(check, HANGING, self._wait_s)
        except Unready as fault:
            return self._failed(check, fault.reason, 0)
        except Exception as error:  # noqa: BLE001 - whatever a dependency does, the others are told of
            return self._failed(check, describe(error), 0)
        return [Dependency(name, answered.value[name], round(answered.took_s * 1000)) for name in check.names]

    def _failed(self, check: Check, reason: str, took_s: float) -> list[Dependency]:
        first, *others = check.names
        return [Dependency(first, reason, round(took_s * 1000)), *(Dependency(one, NOT_ASKED, 0) for one in others)]
