"""Draft, publish and roll back versions of service items, compare them, and find what mentions a law or a resource."""

from collections.abc import Callable

from marshmallow import Schema, fields, validate

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import ItemId
from gov_portal.web.api import bodies
from gov_portal.web.api.desk_bodies import moment
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.api.shapes import answer, listed, made
from gov_portal.web.api.views import many
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.domain.definition import Definition
from workflows.dsl.comparison import Change
from workflows.dsl.mentions import Mention
from workflows.services.versions import KeptSource, VersionView

resource = Resource("versions", title=phrase("事项版本"))

LONGEST_SOURCE = 200_000
_FILE = validate.Regexp(r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$")
_DRAFT, _HOLDS = "draft", "holds"

VERSION = answer(
    "Version",
    VersionView,
    "hash item version state region drafted_by drafted_at effective_at released_by withdrawn_by",
)
VERSIONS = listed("Versions", VERSION)
SOURCE = made("VersionSource", releases=many(VERSION), file=fields.String(), source=fields.String())
CHANGES = listed("VersionChanges", answer("VersionChange", Change, "section name what attribute before after"))
MENTIONS = listed("Mentions", answer("Mention", Mention, "item version section name attribute text"))


class VersionQuery(PageQuery):
    """Narrow the versions to one item."""

    item = bodies.word(100)


class NewVersion(Schema):
    """Hand in the source of one item, as its file would hold it."""

    source = fields.String(required=True, validate=validate.Length(1, LONGEST_SOURCE))
    file = fields.String(load_default="item.yaml", validate=_FILE)


class NewRelease(Schema):
    """Say where a draft shall hold, everywhere without ``region``, and from when on, at once without a moment."""

    region = bodies.word(20)
    effective_at = moment()


class Rollback(Schema):
    """Say where what was published last shall be taken back, everywhere without ``region``."""

    region = bodies.word(20)


class Differences(PageQuery):
    """Name the older version, by its hash or the beginning of it."""

    old = bodies.text(100)


class Word(PageQuery):
    """Name an article, a resource, a field or its group, a role or a licence."""

    word = bodies.text(200)


@resource.endpoint(
    "GET",
    "/versions",
    title=phrase("列出版本"),
    may=Permission.VIEW_VERSIONS,
    shape=Shape(query=VersionQuery, answer=VERSIONS, is_paged=True),
)
def list_versions(query: Json) -> Answer[VersionView]:
    """List drafts and releases of an item, or of all: drafts first, then the latest release first."""
    found = [one for one in services().versions.versions() if query["item"] in ("", one.item)]
    return page(found, query, key=lambda row: f"{row.hash}@{row.region}@{row.effective_at}")


@resource.endpoint(
    "POST",
    "/versions",
    title=phrase("起草版本"),
    may=Permission.DRAFT_VERSION,
    shape=Shape(body=NewVersion, answer=VERSION, status=201, is_once=True),
)
def draft_version(body: Json) -> VersionView:
    """Keep a source that passes the linter as a draft, which another officer may publish; findings name their place."""
    definition = services().versions.draft(body["source"], body["file"], by=current_officer())
    return _shown(definition, lambda row: True)


@resource.endpoint(
    "GET",
    "/versions/<hash>",
    title=phrase("查看版本"),
    may=Permission.VIEW_VERSIONS,
    shape=Shape(answer=SOURCE),
)
def show_version(hash: str) -> KeptSource:
    """Show a version with its source and where it holds; its hash may be cut to eight characters."""
    return services().versions.find(hash)


@resource.endpoint(
    "GET",
    "/versions/<hash>/differences",
    title=phrase("比较版本"),
    may=Permission.VIEW_VERSIONS,
    shape=Shape(query=Differences, answer=CHANGES, is_paged=True),
)
def compare_versions(query: Json, hash: str) -> Answer[Change]:
    """Say what differs in meaning from an older version to this one."""
    found = services().versions.differences(query["old"], hash)
    return page(found, query, key=lambda row: f"{row.section}/{row.name}/{row.attribute}")


@resource.endpoint(
    "POST",
    "/versions/<hash>/releases",
    title=phrase("发布版本"),
    may=Permission.PUBLISH_VERSION,
    shape=Shape(body=NewRelease, answer=VERSION, status=201, is_once=True),
)
def publish_version(body: Json, hash: str) -> VersionView:
    """Let the draft of somebody else hold in a region or everywhere; running cases keep their version."""
    versions, region = services().versions, body["region"]
    digest = versions.find(hash).releases[0].hash
    published = versions.publish(digest, by=current_officer(), region=region, effective_at=body["effective_at"])
    return _shown(published, lambda row: row.state != _DRAFT and row.region == region)


@resource.endpoint(
    "POST",
    "/items/<item>/rollback",
    title=phrase("撤回最近的发布"),
    may=Permission.PUBLISH_VERSION,
    shape=Shape(body=Rollback, answer=VERSION, is_once=True),
)
def roll_back_item(body: Json, item: str) -> VersionView:
    """Take back what was published last, so that what held before holds again; cases keep theirs."""
    kept = {one.item for one in services().versions.versions()}
    if item not in kept:
        raise NotFound
    now = services().versions.roll_back(ItemId(item), by=current_officer(), region=body["region"])
    return _shown(now, lambda row: row.state == _HOLDS)


@resource.endpoint(
    "GET",
    "/mentions",
    title=phrase("查哪些事项用到"),
    may=Permission.VIEW_VERSIONS,
    shape=Shape(query=Word, answer=MENTIONS, is_paged=True),
)
def list_mentions(query: Json) -> Answer[Mention]:
    """List where the published items cite an article, read a resource or hold a field, before one of these changes."""
    found = services().versions.mentions(query["word"])
    return page(found, query, key=lambda row: f"{row.item}/{row.section}/{row.name}/{row.attribute}")


def _shown(definition: Definition, fits: Callable[[VersionView], bool]) -> VersionView:
    """Return how a version stands now; of several releases the latest that fits."""
    rows = services().versions.versions(definition.facts.id)
    return next(row for row in rows if row.hash == definition.hash and fits(row))
