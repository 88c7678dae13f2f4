"""Registration and sign-in: two steps, what was typed stays, nothing tells who has an account."""

import pytest

from gov_portal.kernel.errors import InvalidFields
from gov_portal.kernel.types import Fault, ValueRefused
from identity.domain.errors import (
    ChallengeGone,
    PasswordTooShort,
    ProofingUnavailable,
    RegistrationRefused,
    TooManyAttempts,
    WardRefused,
)
from tests.factories.pages import CITIZEN, CODE, WARD, Pages

FORM = {"name": "林晓禾", "id_no": "470101198005010124", "phone": "12000000001", "password": "four green teapots"}


def test_the_way_in_leads_back_to_where_one_was(pages: Pages) -> None:
    visitor = pages.visitor()
    page = visitor.get("/cases").location
    assert 'name="next" value="/cases"' in visitor.get(page).text
    sent = visitor.post("/sign-in", {"login": "12000000001", "password": "right", "next": "/cases"})
    assert sent.location == "/sign-in/code"
    visitor.get("/sign-in/code")
    assert visitor.post("/sign-in/code", {"code": f" {CODE} "}).location == "/cases"
    assert visitor.get("/cases").status_code == 200


def test_the_way_in_leads_to_no_other_site(pages: Pages) -> None:
    visitor = pages.visitor()
    visitor.post("/sign-in", {"login": "12000000001", "password": "right", "next": "https://evil.example/"})
    visitor.get("/sign-in/code")
    assert visitor.post("/sign-in/code", {"code": CODE}).location == "/"


def test_a_wrong_password_keeps_the_number_and_forgets_the_password(pages: Pages) -> None:
    response = pages.visitor().post("/sign-in", {"login": "12000000001", "password": "wrong"})
    assert response.status_code == 422
    assert "账号或密码不对" in response.text
    assert 'value="12000000001"' in response.text
    assert "wrong" not in response.text.replace('class="field wrong"', "")


def test_empty_inputs_are_each_named(pages: Pages) -> None:
    response = pages.visitor().post("/sign-in")
    assert response.status_code == 422
    assert "<title>错误：登录" in response.text
    assert '<a href="#f-login">请填写身份证号或手机号</a>' in response.text
    assert '<a href="#f-password">请填写密码</a>' in response.text


@pytest.mark.parametrize("code", ["", "000000", "abc"])
def test_a_wrong_code_is_told_at_its_input(pages: Pages, code: str) -> None:
    visitor = pages.visitor()
    visitor.post("/sign-in", {"login": "12000000001", "password": "right"})
    visitor.get("/sign-in/code")
    response = visitor.post("/sign-in/code", {"code": code})
    assert response.status_code == 422
    assert 'href="#f-code"' in response.text


def test_the_code_page_needs_a_beginning(pages: Pages) -> None:
    assert pages.visitor().get("/sign-in/code").location == "/sign-in"
    assert pages.visitor().get("/register/code").location == "/register"
    assert pages.visitor().get("/officer/sign-in/code").location == "/officer/sign-in"


def test_a_citizens_beginning_does_not_open_the_officers_door(pages: Pages) -> None:
    visitor = pages.visitor()
    visitor.post("/sign-in", {"login": "12000000001", "password": "right"})
    assert visitor.get("/officer/sign-in/code").location == "/officer/sign-in"


def test_a_fresh_code_can_be_had(pages: Pages) -> None:
    visitor = pages.visitor()
    visitor.post("/sign-in", {"login": "12000000001", "password": "right"})
    visitor.get("/sign-in/code")
    assert visitor.post("/sign-in/code-again").location == "/sign-in/code"
    assert "新的验证码已经发出" in visitor.get("/sign-in/code").text


@pytest.mark.parametrize(
    ("error", "words"), [(ChallengeGone(), "请从头再来一次"), (TooManyAttempts(seconds=30), "30秒后")]
)
def test_an_attempt_that_is_over_is_told(pages: Pages, error: Exception, words: str) -> None:
    visitor = pages.visitor()
    visitor.post("/sign-in", {"login": "12000000001", "password": "right"})
    visitor.get("/sign-in/code")
    pages.identity.refuse["confirm"] = error
    assert words in visitor.post("/sign-in/code", {"code": CODE}).text


