"""Anyone verifies a licence by its file; whatever the file is, there is a clear answer."""

import io

import pytest

from tests.factories.pages import Pages


def upload(pages: Pages, content: bytes | None, *, name: str = "licence.pdf"):
    visitor = pages.visitor()
    visitor.get("/verify")
    return visitor.post("/verify/file", {} if content is None else {"file": (io.BytesIO(content), name)})


@pytest.mark.parametrize("status", ["valid", "revoked", "superseded", "expired", "altered", "sealed", "unknown"])
def test_the_answer_to_a_file_names_its_status(pages: Pages, status: str) -> None:
    answer = upload(pages, b"%PDF-1.7 " + status.encode())
    assert answer.status_code == 200
    assert f'data-status="{status}"' in answer.text
    assert "没有这个核验码" not in answer.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "请选择证照的 PDF 文件"),
        (b"", "请选择证照的 PDF 文件"),
        (b"\x89PNG\r\n\x1a\n", "这不是 PDF 文件"),
        (b" " * 2000 + b"%PDF-1.7", "这不是 PDF 文件"),
    ],
    ids=["nothing", "empty", "picture", "late header"],
)
def test_what_is_no_pdf_is_said_at_the_field(pages: Pages, content: bytes | None, words: str) -> None:
    answer = upload(pages, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'href="#f-file"' in answer.text


def test_a_file_sent_from_elsewhere_is_refused(pages: Pages) -> None:
    assert pages.visitor().client.post("/verify/file", data={}).status_code == 400
