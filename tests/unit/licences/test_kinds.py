from pathlib import Path

import pytest

from gov_portal.kernel.codes import credit_code
from gov_portal.licences.domain import IssuerUnknown, LicenceKindUnknown
from gov_portal.licences.kinds import KindBook, KindsInvalid

BOOK = KindBook.default()
TEXT = (Path(__file__).resolve().parents[3] / "gov_portal/licences/data/kinds.yaml").read_text(encoding="utf-8")


def test_the_sandbox_issues_disability_cards() -> None:
    kind = BOOK.kind("disability-card")
    assert kind.name == "残疾人证"
    assert [field.type.name for field in kind.fields] == [
        "text(40)",
        "cn_id",
        "image",
        "text(40)",
        "enum(vision,hearing,speech,limb,intellect,mental,multiple)",
        "enum(g1,g2,g3,g4,not_graded)",
    ]


def test_every_enum_member_of_a_kind_has_a_label() -> None:
    for kind in BOOK.kinds.values():
        for field in kind.fields:
            assert set(field.labels) == set(getattr(field.type, "members", ()))


def test_the_authorities_are_made_up_and_their_codes_pass_the_check() -> None:
    assert all(credit_code.is_valid(issuer.code) and issuer.code.startswith("G") for issuer in BOOK.issuers)


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("470101", "东样区残疾人联合会"),
        ("470101003", "东样区残疾人联合会"),
        ("470199", "样例市残疾人联合会"),
        ("470900", "样例省残疾人联合会"),
    ],
)
def test_the_nearest_authority_issues(region: str, name: str) -> None:
    assert BOOK.issuer("dept.cdpf", region).name == name


@pytest.mark.parametrize(("org", "region"), [("dept.nobody", "470101"), ("dept.cdpf", "440101")])
def test_a_department_without_authority_is_refused(org: str, region: str) -> None:
    with pytest.raises(IssuerUnknown):
        BOOK.issuer(org, region)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(LicenceKindUnknown):
        BOOK.kind("passport")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        pytest.param("of: guardian", "of: nobody", "no field nobody", id="unknown-field"),
        pytest.param("type: image", "type: picture", "picture", id="unknown-type"),
        pytest.param("G14700000000000191001", "G14700000000000192001", "type_code", id="type-code"),
        pytest.param("G1470000000000035N001", "G14700000000000191001", "than one .* type_code", id="type-code-twice"),
        pytest.param("id: construction-permit", "id: disability-card", "than one .* id disability", id="id-twice"),
        pytest.param("G8470101000000027R", "G8470101000000027X", "credit code", id="issuer-code"),
        pytest.param("  valid_years: 10\n", "", "valid_years", id="missing"),
        pytest.param("holder: name\n", "holder: name\n  colour: red\n", "colour", id="unknown-key"),
        pytest.param("issuers:", "issuer:", "issuers", id="no-issuers"),
        pytest.param("kinds:", "kinds: [", "Error", id="no-yaml"),
    ],
)
def test_a_fault_in_a_file_of_kinds_is_reported(tmp_path: Path, before: str, after: str, message: str) -> None:
    assert before in TEXT
    file = tmp_path / "kinds.yaml"
    file.write_text(TEXT.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(KindsInvalid, match=message):
        KindBook.read(file)


def test_an_operator_brings_a_file_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "kinds.yaml"
    file.write_text(TEXT.replace("valid_years: 10", "valid_years: 5"), encoding="utf-8")
    assert KindBook.read(file).kind("disability-card").valid_years == 5
