"""Turn values into what people read; the one hook through which every text of the pages goes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from string import Formatter

from babel import Locale
from babel.dates import format_date
from markupsafe import Markup, escape

from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.web.base.english import english
from gov_portal.web.base.language import ENGLISH, LANGUAGES, language


class _Places(Formatter):
    """Fill the places of a text; English ones may say ``{n} {n:day|days}``, one word for 1 and one for more."""

    def format_field(self, value: object, format_spec: str) -> str:
        """Choose between singular and plural where the text offers both."""
        if "|" not in format_spec:
            return str(super().format_field(value, format_spec))
        one, more = format_spec.split("|")
        return one if value == 1 else more


_PLACES = _Places()


def _(text: str, /, **params: object) -> str:
    """Return the text in the reader's language with its places filled; Chinese is the catalogue's key."""
    said = english().get(text, text) if language() == ENGLISH else text
    if any(isinstance(value, Markup) for value in params.values()):
        safe = {name: escape(value) if isinstance(value, str) else value for name, value in params.items()}
        return Markup(_filled(str(escape(said)), safe))  # noqa: S704 - all that goes in was escaped just now
    return _filled(said, params) if params else said


def _filled(text: str, params: Mapping[str, object]) -> str:
    """Return a text with its places filled; only one that chooses between words needs more than Python has."""
    return _PLACES.vformat(text, (), params) if "|" in text else str.format_map(text, params)


def phrase(text: str, /) -> str:
    """Mark a text of a table that ``_`` says later, so that its English words are asked for."""
    return text


def own_words(text: object) -> str | Markup:
    """Return what somebody typed, or is called, so that an English page reads it out as Chinese and leaves it be."""
    if language() != ENGLISH or not text:
        return str(text or "")
    return Markup('<span lang="zh-CN" translate="no">{}</span>').format(text)


def named(text: str) -> str | Markup:
    """Return the name of a unit or a place: in English words where it has them, else as its own Chinese ones."""
    return _(text) if language() == ENGLISH and text in english() else own_words(text)


_DAY = phrase("y年M月d日")
_DAY_OF_YEAR = phrase("M月d日")
_WEEKDAY = phrase("y年M月d日（EEEE）")


def _on(value: date, pattern: str) -> str:
    return format_date(value, _(pattern), locale=_locale(language()))


@lru_cache(maxsize=len(LANGUAGES))
def _locale(name: str) -> Locale:
    """Return what a language knows of dates; by its name alone its file would be looked for each time."""
    return Locale.parse(name)


def day(value: date | datetime | None) -> str:
    """Return a day as 2026年3月2日 or 2 March 2026, in Shanghai."""
    if value is None:
        return ""
    return _on(value.astimezone(SHANGHAI) if isinstance(value, datetime) else value, _DAY)


def days_to(first: date, last: date) -> str:
    """Return a stretch of days as 2026年3月5日 至 3月13日 or 5 March to 13 March 2026."""
    if first == last:
        return day(first)
    is_one_year = first.year == last.year
    if language() == ENGLISH:
        start = _on(first, _DAY_OF_YEAR if is_one_year else _DAY)
        return _("{first} 至 {last}", first=start, last=day(last))
    return _("{first} 至 {last}", first=day(first), last=_on(last, _DAY_OF_YEAR if is_one_year else _DAY))


def weekday(value: date | None) -> str:
    """Return a day with its weekday, as 2026年3月2日（星期一） or Monday, 2 March 2026."""
    return "" if value is None else _on(value, _WEEKDAY)


def moment(value: datetime | None) -> str:
    """Return an instant as 2026年3月2日 09:00, in Shanghai."""
    return "" if value is None else f"{day(value)} {value.astimezone(SHANGHAI):%H:%M}"


def clock_time(value: datetime | None) -> str:
    """Return the time of day to the second, as 14:03:22, in Shanghai."""
    return "" if value is None else f"{value.astimezone(SHANGHAI):%H:%M:%S}"


def time_of_day(value: datetime) -> str:
    """Return the time of an instant as 09:00, in Shanghai."""
    return f"{value.astimezone(SHANGHAI):%H:%M}"


def machine_time(value: date | datetime) -> str:
    """Return the ``datetime`` attribute of a ``time`` element."""
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def size(count: int) -> str:
    """Return a number of bytes as people say it: 10 MB, 300 KB."""
    return f"{count // 1024 // 1024} MB" if count >= 1024 * 1024 else f"{max(1, count // 1024)} KB"
