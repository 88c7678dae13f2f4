"""Take messages of departments' systems that cases wait for (部门消息), and the knocks of the payment department."""

from gov_portal.web.api import bodies, views
from gov_portal.web.api.front import Json, Resource, Shape
from gov_portal.web.base.access import current_officer
from gov_portal.web.base.services import services
from gov_portal.web.base.text import phrase
from identity.permissions import Permission
from workflows.services.incoming import IncomingMessage, Receipt

resource = Resource("incoming", title=phrase("部门消息"))


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
