"""Take messages of departments' systems that cases wait for (部门消息), such as a finished test report."""

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
    shape=Shape(body=bodies.NewMessage, answer=views.MESSAGE_RECEIPT),
)
def send_department_message(body: Json) -> Receipt:
    """Send what a case waits for; one that comes early is kept, the same ``id`` is taken once for ever."""
    message = IncomingMessage(body["id"], body["name"], body["key"], body["content"])
    return services().incoming.receive(message, by=current_officer())
