"""Say to operators what parked work was to do and why it failed; its topic and code stand beside, for the logs."""

from collections.abc import Mapping

from gov_portal.kernel.decisions import Way
from gov_portal.kernel.outages import Outage
from gov_portal.web.base.catalogue import has_text, text_of
from gov_portal.web.base.text import _, phrase

TOPICS: Mapping[str, str] = {
    "case.call": phrase("向部门核实或查询"),
    "case.issue": phrase("制作证照"),
    "case.send": phrase("送达结果"),
    "case.await": phrase("等待部门的消息"),
    "case.bill": phrase("开具缴款单"),
    "case.paid": phrase("记下缴款"),
    "case.undo": phrase("撤销已办的事"),
    "case.notice": phrase("制作文书"),
    "case.tell": phrase("通知当事人"),
    "case.open": phrase("发起关联办件"),
    "case.child": phrase("发起一件事里的事项"),
    "case.recall": phrase("收回一件事里的事项"),
    "case.part": phrase("记下一件事里事项的结果"),
    "case.clock": phrase("记下一件事里事项的暂停和恢复"),
    "case.supersede": phrase("终止更正前的证照"),
    "case.fire": phrase("期限到点的处理"),
    "licence.push": phrase("把证照报送证照库"),
    "webhook.deliver": phrase("向部门系统推送"),
    "message.deliver": phrase("发送短信或邮件"),
    "desk.bulk": phrase("批量办理"),
    "desk.held": phrase("可撤销的办理到时生效"),
}
_OTHER = phrase("平台内部的工作")

_ERRORS: Mapping[str, str] = {
    "worker-lost": phrase("办理它的进程中断了。"),
    "timeout": phrase("对方没有按时回应。"),
    "disabled": phrase("推送地址已停用。"),
    Outage.DATABASE_AWAY: phrase("数据库连不上。"),
    Outage.DATABASE_FULL_UP: phrase("数据库的连接用完了。"),
    Outage.READ_ONLY: phrase("数据库当时只能读。"),
    Outage.DISK_FULL: phrase("磁盘满了。"),
}
_UNEXPECTED = phrase("程序没有料到的错误，请技术人员按代码查日志。")

WAYS: Mapping[Way, tuple[str, str]] = {
    Way.RESUME: (phrase("重新办理"), phrase("马上再试，次数从头算；原因还在的，会再次搁置。")),
    Way.SKIP: (
        phrase("跳过"),
        phrase("当作没有办成，按事项为此规定的路继续；没有这样的路，交给经办人。与办件无关的就此结束。"),
    ),
    Way.ABANDON: (
        phrase("转人工"),
        phrase("办件没有办结的，交给经办人处理；已办结的，只记下没有办成。与办件无关的就此结束。"),
    ),
}
DONE: Mapping[Way, str] = {
    Way.RESUME: phrase("{n} 件已重新办理。"),
    Way.SKIP: phrase("{n} 件已跳过。"),
    Way.ABANDON: phrase("{n} 件已转人工。"),
}


def topic_words(topic: str) -> str:
    """Say what work of a topic is to do."""
    return _(TOPICS.get(topic, _OTHER))


def error_words(error: str) -> str:
    """Say why an attempt failed; an error of the business has the words that everybody reads."""
    if error in _ERRORS:
        return _(_ERRORS[error])
    _name, _space, code = error.partition(" ")
    return text_of(code) if has_text(code) else _(_UNEXPECTED)
