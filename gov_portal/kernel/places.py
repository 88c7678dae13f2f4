"""Share few places among threads, in the order in which they came."""

from collections import deque
from collections.abc import Callable
from threading import Lock


class Places:
    """Give out a number of places; who waits longest is next, so that nobody is passed over for ever."""

    def __init__(self, count: int) -> None:
        """Begin with all places free."""
        self._free = count
        self._line: deque[Lock] = deque()
        self._lock = Lock()

    @property
    def is_any_free(self) -> bool:
        """Tell whether who asks now need not wait."""
        return self._free > 0

    def take_again(self) -> None:
        """Take a place before all who wait for their first."""
        self._wait(self._line.appendleft, patience_s=-1)

    def take(self, *, patience_s: float) -> bool:
        """Take a place, or wait for one; false where the patience was in vain."""
        return self._wait(self._line.append, patience_s=patience_s)

    def _wait(self, line_up: Callable[[Lock], None], *, patience_s: float) -> bool:
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            turn = Lock()
            turn.acquire()
            line_up(turn)
        if turn.acquire(timeout=patience_s):
            return True
        with self._lock:
            if turn in self._line:
                self._line.remove(turn)
                return False
        return True

    def give_back(self) -> None:
        """Give a place to who waits longest, or leave it free."""
        with self._lock:
            if self._line:
                self._line.popleft().release()
            else:
                self._free += 1
