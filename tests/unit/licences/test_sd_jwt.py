"""SD-JWT as RFC 9901 has it: its own examples come out, and whatever a holder leaves out or changes is noticed."""

import json
import tomllib
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from gov_portal.licences.sd_jwt import Disclosure, SdJwtInvalid, conceal, join, reveal, split

EXAMPLES = tomllib.loads(Path(__file__).with_name("rfc9901.toml").read_text())
KEY = ECKey.import_key(EXAMPLES["key"])
CLAIMS = st.dictionaries(
    st.text(min_size=1).filter(lambda name: name not in {"_sd", "..."}),
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text())),
    max_size=8,
)


def example(name: str) -> tuple[dict[str, object], tuple[Disclosure, ...]]:
    signed, disclosures = split("".join(EXAMPLES[name]["text"].split()))
    return json.loads(jws.deserialize_compact(signed, KEY, algorithms=["ES256"]).payload), disclosures


def encoded(*parts: object) -> Disclosure:
    return Disclosure(urlsafe_b64encode(json.dumps(parts).encode()).rstrip(b"=").decode())


def test_the_digest_is_that_of_section_4_2_3() -> None:
    found = Disclosure("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0")
    assert found.digest == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    assert found.parts == ("family_name", "Möbius")


@pytest.mark.parametrize("spelling", [
    "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd",
    "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd",
    "WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ",
])  # fmt: skip
def test_other_spellings_of_section_4_2_1_say_the_same(spelling: str) -> None:
    assert Disclosure(spelling).parts == ("family_name", "Möbius")


def test_an_element_of_an_array_as_in_section_4_2_4() -> None:
    french = Disclosure("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0")
    assert french.digest == "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"
    signed = {"nationalities": ["DE", {"...": french.digest}, "US"]}
    assert reveal(signed, []) == {"nationalities": ["DE", "US"]}
    assert reveal(signed, [french]) == {"nationalities": ["DE", "FR", "US"]}


def test_the_example_of_section_5_1_comes_out() -> None:
    claims = reveal(*example("flat"))
    del claims["cnf"]
    assert claims == {
        "iss": "https://issuer.example.com",
        "iat": 1683000000,
        "exp": 1883000000,
        "sub": "user_42",
        "nationalities": ["US", "DE"],
        "updated_at": 1570000000,
        "email": "johndoe@example.com",
        "phone_number": "+1-202-555-0101",
        "family_name": "Doe",
        "phone_number_verified": True,
        "address": {"street_address": "123 Main St", "locality": "Anytown", "region": "Anystate", "country": "US"},
        "birthdate": "1940-01-01",
        "given_name": "John",
    }


def test_the_example_of_appendix_a_2_comes_out() -> None:
    claims = reveal(*example("nested"))
    assert claims["verified_claims"] == {
        "verification": {
            "trust_framework": "de_aml",
            "time": "2012-04-23T18:25Z",
            "evidence": [{"method": "pipp"}],
        },
        "claims": {
            "given_name": "Max",
            "family_name": "Müller",
            "address": {
                "locality": "Maxstadt",
                "postal_code": "12344",
                "country": "DE",
                "street_address": "Weidenstraße 22",
            },
        },
    }


def test_a_disclosure_inside_one_that_is_left_out_is_refused() -> None:
    signed, disclosures = example("nested")
    method = next(one for one in disclosures if one.parts[0] == "method")
    holder = next(one for one in disclosures if one.parts[0] is None)
    assert reveal(signed, [holder, method])
    with pytest.raises(SdJwtInvalid):
        reveal(signed, [method])


@given(claims=CLAIMS, data=st.data())
def test_any_choice_of_disclosures_gives_just_those_claims(claims: dict[str, object], data: st.DataObject) -> None:
    concealed, disclosures = conceal(claims)
    chosen = data.draw(st.lists(st.sampled_from(sorted(disclosures)), unique=True)) if disclosures else []
    signed = {"iss": "x", "values": concealed, "_sd_alg": "sha-256"}
    back, handed = split(join("signed", [disclosures[name] for name in chosen]))
    assert back == "signed"
    assert reveal(signed, handed) == {"iss": "x", "values": {name: claims[name] for name in chosen}}


