"""Read the code of an item (事项编码): its form, and that its parts say what the item says."""

from collections.abc import Mapping

from gov_portal.kernel.codes import item_code
from gov_portal.kernel.codes.errors import CodeFault, CodeInvalid
from gov_portal.kernel.codes.item_code import ItemCode
from workflows.domain.definition import ItemCodes
from workflows.dsl import words
from workflows.dsl.shape import Reader
from workflows.dsl.source import Record, Scalar

TYPE_CODES: Mapping[str, tuple[str, ...]] = {
    "行政许可": ("01",),
    "行政处罚": ("02",),
    "行政强制": ("03",),
    "行政征收": ("04",),
    "行政给付": ("05",),
    "行政检查": ("06",),
    "行政确认": ("07",),
    "行政奖励": ("08",),
    "行政裁决": ("09",),
    "其他行政权力": ("10", "20"),
    "公共服务": ("20", "21"),
}
"""Codes of the types of items (事项类型). GB/T 39046-2020 A.1 and Guangdong's table disagree: 20 is 公共服务事项 in the
one and 其他行政权力 in the other, so both are taken."""

LONGEST_LOCAL = 50

_FAULTS = {
    CodeFault.LENGTH: "has neither 12, 31 nor 33 characters",
    CodeFault.FORM: "does not have the form of a code",
    CodeFault.CHECK: "holds a credit code whose check character is wrong",
}
_FORM = "write 12 characters (province, type, serial, sub-item), perhaps behind a credit code and the level"


def read_codes(item: Reader) -> ItemCodes | None:
    """Return the codes of an item: one code, or a mapping with a suffix and codes of the province's own."""
    node = item.record.get("code")
    if isinstance(node, Record):
        reader = Reader(node, words.ITEM_CODE, at=item.location("code"), findings=item.findings)
        code = reader.scalar("national")
        suffix = _suffix(reader)
        local = tuple(_local(reader, key) for key in ("local_catalogue", "local_task"))
    else:
        code, suffix, local = item.scalar("code"), "", ("", "")
    parsed = _parsed(code, item) if code is not None else None
    if code is None or parsed is None:
        return None
    _check_agreement(code, parsed, item)
    if suffix and parsed.body:
        item.report("E126", code.at, "a code that names its body holds the suffix itself", "write 33 characters")
    return ItemCodes(ItemCode(parsed.base, parsed.body, parsed.level, parsed.suffix or suffix), *local)


def _parsed(code: Scalar, item: Reader) -> ItemCode | None:
    try:
        return item_code.parse(code.text)
    except CodeInvalid as fault:
        item.report("E126", code.at, f"`{code.text}` {_FAULTS[fault.fault]}", _FORM)
        return None


def _suffix(reader: Reader) -> str:
    scalar = reader.scalar("suffix")
    if scalar is None:
        return ""
    if not item_code.is_suffix(scalar.text):
        reader.report("E126", scalar.at, f"`{scalar.text}` is no suffix of a handling item", 'write two, such as "01"')
    return scalar.text


def _local(reader: Reader, key: str) -> str:
    text = reader.text(key)
    if len(text) > LONGEST_LOCAL:
        remedy = f"write at most {LONGEST_LOCAL} characters"
        reader.report("E126", reader.location(key), f"`{key}` has {len(text)} characters", remedy)
    return text


def _check_agreement(code: Scalar, parsed: ItemCode, item: Reader) -> None:
    """Report a code whose type or level is not the item's; a misspelt type or level is reported where it stands."""
    kind, level = item.record.get("type"), item.record.get("level")
    if isinstance(kind, Scalar) and kind.text in TYPE_CODES and parsed.type_code not in TYPE_CODES[kind.text]:
        expected = " or ".join(TYPE_CODES[kind.text])
        message = f"`{code.text}` says type {parsed.type_code}, but {kind.text} is {expected}"
        item.report("E127", code.at, message, "mend the third and fourth character of the base code, or the type")
    if isinstance(level, Scalar) and level.text in words.LEVELS and parsed.level not in ("", level_code(level.text)):
        message = f"`{code.text}` says level {parsed.level}, but {level.text} is {level_code(level.text)}"
        item.report("E127", code.at, message, "mend the character behind the credit code, or the level")


def level_code(level: str) -> str:
    """Return the code of a level (行使层级). Source: GB/T 39046-2020 A.2."""
    return str(words.LEVELS.index(level) + 1)
