"""Complete the OpenAPI document: what holds for every endpoint is said here, once."""

from collections.abc import Iterable, Iterator
from typing import Any

from gov_portal.web.api.once import HEADER, LONGEST, REPLAYED

Document = dict[str, Any]
PROBLEM_TYPE = "application/problem+json"
_OF_SYSTEMS = frozenset({"api_external", "api_webhooks"})
WRITES = frozenset({"post", "put", "patch", "delete"})
_METHODS = ("get", "post", "put", "patch", "delete")
_REASONS = {
    "400": "The request is malformed",
    "401": "No credentials, or they open nothing",
    "403": "The caller may not do this",
    "404": "There is no such thing, or the caller may not know of it",
    "406": "The answer cannot be given in the format that is asked for",
    "409": "The thing has changed, or the same request is under way",
    "413": "The body is too large",
    "415": "The body has a media type that is not taken",
    "422": "Values are not acceptable; each is named",
    "424": "A department's system does not answer",
    "429": "Too many requests",
}
_TEXT = {"type": "string"}
PROBLEM: Document = {
    "type": "object",
    "description": "Problem details (RFC 9457); texts in the language of Accept-Language, zh or en",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "code": {**_TEXT, "description": "Stable, for programs"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "pointer", "code", "message"],
                "properties": {"field": _TEXT, "pointer": _TEXT, "code": _TEXT, "message": _TEXT},
            },
        },
    },
}
_KEY_PARAMETER: Document = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Repeat the request with the same key and it is carried out once; kept for 24 hours",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
}
_HEADERS: Document = {
    "RateLimit": {"description": "Requests that may follow, and seconds until all may", "schema": _TEXT},
    "RateLimit-Policy": {"description": "Requests allowed in so many seconds", "schema": _TEXT},
}
INTRODUCTION = (
    "All that the pages do, for programs. Send `Authorization: Bearer` with the token of a session or the key of a "
    "department's system; cookies open nothing here. Errors are problem details (RFC 9457)."
)


def complete(document: Document) -> Document:
    """Return the document with security, errors, headers, files and paging of every endpoint."""
    document["info"]["description"] = INTRODUCTION
    document["servers"] = [{"url": "/"}]
    components = document.setdefault("components", {})
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    components["schemas"]["Problem"] = PROBLEM
    components["responses"] = {f"Problem{status}": _problem(text) for status, text in _REASONS.items()}
    for _path, _method, operation in operations(document):
        operation["description"] = operation.get("description", operation.get("summary", ""))
    for path, method, operation in operations(document):
        _complete(operation, path=path, method=method)
    _describe_parameters(document)
    return document


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield every operation with its address and method."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def _problem(text: str) -> Document:
    return {
        "description": text,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _complete(operation: Document, *, path: str, method: str) -> None:
    responses = operation["responses"]
    for status in [one for one in responses if not str(one).startswith("2")]:
        del responses[status]
    for success in responses.values():
        _complete_success(success, operation)
    for status in _errors(operation, path=path, method=method):
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}
    if operation["x-once"]:
        operation.setdefault("parameters", []).append(_KEY_PARAMETER)


def _complete_success(success: Document, operation: Document) -> None:
    headers = success.setdefault("headers", {})
    headers.update(_HEADERS)
    if operation["x-paged"]:
        headers["Link"] = {"description": 'Address of the next page, with rel="next"', "schema": _TEXT}
    if operation["x-once"]:
        headers[REPLAYED] = {"description": "true where the answer is that of an earlier request", "schema": _TEXT}
    if operation["x-media"]:
        binary = {"schema": {"type": "string", "format": "binary"}}
        success["content"] = dict.fromkeys(operation["x-media"], binary)


def _errors(operation: Document, *, path: str, method: str) -> Iterable[str]:
    found = {"401", "406", "429"}
    if "{" in path or method in WRITES:
        found |= {"404"}
    if operation["security"]:
        found |= {"403"}
    if "{case}" in path or path.endswith("/sd-jwt"):
        found |= {"409"}
    if method in WRITES:
        found |= {"403", "409", "422", "424"}
    if "requestBody" in operation:
        found |= {"400", "413", "415"}
    if operation["x-once"]:
        found |= {"400"}
    if "{visit}" in path and "{case}" in path:
        # Whoever stands at the counter may not have agreed yet.
        found |= {"422"}
    if any(one.get("in") == "query" for one in operation.get("parameters", ())):
        found |= {"422"}
    return sorted(found)


def _describe_parameters(document: Document) -> None:
    """Say of each part of an address that it must not be empty, and cannot hold a slash."""
    for item in document["paths"].values():
        for parameter in item.get("parameters", ()):
            schema = parameter["schema"]
            if schema.get("type") == "string" and "format" not in schema:
                schema |= {"minLength": 1, "pattern": r"^[^/]+$"}


def group_of(operation: Document) -> str:
    """Return who uses an endpoint first of all: ``anyone``, ``citizen``, ``officer``, ``signed-in`` or ``system``."""
    callers = operation["x-callers"]
    if operation["tags"][0] in _OF_SYSTEMS:
        return "system"
    if "anonymous" in callers:
        return "anyone"
    return callers[0] if len(callers) == 1 else "signed-in"


def sample_of(schema: Document, document: Document) -> Any:  # noqa: ANN401 - JSON is anything
    """Return a made-up value of a schema, for the example of a call."""
    if "$ref" in schema:
        return sample_of(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    if "default" in schema:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    first = next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind
    if first == "object":
        return {name: sample_of(one, document) for name, one in schema.get("properties", {}).items()}
    if first == "array":
        return [sample_of(schema.get("items", {}), document)]
    if schema.get("format") == "uuid":
        return "00000000-0000-4000-8000-000000000000"
    return {"boolean": False, "integer": schema.get("minimum", 1), "string": "…"}.get(str(first), "…")
