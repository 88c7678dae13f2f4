"""Say claims, values and changes in people's words: labels for ids, whole sentences for signs.

Every text goes through ``say``, which gives it the reader's language; it is Chinese without one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gov_portal.kernel.codes.division import Divisions
from gov_portal.kernel.types import Choices, Enum, FieldType, File, MoneyFen, Region
from workflows.domain.definition import Definition, HumanStep
from workflows.domain.explaining import Change, Explanation, Reason
from workflows.domain.expressions import Tree
from workflows.domain.trees import fields_of, parts

Say = Callable[..., str]
"""Says a Chinese text in the reader's language, with its places filled."""


def as_written(text: str, /, **places: object) -> str:
    """Say a text in Chinese."""
    return text.format(**places) if places else text


_SIGNS = {
    "==": "{left}是{right}",
    "!=": "{left}不是{right}",
    "<": "{left}小于 {right}",
    "<=": "{left}不超过 {right}",
    ">": "{left}大于 {right}",
    ">=": "{left}至少是 {right}",
}
_DAYS = {"<": "{left}早于{right}", "<=": "{left}不晚于{right}", ">": "{left}晚于{right}", ">=": "{left}不早于{right}"}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_SPANS = {"years": "周年数", "months": "整月数", "days": "天数"}
_UNTIL_TODAY = "{start}至今的{what}"
_BETWEEN = "{start}到{end}的{what}"
_TERMS = {
    "len": "{one}的字数",
    "year": "{one}的年份",
    "abs": "{one}的绝对值",
    "ratio": "{one}除以{two}",
    "round": "{one}（取整后）",
}
_ARITHMETIC = {"+": "{left}加{right}", "-": "{left}减{right}", "*": "{left}乘以{right}"}
_SEVERAL = {"sum": "{all}之和", "min": "{all}中最小的", "max": "{all}中最大的"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Word the claims of one item.

    Attributes:
        definition: whose labels stand for its ids.
        say: gives each text its language.
        say_day: writes a day in the reader's language.
    """

    definition: Definition
    say: Say = as_written
    say_day: Callable[[date], str] = lambda day: f"{day.year}年{day.month}月{day.day}日"

    def label(self, path: str) -> str:
        """Return the name of a field, or of a step's act."""
        step, _dot, fact = path.partition(".")
        if path not in self.definition.fields and step in self.definition.steps:
            named = self.say(self.definition.label(f"step.{step}"))
            return self.say("“{step}”的结果", step=named) if fact == "act" else named
        return self.say(self.definition.label(path))

    def value(self, path: str, value: object) -> str:
        """Return a value of a field as people read it."""
        declared = self.definition.fields.get(path)
        if value is None:
            return self.say("（没有填写）")
        return self._plain(value) if declared is None else self._typed(declared.type, path, value)

    def claim(self, tree: Tree, holds: bool | None) -> str:
        """Return a claim as the fact that it is: what does not hold is said as what holds instead."""
        if holds is None:
            names = self._listed(self.label(path) for path in sorted(fields_of(tree)) if path)
            return self.say("还不知道：{names}", names=names) if names else self.say("还不能判断")
        match tree[0]:
            case "cmp":
                return self._compared(tree, holds)
            case "in":
                inner = parts(tree)
                words = self.say("或者").join(self._term(one, beside=inner[0]) for one in inner[1:])
                return self._either(
                    "{left}是{right}", "{left}不是{right}", holds, left=self._term(inner[0]), right=words
                )
            case "in-field" | "within":
                one, outer = (self._term(part, beside=parts(tree)[1 - at]) for at, part in enumerate(parts(tree)))
                return self._either("{left}在{right}之内", "{left}不在{right}之内", holds, left=one, right=outer)
            case "has":
                names = self._listed(self.label(str(path)) for path in tree[1:])
                return self._either("有{names}", "没有{names}", holds, names=names)
        return self._either("{name}：是", "{name}：否", holds, name=self._term(tree))

    def condition(self, tree: Tree) -> str:
        """Return a whole condition in words, as it would be if it held."""
        return self._condition(tree, True, outer="")

    def _condition(self, tree: Tree, holds: bool, *, outer: str) -> str:
        if tree[0] == "not":
            return self._condition(parts(tree)[0], not holds, outer=outer)
        if tree[0] == "let" and str(tree[1]) in self.definition.lets:
            return self._condition(self.definition.lets[str(tree[1])].tree, holds, outer=outer)
        joint = str(tree[1]) if tree[0] == "call" and tree[1] in ("any", "all") else str(tree[0])
        if joint not in ("and", "or", "any", "all"):
            return self.claim(tree, holds)
        is_and = (joint in ("and", "all")) is holds
        own = "and" if is_and else "or"
        told = [self._condition(part, holds, outer=own) for part in parts(tree)]
        words = self.say("，并且" if is_and else "，或者").join(told)
        return words if outer in ("", own) else self.say("（{words}）", words=words)

    def reason(self, reason: Reason, *, may_read: Callable[[str], bool] = lambda path: True) -> str:
        """Return one reason with the values that it rests on; a value that may not be read stays out."""
        said = self.claim(reason.claim, reason.holds)
        told = {
            self.say("{name}为{value}", name=self.label(path), value=self.value(path, value)): None
            for path, value in reason.reads
            if value is not None and may_read(path) and not self._says_itself(reason.claim, path, reason.holds)
        }
        return self.say("{claim}（{values}）", claim=said, values=self.say("，").join(told)) if told else said

    def change(self, change: Change) -> str:
        """Return a change in words: from which day on, or which values would have to be others."""
        told = [
            self.say("没有{name}", name=self.label(path))
            if value is None
            else self.say("{name}是{value}", name=self.label(path), value=self.value(path, value))
            for path, value in change.values.items()
        ]
        if change.on is not None:
            told.insert(0, self.say("到了{day}", day=self.say_day(change.on)))
        return self.say("，并且").join(told)

    def explained(self, explanation: Explanation, *, may_read: Callable[[str], bool] = lambda path: True) -> "Told":
        """Return a whole explanation in words; values that may not be read stay out."""
        return Told(
            tuple(dict.fromkeys(self.reason(one, may_read=may_read) for one in explanation.reasons)),
            tuple(self.change(one) for one in explanation.changes),
        )

    def _says_itself(self, claim: Tree, path: str, holds: bool | None) -> bool:
        """Tell whether the words of a claim already name the value: an equality that holds, a yes or no."""
        if claim[0] == "cmp" and claim[1] in ("==", "!="):
            left, right = parts(claim)
            return (claim[1] == "==") is holds and left == ("field", path) and right[0] != "field"
        return claim[0] in ("field", "let", "has") or (claim[0] == "default" and claim[1] == path)

    def _either(self, yes: str, no: str, holds: bool, /, **places: object) -> str:
        return self.say(yes if holds else no, **places)

    def _compared(self, tree: Tree, holds: bool) -> str:
        sign = str(tree[1]) if holds else _OPPOSITE[str(tree[1])]
        left, right = parts(tree)
        words = _DAYS.get(sign) if self._is_day(left) or self._is_day(right) else None
        return self.say(
            words or _SIGNS[sign], left=self._term(left, beside=right), right=self._term(right, beside=left)
        )

    def _is_day(self, tree: Tree) -> bool:
        return tree[0] == "date" or tree[:2] == ("call", "today")

    def _term(self, tree: Tree, *, beside: Tree | None = None) -> str:
        """Return a value's name in words; a constant is said as the other side of the comparison would say it."""
        match tree[0]:
            case "const" | "decimal" | "date":
                return self._constant(tree, beside)
            case "field" | "default":
                return self.label(str(tree[1]))
            case "let":
                known = self.definition.lets.get(str(tree[1]))
                return self._term(known.tree) if known else str(tree[1])
            case "arith":
                left, right = (self._term(part) for part in parts(tree))
                return self.say(_ARITHMETIC[str(tree[1])], left=left, right=right)
            case "call":
                return self._called(tree)
        return self.condition(tree)

    def _called(self, tree: Tree) -> str:
        name, inner = str(tree[1]), parts(tree)
        if name == "today":
            return self.say("今天")
        if name in _SPANS:
            what, start = self.say(_SPANS[name]), self._term(inner[0])
            if len(inner) == 1:
                return self.say(_UNTIL_TODAY, start=start, what=what)
            return self.say(_BETWEEN, start=start, end=self._term(inner[1]), what=what)
        if name in _SEVERAL:
            return self.say(_SEVERAL[name], all=self._listed(self._term(part) for part in inner))
        if name in _TERMS:
            two = self._term(inner[1]) if len(inner) > 1 else ""
            return self.say(_TERMS[name], one=self._term(inner[0]), two=two)
        return self.condition(tree)

    def _constant(self, tree: Tree, beside: Tree | None) -> str:
        value: object = tree[1]
        if tree[0] == "date":
            value = date.fromisoformat(str(tree[1]))
        elif tree[0] == "decimal":
            value = Decimal(str(tree[1]))
        path = str(beside[1]) if beside is not None and beside[0] in ("field", "default") else ""
        if path in self.definition.fields:
            return self._typed(self.definition.fields[path].type, path, value)
        if path.endswith(".act") and (act := self._act(path, str(value))):
            return act
        return self._plain(value)

    def _act(self, path: str, act_id: str) -> str:
        step = self.definition.steps.get(path.partition(".")[0])
        act = step.act(act_id) if isinstance(step, HumanStep) else None
        return self.say("“{text}”", text=self.say(act.label)) if act else ""

    def _typed(self, kind: FieldType, path: str, value: object) -> str:
        if isinstance(kind, Enum | Choices):
            members = value if isinstance(value, tuple | list) else (value,)
            labels = (self.say(self.definition.label(f"{path}.{one}")) for one in members)
            return self._listed(self.say("“{text}”", text=label) for label in labels)
        if isinstance(kind, File):
            return self.say("已提供")
        if isinstance(kind, Region) and isinstance(value, str):
            return self.say(Divisions.default().name(value))
        if isinstance(kind, MoneyFen) and isinstance(value, int):
            return self.say("{yuan} 元", yuan=f"{value / 100:.2f}".removesuffix(".00"))
        return self._plain(value)

    def _plain(self, value: object) -> str:
        match value:
            case bool():
                return self.say("是") if value else self.say("否")
            case date():
                return self.say_day(value)
            case tuple() | list():
                return self._listed(self._plain(one) for one in value)
        return str(value)

    def _listed(self, words: Iterable[str]) -> str:
        return self.say("、").join(words)


@dataclass(frozen=True, slots=True)
class Told:
    """Hold an explanation in words: what decided, and what would change it."""

    reasons: tuple[str, ...]
    changes: tuple[str, ...] = ()
