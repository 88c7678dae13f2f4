"""Ask something that may hang: wait so long, keep the answer for a while, never ask twice at once."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Hanging(Exception):
    """Report that no answer came in time; the question is still open."""


@dataclass(slots=True)
class _Question(Generic[T]):
    answered: Event = field(default_factory=Event)
    at: float = 0
    took_s: float = 0
    answer: list[T] = field(default_factory=list)
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """Hold an answer and how long it took."""

    value: T
    took_s: float


class Bounded(Generic[T]):
    """Ask on a thread of its own, which a hanging neighbour may keep: one at most, and it stops no process."""

    def __init__(self, ask: Callable[[], T], *, keep_s: float) -> None:
        """Ask ``ask``, and give its answer, or its error, again for ``keep_s`` seconds."""
        self._ask = ask
        self._keep_s = keep_s
        self._lock = Lock()
        self._question: _Question[T] | None = None

    def begin(self) -> None:
        """Ask, unless the last question is open or its answer still fresh."""
        with self._lock:
            last = self._question
            if last is None or (last.answered.is_set() and time.monotonic() - last.at > self._keep_s):
                self._question = _Question()
                Thread(target=self._put, args=(self._question,), name="bounded", daemon=True).start()

    def get(self, *, wait_s: float) -> Answered[T]:
        """Return the answer.

        Raises:
            Hanging: it did not come within ``wait_s``.
            Exception: whatever ``ask`` raised.
        """
        self.begin()
        question = self._question
        if question is None or not question.answered.wait(max(0.0, wait_s)):
            raise Hanging
        if question.error is not None:
            raise question.error
        return Answered(question.answer[0], question.took_s)

    def _put(self, question: _Question[T]) -> None:
        started = time.monotonic()
        try:
            question.answer.append(self._ask())
        except Exception as error:  # noqa: BLE001 - whoever asked is told, on another thread
            question.error = error
        question.at = time.monotonic()
        question.took_s = question.at - started
        question.answered.set()
