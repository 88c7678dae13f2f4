"""List every word of the language and where it stands: the one table behind unknown, misplaced and missing keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Place:
    """Hold the keys of one kind of mapping.

    Attributes:
        name: how messages call it.
        required: keys that must be there.
        optional: keys that may be there.
        later: words of the whole language that this version does not compile yet.
    """

    name: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    later: tuple[str, ...] = ()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return every key that this version reads here."""
        return self.required + self.optional

    @cached_property
    def known(self) -> frozenset[str]:
        """Return the same keys, to look one up."""
        return frozenset(self.keys)

    @cached_property
    def needed(self) -> frozenset[str]:
        """Return the required keys, to compare them."""
        return frozenset(self.required)


_EVERY_STEP = ("when", "limit", "pause", "show")

FILE = Place(
    "the file",
    required=("gov", "item", "outcomes", "data", "flow"),
    optional=(
        "link",
        "on_refused",
        "before",
        "about",
        "start",
        "offer",
        "renew",
        "commitment",
        "provisional",
        "conditions",
        "let",
        "prefill",
        "form",
        "materials",
        "tables",
        "roles",
        "parties",
        "distinct",
        "clock",
        "anytime",
        "labels",
        "scenarios",
        "migrate",
        "family",
        "overridable",
    ),
    later=("remind",),
)
OVERLAY = Place("an overlay", required=("gov", "extends", "item"), optional=("set", "stay"))
OVERLAY_ITEM = Place("`item` of an overlay", required=("id", "version"), optional=("region",))
USE = Place("a use of a template", required=("use",), optional=("with", "stay"))
FAMILY = Place("`family`", required=("members",), optional=("parameters",))
PARAMETER = Place("a parameter", required=("type",), optional=("default", "about"))
TEMPLATE = Place(
    "a template",
    required=("gov", "template", "name"),
    optional=(
        "summary",
        "parameters",
        "steps",
        *(key for key in FILE.keys if key not in ("gov", "family", "overridable")),
    ),
)
ITEM = Place(
    "`item`",
    required=(
        "id",
        "version",
        "name",
        "type",
        "level",
        "authority",
        "basis",
        "audience",
        "channels",
        "mode",
        "limit",
        "visits",
        "fee",
    ),
    optional=("code", "region", "assurance", "acting_for", "result"),
    later=("theme",),
)
ITEM_CODE = Place("`item.code`", required=("national",), optional=("suffix", "local_catalogue", "local_task"))
ITEM_LIMIT = Place("`item.limit`", required=("statutory", "promised"), optional=("deemed",))
ASSURANCE = Place("`assurance`", required=("ial",), later=("aal",))
RESULT = Place("`result`", optional=("licence", "name", "show", "media"))
MIGRATE = Place("`migrate`", optional=("from", "steps", "fields"))
ABOUT = Place("`about`", required=("licence",), optional=("one_open",))
START = Place("`start`", optional=("by", "upon", "every"))
OFFER = Place("`offer`", required=("when", "from"))
RENEW = Place("`renew`", required=("open",), optional=("deemed", "in_time"))
COMMITMENT = Place("`commitment`", required=("materials", "text", "check", "broken"))
PROVISIONAL = Place("`provisional`", required=("materials", "within", "late", "before"))
BEFORE = Place("`before`", optional=("fields", "paper", "visits", "days"))
CONDITION = Place("a condition", required=("rule", "text"), optional=("basis",))
OUTCOME = Place("an outcome", required=("closing",), optional=("remedies",))
ACCOUNT = Place("`prefill.account`", required=("gives",))
PREFILL = Place("a prefill", required=("key", "gives"), optional=("purpose", "when", "absent"))
PAGE = Place("a form page", required=("fields",), optional=("when",))
PAGE_FIELD = Place("a field of a form page", required=("field",), optional=("when", "optional"))
MATERIAL = Place("a material", required=("name", "from"), optional=("absent", "when"))
TABLE = Place("a decision table", required=("in", "out", "hit", "rows"))
ROLE = Place("a role", optional=("org", "near", "rank", "person", "group"))
PARTY = Place("a party", required=("person",), optional=("may", "gets"))
CLOCK = Place("`clock`", optional=("calendar", "yellow", "red"))
ANYTIME = Place(
    "`anytime`",
    optional=("withdraw", "suspend", "extend", "hand_over", "urge", "appeal", "signers", "consult", "correct"),
)
WITHDRAW = Place("`withdraw`", required=("by", "before", "end"))
SUSPEND = Place("`suspend`", required=("by", "grounds", "max"))
EXTEND = Place("`extend`", required=("by", "add", "max"))
HAND_OVER = Place("`hand_over`", required=("by",))
SIGNERS = Place("`signers`", required=("by",))
CORRECT = Place("`correct`", required=("by", "basis"))
CONSULT = Place("`consult`", required=("by", "to", "within"), optional=("blocks",))
URGE = Place("`urge`", required=("by", "every"))
APPEAL = Place("`appeal`", required=("by", "after", "opens", "within"), optional=("remind",))
PAUSE = Place("a pause", required=("ground",), optional=("basis",))

