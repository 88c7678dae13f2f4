"""Register, sign in and out, list sessions, act for a ward: what the pages of the account do."""

from uuid import UUID

from gov_portal.kernel.errors import Forbidden
from gov_portal.kernel.ids import PersonId
from gov_portal.kernel.principal import Citizen, Officer
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.base.access import client, current_citizen, principal, session_token
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.domain.values import (
    Begun,
    ChallengeToken,
    RegistrationForm,
    SessionId,
    SessionToken,
    SessionView,
    WardView,
)
from identity.permissions import Permission
from identity.services.systems import is_key

resource = Resource("entrance", title=phrase("注册、登录和账号"))


@resource.endpoint(
    "POST",
    "/registrations",
    title=phrase("开始注册"),
    may=Permission.REGISTER,
    shape=Shape(body=bodies.NewRegistration, answer=views.BEGUN, status=201),
)
def start_registration(body: Json) -> Begun:
    """Begin a registration; a code goes to the phone."""
    form = RegistrationForm(body["name"], body["id_no"], body["phone"], body["password"])
    return services().identity.start_registration(form, client=client())


@resource.endpoint(
    "POST",
    "/registrations/confirmation",
    title=phrase("用验证码完成注册"),
    may=Permission.REGISTER,
    shape=Shape(body=bodies.Code, answer=views.SESSION_OPENED, status=201),
)
def confirm_registration(body: Json) -> dict[str, str]:
    """Open the account with the code, and a session."""
    token = ChallengeToken(body["token"])
    return _opened(services().identity.confirm_registration(token, code=body["code"], client=client()))


@resource.endpoint(
    "POST",
    "/recoveries",
    title=phrase("忘记密码"),
    may=Permission.SIGN_IN,
    shape=Shape(body=bodies.NewRegistration, answer=views.BEGUN, status=201),
)
def start_recovery(body: Json) -> Begun:
    """Begin to set a forgotten password anew; the answer is the same whether or not there is such an account."""
    form = RegistrationForm(body["name"], body["id_no"], body["phone"], body["password"])
    return services().identity.start_recovery(form, client=client())


@resource.endpoint(
    "POST",
    "/recoveries/confirmation",
    title=phrase("用验证码设置新密码"),
    may=Permission.SIGN_IN,
    shape=Shape(body=bodies.Code, answer=views.SESSION_OPENED, status=201),
)
def confirm_recovery(body: Json) -> dict[str, str]:
    """Set the new password with the code, and open a session; every other session ends."""
    token = ChallengeToken(body["token"])
    return _opened(services().identity.confirm_recovery(token, code=body["code"], client=client()))


@resource.endpoint(
    "POST",
    "/sign-ins",
    title=phrase("开始登录"),
    may=Permission.SIGN_IN,
    shape=Shape(body=bodies.NewSignIn, answer=views.BEGUN, status=201),
)
def start_sign_in(body: Json) -> Begun:
    """Check the password; a code goes to the phone."""
    identity = services().identity
    start = identity.start_officer_sign_in if body["kind"] == "officer" else identity.start_sign_in
    return start(body["login"], password=body["password"], client=client())


@resource.endpoint(
    "POST",
    "/sign-ins/confirmation",
    title=phrase("用验证码完成登录"),
    may=Permission.SIGN_IN,
    shape=Shape(body=bodies.SignInCode, answer=views.SESSION_OPENED, status=201),
)
def confirm_sign_in(body: Json) -> dict[str, str]:
    """Open a session with the code; its token is sent as ``Authorization: Bearer`` from then on."""
    identity = services().identity
    confirm = identity.confirm_officer_sign_in if body["kind"] == "officer" else identity.confirm_sign_in
    return _opened(confirm(ChallengeToken(body["token"]), code=body["code"], client=client()))


@resource.endpoint(
    "POST",
    "/sign-ins/code-again",
    title=phrase("重发验证码"),
    may=Permission.SIGN_IN,
    shape=Shape(body=bodies.Token, answer=views.BEGUN, status=201),
)
def send_code_again(body: Json) -> Begun:
    """Send a fresh code for what was begun; the earlier one is void."""
    return services().identity.send_code_again(ChallengeToken(body["token"]))


