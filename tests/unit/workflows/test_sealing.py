"""Values are kept by group with their provenance, and opened only when somebody reads them."""

import os
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import orjson
import pytest

from gov_portal.kernel.cipher import Cipher, SealBroken
from tests.factories.cases import card_item
from workflows.sealing import OWN, CaseValues, Stored

CASE = UUID(int=7)
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


class CountingCipher(Cipher):
    """Counts what is opened."""

    opened = 0

    def open(self, sealed: bytes, context: bytes) -> bytes:
        self.opened += 1
        return super().open(sealed, context)


def cipher() -> CountingCipher:
    return CountingCipher(os.urandom(32))


def values(key: Cipher, sealed: dict[str, bytes] | None = None, case: UUID = CASE) -> CaseValues:
    return CaseValues(card_item(), case=case, cipher=key, sealed=sealed or {})


def test_values_come_back_typed_with_their_provenance() -> None:
    key = cipher()
    birth = Stored(date(1980, 5, 1), "police.person", AT, "e-1", is_verified=True)
    sealed = values(key).put({"applicant.birth": birth})
    assert values(key, sealed).stored("applicant.birth") == birth


@pytest.mark.parametrize("evidence", ["", "e-1"])
@pytest.mark.parametrize("is_verified", [True, False])
@pytest.mark.parametrize(
    ("path", "previous", "now"),
    [("claim.cause", None, "now"), ("claim.cause", "", "now"), ("claim.homebound", False, True)],
)
def test_whatever_is_told_of_a_value_comes_back(
    path: str, previous: object, now: object, is_verified: bool, evidence: str
) -> None:
    key, told = cipher(), Stored(now, "typed", AT, evidence, is_verified, previous)
    sealed = values(key).put({path: Stored(previous, "typed", AT)})
    for _ in range(2):
        sealed = values(key, sealed).put({path: told})
    assert values(key, sealed).stored(path) == told


def test_a_value_that_an_earlier_release_spelt_out_is_read() -> None:
    key, place = cipher(), b"case/%s/data/claim" % CASE.hex.encode()
    row = ["noise", "typed", AT.isoformat(), "", False, None]
    read = values(key, {"claim": key.seal(orjson.dumps({"claim.cause": row}), place)})
    assert read.stored("claim.cause") == Stored("noise", "typed", AT)
    shorter = read.put({"claim.cause": Stored("noise", "typed", AT)})["claim"]
    assert orjson.loads(key.open(shorter, place)) == {"claim.cause": row[:3]}


def test_fields_of_one_group_share_a_ciphertext() -> None:
    sealed = values(cipher()).put(
        {
            "applicant.name": Stored("样例", "account", AT),
            "applicant.birth": Stored(date(1980, 5, 1), "account", AT),
            "claim.cause": Stored("noise", "typed", AT),
            "accept.act": Stored("ok", "platform", AT),
            "let.minor": Stored(False, "platform", AT),
        }
    )
    assert set(sealed) == {"applicant", "claim", OWN}


def test_only_groups_that_are_read_are_opened() -> None:
    key = cipher()
    sealed = values(key).put({"applicant.name": Stored("样例", "account", AT), "claim.cause": Stored("x", "typed", AT)})
    found = values(key, sealed)
    assert key.opened == 0
    assert found["claim.cause"] == "x"
    assert found.get("claim.kind") is None
    assert key.opened == 1


@pytest.mark.parametrize(
    "value", [True, 3, "text", date(2026, 3, 2), Decimal("1.50"), ("a", "b"), (("claim.cause", "unclear"),)], ids=repr
)
def test_what_no_field_declares_keeps_its_type(value: object) -> None:
    key = cipher()
    sealed = values(key).put({"let.some": Stored(value, "platform", AT)})
    assert values(key, sealed)["let.some"] == value


def test_a_value_remembers_what_it_replaced() -> None:
    key = cipher()
    first = values(key)
    sealed = first.put({"claim.cause": Stored("noise", "typed", AT)})
    sealed = values(key, sealed).put({"claim.cause": Stored("loud noise", "typed", AT)})
    stored = values(key, sealed).stored("claim.cause")
    assert stored is not None
    assert (stored.value, stored.previous) == ("loud noise", "noise")


def test_an_absent_value_is_no_member() -> None:
    key = cipher()
    writes = {"claim.cause": Stored(None, "typed", AT), "claim.kind": Stored("limb", "typed", AT)}
    found = values(key, values(key).put(writes))
    assert list(found) == ["claim.kind"]
    assert len(found) == 1
    with pytest.raises(KeyError):
        found["claim.cause"]


def test_a_ciphertext_moved_to_another_case_or_group_does_not_open() -> None:
    key = cipher()
    sealed = values(key).put({"applicant.name": Stored("样例", "account", AT)})
    with pytest.raises(SealBroken):
        values(key, sealed, case=UUID(int=8)).get("applicant.name")
    with pytest.raises(SealBroken):
        values(key, {"claim": sealed["applicant"]}).get("claim.cause")


def test_old_and_held_values_lie_with_their_field() -> None:
    key = cipher()
    sealed = values(key).put(
        {"claim.cause@1": Stored("noise", "typed", AT), "applicant.birth@held": Stored(date(1980, 5, 1), "x", AT)}
    )
    assert set(sealed) == {"claim", "applicant"}
    assert values(key, sealed)["applicant.birth@held"] == date(1980, 5, 1)