def test_a_registration_takes_four_answers_and_a_code(pages: Pages) -> None:
    visitor = pages.visitor()
    assert visitor.post("/register", FORM).location == "/register/code"
    assert pages.identity.forms[0].name == "林晓禾"
    visitor.get("/register/code")
    assert visitor.post("/register/code", {"code": CODE}).location == "/"
    assert "我的办件" in visitor.get("/").text


def test_every_fault_of_a_registration_is_told_at_once(pages: Pages) -> None:
    pages.identity.refuse["start_registration"] = InvalidFields(
        [
            ValueRefused(Fault.CN_ID_LENGTH, field="id_no", expected=18, length=17),
            ValueRefused(Fault.PHONE_FORM, field="phone"),
            PasswordTooShort(field="password", minimum=10),
        ]
    )
    response = pages.visitor().post("/register", FORM)
    assert response.status_code == 422
    assert 'data-faults="3"' in response.text
    assert "身份证号应为18位，您填了17位" in response.text
    assert "密码至少要有10位" in response.text
    assert 'value="林晓禾"' in response.text
    assert "four green teapots" not in response.text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RegistrationRefused(), "姓名与身份证号对不上，或者这个人已经有账号"),
        (ProofingUnavailable(), "人口库暂时没有回应"),
    ],
    ids=["refused", "unavailable"],
)
def test_a_registration_that_cannot_be_finished_says_why(pages: Pages, error: Exception, words: str) -> None:
    visitor = pages.visitor()
    visitor.post("/register", FORM)
    visitor.get("/register/code")
    pages.identity.refuse["confirm"] = error
    response = visitor.post("/register/code", {"code": CODE})
    assert response.status_code == 422
    assert words in response.text


def test_a_rare_character_in_a_name_survives(pages: Pages) -> None:
    visitor = pages.visitor()
    response = visitor.post("/register", {**FORM, "name": "𠮷䶮", "phone": ""})
    assert 'value="𠮷䶮"' in response.text


def test_markup_in_an_answer_stays_text(pages: Pages) -> None:
    response = pages.visitor().post("/register", {**FORM, "name": "<b>\"'x", "phone": ""})
    assert "<b>" not in response.text
    assert "&lt;b&gt;" in response.text


def test_signing_out_ends_the_session(pages: Pages) -> None:
    visitor = pages.signed_in()
    visitor.get("/")
    assert visitor.post("/sign-out").location == "/"
    assert pages.identity.ended == ["citizen"]
    assert visitor.get("/cases").status_code == 303


def test_one_of_the_own_sessions_can_be_ended(pages: Pages) -> None:
    visitor = pages.signed_in()
    assert "电脑浏览器" in visitor.get("/account").text
    visitor.post("/account/sessions/00000000-0000-0000-0000-000000000002/end")
    assert str(pages.identity.ended[0]).endswith("2")


def test_a_ward_is_entered_by_name_and_number(pages: Pages) -> None:
    visitor = pages.signed_in()
    response = visitor.post("/account/wards", {"name": "林小满", "id_no": "470101201406010234", "next": "/cases"})
    assert response.location == "/cases"


def test_a_ward_that_no_record_shows_is_refused_in_place(pages: Pages) -> None:
    pages.identity.refuse["claim_ward"] = WardRefused()
    response = pages.signed_in().post("/account/wards", {"name": "林小满", "id_no": "470101201406010234"})
    assert response.status_code == 422
    assert "没有查到您是这个人的监护人" in response.text
    assert 'value="林小满"' in response.text


@pytest.mark.parametrize(("chosen", "ward"), [(str(WARD), WARD), ("self", None)])
def test_acting_can_be_switched(pages: Pages, chosen: str, ward: object) -> None:
    assert pages.signed_in().post("/account/acting", {"for_whom": chosen}).location == "/cases"
    assert pages.identity.holders["citizen"].acting_for == ward
    assert CITIZEN.acting_for is None


@pytest.mark.parametrize("chosen", ["", "nonsense", "Self", "\0"])
def test_nobody_acts_for_themselves_by_a_slip(pages: Pages, chosen: str) -> None:
    pages.identity.act_for("citizen", ward=WARD)
    assert pages.signed_in().post("/account/acting", {"for_whom": chosen}).location == "/account"
    assert pages.identity.holders["citizen"].acting_for == WARD
