"""Pages about messages: the inbox, one message, what goes where, and the end of e-mails."""

from tests.acceptance.stops import Stop
from tests.factories.inbox import MESSAGE, STOP_TOKEN, a_message

STOPS: dict[str, Stop] = {
    "older messages": Stop("/messages?before=2", "citizen"),
    "no messages": Stop("/messages", "citizen", {"messages.shown": ()}),
    "many messages": Stop("/messages", "citizen", {"messages.shown": tuple(a_message(n) for n in range(40, 10, -1))}),
    "message": Stop(f"/messages/{MESSAGE}", "citizen"),
    "message preferences": Stop("/account/messages", "citizen"),
    "stop e-mails": Stop(f"/messages/stop/{STOP_TOKEN}"),
    "e-mails stopped": Stop(f"/messages/stop/{STOP_TOKEN}", press="停止邮件"),
}
