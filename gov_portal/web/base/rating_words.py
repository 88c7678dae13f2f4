"""Say the levels and reasons of ratings (好差评); the tables hold the Chinese texts, which are the keys."""

from collections.abc import Mapping

from gov_portal.web.base.text import phrase
from workflows.domain.ratings import RatingLevel, RatingReason

LEVELS: Mapping[RatingLevel, str] = {
    RatingLevel.VERY_SATISFIED: phrase("非常满意"),
    RatingLevel.SATISFIED: phrase("满意"),
    RatingLevel.FAIR: phrase("基本满意"),
    RatingLevel.DISSATISFIED: phrase("不满意"),
    RatingLevel.VERY_DISSATISFIED: phrase("非常不满意"),
}

REASONS: Mapping[RatingReason, str] = {
    RatingReason.SPEED: phrase("办理快慢"),
    RatingReason.GUIDE: phrase("办事指南准不准"),
    RatingReason.EASE: phrase("方便不方便"),
    RatingReason.PLATFORM: phrase("网站好不好用"),
    RatingReason.PEOPLE: phrase("工作人员的态度"),
    RatingReason.RESULT: phrase("办理结果"),
}
