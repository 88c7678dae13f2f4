"""Stop calling a department that does not answer, and try it again after a while (熔断)."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from gov_portal.exchange.domain import SystemId


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    retry_at: float = 0.0


class Breaker:
    """Count failures per system in this process; safe for threads.

    After ``threshold`` failures in a row calls are held back for ``pause_s`` seconds; then one call may try, and its
    outcome opens or closes the way again.
    """

    def __init__(
        self, *, threshold: int = 5, pause_s: float = 10.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Start with every way open; ``monotonic`` tells seconds."""
        self._threshold = threshold
        self._pause_s = pause_s
        self._monotonic = monotonic
        self._circuits: dict[SystemId, _Circuit] = {}
        self._lock = threading.Lock()

    def may_call(self, system: SystemId) -> bool:
        """Tell whether a call may go out now; a ``True`` after a pause is given to one caller only."""
        with self._lock:
            circuit = self._circuits.get(system)
            if circuit is None or circuit.failures < self._threshold:
                return True
            now = self._monotonic()
            if now < circuit.retry_at:
                return False
            circuit.retry_at = now + self._pause_s
            return True

    def held_back(self) -> frozenset[SystemId]:
        """Return the systems that have failed so often in a row that their calls are held back."""
        with self._lock:
            return frozenset(one for one, circuit in self._circuits.items() if circuit.failures >= self._threshold)

    def succeeded(self, system: SystemId) -> None:
        """Note an answer: the way is open."""
        with self._lock:
            self._circuits.pop(system, None)

    def failed(self, system: SystemId) -> None:
        """Note a failure."""
        with self._lock:
            circuit = self._circuits.setdefault(system, _Circuit())
            circuit.failures += 1
            circuit.retry_at = self._monotonic() + self._pause_s
