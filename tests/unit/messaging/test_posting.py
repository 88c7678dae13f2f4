"""Nothing is posted into our own network, however an address is spelled."""

import pytest

from gov_portal.messaging.posting import AddressRefused, Poster


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com/hook",
        "https:///hook",
        "https://user:secret@example.com/hook",
        "https://example.com@10.0.0.1/hook",
        "https://example.com/hook#part",
        "https://example.com/ho ok",
        "https://example.com/\r\nHost: x",
        "https://例子.example/hook",
        "https://example.com:99999/hook",
        "https://example.com:0/hook",
        "https://[::1",
        "javascript:alert(1)",
        "",
        "https://example.com/" + "x" * 500,
    ],
)
def test_an_odd_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        Poster().check(url)


INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::ffff:10.0.0.1",
    "fc00::1",
    "fe80::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_by_its_spelling(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressRefused, match="refused-address"):
        Poster().check(f"https://{host}/hook")


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "0x7f000001"])
def test_other_spellings_of_an_address_are_read_as_the_system_reads_them(spelling: str) -> None:
    with pytest.raises(AddressRefused, match="refused-address"):
        Poster().check(f"https://{spelling}/hook")


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_when_something_is_posted(address: str) -> None:
    outcome = Poster(resolve=lambda host, port: [address]).post("https://example.com/hook", headers={}, body=b"{}")
    assert (outcome.status, outcome.error) == (0, "refused-address")


def test_one_address_inside_among_others_is_enough_to_refuse() -> None:
    poster = Poster(resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    assert poster.post("https://example.com/hook", headers={}, body=b"{}").error == "refused-address"


def test_a_name_that_leads_nowhere_is_an_outcome() -> None:
    assert (
        Poster(resolve=lambda host, port: []).post("https://x.example/", headers={}, body=b"").error == "name-unknown"
    )


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/hook", "http://localhost/hook", "https://127.0.0.1/hook"])
def test_this_very_machine_is_allowed_in_the_sandbox_only(url: str) -> None:
    Poster(is_sandbox=True).check(url)
    if "localhost" not in url:
        with pytest.raises(AddressRefused):
            Poster().check(url)


@pytest.mark.parametrize("url", ["http://example.com/", "https://10.0.0.1/", "http://10.0.0.1/"])
def test_the_sandbox_opens_this_machine_and_nothing_else(url: str) -> None:
    with pytest.raises(AddressRefused):
        Poster(is_sandbox=True).check(url)
