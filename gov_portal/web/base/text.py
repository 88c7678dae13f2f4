"""Turn values into what people read; the one hook through which every text of the pages goes."""

from datetime import UTC, date, datetime

from babel.dates import format_date

from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.web.base.language import ENGLISH, english, language

_WEEKDAYS = "一二三四五六日"


def _(text: str, /, **params: object) -> str:
    """Return the text in the reader's language with its places filled; Chinese is the catalogue's key."""
    said = english().get(text, text) if language() == ENGLISH else text
    return said.format(**params) if params else said


def phrase(text: str, /) -> str:
    """Mark a text of a table that ``_`` says later, so that its English words are asked for."""
    return text


def day(value: date | datetime | None) -> str:
    """Return a day as 2026年3月2日 or 2 March 2026, in Shanghai."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI) if isinstance(value, datetime) else value
    if language() == ENGLISH:
        return format_date(local, "d MMMM y", locale=ENGLISH)
    return f"{local.year}年{local.month}月{local.day}日"


def days_to(first: date, last: date) -> str:
    """Return a stretch of days as 2026年3月5日 至 3月13日 or 5 March 2026 to 13 March 2026."""
    if first == last:
        return day(first)
    if language() == ENGLISH:
        return f"{day(first)} to {day(last)}"
    end = f"{last.month}月{last.day}日" if first.year == last.year else day(last)
    return f"{day(first)} 至 {end}"


def weekday(value: date | None) -> str:
    """Return a day with its weekday, as 2026年3月2日（星期一） or Monday, 2 March 2026."""
    if value is None:
        return ""
    if language() == ENGLISH:
        return format_date(value, "EEEE, d MMMM y", locale=ENGLISH)
    return f"{day(value)}（星期{_WEEKDAYS[value.weekday()]}）"


def moment(value: datetime | None) -> str:
    """Return an instant as 2026年3月2日 09:00, in Shanghai."""
    return "" if value is None else f"{day(value)} {value.astimezone(SHANGHAI):%H:%M}"


def machine_time(value: date | datetime) -> str:
    """Return the ``datetime`` attribute of a ``time`` element."""
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def size(count: int) -> str:
    """Return a number of bytes as people say it: 10 MB, 300 KB."""
    return f"{count // 1024 // 1024} MB" if count >= 1024 * 1024 else f"{max(1, count // 1024)} KB"
