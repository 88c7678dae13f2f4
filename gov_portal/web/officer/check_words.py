"""Say why something is wanting: to the officer who picks a reason, and to the applicant who is told it."""

from collections.abc import Mapping

from gov_portal.web.base.text import _, phrase
from workflows.domain.checks import Check, WantingReason

REASONS: Mapping[WantingReason, str] = {
    WantingReason.UNREADABLE: phrase("看不清"),
    WantingReason.EXPIRED: phrase("已过期"),
    WantingReason.INCONSISTENT: phrase("不一致"),
    WantingReason.PAGES_MISSING: phrase("缺页"),
    WantingReason.OTHER_PERSON: phrase("不是本人的"),
    WantingReason.OTHER_PAPER: phrase("不是所要的材料"),
    WantingReason.UNSIGNED: phrase("没有签名或盖章"),
    WantingReason.INCOMPLETE: phrase("填写不完整"),
}
"""What the officer may pick, in this order; the Chinese texts are the keys of the English ones."""

_BEHIND = "：:，,；; "
"""What may stand between a reason that was picked and the officer's own words."""

TOLD: Mapping[WantingReason, str] = {
    WantingReason.UNREADABLE: phrase("看不清，请在光线充足处重新拍摄或扫描，四角完整、文字清楚。"),
    WantingReason.EXPIRED: phrase("已过有效期，请提供有效期内的。"),
    WantingReason.INCONSISTENT: phrase("与其他材料或部门的记录不一致，请核对后改正，或者说明原因。"),
    WantingReason.PAGES_MISSING: phrase("缺少页面，请补齐每一页。"),
    WantingReason.OTHER_PERSON: phrase("不是申请人本人的，请提供本人的。"),
    WantingReason.OTHER_PAPER: phrase("不是这里要的材料，请按材料名称提供。"),
    WantingReason.UNSIGNED: phrase("没有签名或盖章，请签名或盖章后重新提供。"),
    WantingReason.INCOMPLETE: phrase("填写不完整，请补充完整。"),
}
"""What the applicant reads in the notice; a notice is a paper of the office and always Chinese."""


def spelt(check: Check) -> str:
    """Return the reason and the officer's own words in one text, as ``read_reason`` reads them."""
    picked = _(REASONS[check.reason]) if check.reason in REASONS else ""
    return _("：").join(filter(None, (picked, check.words)))


def read_reason(text: str) -> tuple[WantingReason, str]:
    """Return the reason that a text begins with, and what stands behind it; else the text is the officer's own."""
    for reason, label in REASONS.items():
        rest = text.removeprefix(_(label))
        if rest != text and rest[:1] in _BEHIND:
            return reason, rest.lstrip(_BEHIND)
    return WantingReason.OTHER, text


def told(check: Check) -> str:
    """Return what a notice says of one target: the sentence of its reason, then the officer's own words."""
    return TOLD.get(check.reason, "") + check.words.strip()
