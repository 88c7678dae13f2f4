"""Take messages of departments' systems that cases wait for (部门消息), and the knocks of the payment department."""

from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.api.paging import Answer, window
from gov_portal.web.api.shapes import answer, listed
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.services.incoming import IncomingMessage, Receipt, SentMessage

resource = Resource("incoming", title=phrase("部门消息"))

SENT_MESSAGES = listed("SentMessages", answer("SentMessage", SentMessage, "id name fate received_at taken_at"))


@resource.endpoint(
    "POST",
    "/department-messages",
    title=phrase("发送消息"),
    may=Permission.SEND_MESSAGE,
    shape=Shape(body=bodies.NewMessage, answer=views.MESSAGE_RECEIPT, is_once=True),
)
def send_department_message(body: Json) -> Receipt:
    """Send what a case waits for; one that comes early is kept, the same ``id`` is taken once for ever."""
    message = IncomingMessage(body["id"], body["name"], body["key"], body["content"])
    return services().incoming.receive(message, by=current_officer())


@resource.endpoint(
    "GET",
    "/department-messages",
    title=phrase("列出发过的消息"),
    may=Permission.SEND_MESSAGE,
    shape=Shape(query=bodies.SentQuery, answer=SENT_MESSAGES, is_paged=True),
)
def list_sent_messages(query: Json) -> Answer[SentMessage]:
    """List what the department has sent, by its own ids: what a case took, and what is kept for one that will wait."""
    officer, fate = current_officer(), query["fate"]

    def behind(last: str, limit: int) -> tuple[SentMessage, ...]:
        return services().incoming.sent(officer, after=last, fate=fate, limit=limit)

    return window(behind, query, key=lambda row: row.id)


@resource.endpoint(
    "POST",
    "/department-events",
    title=phrase("告知事件"),
    may=Permission.SEND_MESSAGE,
    shape=Shape(body=bodies.NewEvent, status=204, is_once=True),
)
def tell_event(body: Json) -> str:
    """Tell an event upon which items are offered to whom it is about; the same ``id`` leads to one offer for ever.

    Nothing tells whether the person has an account.
    """
    reference = f"{current_officer().org}:{body['id']}"
    services().offers.hear(body["event"], id_no=body["id_no"], reference=reference)
    return ""


@resource.endpoint(
    "POST",
    "/payment-notices",
    title=phrase("缴款通知"),
    may=Permission.VIEW_PUBLIC,
    shape=Shape(body=bodies.PaymentNotice, status=204),
)
def notice_payment(body: Json) -> str:
    """Say that something happened to an order; nothing here is believed, the payment department is asked about it."""
    services().payments.notice(body["order"])
    return ""
