"""Join messaging to its carriers."""

from collections.abc import Mapping

from gov_portal.messaging.emails import Letters, MailServer, SmtpCarrier
from gov_portal.messaging.news import EMAIL, SMS
from gov_portal.messaging.ports import Carrier
from gov_portal.messaging.sms import HttpSms, SandboxSms
from gov_portal.settings import Settings


def carriers_of(settings: Settings) -> Mapping[str, Carrier]:
    """Return the ways out that the settings open; in the sandbox text messages go to its desk."""
    carriers: dict[str, Carrier] = {}
    if settings.smtp_url:
        carriers[EMAIL] = SmtpCarrier(MailServer.from_url(settings.smtp_url), Letters(settings.mail_from))
    if settings.sms_url:
        carriers[SMS] = HttpSms(settings.sms_url, token=settings.sms_token)
    elif settings.is_sandbox:
        carriers[SMS] = SandboxSms()
    return carriers
