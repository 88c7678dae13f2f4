"""E-mails and text messages as real servers see them."""

import ssl
from pathlib import Path
from uuid import UUID

import pytest

from gov_portal.messaging.emails import Letters, MailServer, SmtpCarrier
from gov_portal.messaging.ports import CarrierRefused, CarrierUnavailable, Parcel
from gov_portal.messaging.sms import HttpSms
from tests.factories.messaging import (
    PASSWORD,
    USER,
    Gateway,
    Mailbox,
    mail_server,
    self_signed,
    sms_gateway,
)

STOP = "https://portal.example/messages/stop/token"
PARCEL = Parcel(
    id=UUID(int=5),
    to="lin@example.com",
    code="case.accepted",
    text="您的申请 N-1 已受理 <script>&",
    language="zh",
    case="https://portal.example/cases/1",
    stop=STOP,
)


def carrier(scheme: str, port: int, *, trust: ssl.SSLContext | None = None, login: str = "") -> SmtpCarrier:
    server = MailServer.from_url(f"{scheme}://{login}127.0.0.1:{port}")
    return SmtpCarrier(server, Letters("no-reply@portal.example"), trust=trust)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return self_signed(tmp_path)


@pytest.fixture
def trust(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_an_e_mail_is_text_and_html_in_the_addressees_language() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        carrier("smtp+plain", port).carry(PARCEL)
    (letter,) = mailbox.letters
    assert letter["Subject"] == "您的申请已受理"
    assert letter["From"] == "省务通 <no-reply@portal.example>"
    assert letter["Message-ID"] == f"<{PARCEL.id}@portal.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in letter.iter_parts())
    assert PARCEL.text in text
    assert PARCEL.case in text
    assert "您的申请 N-1 已受理 &lt;script&gt;&amp;" in html
    assert 'lang="zh-CN"' in html


def test_an_e_mail_is_ended_by_one_click() -> None:
    letter = Letters("no-reply@portal.example").write(PARCEL)
    assert letter["List-Unsubscribe"] == f"<{STOP}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_cannot_be_ended_offers_no_way_to() -> None:
    letter = Letters("no-reply@portal.example").write(Parcel(UUID(int=1), "a@b.c", "identity.code", "1", "en"))
    assert letter["List-Unsubscribe"] is None
    assert letter["Subject"] == "Your code"
    assert "不再" not in letter.as_string()


@pytest.mark.parametrize("address", ["lin@example.com\nBcc: all@example.com", "a\r\nb@example.com"])
def test_an_address_cannot_add_headers(address: str) -> None:
    with pytest.raises(ValueError):
        Letters("no-reply@portal.example").write(Parcel(UUID(int=1), address, "identity.code", "1", "zh"))


def test_starttls_hides_the_e_mail_and_the_password(certificate: Path, trust: ssl.SSLContext) -> None:
    mailbox = Mailbox()
    login = f"{USER}:{PASSWORD.replace(' ', '%20')}@"
    with mail_server(mailbox, certificate=certificate, auth_require_tls=True) as port:
        carrier("smtp", port, trust=trust, login=login).carry(PARCEL)
    assert mailbox.were_encrypted == [True]


def test_without_starttls_nothing_is_sent() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port, pytest.raises(CarrierUnavailable, match="smtp-no-starttls"):
        carrier("smtp", port).carry(PARCEL)
    assert mailbox.letters == []


def test_a_server_with_a_strange_certificate_gets_nothing(certificate: Path) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, certificate=certificate) as port, pytest.raises(CarrierUnavailable, match="certificate"):
        carrier("smtp", port).carry(PARCEL)
    assert mailbox.letters == []


def test_a_wrong_password_waits_for_us_to_mend_it(certificate: Path, trust: ssl.SSLContext) -> None:
    mailbox = Mailbox()
    server = mail_server(mailbox, certificate=certificate, auth_require_tls=True)
    with server as port, pytest.raises(CarrierUnavailable) as caught:
        carrier("smtp", port, trust=trust, login="portal:wrong@").carry(PARCEL)
    assert not isinstance(caught.value, CarrierRefused)
    assert caught.value.reason == "smtp-authentication"


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        ("550 no such user lin@example.com", CarrierRefused, "smtp-recipient-550"),
        ("451 try later", CarrierUnavailable, "smtp-recipient-451"),
    ],
)
def test_an_answer_of_the_server_is_judged_by_its_number(answer: str, error: type, reason: str) -> None:
    with mail_server(Mailbox(answers=[answer])) as port, pytest.raises(CarrierUnavailable) as caught:
        carrier("smtp+plain", port).carry(PARCEL)
    assert type(caught.value) is error
    assert caught.value.reason == reason


def test_a_server_that_is_down_is_an_outage() -> None:
    with pytest.raises(CarrierUnavailable, match="smtp-ConnectionRefusedError"):
        carrier("smtp+plain", 9).carry(PARCEL)


def test_a_text_message_goes_to_the_gateway_with_its_id() -> None:
    gateway = Gateway()
    with sms_gateway(gateway) as url:
        sms = HttpSms(url, token="secret")
        sms.carry(PARCEL)
        sms.close()
    headers, body = gateway.requests[0]
    assert headers["authorization"] == "Bearer secret"
    assert headers["idempotency-key"] == str(PARCEL.id)
    assert body == {"id": str(PARCEL.id), "to": PARCEL.to, "text": PARCEL.text, "language": "zh"}


@pytest.mark.parametrize(
    ("status", "error"),
    [(422, CarrierRefused), (404, CarrierRefused), (401, CarrierUnavailable), (302, CarrierUnavailable)],
)
def test_an_answer_of_the_gateway_is_judged_by_its_status(status: int, error: type) -> None:
    with sms_gateway(Gateway(statuses=[status])) as url:
        sms = HttpSms(url)
        with pytest.raises(CarrierUnavailable, match=f"sms-{status}") as caught:
            sms.carry(PARCEL)
        sms.close()
    assert type(caught.value) is error
