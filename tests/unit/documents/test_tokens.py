"""Tokens bear the signature of an authority's seal, and not one character of them can be changed unnoticed."""

import json
import random
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

import pytest
from cryptography import x509

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.tokens import Tokens

AUTHORITY = "东样区残疾人联合会"
TYP = "dc+sd-jwt"
CLAIMS = {"iss": "https://example.test", "licence": {"name": "残疾人证"}}


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(SealAuthority(tmp_path_factory.mktemp("secrets")))


@pytest.fixture(scope="module")
def token(tokens: Tokens) -> str:
    return tokens.sign(CLAIMS, typ=TYP, authority=AUTHORITY)


def test_what_was_signed_is_read_with_the_name_of_who_signed(tokens: Tokens, token: str) -> None:
    found = tokens.read(token, typ=TYP)
    assert (found.is_whole, found.authority, found.claims) == (True, AUTHORITY, CLAIMS)


def test_a_stranger_checks_it_with_the_root_alone(tokens: Tokens, token: str) -> None:
    header = header_of(token)
    leaf, ca = (x509.load_der_x509_certificate(b64decode(one)) for one in header["x5c"])
    root = x509.load_pem_x509_certificate(tokens.root_pem())
    leaf.verify_directly_issued_by(ca)
    ca.verify_directly_issued_by(root)
    assert (header["typ"], header["alg"]) == (TYP, "ES256")


def test_the_published_key_of_an_authority_is_that_of_its_certificate(tokens: Tokens, token: str) -> None:
    (key,) = tokens.keys([AUTHORITY])
    assert "d" not in key
    assert key["x5c"] == header_of(token)["x5c"]
    public = x509.load_der_x509_certificate(b64decode(key["x5c"][0])).public_key().public_numbers()
    assert (number(key["x"]), number(key["y"])) == (public.x, public.y)


def number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=="))


def test_every_changed_character_is_noticed(tokens: Tokens, token: str) -> None:
    chance = random.Random(9901)
    places = [*chance.sample(range(len(token)), 300), *range(len(token) - 8, len(token))]
    for place in places:
        other = chance.choice([letter for letter in "AQgw019-_.~ " if letter != token[place]])
        changed = tokens.read(token[:place] + other + token[place + 1 :], typ=TYP)
        assert (changed.is_whole, changed.claims) == (False, {}), place


def test_a_token_of_another_type_states_nothing(tokens: Tokens, token: str) -> None:
    assert not tokens.read(token, typ="statuslist+jwt").is_whole


def test_a_token_of_another_platform_is_nobodys(token: str, tmp_path: Path) -> None:
    assert Tokens(SealAuthority(tmp_path)).read(token, typ=TYP).authority == ""


def header_of(token: str) -> dict[str, object]:
    return json.loads(urlsafe_b64decode(token.partition(".")[0] + "=="))


def encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    ["", ".", "a.b", "a.b.c", "...", "é.é.é", "\ud800.a.b", "0" * 100_000, ".." * 50_000],
    ids=["nothing", "dot", "two", "three", "dots", "letters", "half a letter", "long", "many dots"],
)
def test_noise_is_nobodys_token(tokens: Tokens, text: str) -> None:
    assert tokens.read(text, typ=TYP).authority == ""


@pytest.mark.parametrize("header", [
    {"alg": "none"}, {"alg": "none", "x5c": []}, {"alg": "none", "x5c": ["AAAA"]}, {"alg": "none", "x5c": "MIIB"},
    {"alg": "none", "x5c": [7]}, [], "x5c", {"alg": "ES256", "x5c": None},
])  # fmt: skip
def test_a_header_that_names_no_certificate_of_ours_is_nobodys(tokens: Tokens, header: object) -> None:
    assert tokens.read(f"{encoded(json.dumps(header).encode())}.e30.", typ=TYP).authority == ""


def test_a_signature_of_none_under_our_certificate_is_not_whole(tokens: Tokens, token: str) -> None:
    header = {**header_of(token), "alg": "none"}
    found = tokens.read(f"{encoded(json.dumps(header).encode())}.{token.split('.')[1]}.", typ=TYP)
    assert (found.authority, found.is_whole) == (AUTHORITY, False)
