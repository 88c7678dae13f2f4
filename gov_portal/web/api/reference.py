"""Show the reference of the API as a page of our own, and give the document to programs."""

import json
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import NotFound
from gov_portal.web.api.document import Document, group_of, operations, sample_of
from gov_portal.web.base.access import requires
from gov_portal.web.base.text import phrase
from identity.permissions import Permission

EXTENSION = "gov_portal.api"
blueprint = Blueprint("api_reference", __name__, template_folder="templates")

GROUPS = {
    "anyone": phrase("任何人"),
    "signed-in": phrase("登录后的任何人"),
    "citizen": phrase("申请人的程序"),
    "officer": phrase("工作人员的程序"),
    "system": phrase("部门的系统"),
}


_TAG = "api_"


@dataclass(frozen=True, slots=True)
class Member:
    """Show one value that comes in or goes out."""

    name: str
    kind: str
    is_required: bool
    place: str = ""
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Show one endpoint."""

    method: str
    path: str
    title: str
    summary: str
    roles: tuple[str, ...]
    comes_in: tuple[Member, ...]
    goes_out: tuple[Member, ...]
    media: tuple[str, ...]
    status: str
    errors: tuple[tuple[str, str], ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Part:
    """Hold the endpoints for one kind of thing, and who uses the first of them."""

    name: str
    title: str
    group: str
    endpoints: tuple[Document, ...]


def document() -> Document:
    """Return the OpenAPI document of the running app."""
    return cast(Document, current_app.extensions[EXTENSION]())


@blueprint.get("/api/v1/openapi.json")
@requires(Permission.VIEW_PUBLIC)
def openapi() -> ResponseReturnValue:
    """Give the OpenAPI document."""
    content = json.dumps(document(), ensure_ascii=False)
    return Response(content, content_type="application/json", headers={"Cache-Control": "public, max-age=300"})


@blueprint.get("/api")
@requires(Permission.VIEW_PUBLIC)
def reference() -> ResponseReturnValue:
    """List the kinds of things that there are endpoints for, by who uses them first of all."""
    groups: dict[str, list[Part]] = {name: [] for name in GROUPS}
    for part in _parts():
        groups[part.group].append(part)
    return render_template(
        "api/reference.html", groups=[(GROUPS[name], found) for name, found in groups.items() if found]
    )


@blueprint.get("/api/parts/<part>")
@requires(Permission.VIEW_PUBLIC)
def part(part: str) -> ResponseReturnValue:
    """List the endpoints for one kind of thing."""
    found = next((one for one in _parts() if one.name == part), None)
    if found is None:
        raise NotFound
    return render_template("api/part.html", part=found)


def _parts() -> list[Part]:
    titles = {tag["name"]: tag["description"] for tag in document()["tags"]}
    rows: dict[str, list[Document]] = {}
    groups: dict[str, str] = {}
    for path, method, operation in operations(document()):
        tag = operation["tags"][0]
        row = {"name": operation["operationId"], "title": operation["x-title"], "call": f"{method.upper()} {path}"}
        rows.setdefault(tag, []).append(row)
        groups.setdefault(tag, group_of(operation))
    return [Part(tag.removeprefix(_TAG), titles[tag], groups[tag], tuple(found)) for tag, found in rows.items()]


@blueprint.get("/api/endpoints/<operation>")
@requires(Permission.VIEW_PUBLIC)
def endpoint(operation: str) -> ResponseReturnValue:
    """Show one endpoint: what comes in, what goes out, what can go wrong, and a call to copy."""
    for path, method, found in operations(document()):
        if found["operationId"] == operation:
            shown = _endpoint(path, method, operation=found)
            tag = found["tags"][0]
            part = next(one for one in _parts() if one.name == tag.removeprefix(_TAG))
            return render_template("api/endpoint.html", one=shown, group=GROUPS[group_of(found)], part=part)
    raise NotFound


@blueprint.get("/api/shapes/<kind>")
@requires(Permission.VIEW_PUBLIC)
def shape(kind: str) -> ResponseReturnValue:
    """Show what one named kind of object holds."""
    schema = document()["components"]["schemas"].get(kind)
    if schema is None:
        raise NotFound
    return render_template("api/shape.html", name=kind, members_of=_members(schema, ""))


def _endpoint(path: str, method: str, *, operation: Document) -> Endpoint:
    whole = document()
    responses = operation["responses"]
    status = next(one for one in responses if str(one).startswith("2"))
    body = _body(operation)
    item = whole["paths"][path]
    parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
    answer = responses[status].get("content", {}).get("application/json", {}).get("schema", {})
    reasons = whole["components"]["responses"]
    return Endpoint(
        method=method.upper(),
        path=path,
        title=operation["x-title"],
        summary=operation.get("summary", ""),
        roles=tuple(operation["x-roles"]),
        comes_in=(*(_parameter(one) for one in parameters), *_members(body, "body")),
        goes_out=_members(answer, ""),
        media=tuple(operation["x-media"]),
        status=str(status),
        errors=tuple(
            (one, reasons[f"Problem{one}"]["description"]) for one in responses if not str(one).startswith("2")
        ),
        curl=_curl(path, method, operation=operation),
    )


def _body(operation: Document) -> Document:
    content: dict[str, Document] = operation.get("requestBody", {}).get("content", {})
    return next((cast(Document, one["schema"]) for one in content.values()), {})


def _parameter(parameter: Document) -> Member:
    kind = _kind(parameter["schema"])
    return Member(parameter["name"], kind, bool(parameter.get("required")), place=parameter["in"])


def _members(schema: Document, place: str) -> tuple[Member, ...]:
    resolved = _resolved(schema)
    required = resolved.get("required", ())
    return tuple(
        Member(name, _kind(one), name in required, place=place, shape=_shape_of(one))
        for name, one in resolved.get("properties", {}).items()
    )


def _shape_of(schema: Document) -> str:
    """Return the name of the object that a value is or holds; empty for a plain one."""
    inner = [schema, schema.get("items", {}), *schema.get("anyOf", ()), *schema.get("allOf", ())]
    return next((str(one["$ref"].rpartition("/")[2]) for one in inner if "$ref" in one), "")


def _resolved(schema: Document) -> Document:
    if "$ref" not in schema:
        return schema
    return cast(Document, document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])


def _kind(schema: Document) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_kind(schema.get('items', {}))}[]"
    kind = schema.get("format") or schema.get("type") or "any"
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


def _curl(path: str, method: str, *, operation: Document) -> str:
    lines = [f"curl -X {method.upper()} https://portal.example{path}"]
    if operation["security"]:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if operation["x-once"]:
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        lines += ["-F path=assess.report", "-F file=@report.pdf"]
    elif content:
        sample = json.dumps(sample_of(_body(operation), document()), ensure_ascii=False)
        lines += ['-H "Content-Type: application/json"', f"-d '{sample}'"]
    return " \\\n  ".join(lines)