def _opened(token: SessionToken) -> dict[str, str]:
    return {"access_token": token, "token_type": "Bearer"}


def _own_session() -> SessionToken:
    """Return the token of a session.

    Raises:
        Forbidden: the caller is a system, which has keys and no sessions.
    """
    token = session_token()
    if is_key(token):
        raise Forbidden
    return token


@resource.endpoint(
    "GET",
    "/sessions",
    title=phrase("列出登录"),
    may=Permission.MANAGE_SESSIONS,
    shape=Shape(query=PageQuery, answer=views.SESSIONS, is_paged=True),
)
def list_sessions(query: Json) -> Answer[SessionView]:
    """List the caller's open sessions, the latest first."""
    return page(services().identity.sessions(_own_session()), query, key=lambda row: str(row.session))


@resource.endpoint(
    "DELETE", "/sessions/current", title=phrase("退出"), may=Permission.MANAGE_SESSIONS, shape=Shape(status=204)
)
def sign_out() -> str:
    """End the session of this request."""
    services().identity.sign_out(_own_session())
    return ""


@resource.endpoint(
    "DELETE",
    "/sessions/<uuid:session>",
    title=phrase("结束一次登录"),
    may=Permission.MANAGE_SESSIONS,
    shape=Shape(status=204),
)
def end_session(session: UUID) -> str:
    """End one of the caller's sessions."""
    services().identity.end_session(_own_session(), session=SessionId(session))
    return ""


@resource.endpoint("GET", "/me", title=phrase("我是谁"), may=Permission.MANAGE_SESSIONS, shape=Shape(answer=views.ME))
def show_me() -> dict[str, object]:
    """Say who the caller is: a citizen, an officer, or a department's system."""
    return describe(principal())


def describe(who: Citizen | Officer | None) -> dict[str, object]:
    """Return what the platform takes a caller for.

    Raises:
        Forbidden: nobody.
    """
    nothing = dict.fromkeys(("ial", "acting_for", "org", "region", "rank"))
    if isinstance(who, Citizen):
        known = {"kind": "citizen", "id": who.person, "ial": who.ial, "acting_for": who.acting_for, "roles": []}
        return {**nothing, **known, "aal": who.aal}
    if isinstance(who, Officer):
        kind = "system" if who.is_system else "officer"
        post = {"org": who.org, "region": who.region, "roles": sorted(who.roles), "rank": who.rank}
        return {**nothing, **post, "kind": kind, "id": who.officer, "aal": who.aal}
    raise Forbidden


@resource.endpoint(
    "PUT",
    "/me/acting-for",
    title=phrase("选择为谁办理"),
    may=Permission.ACT_FOR_WARD,
    shape=Shape(body=bodies.ActingFor, answer=views.ME),
)
def act_for(body: Json) -> dict[str, object]:
    """Let the session act for a ward from now on, or for the person alone."""
    ward = None if body["ward"] is None else PersonId(body["ward"])
    return describe(services().identity.act_for(session_token(), ward=ward))


@resource.endpoint(
    "GET",
    "/me/wards",
    title=phrase("列出被监护人"),
    may=Permission.ACT_FOR_WARD,
    shape=Shape(query=PageQuery, answer=views.WARDS, is_paged=True),
)
def list_wards(query: Json) -> Answer[WardView]:
    """List whom the person may act for."""
    return page(services().identity.wards(current_citizen().person), query, key=lambda row: str(row.person))


@resource.endpoint(
    "POST",
    "/me/wards",
    title=phrase("添加被监护人"),
    may=Permission.ACT_FOR_WARD,
    shape=Shape(body=bodies.NewWard, answer=views.WARD, status=201, is_once=True),
)
def claim_ward(body: Json) -> WardView:
    """Enter a ward by name and number, where the shared record shows the guardianship."""
    return services().identity.claim_ward(current_citizen(), name=body["name"], id_no=body["id_no"])
