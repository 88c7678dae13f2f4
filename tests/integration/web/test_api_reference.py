"""Whoever reads the reference finds every endpoint from its front page, in either language."""

import re

import pytest

from gov_portal.web.api.blueprint import api_document
from gov_portal.web.api.document import operations
from gov_portal.web.base.english import english
from tests.factories.pages import Pages

CHANGE_NOTHING_TWICE = {
    "judge_eligibility",
    "notice_payment",
    "preview_job",
    "present_licence",
    "read_letters",
    "read_letters_at_counter",
    "read_letters_as_officer",
    "verify_licence_file",
    "verify_licence_token",
}
CODES_WORK_ONCE_ANYWAY = {
    "start_registration",
    "confirm_registration",
    "start_recovery",
    "confirm_recovery",
    "start_sign_in",
    "confirm_sign_in",
    "send_code_again",
}


def links(pages: Pages, path: str, below: str) -> list[str]:
    return re.findall(rf'href="({below}[^"]+)"', pages.visitor().get(path).text)


def test_every_endpoint_is_reached_from_the_front_page(pages: Pages) -> None:
    found = [one for part in links(pages, "/api", "/api/parts/") for one in links(pages, part, "/api/endpoints/")]
    known = [one["operationId"] for _path, _method, one in operations(api_document())]
    assert sorted(one.rpartition("/")[2] for one in found) == sorted(known)


@pytest.mark.parametrize("path", ["/api", "/api/parts/webhooks", "/api/endpoints/replay_webhook"])
def test_the_reference_is_read_in_english_too(pages: Pages, path: str) -> None:
    visitor = pages.visitor()
    visitor.client.set_cookie("gov_language", "en")
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", "", visitor.get(path).text, flags=re.DOTALL)
    assert "Webhooks" in text or "Replay" in text


def test_a_part_that_is_not_there_is_not_found(pages: Pages) -> None:
    assert pages.visitor().get("/api/parts/nothing").status_code == 404


def test_whatever_a_signed_in_caller_changes_may_be_sent_again_under_its_key() -> None:
    changing = [
        one
        for _path, method, one in operations(api_document())
        if method == "post" and one["operationId"] not in CHANGE_NOTHING_TWICE | CODES_WORK_ONCE_ANYWAY
    ]
    assert [one["operationId"] for one in changing if not one["x-once"]] == []


def test_every_endpoint_says_what_it_does_in_both_languages() -> None:
    for _path, _method, one in operations(api_document()):
        assert one["summary"].endswith(".")
        assert one["x-title"] in english()
