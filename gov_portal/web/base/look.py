"""Know what a reader chose of the look of pages: large type, light or dark."""

from flask import request

from gov_portal.web.base.text import phrase

DISPLAY_COOKIE = "gov_display"
THEME_COOKIE = "gov_theme"
THEMES = (("auto", phrase("跟随系统")), ("light", phrase("浅色")), ("dark", phrase("深色")))


def known_theme(name: str | None) -> str:
    """Return a theme that there is: the one named, or that of the reader's system."""
    return name if name is not None and name in dict(THEMES) else "auto"


def choices_of_look() -> dict[str, object]:
    """Return what the reader chose of the look, as every page needs it."""
    return {
        "is_large": request.cookies.get(DISPLAY_COOKIE) == "large",
        "theme": known_theme(request.cookies.get(THEME_COOKIE)),
    }
