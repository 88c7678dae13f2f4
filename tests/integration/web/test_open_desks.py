"""Anyone can check a licence; whoever plays with the sandbox sees codes and moves the clock."""

import pytest

from tests.factories.pages import Pages


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("valid", "现在有效"),
        ("revoked", "已经撤销"),
        ("superseded", "已经换发"),
        ("expired", "有效期已过"),
        ("8K3M", "没有这个核验码"),
    ],
)
def test_a_code_is_answered_in_words(pages: Pages, code: str, words: str) -> None:
    response = pages.visitor().get(f"/verify/{code}")
    assert response.status_code == 200
    assert words in response.text
    assert (
        f'data-status="{code if code in {"valid", "revoked", "superseded", "expired"} else "unknown"}"' in response.text
    )


def test_the_public_sees_the_holder_only_in_part(pages: Pages) -> None:
    html = pages.visitor().get("/verify/valid").text
    assert "林**" in html
    assert "2026年3月20日" in html
    assert "林**" not in pages.visitor().get("/verify/unknown").text


def test_a_typed_code_leads_to_its_page(pages: Pages) -> None:
    assert pages.visitor().get("/verify?code=+8K3M 9TQ2 ").location == "/verify/8K3M9TQ2"


@pytest.mark.parametrize("code", ["", "%20", "../../etc/passwd", "<script>", "x" * 200, "核验"])
def test_what_is_no_code_is_told(pages: Pages, code: str) -> None:
    response = pages.visitor().get("/verify", query_string={"code": code})
    assert response.status_code == 422
    assert "请填写证照上二维码旁边的核验码" in response.text
    assert "<script>" not in response.text


def test_the_desk_of_the_sandbox_shows_the_codes(pages: Pages) -> None:
    html = pages.visitor().get("/sandbox/messages").text
    assert "您的验证码是 123456" in html
    assert 'data-message="identity.code"' in html


def test_the_clock_moves_by_working_days(pages: Pages) -> None:
    visitor = pages.visitor()
    visitor.get("/sandbox/messages")
    assert visitor.post("/sandbox/clock", {"by": "5wd"}).location == "/sandbox/messages"
    assert "2026年3月9日 09:00" in visitor.get("/sandbox/messages").text


@pytest.mark.parametrize("by", ["", "5", "-1wd", "soon", "99999d"])
def test_a_clock_that_cannot_be_moved_so_says_how(pages: Pages, by: str) -> None:
    visitor = pages.visitor()
    visitor.get("/sandbox/messages")
    response = visitor.post("/sandbox/clock", {"by": by})
    assert response.status_code == 422
    assert "例如 5wd（5个工作日）" in response.text
