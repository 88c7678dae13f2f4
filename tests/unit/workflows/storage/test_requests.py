"""A case knows its latest requests, each by two short digests."""

from workflows.storage.requests import MOST_REMEMBERED, RequestKey, content_of, remembered


def request(key: str, body: bytes = b"ok", *, actor: str = "officer:1") -> RequestKey:
    return RequestKey.of(actor, key, body=body)


def test_a_request_is_known_by_whose_it_is_and_its_key() -> None:
    known = remembered(remembered(b"", request("a")), request("b", b"deny"))
    assert content_of(known, request("a")) == request("a").content
    assert content_of(known, request("b", b"ok")) == request("b", b"deny").content
    assert content_of(known, request("c")) is None
    assert content_of(known, request("a", actor="officer:2")) is None


def test_the_oldest_of_many_requests_gives_way() -> None:
    known = b""
    for number in range(MOST_REMEMBERED + 1):
        known = remembered(known, request(str(number)))
    assert len(known) == 16 * MOST_REMEMBERED
    assert content_of(known, request("0")) is None
    assert content_of(known, request("1")) == content_of(known, request(str(MOST_REMEMBERED))) == request("1").content
