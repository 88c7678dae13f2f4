"""Every page is looked at by the browser tests: no route of a page without a stop."""

from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from tests.acceptance.stops import every_stop
from tests.factories.pages import the_app

APP = the_app()
NO_PAGES = {
    "base.asset": "a file of our own",
    "base.display": "leads back",
    "base.choose_language": "leads back",
    "base.choose_theme": "leads back",
    "base.healthz": "for machines",
    "operators.readyz": "for machines",
    "operators.metrics": "for machines",
    "citizen.file": "a file of the case",
    "citizen.licence": "a PDF",
    "citizen.flow": "a picture",
    "citizen.receipt_paper": "a PDF",
    "citizen.held_licence_pdf": "a PDF",
    "citizen.copy_pdf": "a PDF",
    "citizen.item_paper": "a PDF",
    "verify.presented_photo": "a picture",
    "citizen.disclosed_licence": "a signed form of a licence",
    "citizen.plain_licence": "a licence as JSON",
    "verify_public.status_list": "a signed list",
    "verify_public.licence_type": "for machines",
    "verify_public.licence_schema": "for machines",
    "verify_public.issuer": "for machines",
    "verify_public.root": "a certificate",
    "verify_public.offline_file": "a file to take along; tests/acceptance/test_offline.py looks at it",
    "officer.file": "a file of the case",
    "officer.download": "a table for spreadsheets",
    "citizen.resume": "leads to the page to go on with",
    "officer.licence": "a PDF",
    "officer.flow": "a picture",
    "citizen.involved_file": "a file of the case",
    "officer.counter.file": "a file of the case",
    "officer.counter.licence": "a PDF",
    "officer.counter.receipt_paper": "a PDF",
    "officer.counter.flow": "a picture",
    "officer.counter.resume": "leads to the page to go on with",
}
"""Routes that give no page, or none without what came before, and why."""
PROGRAMS = "/api/v1/"


def endpoint_of(path: str) -> str:
    try:
        return APP.url_map.bind("localhost").match(urlsplit(path).path, method="GET")[0]
    except HTTPException as error:
        assert error.code == HTTPStatus.NOT_FOUND
        return ""


ROUTES = sorted(
    rule.endpoint
    for rule in APP.url_map.iter_rules()
    if "GET" in (rule.methods or ()) and not rule.rule.startswith(PROGRAMS)
)


@pytest.mark.parametrize("endpoint", [one for one in ROUTES if one not in NO_PAGES])
def test_every_page_is_looked_at(endpoint: str) -> None:
    assert endpoint in {endpoint_of(stop.path) for stop in every_stop().values()}


def test_no_exception_outlives_its_route() -> None:
    assert set(NO_PAGES) - set(ROUTES) == set()
