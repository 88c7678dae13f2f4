"""Write e-mails of our own, text and simple HTML, and hand them to a mail server by SMTP.

Sources: RFC 5322 (messages), RFC 2045-2047 (MIME), RFC 3207 (STARTTLS), RFC 8058 (one-click unsubscribing).
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from urllib.parse import SplitResult, unquote, urlsplit

from gov_portal.kernel.clocks import Clock, SystemClock
from gov_portal.messaging.catalogue import Catalogue, shipped
from gov_portal.messaging.ports import CarrierRefused, CarrierUnavailable, Parcel

PLAIN, STARTTLS, TLS = "smtp+plain", "smtp", "smtps"
SCHEMES = (STARTTLS, TLS, PLAIN)
"""``smtp`` insists on STARTTLS, ``smtps`` speaks TLS from the first byte, ``smtp+plain`` neither."""

_PORTS = {STARTTLS: 587, TLS: 465, PLAIN: 25}
_TIMEOUT_S = 15.0
_PERMANENT = range(500, 600)
_HTML = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title></head>'
    '<body style="font-family:sans-serif;font-size:17px;line-height:1.6;color:#1c2430">'
    "<p>{greeting}</p><p>{text}</p>{case}"
    '<hr style="border:0;border-top:1px solid #d9d6ce"><p style="font-size:14px;color:#5a6472">{why}{stop}</p>'
    "</body></html>"
)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Say where mail is handed in; ``user`` and ``password`` may be empty."""

    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> "MailServer":
        """Read ``smtp://user:password@host:587``."""
        parts: SplitResult = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
        user, password = (unquote(part or "") for part in (parts.username, parts.password))
        return cls(parts.scheme, parts.hostname or "", port, user, password)


class Letters:
    """Turn parcels into e-mails."""

    def __init__(self, sender: str, *, clock: Clock | None = None) -> None:
        """Send from the address ``sender``."""
        self._sender = sender
        self._clock = clock or SystemClock()
        self._catalogue: Catalogue = shipped()

    def write(self, parcel: Parcel) -> EmailMessage:
        """Return the e-mail of a parcel: the same bytes but for the date, whenever it is written."""
        letter = EmailMessage(policy=SMTP.clone(max_line_length=78))
        user, _, domain = self._sender.rpartition("@")
        letter["From"] = Address(self._word("sender", parcel), username=user, domain=domain)
        letter["To"] = parcel.to
        letter["Subject"] = self._catalogue.subject(parcel.code, language=parcel.language)
        letter["Date"] = format_datetime(self._clock.now())
        letter["Message-ID"] = f"<{parcel.id}@{domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        if parcel.stop:
            letter["List-Unsubscribe"] = f"<{parcel.stop}>"
            letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        letter.set_content(self._text(parcel), cte="base64")
        letter.add_alternative(self._html(parcel), subtype="html", cte="base64")
        return letter

    def _text(self, parcel: Parcel) -> str:
        lines = [self._word("greeting", parcel), "", parcel.text, ""]
        if parcel.case:
            lines += [f"{self._word('open', parcel)}: {parcel.case}", ""]
        lines += ["-- ", self._word("why", parcel)]
        if parcel.stop:
            lines.append(f"{self._word('stop', parcel)}: {parcel.stop}")
        return "\n".join(lines) + "\n"

    def _html(self, parcel: Parcel) -> str:
        link = '<a href="{}" style="color:#1d4f91">{}</a>'
        case = link.format(escape(parcel.case), escape(self._word("open", parcel))) if parcel.case else ""
        stop = link.format(escape(parcel.stop), escape(self._word("stop", parcel))) if parcel.stop else ""
        return _HTML.format(
            language="en" if parcel.language == "en" else "zh-CN",
            subject=escape(self._catalogue.subject(parcel.code, language=parcel.language)),
            greeting=escape(self._word("greeting", parcel)),
            text=escape(parcel.text),
            case=f"<p>{case}</p>" if case else "",
            why=escape(self._word("why", parcel)),
            stop=f"<br>{stop}" if stop else "",
        )

    def _word(self, name: str, parcel: Parcel) -> str:
        return self._catalogue.word(name, language=parcel.language)


class SmtpCarrier:
    """Hand e-mails to one mail server; a connection for each, since mails are few and servers drop idle ones."""

    def __init__(self, server: MailServer, letters: Letters, *, trust: ssl.SSLContext | None = None) -> None:
        """Use ``server``; ``trust`` is the machine's own store of authorities by default."""
        self._server = server
        self._letters = letters
        self._trust = trust or ssl.create_default_context()

    def carry(self, parcel: Parcel) -> None:
        """Send one e-mail.

        Raises:
            CarrierRefused: the server will never take it.
            CarrierUnavailable: the server does not answer, not safely, or not now.
        """
        letter = self._letters.write(parcel)
        try:
            with self._connected() as client:
                client.send_message(letter, to_addrs=[parcel.to])
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise _judged(codes[0] if codes else 0, "recipient") from None
        except smtplib.SMTPNotSupportedError:
            raise CarrierUnavailable("smtp-no-starttls") from None
        except smtplib.SMTPAuthenticationError:
            # A wrong password is ours to mend, not the addressee's fault: the message waits.
            raise CarrierUnavailable("smtp-authentication") from None
        except smtplib.SMTPResponseException as refused:
            raise _judged(refused.smtp_code, "answer") from None
        except ssl.SSLError:
            raise CarrierUnavailable("smtp-certificate") from None
        except (smtplib.SMTPException, OSError) as outage:
            raise CarrierUnavailable(f"smtp-{type(outage).__name__}") from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._server
        client: smtplib.SMTP
        if server.scheme == TLS:
            client = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_S, context=self._trust)
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
        with client:
            if server.scheme == STARTTLS:
                client.starttls(context=self._trust)
            if server.user:
                client.login(server.user, server.password)
            yield client


def _judged(code: int, what: str) -> CarrierUnavailable:
    """Return what an answer of the server means; its words are left out, since they quote the address."""
    reason = f"smtp-{what}-{code}"
    return CarrierRefused(reason) if code in _PERMANENT else CarrierUnavailable(reason)
