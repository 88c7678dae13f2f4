"""Say what is kept in short words: why people come, how they agree, what they must be told."""

from collections.abc import Mapping

from gov_portal.web.base.text import phrase
from identity.domain.values import VisitPurpose
from workflows.domain.counter import Consent, Way

PURPOSES: Mapping[VisitPurpose, str] = {
    VisitPurpose.ENTRY: phrase("代录新的申请"),
    VisitPurpose.ENQUIRY: phrase("查询办到哪一步"),
    VisitPurpose.SUPPLEMENT: phrase("交补正"),
    VisitPurpose.COLLECTION: phrase("领取结果"),
}

CONSENTS: Mapping[Consent, str] = {
    Consent.ORAL: phrase("口头同意：我念了上面的话，申请人说同意"),
    Consent.SIGNED: phrase("书面同意：申请人在打印出来的这一页上签了名"),
}

WAYS: Mapping[Way, str] = {Way.PHONE: phrase("已电话告知"), Way.COUNTER: phrase("已当面告知")}

TELLINGS: Mapping[str, str] = {
    "case.accepted": phrase("已受理，可以来窗口领受理通知书"),
    "case.supplement-asked": phrase("需要补正，请带证件来窗口，工作人员会逐项说明"),
    "case.your-turn": phrase("请您办理一步，请登录网上办理，或来窗口"),
    "case.payment-asked": phrase("需要缴费，请来窗口缴款，或在网上缴款"),
    "case.supplement-due": phrase("补正快到期了，请尽快来窗口"),
    "case.appeal-ends": phrase("申请行政复议的期限快到了，要复议的请尽快来窗口"),
    "case.reminded": phrase("还有事要办，快到期了，请尽快来窗口"),
    "case.still-waits": phrase("等的结果还没有送到，要由您去办的请尽快办"),
    "case.unavailable": phrase("一个部门的系统暂时没有回应，会自动重试，不用做什么"),
    "case.available": phrase("部门的系统已恢复，继续办理"),
    "case.closed": phrase("已经办结，请带证件来窗口看结果"),
    "case.suspended": phrase("已暂停计时，原因请来窗口看"),
    "case.resumed": phrase("已恢复办理"),
    "case.extended": phrase("办理时限已延长，理由请来窗口看"),
    "case.deemed-decided": phrase("到法定期限没有作出决定，依法视为已经决定，请带证件来窗口看结果"),
    "case.corrected": phrase("办理机关依职权更正了原来的办件，新的办件正在办理"),
    "case.letter": phrase("办理单位写了留言，请带证件来窗口看"),
    "rating.answered": phrase("办理单位答复了评价，请带证件来窗口看"),
    "case.deemed-accepted": phrase("逾期未告知，从收到之日起就算受理了"),
}
"""What the telephone says; details are told to who shows the card."""

SOMETHING = phrase("办件有新进展，请带证件来窗口看")
