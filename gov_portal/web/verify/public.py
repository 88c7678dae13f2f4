"""Publish what is needed to check licences without us: keys, kinds, and the lists of what is no longer valid.

Anyone may keep these answers for as long as they say; no session is looked at, and nothing in them is personal.
"""

from datetime import UTC, datetime
from hashlib import sha256

from flask import Blueprint, Response, json, request
from flask.typing import ResponseReturnValue

from gov_portal.licences.listing import MEDIA_TYPE, TTL
from gov_portal.web.base.access import requires
from gov_portal.web.base.services import services
from gov_portal.web.verify import offline
from identity.permissions import Permission

blueprint = Blueprint("verify_public", __name__)

_HOUR_S = 3600


@blueprint.get("/status-lists/<int:number>")
@requires(Permission.VERIFY_LICENCE)
def status_list(number: int) -> ResponseReturnValue:
    """Give one list of revoked and superseded licences as a signed token."""
    token, built_at = services().status_lists.token(number)
    left = TTL - (datetime.now(UTC) - built_at)
    return _kept(token.encode(), MEDIA_TYPE, for_s=max(int(left.total_seconds()), 0))


@blueprint.get("/licence-types/<licence_kind>")
@requires(Permission.VERIFY_LICENCE)
def licence_type(licence_kind: str) -> ResponseReturnValue:
    """Say what a kind of licence is called and what may be disclosed of it (type metadata)."""
    return _json(services().machine_forms.type_metadata(licence_kind), "application/json")


@blueprint.get("/licence-types/<licence_kind>/schema")
@requires(Permission.VERIFY_LICENCE)
def licence_schema(licence_kind: str) -> ResponseReturnValue:
    """Give the JSON Schema of the plain form of a kind."""
    return _json(services().machine_forms.schema(licence_kind), "application/schema+json")


@blueprint.get("/.well-known/jwt-vc-issuer")
@requires(Permission.VERIFY_LICENCE)
def issuer() -> ResponseReturnValue:
    """Give the keys of all who sign licences here."""
    return _json(services().machine_forms.issuer_metadata(), "application/json")


@blueprint.get("/.well-known/seal-root.pem")
@requires(Permission.VERIFY_LICENCE)
def root() -> ResponseReturnValue:
    """Give the root certificate of the seals."""
    return _kept(services().machine_forms.root_pem(), "application/x-pem-file", for_s=_HOUR_S)


def _json(document: dict[str, object], media_type: str) -> Response:
    return _kept(json.dumps(document, ensure_ascii=False).encode(), media_type, for_s=_HOUR_S)


def _kept(content: bytes, media_type: str, *, for_s: int) -> Response:
    """Return an answer that anybody may keep, from whatever page it is asked for."""
    response = Response(content, content_type=media_type)
    response.headers["Cache-Control"] = f"public, max-age={for_s}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response


blueprint.add_url_rule("/verify/offline", view_func=offline.offline)
blueprint.add_url_rule(f"/verify/{offline.FILE_NAME}", view_func=offline.offline_file)
