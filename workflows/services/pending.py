"""Tell answers that were typed but not accepted from those that count, and one state of a page from another; pure."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

import orjson

from gov_portal.kernel.errors import Invalid
from gov_portal.kernel.types import is_blank
from workflows.domain.definition import Definition
from workflows.sealing import CaseValues, dump_value
from workflows.services.forms import MORE_PAGE
from workflows.services.inputs import is_file

_MARK_LENGTH = 16


def pending_path(page: str) -> str:
    """Return where the typed answers of a page lie among the values of a draft; no field has such a path."""
    return f"typed@{page}"


def pending_of(values: Mapping[str, object], page: str) -> dict[str, object]:
    """Return what was typed on a page and not accepted yet, by path, as the browser sent it."""
    found = values.get(pending_path(page))
    return dict(found) if isinstance(found, Mapping) else {}


def pending_paths(definition: Definition, values: Mapping[str, object]) -> list[str]:
    """Return where typed answers lie; none of them goes along when a draft is submitted."""
    pages = [*(page.id for page in definition.pages), MORE_PAGE]
    return [pending_path(page) for page in pages if pending_of(values, page)]


def differing(
    definition: Definition, values: Mapping[str, object], *, raw: Mapping[str, object], allowed: Iterable[str]
) -> dict[str, object]:
    """Return those of the typed answers that are not what was accepted already; a file that is not sent again stays."""
    known = frozenset(allowed)
    return {
        path: _plain(given)
        for path, given in raw.items()
        if path in known and not is_same(definition, path, given, accepted=values.get(path))
        if not is_file(definition, path) or _names_file(definition, path, given)
    }


def is_same(definition: Definition, path: str, given: object, *, accepted: object) -> bool:
    """Tell whether a typed answer means what was accepted before."""
    if is_blank(given):
        return accepted is None or is_file(definition, path)
    try:
        return bool(definition.fields[path].type.parse(given) == accepted)
    except Invalid:
        return False


def _names_file(definition: Definition, path: str, given: object) -> bool:
    try:
        definition.fields[path].type.parse(given)
    except Invalid:
        return False
    return True


def mark_of(values: CaseValues, definition: Definition, *, page: str, asked: Iterable[str]) -> str:
    """Return a mark of all that a page holds; it changes whenever somebody else has saved another answer."""
    accepted = {path: dump_value(definition, path, values.get(path)) for path in asked if values.get(path) is not None}
    content = orjson.dumps([accepted, pending_of(values, page)], option=orjson.OPT_SORT_KEYS)
    return sha256(content).hexdigest()[:_MARK_LENGTH]


def _plain(given: object) -> object:
    """Return a typed answer as JSON can hold it."""
    if isinstance(given, Mapping):
        return {str(part): str(value) for part, value in given.items()}
    return [str(one) for one in given] if isinstance(given, tuple | list) else str(given)
