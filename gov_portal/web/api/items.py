"""Offer the service items, how people find them, and each one's form as a JSON Schema."""

from marshmallow import fields

from gov_portal.kernel.ids import ItemId
from gov_portal.web.api import views
from gov_portal.web.api.bodies import RegionQuery, SearchQuery
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.api.shapes import Said, listed, made
from gov_portal.web.base.item_search import items_found
from gov_portal.web.base.regions import region_here
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from identity.permissions import Permission
from workflows.domain.definition import Definition
from workflows.guides import guides
from workflows.views import ItemRow

_FACTS = (
    "name",
    "code",
    "version",
    "authority",
    "kind",
    "basis",
    "fee",
    "licence",
    "audience",
    "channels",
    "promised",
    "statutory",
    "visits",
    "ial",
)
"""What is told of the catalogue entry as it stands there."""

resource = Resource("items", title=phrase("事项"))

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

LIFE_EVENT = made("LifeEvent", id=fields.String(), name=Said(), count=fields.Integer())
LIFE_EVENTS = listed("LifeEvents", LIFE_EVENT)
ITEM_PART = made(
    "ItemPart",
    step=fields.String(),
    item=fields.String(),
    name=Said(),
    is_optional=fields.Boolean(),
    after=fields.List(fields.String()),
)
QUESTION = made("Question", question=Said(), answer=Said())
ITEM_MATERIAL = made("ItemMaterial", id=fields.String(), name=Said(), source=fields.String())
ITEM = made(
    "Item",
    item=fields.String(),
    name=Said(),
    code=fields.String(),
    version=fields.Integer(),
    region=fields.String(allow_none=True),
    regions=fields.List(fields.String()),
    authority=fields.String(),
    kind=fields.String(),
    basis=fields.List(Said()),
    fee=fields.String(),
    licence=fields.String(allow_none=True),
    audience=fields.List(fields.String()),
    channels=fields.List(fields.String()),
    promised=views.one(views.DURATION),
    statutory=views.one(views.DURATION),
    visits=fields.Integer(),
    ial=fields.Integer(),
    is_startable=fields.Boolean(),
    acting_for=fields.List(fields.String()),
    conditions=fields.List(Said()),
    materials=views.many(ITEM_MATERIAL),
    parts=views.many(ITEM_PART),
    life_events=fields.List(fields.String()),
    where=Said(),
    bring=Said(),
    questions=views.many(QUESTION),
)


@resource.endpoint(
    "GET",
    "/items",
    title=phrase("查找事项"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(query=SearchQuery, answer=views.ITEMS, is_paged=True),
)
def list_items(query: Json) -> Answer[ItemRow]:
    """List the items, or find them by what people call them, the best first; perhaps only those of a life event."""
    rows = {row.item: row for row in services().cases.items(region=region_here())}
    items = [services().cases.pinned(row.hash) for row in rows.values()]
    found = [rows[ItemId(name)] for name in items_found(query["q"], items)]
    event = query["event"]
    return page(
        [row for row in found if not event or event in guides().of(row.item).themes], query, key=lambda row: row.item
    )


@resource.endpoint(
    "GET",
    "/life-events",
    title=phrase("列出人生事件"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(query=PageQuery, answer=LIFE_EVENTS, is_paged=True),
)
def list_life_events(query: Json) -> Answer[dict[str, object]]:
    """List the events of life that items are found by, with how many items each has."""
    themes = [guides().of(row.item).themes for row in services().cases.items()]
    rows: list[dict[str, object]] = [
        {"id": one.id, "name": one.name, "count": sum(one.id in some for some in themes)} for one in guides().themes
    ]
    return page(rows, query, key=lambda row: str(row["id"]))


@resource.endpoint(
    "GET",
    "/items/<item>",
    title=phrase("查看事项"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(query=RegionQuery, answer=ITEM),
)
def show_item(query: Json, item: str) -> dict[str, object]:
    """Show the guide of an item in a region: what it asks, how long it takes, who may apply, what others have asked."""
    region = region_here(ItemId(item))
    found = services().cases.item(ItemId(item), region=region)
    facts, guide = found.facts, guides().of(item)
    return {
        "item": facts.id,
        "region": region or None,
        "regions": services().cases.regions(facts.id),
        **{name: getattr(facts, name) for name in _FACTS},
        "acting_for": sorted(facts.acting_for),
        "is_startable": found.is_startable,
        "conditions": [one.text for one in found.conditions],
        "materials": [{"id": one.id, "name": one.name, "source": one.source} for one in found.materials],
        "parts": [
            {"step": one.id, "item": one.item, "name": one.name, "is_optional": one.is_optional, "after": one.after}
            for one in found.parts
        ],
        "life_events": guide.themes,
        "where": guide.where,
        "bring": guide.bring,
        "questions": [{"question": asked, "answer": told} for asked, told in guide.questions],
    }


@resource.endpoint(
    "GET",
    "/items/<item>/schema",
    title=phrase("事项表单的 JSON Schema"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(query=RegionQuery, answer=views.JSON_SCHEMA),
)
def item_schema(query: Json, item: str) -> dict[str, object]:
    """Give the JSON Schema of an item's form in a region: every field that its pages may ask, by path."""
    return form_schema(services().cases.item(ItemId(item), region=region_here(ItemId(item))))


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
