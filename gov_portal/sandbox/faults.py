"""Switch a department off, slow it down or let it lie, while it runs; it reads the switch at every request."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

FILE_NAME = "faults.json"


class Down(StrEnum):
    """Name the ways of being down: the connection is closed, or the answer is 503."""

    CLOSED = "closed"
    BUSY = "busy"


class AnswerFault(StrEnum):
    """Name what a department answers instead of the truth.

    ``absent`` and ``mismatch`` are answers of the agreed form, ``garbage`` is no JSON, ``poison`` is JSON that breaks
    the agreed schema.
    """

    ABSENT = "absent"
    MISMATCH = "mismatch"
    GARBAGE = "garbage"
    POISON = "poison"


@dataclass(frozen=True, slots=True)
class Faults:
    """Hold the switches of one department; ``latency_ms`` is added to every request."""

    down: Down | None = None
    latency_ms: int = 0
    answer: AnswerFault | None = None


def read_faults(folder: Path) -> Faults:
    """Return the switches of the department whose store is ``folder``; none set where there is no file."""
    try:
        content = json.loads((folder / FILE_NAME).read_text("utf-8"))
    except FileNotFoundError:
        return Faults()
    return Faults(
        down=Down(content["down"]) if content["down"] else None,
        latency_ms=content["latency_ms"],
        answer=AnswerFault(content["answer"]) if content["answer"] else None,
    )


def write_faults(folder: Path, faults: Faults) -> None:
    """Set the switches; they hold from the next request on."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{FILE_NAME}.{uuid4().hex}"
    draft.write_text(json.dumps(asdict(faults)), "utf-8")
    draft.replace(folder / FILE_NAME)
