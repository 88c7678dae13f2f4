"""Offer the service items, and each one's form as a JSON Schema."""

from gov_portal.kernel.ids import ItemId
from gov_portal.web.api import views
from gov_portal.web.api.bodies import SearchQuery
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, page
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from identity.permissions import Permission
from workflows.domain.definition import Definition
from workflows.views import ItemRow

resource = Resource("items", title=phrase("事项"))

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


@resource.endpoint(
    "GET",
    "/items",
    title=phrase("查找事项"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(query=SearchQuery, answer=views.ITEMS, is_paged=True),
)
def list_items(query: Json) -> Answer[ItemRow]:
    """List the items that can be applied for."""
    found = [row for row in services().cases.items() if query["q"].casefold() in _(row.name).casefold()]
    return page(found, query, key=lambda row: row.item)


@resource.endpoint(
    "GET", "/items/<item>", title=phrase("查看事项"), may=Permission.VIEW_PUBLIC, shape=Shape(answer=views.ITEM)
)
def show_item(item: str) -> dict[str, object]:
    """Show what an item asks: conditions, materials, basis."""
    found = services().cases.item(ItemId(item))
    facts = found.facts
    return {
        "item": facts.id,
        "name": facts.name,
        "version": facts.version,
        "authority": facts.authority,
        "kind": facts.kind,
        "basis": facts.basis,
        "fee": facts.fee,
        "acting_for": sorted(facts.acting_for),
        "conditions": [one.text for one in found.conditions],
        "materials": [{"id": one.id, "name": one.name, "source": one.source} for one in found.materials],
    }


@resource.endpoint(
    "GET",
    "/items/<item>/schema",
    title=phrase("事项表单的 JSON Schema"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(answer=views.JSON_SCHEMA),
)
def item_schema(item: str) -> dict[str, object]:
    """Give the JSON Schema of an item's form: every field that its pages may ask, by path."""
    return form_schema(services().cases.item(ItemId(item)))


def form_schema(definition: Definition) -> dict[str, object]:
    """Return the schema of the values of an item's pages, in the forms that they are stored in."""
    asked = dict.fromkeys(one.path for page in definition.pages for one in page.fields)
    properties = {path: _property(definition, path) for path in asked if path in definition.fields}
    return {
        "$schema": _DRAFT,
        "$id": f"urn:gov-portal:item:{definition.facts.id}:{definition.facts.version}",
        "title": _(definition.facts.name),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _property(definition: Definition, path: str) -> dict[str, object]:
    return {**definition.fields[path].type.json_schema(), "title": _(definition.label(path))}
