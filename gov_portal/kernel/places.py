"""Share few places among threads, in the order in which they came."""

from collections import deque
from threading import Lock


class Places:
    """Give out a number of places; who waits longest is next, so that nobody is passed over for ever."""

    def __init__(self, count: int) -> None:
        """Begin with all places free."""
        self._free = count
        self._line: deque[Lock] = deque()
        self._lock = Lock()

    def take(self, *, patience_s: float = -1) -> bool:
        """Take a place, or wait for one; false where the patience was in vain. A negative one never ends."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            turn = Lock()
            turn.acquire()
            self._line.append(turn)
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
