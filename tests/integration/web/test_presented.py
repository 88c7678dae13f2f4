"""Whoever scans a licence that is shown gets a clear answer; one that tells nothing where the code is none."""

import logging

import pytest
from structlog.testing import capture_logs

from gov_portal.kernel.rates import Rate, Standing
from gov_portal.licences.domain import LicenceStatus
from tests.acceptance.screens import arranged
from tests.acceptance.stops import Stop
from tests.factories.pages import Pages
from tests.factories.showing import SHOWN_CODE, a_presented

PATH = f"/verify/shown/{SHOWN_CODE}"


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (LicenceStatus.VALID, "有效"),
        (LicenceStatus.SUPERSEDED, "已被替换"),
        (LicenceStatus.REVOKED, "已注销"),
        (LicenceStatus.EXPIRED, "已过期"),
    ],
)
def test_the_answer_is_an_icon_and_a_word_with_what_is_shown(pages: Pages, status: LicenceStatus, word: str) -> None:
    with arranged(pages, Stop(PATH, state={"presentations.found": a_presented(status)})):
        page = pages.visitor().get(PATH)
    assert f"<h1>{word}</h1>" in page.text
    for expected in ("林晓禾", "470101********0124", "残疾人证", "09:00:00", f'src="{PATH}/photo"'):
        assert expected in page.text


def test_a_code_that_was_checked_before_says_so(pages: Pages) -> None:
    assert "这个码已经核验过" not in pages.visitor().get(PATH).text
    with arranged(pages, Stop(PATH, state={"presentations.found": a_presented(checks=3)})):
        assert "这个码已经核验过 3 次，第一次在 08:59:48" in pages.visitor().get(PATH).text


@pytest.mark.parametrize("code", ["late", "A" * 47, "%00", "%E8%AF%81", "x" * 300])
def test_every_code_that_is_none_gets_the_same_answer(pages: Pages, code: str) -> None:
    page = pages.visitor().get(f"/verify/shown/{code}")
    assert page.status_code == 200
    assert "<h1>这个码不能用</h1>" in page.text
    assert "林" not in page.text


def test_the_address_is_told_to_nobody_and_kept_nowhere(pages: Pages) -> None:
    headers = pages.visitor().get(PATH).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "private, no-store"


def test_checking_too_fast_is_refused(pages: Pages) -> None:
    class FullRates:
        def claim(self, rate: Rate, subject: bytes) -> Standing:
            return Standing(rate, 0, 60, wait_s=7)

    with arranged(pages, Stop(PATH, state={"rates.claim": FullRates().claim})):
        page = pages.visitor().get(PATH)
    assert page.status_code == 429
    assert "7 秒后再试" in page.text
    assert "林晓禾" not in page.text


def test_a_program_shows_and_checks_as_people_do(pages: Pages) -> None:
    client, bearer = pages.app.test_client(), {"Authorization": "Bearer citizen"}
    licence = "/api/v1/licences/00000000-0000-0000-0000-000000000007/presentations"
    shown = client.post(licence, headers=bearer)
    assert shown.status_code == 201
    assert shown.json.keys() == {"code", "url", "now", "expires_at"}
    assert [one["checks"] for one in client.get(licence, headers=bearer).json["items"]] == [1, 2]
    found = client.get(f"/api/v1/presentations/{SHOWN_CODE}")
    assert (found.json["status"], found.json["holder"], found.json["has_photo"]) == ("valid", "林晓禾", True)
    assert client.get("/api/v1/presentations/late").json["status"] == "unknown"
    assert client.get(f"/api/v1/presentations/{SHOWN_CODE}/photo").mimetype == "image/jpeg"


@pytest.mark.parametrize("path", [PATH, f"{PATH}/photo", f"/api/v1/presentations/{SHOWN_CODE}"])
def test_no_line_of_the_log_holds_a_code(pages: Pages, caplog: pytest.LogCaptureFixture, path: str) -> None:
    def crash(code: str) -> None:
        raise RuntimeError

    with capture_logs() as written, caplog.at_level(logging.DEBUG):
        assert pages.visitor().get(path).status_code == 200
        with arranged(pages, Stop(path, state={"presentations.check": crash, "presentations.photo": crash})):
            assert pages.visitor().get(path).status_code == 500
    assert [line["status"] for line in written if line["event"] == "request"] == [200, 500]
    assert SHOWN_CODE not in f"{written}{caplog.text}"
