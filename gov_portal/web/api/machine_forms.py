"""Give licences in the forms that programs read, and say how it stands with one of them."""

from uuid import UUID

from flask import Response
from marshmallow import Schema, fields, validate

from gov_portal.kernel.ids import LicenceId
from gov_portal.licences.domain import Verification
from gov_portal.licences.machine_forms import MEDIA_TYPE
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.base.access import current_citizen
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission

resource = Resource("machine_forms", title=phrase("给程序用的证照"))

_LONGEST = 1000


class Disclosing(Schema):
    """Name what is disclosed, with commas between; without it nothing is."""

    disclose = fields.String(
        load_default="", validate=[validate.Length(max=_LONGEST), validate.Regexp(r"^([a-z_]+(,[a-z_]+)*)?$")]
    )


@resource.endpoint(
    "GET",
    "/licences/<uuid:licence>/json",
    title=phrase("证照的 JSON"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(answer=views.PLAIN_LICENCE),
)
def show_plain_licence(licence: UUID) -> dict[str, object]:
    """Give all that a licence holds, unsigned; the schema of its values stands below the address in ``type``."""
    return services().machine_forms.plain(LicenceId(licence), by=current_citizen())


@resource.endpoint(
    "GET",
    "/licences/<uuid:licence>/sd-jwt",
    title=phrase("证照的 SD-JWT"),
    may=Permission.VIEW_OWN_CASES,
    shape=Shape(query=Disclosing, media=(MEDIA_TYPE,)),
)
def disclose_licence(query: Json, licence: UUID) -> Response:
    """Give a signed form of a licence in force (RFC 9901) that discloses only what is named."""
    chosen = [name for name in query["disclose"].split(",") if name]
    made = services().machine_forms.sd_jwt(LicenceId(licence), disclose=chosen, by=current_citizen())
    return Response(made, content_type=MEDIA_TYPE)


@resource.endpoint(
    "POST",
    "/verifications/sd-jwt",
    title=phrase("核验 SD-JWT"),
    may=Permission.VERIFY_LICENCE,
    shape=Shape(body=bodies.LicenceToken, answer=views.VERIFICATION),
)
def verify_licence_token(body: Json) -> Verification:
    """Say how it stands with an SD-JWT; nothing of it is kept."""
    return services().machine_forms.verify(body["sd_jwt"])
