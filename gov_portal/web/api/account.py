"""Let people keep their account: password, e-mail, what they are told where, and who has used their data."""

from typing import Any

from marshmallow import Schema, fields, validate

from gov_portal.exchange.records import DataUse
from gov_portal.messaging.catalogue import LANGUAGES
from gov_portal.messaging.news import CHOICES, Kind, Wishes
from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, PageQuery, page
from gov_portal.web.api.shapes import Derived, answer, listed, made
from gov_portal.web.base.access import current_citizen, session_token
from gov_portal.web.base.labels import department
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.domain.values import Begun, ChallengeToken
from identity.permissions import Permission

resource = Resource("account", title=phrase("账号设置"))


def _kinds() -> fields.Field[Any]:
    known = fields.Enum(Kind, by_value=True, validate=validate.OneOf(CHOICES))
    return fields.List(known, required=True, validate=validate.Length(max=len(CHOICES)))


def _hour() -> fields.Integer:
    return fields.Integer(required=True, allow_none=True, validate=validate.Range(0, 23), strict=True)


PROFILE = made(
    "Profile", name=fields.String(), phone_masked=fields.String(), email=fields.String(), ial=fields.Integer()
)
EMAIL = made("Email", email=fields.String())
PREFERENCES = made(
    "MessagePreferences",
    language=fields.String(),
    sms=fields.List(fields.Enum(Kind, by_value=True)),
    email=fields.List(fields.Enum(Kind, by_value=True)),
    quiet_from=fields.Integer(allow_none=True),
    quiet_until=fields.Integer(allow_none=True),
)
DATA_USE = answer(
    "DataUse",
    DataUse,
    "call at actor resource operation purpose fields outcome refusal case item",
    department=Derived(lambda use: department(use.resource)),
)
DATA_USES = listed("DataUses", DATA_USE)


class NewPassword(Schema):
    """Show the present password and give the new one."""

    current = bodies.text(1000)
    new = bodies.text(1000)


class NewEmail(Schema):
    """Name an e-mail address; a code goes there."""

    email = bodies.text(300)


class NewPreferences(Schema):
    """Say what kinds of news go to the phone and to the mailbox, and in which whole hours of Shanghai none disturbs."""

    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    sms = _kinds()
    email = _kinds()
    quiet_from = _hour()
    quiet_until = _hour()


@resource.endpoint(
    "GET", "/me/profile", title=phrase("我的资料"), may=Permission.VIEW_ACCOUNT, shape=Shape(answer=PROFILE)
)
def show_profile() -> dict[str, object]:
    """Show the name, the masked phone and the e-mail address of the account."""
    facts = services().identity.facts(current_citizen().person)
    masked = f"{facts.phone[:3]}****{facts.phone[-4:]}" if facts.phone else ""
    return {"name": facts.name, "phone_masked": masked, "email": facts.email, "ial": facts.ial}


@resource.endpoint(
    "PUT",
    "/me/password",
    title=phrase("修改密码"),
    may=Permission.VIEW_ACCOUNT,
    shape=Shape(body=NewPassword, status=204, is_once=True),
)
def change_password(body: Json) -> str:
    """Put a new password in the place of the present one; every other session ends."""
    services().identity.change_password(session_token(), current=body["current"], new=body["new"])
    return ""


@resource.endpoint(
    "POST",
    "/me/email",
    title=phrase("登记邮箱"),
    may=Permission.VIEW_ACCOUNT,
    shape=Shape(body=NewEmail, answer=views.BEGUN, status=201, is_once=True),
)
def start_email(body: Json) -> Begun:
    """Send a code to an e-mail address that shall stand on the account."""
    return services().identity.start_email(current_citizen(), email=body["email"])


@resource.endpoint(
    "POST",
    "/me/email/confirmation",
    title=phrase("用验证码确认邮箱"),
    may=Permission.VIEW_ACCOUNT,
    shape=Shape(body=bodies.Code, answer=EMAIL, is_once=True),
)
def confirm_email(body: Json) -> dict[str, str]:
    """Put the address on the account with the code that went there."""
    token = ChallengeToken(body["token"])
    return {"email": services().identity.confirm_email(current_citizen(), token, code=body["code"])}


@resource.endpoint(
    "DELETE", "/me/email", title=phrase("删除邮箱"), may=Permission.VIEW_ACCOUNT, shape=Shape(status=204)
)
def remove_email() -> str:
    """Take the e-mail address from the account."""
    services().identity.remove_email(current_citizen())
    return ""


@resource.endpoint(
    "GET",
    "/me/message-preferences",
    title=phrase("消息发到哪里"),
    may=Permission.VIEW_ACCOUNT,
    shape=Shape(answer=PREFERENCES),
)
def show_message_preferences() -> dict[str, object]:
    """Show which kinds of news go to the phone and the mailbox; all of them are in the inbox anyway."""
    return _shown(services().messages.preferences.of(current_citizen().person))


@resource.endpoint(
    "PUT",
    "/me/message-preferences",
    title=phrase("选择消息发到哪里"),
    may=Permission.VIEW_ACCOUNT,
    shape=Shape(body=NewPreferences, answer=PREFERENCES),
)
def change_message_preferences(body: Json) -> dict[str, object]:
    """Choose what is told where, in which language, and when the phone stays quiet."""
    quiet = (body["quiet_from"], body["quiet_until"])
    wishes = Wishes(body["language"], frozenset(body["sms"]), frozenset(body["email"]), *quiet)
    services().messages.preferences.change(current_citizen().person, wishes)
    return _shown(wishes)


def _shown(wishes: Wishes) -> dict[str, object]:
    return {
        "language": wishes.language,
        "sms": [kind for kind in CHOICES if kind in wishes.sms],
        "email": [kind for kind in CHOICES if kind in wishes.email],
        "quiet_from": wishes.quiet_from,
        "quiet_until": wishes.quiet_until,
    }


@resource.endpoint(
    "GET",
    "/me/data-records",
    title=phrase("我的数据账本"),
    may=Permission.VIEW_ACCOUNT,
    shape=Shape(query=PageQuery, answer=DATA_USES, is_paged=True),
)
def list_data_records(query: Json) -> Answer[DataUse]:
    """List who used the data of the person, or of the ward acted for: what, why, when, and what was refused."""
    return page(services().data_records.of(current_citizen().subject), query, key=lambda row: row.call)
