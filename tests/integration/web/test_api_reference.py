"""Whoever reads the reference finds every endpoint from its front page, in either language."""

import re

import pytest

from gov_portal.web.api.document import operations
from gov_portal.web.api.reference import EXTENSION
from tests.factories.pages import Pages


def links(pages: Pages, path: str, below: str) -> list[str]:
    return re.findall(rf'href="({below}[^"]+)"', pages.visitor().get(path).text)


def test_every_endpoint_is_reached_from_the_front_page(pages: Pages) -> None:
    found = [one for part in links(pages, "/api", "/api/parts/") for one in links(pages, part, "/api/endpoints/")]
    known = [one["operationId"] for _path, _method, one in operations(pages.app.extensions[EXTENSION])]
    assert sorted(one.rpartition("/")[2] for one in found) == sorted(known)


@pytest.mark.parametrize("path", ["/api", "/api/parts/webhooks", "/api/endpoints/replay_webhook"])
def test_the_reference_is_read_in_english_too(pages: Pages, path: str) -> None:
    visitor = pages.visitor()
    visitor.client.set_cookie("gov_language", "en")
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", "", visitor.get(path).text, flags=re.DOTALL)
    assert "Webhooks" in text or "Replay" in text


def test_a_part_that_is_not_there_is_not_found(pages: Pages) -> None:
    assert pages.visitor().get("/api/parts/nothing").status_code == 404
