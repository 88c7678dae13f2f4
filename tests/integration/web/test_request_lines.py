"""One line for each request, by which it is found, and which names nobody."""

import logging

import pytest
from structlog.testing import capture_logs

from tests.factories.monitoring import a_monitor
from tests.factories.pages import CASE, Pages, an_app

GIVEN = "trace.0a1b-2c3d_4e5f"


def lines(pages: Pages, path: str, **headers: str) -> tuple[list[dict], str]:
    with capture_logs() as written:
        response = pages.visitor().client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    return written, response.headers["X-Request-Id"]


def test_a_request_is_one_line_with_route_status_and_duration(pages: Pages) -> None:
    (line,), _ = lines(pages, "/verify/ABCD-SECRET-CODE")
    assert line["event"] == "request"
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["route"].startswith("/verify/<")
    assert line["ms"] >= 0
    assert "SECRET" not in str(line)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/assets/gov.css"])
def test_what_is_asked_all_the_time_is_only_for_debugging(pages: Pages, path: str) -> None:
    (line,), _ = lines(pages, path)
    assert line["log_level"] == "debug"


def test_an_id_of_the_caller_is_kept(pages: Pages) -> None:
    assert lines(pages, "/verify", X_Request_Id=GIVEN)[1] == GIVEN


@pytest.mark.parametrize(
    "given",
    [
        "",
        "short",
        "x" * 65,
        "a b c d e f g",
        "<script>alert",
        "470101199003074514",
        "a-470101199003074514",
        "12012345678",
    ],
)
def test_an_id_that_is_no_id_or_could_be_a_persons_number_is_replaced(pages: Pages, given: str) -> None:
    found = lines(pages, "/verify", X_Request_Id=given)[1]
    assert found != given
    assert len(found) == 32


def test_two_requests_have_two_ids(pages: Pages) -> None:
    assert lines(pages, "/verify")[1] != lines(pages, "/verify")[1]


def test_a_crash_is_told_with_its_place_and_without_the_address(caplog: pytest.LogCaptureFixture) -> None:
    pages = an_app(monitor=a_monitor())

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("张三")

    pages.cases.view = crash
    with capture_logs() as written, caplog.at_level(logging.DEBUG):
        assert pages.signed_in().client.get(f"/cases/{CASE}").status_code == 500
    crashed, line = written
    assert (crashed["event"], crashed["route"]) == ("request-crashed", "/cases/<uuid:case>")
    assert isinstance(crashed["exc_info"], RuntimeError)
    assert (line["event"], line["status"]) == ("request", 500)
    assert str(CASE) not in caplog.text