HUMAN = Place(
    "a step with `by`",
    required=("by",),
    optional=(*_EVERY_STEP, "form", "act", "fill", "vote", "deemed", "fresh"),
    later=("remind", "within", "late"),
)
VOTE = Place("`vote`", required=("of", "need", "else"))
ACT = Place(
    "an act",
    required=("label",),
    optional=("doc", "end", "back", "ask", "within", "late", "basis", "remind", "only", "max", "over", "fill", "go"),
    later=("open",),
)
CALL = Place(
    "a step with `call`",
    required=("call", "key", "unavailable"),
    optional=("when", "limit", "pause", "match", "absent", "mismatch", "from", "undo"),
    later=("found", "into"),
)
LANE = Place("a lane", required=("by", "limit"), later=("act", "remind"))
UNAVAILABLE = Place("`unavailable`", required=("retry", "then"))
DECIDE = Place("a step with `decide`", required=("decide",), optional=("when",))
WAIT = Place("a step with `wait`", required=("wait",), optional=("when", "pause", "show", "upon", "gives", "into"))
WAIT_UNTIL = Place("`wait`", required=("until",))
WAIT_MESSAGE = Place(
    "`wait` for a message", required=("message", "key", "from", "within", "late"), optional=("remind",)
)
OVERDUE = Place("`late`", required=("by", "limit", "act"))
UPON = Place("`upon`", required=("objection",))
OBJECTION = Place("`objection`", required=("from", "by", "limit", "act"), later=("within", "remind"))
ISSUE = Place(
    "a step with `issue`",
    required=("issue", "seal", "from"),
    optional=("when", "limit", "pause", "undo", "replaces"),
    later=("valid",),
)
PAY = Place("a step with `pay`", required=("pay",), optional=("when", "pause", "show"))
BILL = Place("`pay`", required=("lines", "within", "late"), optional=("refund", "remind", "revise"))
REVISE = Place("`revise`", required=("by",))
FEE_LINE = Place("a line of `pay`", required=("name", "amount"), optional=("basis", "when"))
REVOKE = Place("a step with `revoke`", required=("revoke",), optional=("when", "limit", "pause"))
SEND = Place("a step with `send`", required=("send", "to"), optional=("when", "limit"))
PART = Place("a part of `link`", required=("item",), optional=("required", "optional", "after", "takes", "gives"))
OPEN = Place("a step with `open`", required=("open",), optional=("when", "limit", "wait", "takes", "gives"))
OPENED = Place(
    "an opened item",
    required=("item", "version", "name", "authority"),
    optional=("takes", "papers", "gives", "after", "on_refused", "optional", "fee", "near"),
)
ALL = Place("a step with `all`", required=("all",), optional=("when",))
ANY = Place("a step with `any`", required=("any",), optional=("when",))
EACH = Place("a step with `each`", required=("each",), optional=(*_EVERY_STEP, "act", "fill"))
SIGNERS_OF = Place("`each`", required=("of", "need"), optional=("by", "silence", "else"))
SIGNERS_NEED = Place("`need`", required=("of", "need"))
IF = Place("a step with `if`", required=("if", "then"), optional=("else",))
END = Place("a step with `end`", required=("end",), optional=("when", "rate", "archive"), later=("renew",))
EXPECT = Place(
    "`expect`", optional=("outcome", "status", "licence", "counted", "happenings", "visits", "documents", "absent")
)
SCENARIO = Place("a scenario", required=("run", "expect"), optional=("given", "start"))

STEP_KINDS: Mapping[str, Place] = {
    "by": HUMAN,
    "call": CALL,
    "decide": DECIDE,
    "wait": WAIT,
    "pay": PAY,
    "issue": ISSUE,
    "revoke": REVOKE,
    "send": SEND,
    "open": OPEN,
    "all": ALL,
    "any": ANY,
    "each": EACH,
    "if": IF,
    "end": END,
}
"""The key that makes a step what it is."""

PLACES: tuple[Place, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Place))
"""Every place of the language."""

ITEM_TYPES = (
    "行政许可",
    "行政确认",
    "行政给付",
    "行政奖励",
    "行政裁决",
    "行政征收",
    "行政处罚",
    "行政强制",
    "行政检查",
    "其他行政权力",
    "公共服务",
)
LEVELS = ("国家级", "省级", "市级", "县级", "镇级", "村级", "分级管理")
CLOSINGS = ("出证办结", "退回办结", "作废办结", "删除办结", "转报办结", "补正不来办结", "办结")
REMEDIES = ("行政复议", "行政诉讼", "申诉", "起诉")
APPEALABLE = ("行政复议", "申诉")
"""Remedies that another item may carry out; a court is beyond this platform."""
AUDIENCES = ("natural", "legal")
CHANNELS = ("mobile", "web", "counter", "kiosk")
MODES = ("promise", "instant")
ACTING_FOR = ("self", "ward")
MEDIA = ("electronic", "paper")
STATUTORY_GROUNDS = ("听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审")
"""Grounds of 行政许可法 art. 45: their time does not count, no other basis is needed."""
