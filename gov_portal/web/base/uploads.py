"""Take uploaded files out of a request and keep them before the form is judged, so that none is sent twice."""

from collections.abc import Callable, Iterable
from functools import partial

from flask import request

from gov_portal.kernel.ids import FileId
from gov_portal.web.base.forms import Fault, Faults, attempt

Keep = Callable[[str, bytes, str], FileId]
"""Stores the content of one path with the media type that the browser claims."""


def stored_name(path: str) -> str:
    """Return the name of the hidden input that carries a file stored by an earlier try."""
    return f"{path}.stored"


def take(paths: Iterable[str], *, keep: Keep) -> tuple[dict[str, object], Faults]:
    """Store what was uploaded; return the file ids by path, and what is wrong with the others.

    A path without an upload keeps the file of an earlier try; the service checks whose it is.
    """
    found: dict[str, object] = {}
    faults: list[Fault] = []
    for path in paths:
        part = request.files.get(path)
        if part is None or not part.filename:
            found[path] = request.form.get(stored_name(path), "")
            continue
        content, claimed = part.read(), part.mimetype
        kept = attempt(partial(keep, path, content, claimed))
        if isinstance(kept, Faults):
            faults += [Fault(path, fault.message) for fault in kept.items]
        else:
            found[path] = str(kept)
    return found, Faults(tuple(faults))
