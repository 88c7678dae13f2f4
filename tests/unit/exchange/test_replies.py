"""What a department sends is believed only where it fits the schema of the resource and the question."""

import base64

import pytest

from gov_portal.exchange.directory import read_directory
from gov_portal.exchange.domain import AnswerKind, Attachment, Operation, ResourceId
from gov_portal.exchange.ports import ProviderReply
from gov_portal.exchange.replies import ReplyMalformed, checked_rows
from gov_portal.sandbox.people import load_people

RESOURCES = {resource.id: resource for resource in read_directory().resources}
PERSON = RESOURCES[ResourceId("police.person")]
GUARDIAN = RESOURCES[ResourceId("civil.guardian")]
ASSESSMENT = RESOURCES[ResourceId("health.assessment")]
KEY = load_people().person("adult").id_no
OTHER = load_people().person("neighbour").id_no


def rows_of(*rows, kind=AnswerKind.FOUND, operation=Operation.QUERY, fields=("birth",), resource=PERSON):
    return checked_rows(resource, operation=operation, key=KEY, fields=fields, reply=ProviderReply(kind, rows))


def test_a_right_row_comes_back_in_storage_form() -> None:
    assert rows_of({"birth": "19800501"}) == ({"birth": "1980-05-01"},)


def test_absent_has_no_rows() -> None:
    assert rows_of(kind=AnswerKind.ABSENT) == ()


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (({"birth": "1980-13-01"},), "birth: type.date"),
        (({"birth": ["1980-05-01"]},), "no scalar"),
        (({"birth": 3.5},), "no scalar"),
        (({},), "birth is missing"),
        (({"birth": None},), "birth is missing"),
        (({"birth": "1980-05-01", "name": "林晓禾"},), "not asked for"),
        (({"birth": "1980-05-01", "role": "admin"},), "not asked for"),
        (({"birth": "1980-05-01"}, {"birth": "1980-05-01"}), "2 rows"),
        ((), "0 rows"),
    ],
)
def test_a_row_that_breaks_the_schema_is_refused(rows, why) -> None:
    with pytest.raises(ReplyMalformed, match=why):
        rows_of(*rows)


@pytest.mark.parametrize("kind", [AnswerKind.MISMATCH, AnswerKind.DONE, AnswerKind.UNAVAILABLE])
def test_a_result_that_no_query_has_is_refused(kind) -> None:
    with pytest.raises(ReplyMalformed, match="does not belong"):
        rows_of(kind=kind)


def test_a_check_that_tells_a_datum_is_refused() -> None:
    with pytest.raises(ReplyMalformed, match="1 rows"):
        rows_of({"name": "林晓禾"}, operation=Operation.CHECK, fields=("name",))


def test_the_record_of_another_person_is_refused() -> None:
    fields = ("id_no", "birth")
    assert rows_of({"id_no": KEY.lower(), "birth": "1980-05-01"}, fields=fields)
    with pytest.raises(ReplyMalformed, match="not the subject's"):
        rows_of({"id_no": OTHER, "birth": "1975-09-30"}, fields=fields)


def test_the_message_of_a_refused_reply_names_no_value() -> None:
    with pytest.raises(ReplyMalformed) as fault:
        rows_of({"id_no": OTHER}, fields=("id_no",))
    assert OTHER not in str(fault.value)


def test_a_list_resource_may_tell_several_rows() -> None:
    rows = ({"id_no": KEY}, {"id_no": OTHER})
    assert rows_of(*rows, fields=("id_no",), resource=GUARDIAN) == rows


def a_file(content=b"%PDF-1.4 x", media_type="application/pdf"):
    return {"media_type": media_type, "content": base64.b64encode(content).decode()}


def test_a_file_is_decoded() -> None:
    (row,) = rows_of({"report": a_file()}, fields=("report",), resource=ASSESSMENT)
    assert row["report"] == Attachment("application/pdf", b"%PDF-1.4 x")


@pytest.mark.parametrize(
    "sent",
    [
        "path/to/report.pdf",
        {"media_type": "application/pdf"},
        {"media_type": "application/pdf", "content": "***"},
        a_file(b"GIF89a"),
        a_file(media_type="text/html", content=b"<html>"),
        a_file() | {"name": "x"},
    ],
)
def test_what_is_no_file_of_its_type_is_refused(sent) -> None:
    with pytest.raises(ReplyMalformed, match="report"):
        rows_of({"report": sent}, fields=("report",), resource=ASSESSMENT)
