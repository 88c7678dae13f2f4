"""Read what people typed, and show it again beside what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from gov_portal.kernel.errors import DomainError, InvalidFields
from gov_portal.kernel.types import (
    Address,
    Bool,
    Choices,
    Date,
    Enum,
    FieldType,
    File,
    Image,
    Int,
    OfficerRef,
    Phone,
    Text,
    ValueRefused,
)
from gov_portal.web.base.catalogue import message, text_of
from gov_portal.web.base.text import _, phrase
from gov_portal.web.base.values import options_of
from workflows.views import FieldView

DATE_PARTS = ("year", "month", "day")
LONG_TEXT = 80
_DAYS = Date(date(2000, 1, 1), date(2999, 12, 31))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """Say what is wrong with one input; ``field`` is empty for the form as a whole."""

    field: str
    message: str
    prefix: str = ""
    is_missing: bool = False

    @property
    def anchor(self) -> str:
        """Return the id of the input that the summary links to."""
        return anchor(self.prefix + self.field)


@dataclass(frozen=True, slots=True)
class Faults:
    """Hold all that is wrong with one form; false when nothing is."""

    items: tuple[Fault, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(self.items)

    def of(self, path: str) -> str:
        """Return the message at one input, or an empty text."""
        return next((fault.message for fault in self.items if fault.field == path), "")

    def within(self, prefix: str) -> "Faults":
        """Return the faults with links into one of several forms of a page."""
        return Faults(tuple(replace(fault, prefix=prefix) for fault in self.items))

    def named(self, views: Iterable[FieldView]) -> "Faults":
        """Return the faults with the name of the field in each, so that the summary can be read alone."""
        fields = {view.path: view for view in views}
        return Faults(tuple(_named(fault, fields.get(fault.field)) for fault in self.items))

    @classmethod
    def single(cls, path: str, text: str) -> "Faults":
        """Return one fault at one input."""
        return cls((Fault(path, text),))


NO_FAULTS = Faults()
MISSING = frozenset({"type.missing", "case.field-missing"})
_MISSING = {
    "radios": phrase("请选择{label}"),
    "checkboxes": phrase("请选择{label}"),
    "image": phrase("请上传{label}"),
    "file": phrase("请上传{label}"),
}
_NOT_TYPED = phrase("请填写{label}")


def _named(fault: Fault, view: FieldView | None) -> Fault:
    label = _(view.label) if view else ""
    if not label or fault.message.startswith(label):
        return fault
    if fault.is_missing and view:
        return replace(fault, message=_(_MISSING.get(widget_of(view.type), _NOT_TYPED), label=label))
    return replace(fault, message=_("{label}：{message}", label=label, message=fault.message))


def attempt(action: Callable[[], T], *, also: tuple[type[DomainError], ...] = ()) -> T | Faults:
    """Return what the action returns, or what is wrong with the input; other errors go on to the edge.

    Args:
        action: one call of a service.
        also: errors that this form shows in place, beside those of status 422.
    """
    try:
        return action()
    except DomainError as error:
        if error.status != 422 and not isinstance(error, also):
            raise
        return faults_of(error)


def faults_of(error: DomainError) -> Faults:
    """Return the faults that an error tells of, each in the reader's language."""
    errors = error.faults if isinstance(error, InvalidFields) else (error,)
    return Faults(
        tuple(Fault(single.field or "", message(single), is_missing=single.code in MISSING) for single in errors)
    )


def anchor(path: str) -> str:
    """Return the element id of an input; dots would need escaping in style sheets and fragments."""
    return "f-" + path.replace(".", "-").replace("_", "-")


@dataclass(frozen=True, slots=True)
class Input:
    """Show one field as an input.

    Attributes:
        typed: what stands in it now: a text, for a date its three parts, for a list the chosen members.
        is_kept: a file is stored already and stays unless another is chosen.
        prefix: makes the id of the element its own where several forms of a page ask for the same.
    """

    path: str
    label: str
    widget: str
    typed: object = field(default="", repr=False)
    error: str = ""
    hint: str = ""
    why: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_required: bool = True
    is_kept: bool = False
    source: str = ""
    prefix: str = ""

    @property
    def anchor(self) -> str:
        """Return the id of the element that gets the focus."""
        return anchor(self.prefix + self.path)


def widget_of(kind: FieldType) -> str:
    """Return the name of the input that fits a type."""
    match kind:
        case Bool() | Enum() | OfficerRef():
            return "radios"
        case Choices():
            return "checkboxes"
        case Date():
            return "date"
        case Image():
            return "image"
        case File():
            return "file"
        case Text(length=length) if length > LONG_TEXT:
            return "textarea"
        case Int():
            return "number"
        case Phone():
            return "phone"
        case Address():
            return "address"
        case _:
            return "text"


