"""Choose the language of a page."""

from flask import has_request_context

from gov_portal.web.base.present import present_request
from gov_portal.web.base.programs import is_program

CHINESE = "zh"
ENGLISH = "en"
LANGUAGES = (CHINESE, ENGLISH)
LANGUAGE_COOKIE = "gov_language"
_CHOSEN = "gov.language"


def language() -> str:
    """Return the language that the reader of this page chose; Chinese without a choice or a page.

    A program chooses by ``Accept-Language``.
    """
    if not has_request_context():
        return CHINESE
    # A page asks for every text of it, so the answer stands with the request.
    environ: dict[str, str] = present_request().environ
    return environ.get(_CHOSEN) or environ.setdefault(_CHOSEN, _chosen())


def _chosen() -> str:
    if is_program():
        asked = present_request().accept_languages
        return (asked.best_match(LANGUAGES) if asked else None) or CHINESE
    chosen = present_request().cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else CHINESE