@given(claims=CLAIMS.filter(bool), data=st.data())
def test_any_changed_character_of_a_disclosure_is_refused(claims: dict[str, object], data: st.DataObject) -> None:
    concealed, disclosures = conceal(claims)
    encoded_one = disclosures[data.draw(st.sampled_from(sorted(disclosures)))].encoded
    place = data.draw(st.integers(0, len(encoded_one) - 1))
    other = data.draw(st.sampled_from("ABCxyz019-_~.= \n").filter(lambda character: character != encoded_one[place]))
    changed = encoded_one[:place] + other + encoded_one[place + 1 :]
    with pytest.raises(SdJwtInvalid):
        reveal({"values": concealed}, split(f"signed~{changed}~")[1])


def test_what_was_concealed_stands_nowhere_in_the_signed_part() -> None:
    concealed, disclosures = conceal({"name": "样小禾", "guardian": None})
    assert "样小禾" not in json.dumps(concealed, ensure_ascii=False)
    assert "name" not in json.dumps(concealed)
    assert len(concealed["_sd"]) == 2
    assert "样小禾" not in repr(disclosures)


def test_every_time_the_salts_are_new() -> None:
    assert conceal({"name": "x"})[0] != conceal({"name": "x"})[0]


NAME = encoded("salt", "name", "x")


@pytest.mark.parametrize(
    ("signed", "disclosures"),
    [
        ({}, [NAME]),
        ({"_sd": [NAME.digest, NAME.digest]}, [NAME]),
        ({"_sd": [NAME.digest], "values": {"_sd": [NAME.digest]}}, [NAME]),
        ({"_sd": [NAME.digest], "name": "y"}, [NAME]),
        ({"_sd": [NAME.digest], "_sd_alg": "md5"}, [NAME]),
        ({"_sd": NAME.digest}, [NAME]),
        ({"_sd": [7]}, []),
        ({"...": NAME.digest}, []),
        ({"list": [{"...": NAME.digest}]}, [NAME]),
        ({"_sd": [encoded("salt", "x").digest]}, [encoded("salt", "x")]),
        ({"_sd": [encoded("salt", "_sd", []).digest]}, [encoded("salt", "_sd", [])]),
        ({"_sd": [encoded("salt", "...", "x").digest]}, [encoded("salt", "...", "x")]),
        ({"_sd": [encoded(1, "name", "x").digest]}, [encoded(1, "name", "x")]),
        ({"_sd": [Disclosure("bm8").digest]}, [Disclosure("bm8")]),
        ({"_sd": [Disclosure("WyJ").digest]}, [Disclosure("WyJ")]),
    ],
    ids=[
        "not signed", "digest twice", "digest in two places", "name twice", "another algorithm", "no list", "no digest",
        "element outside an array", "property as element", "element as property", "name _sd", "name ...",
        "salt is no text", "no JSON", "no base64url",
    ],
)  # fmt: skip
def test_what_the_standard_forbids_is_refused(signed: dict[str, object], disclosures: list[Disclosure]) -> None:
    with pytest.raises(SdJwtInvalid):
        reveal(signed, disclosures)


@pytest.mark.parametrize("text", ["", "signed", "signed~WyJ", "signed~a~key-binding"])
def test_what_does_not_end_with_a_tilde_is_refused(text: str) -> None:
    with pytest.raises(SdJwtInvalid):
        split(text)


def test_claims_nested_without_end_are_refused() -> None:
    deep: object = "x"
    for _ in range(100):
        deep = [deep]
    with pytest.raises(SdJwtInvalid):
        reveal({"deep": deep}, [])
