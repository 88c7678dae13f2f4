"""Say at which unit an officer works, let them change it, and let colleagues stand in (代理)."""

from uuid import UUID

from marshmallow import fields

from gov_portal.kernel.ids import OfficerId
from gov_portal.web.api import desk_bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.api.shapes import answer, listed, made
from gov_portal.web.base.access import current_officer, session_token
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from identity.services.absences import AbsenceView, Colleague

resource = Resource("posts", title=phrase("单位和代理"))

POST = made(
    "Post",
    org=fields.String(),
    region=fields.String(),
    name=fields.String(),
    roles=fields.List(fields.String()),
    rank=fields.String(),
    is_here=fields.Boolean(),
)
POSTS = listed("Posts", POST)
COLLEAGUES = listed("Colleagues", answer("UnitColleague", Colleague, "officer name roles"))
ABSENCE = answer("Absence", AbsenceView, "id officer officer_name deputy deputy_name first_on last_on is_now may_end")
ABSENCES = listed("Absences", ABSENCE)


@resource.endpoint(
    "GET",
    "/me/units",
    title=phrase("列出我的单位"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=PageQuery, answer=POSTS, is_paged=True),
)
def list_units(query: Json) -> Answer[dict[str, object]]:
    """List the units where the officer holds posts; ``is_here`` is the one that the session stands at."""
    me = current_officer()
    rows: list[dict[str, object]] = [
        {
            "org": post.unit.org,
            "region": post.unit.region,
            "name": post.unit.name,
            "roles": sorted(post.roles),
            "rank": post.rank,
            "is_here": (post.unit.org, post.unit.region) == (me.org, me.region),
        }
        for post in services().identity.posts(me.officer)
    ]
    return page(rows, query, key=lambda row: f"{row['org']}@{row['region']}")


@resource.endpoint(
    "PUT",
    "/me/unit",
    title=phrase("切换单位"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(body=desk_bodies.OneUnit, status=204),
)
def switch_unit(body: Json) -> str:
    """Let the session stand at another of the officer's units from now on; a system's key stands at one."""
    services().identity.switch_unit(session_token(), org=body["org"], region=body["region"])
    return ""


@resource.endpoint(
    "GET",
    "/desk/colleagues",
    title=phrase("列出同事"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=PageQuery, answer=COLLEAGUES, is_paged=True),
)
def list_colleagues(query: Json) -> Answer[Colleague]:
    """List the officers of the unit with their roles, the caller among them."""
    found = services().identity.absences.colleagues(current_officer())
    return page(found, query, key=lambda row: str(row.officer))


@resource.endpoint(
    "GET",
    "/desk/absences",
    title=phrase("列出代理"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(query=PageQuery, answer=ABSENCES, is_paged=True),
)
def list_absences(query: Json) -> Answer[AbsenceView]:
    """List who of the unit is away, or will be, and who stands in."""
    found = services().identity.absences.absences(current_officer())
    return page(found, query, key=lambda row: str(row.id))


@resource.endpoint(
    "POST",
    "/desk/absences",
    title=phrase("登记代理"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(body=desk_bodies.NewAbsence, answer=views.NEW, status=201, is_once=True),
)
def enter_absence(body: Json) -> dict[str, UUID]:
    """Enter an absence, one's own or, as leader, a colleague's, and who stands in."""
    officer = current_officer()
    entered = services().identity.absences.enter(
        OfficerId(body["absent"]) if body["absent"] else officer.officer,
        deputy=OfficerId(body["deputy"]),
        first_on=body["first_on"],
        last_on=body["last_on"],
        by=officer,
    )
    return {"id": entered}


@resource.endpoint(
    "DELETE",
    "/desk/absences/<uuid:absence>",
    title=phrase("结束代理"),
    may=Permission.VIEW_QUEUE,
    shape=Shape(status=204),
)
def end_absence(absence: UUID) -> str:
    """End an absence at once."""
    services().identity.absences.end(absence, by=current_officer())
    return ""
