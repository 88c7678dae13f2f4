"""Write one line per event, as JSON or for a console, without anything that looks like a citizen id or a phone number.

Messages of exceptions may quote what a person typed, so only those of our own errors are written; of all others the
class, where it happened, and the database's error code.
"""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from typing import TextIO

import orjson
import psycopg
import structlog
from structlog.typing import EventDict, Processor

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.personal import PERSONAL, without_personal

REMOVED = "[removed]"

_OWN_KEYS = ("timestamp",)
_PLAIN = frozenset({bool, float, type(None)})


def configure(level: str, *, is_json: bool | None = None, stream: TextIO | None = None) -> None:
    """Set up structlog and the standard library's logging alike; call it once, at start.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
        is_json: one JSON object per line; where not said, a terminal gets readable lines and everything else JSON.
        stream: where to write, standard error by default.
    """
    target = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        render_exception,
        remove_personal_data,
    ]
    as_json = not target.isatty() if is_json is None else is_json
    last: Processor = _as_json if as_json else structlog.dev.ConsoleRenderer(colors=False)
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
            keep_exc_info=False,
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(level.upper())
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda name="": _Line(name, target),
        cache_logger_on_first_use=True,
    )


def configure_process(level: str) -> None:
    """Write everything that a process says as our lines, the warnings of Python too."""
    configure(level)
    logging.captureWarnings(True)


class _Line(structlog.WriteLogger):
    """Write our own lines past the standard library, whose records cost as much as a statement of the database."""

    def __init__(self, name: str, stream: TextIO) -> None:
        super().__init__(stream)
        self.name = name


_written = json.JSONEncoder(ensure_ascii=False, default=repr).encode


def _as_json(logger: object, method: str, event: EventDict) -> str:
    try:
        return orjson.dumps(event, default=repr).decode()
    except TypeError:  # half of a character, or a number beyond 64 bits
        return _written(event)


def remove_personal_data(logger: object, method: str, event: EventDict) -> EventDict:
    """Replace whatever looks like a citizen id or a phone number, in keys and values at any depth."""
    return {str(_cleaned(key)): value if key in _OWN_KEYS else _cleaned(value) for key, value in event.items()}


def render_exception(logger: object, method: str, event: EventDict) -> EventDict:
    """Turn ``exc_info`` into ``exception``: where it happened and what class it was."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else sys.exc_info()[1]
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        event["exception"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        event["error"] = describe(error)
    return event


def describe(error: BaseException) -> str:
    """Return class and code of an error, without a word that a person may have typed."""
    name = type(error).__name__
    if isinstance(error, DomainError):
        return f"{name} {error.code}"
    if isinstance(error, psycopg.Error):
        return " ".join(part for part in (name, error.sqlstate, error.diag.constraint_name) if part)
    original = getattr(error, "orig", None)
    return f"{name} {describe(original)}" if isinstance(original, BaseException) else name


def _cleaned(value: object) -> object:
    # What nearly all values are, before what is dearer to tell.
    if type(value) is str:
        return without_personal(value, instead=REMOVED)
    if type(value) in _PLAIN:
        return value
    match value:
        case int():
            return REMOVED if PERSONAL.fullmatch(str(value)) else value
        case Mapping():
            return {str(_cleaned(key)): _cleaned(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_cleaned(inner) for inner in value]
        case _:
            return without_personal(str(value), instead=REMOVED)
