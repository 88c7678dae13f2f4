"""Say the value of a field in the reader's language, and leave a person's own words as they are."""

from datetime import date

from markupsafe import Markup

from gov_portal.kernel.types import Bool, Choices, Date, Enum, File
from gov_portal.web.base.text import _, day, own_words, phrase
from workflows.views import FieldView

YES_NO = (("true", phrase("是")), ("false", phrase("否")))
_PROVIDED = phrase("已提供")


def options_of(view: FieldView) -> tuple[tuple[str, str], ...]:
    """Return value and Chinese label of what may be chosen in a field."""
    return view.options or (YES_NO if isinstance(view.type, Bool) else ())


def said(view: FieldView) -> str | Markup:
    """Return what a field holds as its viewer reads it; empty where it holds nothing."""
    return _said(view, view.value, shown=view.shown)


def said_before(view: FieldView) -> str | Markup:
    """Return what a field held before it was changed."""
    return _said(view, None, shown=view.previous_shown)


def _said(view: FieldView, value: object, *, shown: str) -> str | Markup:
    match view.type:
        case Enum() | Bool():
            return _(shown)
        case Choices():
            return _("、").join(_(part) for part in shown.split("、"))
        case File():
            return _(_PROVIDED) if shown else ""
        case Date() if isinstance(value, date):
            return day(value)
        case _:
            return own_words(shown)
