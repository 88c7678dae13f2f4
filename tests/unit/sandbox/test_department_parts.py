"""A department's parts: its store, its switches, its papers, its answers."""

import io
import sqlite3
from pathlib import Path

import pypdf
import pytest

from gov_portal.sandbox.departments import DEPARTMENTS, Delivery, RequestRefused
from gov_portal.sandbox.faults import AnswerFault, Down, Faults, read_faults, write_faults
from gov_portal.sandbox.paper import one_page_pdf
from gov_portal.sandbox.people import load_people
from gov_portal.sandbox.store import KeyReused, Store, reset


def test_the_same_key_takes_a_thing_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = store.receive("post.shipment", {"address": "a"}, idempotency_key="k")
    again = store.receive("post.shipment", {"address": "a"}, idempotency_key="k")
    assert (first.is_repeat, again.is_repeat, again.number) == (False, True, first.number)
    assert len(store.received()) == 1


def test_the_same_key_with_another_content_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.receive("post.shipment", {"address": "a"}, idempotency_key="k")
    with pytest.raises(KeyReused):
        store.receive("post.shipment", {"address": "b"}, idempotency_key="k")


def test_a_statement_is_new_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.remember_statement("j", expires_at=160, now=100)
    assert not store.remember_statement("j", expires_at=160, now=160)


def test_an_expired_statement_is_forgotten(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.remember_statement("j", expires_at=160, now=100)
    store.remember_statement("k", expires_at=300, now=161)
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        assert connection.execute("SELECT jti FROM statements").fetchall() == [("k",)]
    connection.close()


def test_a_reset_forgets_what_came_and_what_was_switched(tmp_path: Path) -> None:
    Store(tmp_path).receive("x", {}, idempotency_key="k")
    write_faults(tmp_path, Faults(down=Down.BUSY))
    reset(tmp_path)
    assert Store(tmp_path).received() == ()
    assert read_faults(tmp_path) == Faults()


@pytest.mark.parametrize(
    "faults", [Faults(), Faults(down=Down.CLOSED, latency_ms=20), Faults(answer=AnswerFault.POISON)]
)
def test_switches_are_read_as_they_were_set(tmp_path: Path, faults: Faults) -> None:
    write_faults(tmp_path / "police", faults)
    assert read_faults(tmp_path / "police") == faults


def test_a_paper_is_a_real_pdf() -> None:
    reader = pypdf.PdfReader(io.BytesIO(one_page_pdf(("Report (sample)", "back\\slash", "Kind: hearing"))), strict=True)
    text = reader.pages[0].extract_text()
    assert "Report (sample)" in text and "back\\slash" in text and "Kind: hearing" in text


def answer(department: str, operation: str, resource: str, body: dict, folder: Path) -> dict:
    delivery = Delivery(Store(folder), resource, "k")
    return DEPARTMENTS[department].answer(
        operation, resource=resource, body=body, records=load_people(), inbox=delivery
    )


def test_only_the_fields_asked_for_are_told(tmp_path: Path) -> None:
    body = {"key": load_people().person("adult").id_no, "fields": ["birth"]}
    assert answer("police", "query", "police.person", body, tmp_path)["rows"] == [{"birth": "1980-05-01"}]


@pytest.mark.parametrize(
    ("department", "operation", "resource", "body", "status"),
    [
        ("police", "query", "health.assessment", {}, 404),
        ("police", "push", "police.person", {}, 404),
        ("police", "delete", "police.person", {}, 404),
        ("police", "query", "police.person", {"key": "x"}, 400),
        ("police", "query", "police.person", {"key": "470101198005010124", "fields": ["salary"]}, 400),
        ("police", "check", "police.person", {"key": "x", "expected": []}, 400),
        ("post", "push", "post.shipment", {"content": {"phone": "12000000001"}}, 422),
        ("post", "push", "post.shipment", {"content": "all"}, 400),
    ],
)
def test_a_wrong_request_is_refused(tmp_path: Path, department, operation, resource, body, status) -> None:
    with pytest.raises(RequestRefused) as fault:
        answer(department, operation, resource, body, tmp_path)
    assert fault.value.status == status