def hint_of(kind: FieldType) -> str:
    """Return what a type asks of whoever types."""
    match kind:
        case Date():
            return _("例如：1980年5月1日")
        case Image():
            return _("JPG 或 PNG 图片；手机拍的大照片会自动缩小，不超过 30 MB")
        case File():
            return _("PDF（不超过 10 MB），或者 JPG、PNG 照片（会自动缩小，不超过 30 MB）")
        case Text(length=length) if length > LONG_TEXT:
            return _("最多{length}个字", length=length)
        case Int(low=int(low), high=int(high)):
            return _("{low} 到 {high} 之间的整数", low=low, high=high)
        case _:
            return ""


def _said_option(view: FieldView, label: str) -> str:
    """Return what may be chosen in the reader's language; the name of an officer is nobody's to translate."""
    return label if isinstance(view.type, OfficerRef) else _(label)


def typed_of(view: FieldView) -> object:
    """Return what an input shows of a stored value."""
    value = view.value
    match view.type:
        case Date():
            parts = (value.year, value.month, value.day) if isinstance(value, date) else ("", "", "")
            return dict(zip(DATE_PARTS, map(str, parts), strict=True))
        case Bool():
            return "" if value is None else str(value).lower()
        case Choices():
            return tuple(value) if isinstance(value, tuple) else ()
        case _:
            return "" if value is None else str(value)


def read(kind: FieldType, path: str, form: "MultiDict[str, str]") -> object:
    """Return what was typed for one field, in the shape that its type parses."""
    match kind:
        case Date():
            return {part: form.get(f"{path}.{part}", "") for part in DATE_PARTS}
        case Choices():
            return tuple(form.getlist(path))
        case _:
            return form.get(path, "")


def inputs(
    views: Iterable[FieldView],
    *,
    typed: Mapping[str, object] | None = None,
    faults: Faults = NO_FAULTS,
    labels: Mapping[str, str] | None = None,
    prefix: str = "",
) -> tuple[Input, ...]:
    """Return the inputs of some fields; what was typed just now goes before what is stored.

    Args:
        views: fields to ask.
        typed: what a refused form brought, by path.
        faults: what is wrong with it.
        labels: labels of the item, for hints.
        prefix: of the element ids, where several forms of a page ask for the same.
    """
    return tuple(
        Input(
            path=view.path,
            label=_(view.label),
            widget=widget_of(view.type),
            typed=typed[view.path] if typed is not None and view.path in typed else typed_of(view),
            error=faults.of(view.path),
            hint=_("；").join(filter(None, (_own_hint(view.path, labels or {}), hint_of(view.type)))),
            why=_(view.why),
            options=tuple((value, _said_option(view, label)) for value, label in options_of(view)),
            is_required=view.is_required,
            is_kept=isinstance(view.type, File) and bool(_kept(view, typed)),
            source=view.source,
            prefix=prefix,
        )
        for view in views
    )


def _own_hint(path: str, labels: Mapping[str, str]) -> str:
    return _(labels.get(f"{path}.hint", "")).rstrip("。.")


def _kept(view: FieldView, typed: Mapping[str, object] | None) -> object:
    return (typed or {}).get(view.path) or view.value


def long_text(name: str, label: str, *, longest: int, is_required: bool = True) -> tuple[str, Faults]:
    """Return the text typed in one input of this request, and what is wrong with it."""
    raw = request.form.get(name, "")
    if not raw.strip() and not is_required:
        return "", NO_FAULTS
    parsed = attempt(lambda: Text(longest).parse(raw))
    if not isinstance(parsed, Faults):
        return str(parsed), NO_FAULTS
    text = text_of("form.missing", {"label": label}) if not raw.strip() else parsed.items[0].message
    return "", Faults.single(name, text)


def day_of(name: str, source: Mapping[str, str]) -> date | None:
    """Return the day that a form spells in three parts, or an address in one text; ``None`` for what is no day."""
    try:
        found = _DAYS.parse(source.get(name) or _parts(name, source))
    except ValueRefused:
        return None
    return found if isinstance(found, date) else None


def day_input(name: str, label: str, source: Mapping[str, str]) -> Input:
    """Return the input that asks for a day, with what stands in it and what is wrong with that."""
    day, parts = day_of(name, source), _parts(name, source)
    if day is not None:
        return Input(name, label, "date", {part: str(getattr(day, part)) for part in DATE_PARTS})
    refused = attempt(lambda: _DAYS.parse(parts)) if any(parts.values()) else NO_FAULTS
    error = refused.items[0].message if isinstance(refused, Faults) and refused else ""
    return Input(name, label, "date", parts, error)


def _parts(name: str, source: Mapping[str, str]) -> dict[str, str]:
    return {part: source.get(f"{name}.{part}", "").strip() for part in DATE_PARTS}


def as_uuid(text: str) -> UUID | None:
    """Return the id that a hidden input or a radio button carries; ``None`` for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def is_upload(kind: FieldType) -> bool:
    """Tell whether the input of a type is a file."""
    return isinstance(kind, File)
