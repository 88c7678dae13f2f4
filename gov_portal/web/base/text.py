"""Turn values into what people read; the one hook through which every text of the pages goes."""

from datetime import UTC, date, datetime

from gov_portal.kernel.working_days import SHANGHAI

_WEEKDAYS = "一二三四五六日"


def _(text: str, /, **params: object) -> str:
    """Return the text in the reader's language with its places filled; Chinese is the catalogue's key."""
    return text.format(**params) if params else text


def day(value: date | datetime | None) -> str:
    """Return a day as 2026年3月2日, in Shanghai."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI) if isinstance(value, datetime) else value
    return f"{local.year}年{local.month}月{local.day}日"


def days_to(first: date, last: date) -> str:
    """Return a stretch of days as 2026年3月5日 至 3月13日."""
    if first == last:
        return day(first)
    end = f"{last.month}月{last.day}日" if first.year == last.year else day(last)
    return f"{day(first)} 至 {end}"


def weekday(value: date | None) -> str:
    """Return a day with its weekday, as 2026年3月2日（星期一）."""
    return "" if value is None else f"{day(value)}（星期{_WEEKDAYS[value.weekday()]}）"


def moment(value: datetime | None) -> str:
    """Return an instant as 2026年3月2日 09:00, in Shanghai."""
    return "" if value is None else f"{day(value)} {value.astimezone(SHANGHAI):%H:%M}"


def machine_time(value: date | datetime) -> str:
    """Return the ``datetime`` attribute of a ``time`` element."""
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def size(count: int) -> str:
    """Return a number of bytes as people say it: 10 MB, 300 KB."""
    return f"{count // 1024 // 1024} MB" if count >= 1024 * 1024 else f"{max(1, count // 1024)} KB"
