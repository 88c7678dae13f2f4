"""Let people choose what they are told where, and end e-mails by the link in each."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.messaging.news import CHANNELS, CHOICES, EMAIL, SMS, Kind, Wishes
from gov_portal.web.base.access import current_citizen, requires
from gov_portal.web.base.forms import NO_FAULTS, Faults, Input, attempt
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from identity.permissions import Permission

KINDS = {
    Kind.DUTIES: (phrase("要您办的事和决定"), phrase("补正、受理或不予受理、办结、暂停和延长期限")),
    Kind.PROGRESS: (phrase("办理进展"), phrase("收到申请、部门系统恢复这一类，不需要您做什么")),
    Kind.LETTERS: (phrase("来信和答复"), phrase("办件里的来信、对评价的答复")),
    Kind.REMINDERS: (phrase("到期提醒"), phrase("补正到期前 3 天、证照到期前 30 天")),
    Kind.SAFETY: (phrase("账号安全"), ""),
}
_CHANNELS = {SMS: phrase("短信"), EMAIL: phrase("邮件")}
_LANGUAGES = (("zh", phrase("中文")), ("en", phrase("英文")))
_QUIET = (
    ("", phrase("不设")),
    ("21-8", phrase("晚上 9 点到早上 8 点")),
    ("22-7", phrase("晚上 10 点到早上 7 点")),
    ("23-6", phrase("晚上 11 点到早上 6 点")),
)


@requires(Permission.VIEW_ACCOUNT)
def preferences() -> ResponseReturnValue:
    """Ask what goes to the phone and to the mailbox, in which language, and when not."""
    person, faults = current_citizen().person, NO_FAULTS
    wishes = services().messages.preferences.of(person)
    if request.method == "POST":
        wishes = _read()
        changed = attempt(lambda: services().messages.preferences.change(person, wishes))
        if not isinstance(changed, Faults):
            flash(_("已经保存。从下一条消息开始按您选的发。"), "ok")
            return redirect(url_for("citizen.preferences"), 303)
        faults = changed
    page = render_template(
        "citizen/preferences.html",
        faults=faults,
        kinds=_kinds(wishes),
        language_field=_language(wishes, faults),
        quiet=_quiet(wishes, faults),
        email=services().identity.facts(person).email,
    )
    return page, 422 if faults else 200


@requires(Permission.VIEW_PUBLIC)
def stop(token: str) -> ResponseReturnValue:
    """End e-mails of one kind: ask a person first, obey the one click of a mail program (RFC 8058) at once."""
    known = services().messages.preferences
    has_stopped = request.method == "POST"
    kind = known.stop_emails(token) if has_stopped else known.stoppable(token)
    return render_template("citizen/stop.html", kind=_(KINDS[kind][0]), has_stopped=has_stopped)


def _read() -> Wishes:
    """Return what the form says; a kind that it does not know is left out."""
    chosen = {channel: frozenset(kind for kind in CHOICES if _is_ticked(kind, channel)) for channel in CHANNELS}
    start, _dash, end = request.form.get("quiet", "").partition("-")
    return Wishes(request.form.get("language", ""), chosen[SMS], chosen[EMAIL], _hour(start), _hour(end))


def _is_ticked(kind: Kind, channel: str) -> bool:
    return channel in request.form.getlist(kind.value)


def _hour(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else None


def _kinds(wishes: Wishes) -> tuple[Input, ...]:
    wanted = {SMS: wishes.sms, EMAIL: wishes.email}
    options = tuple((channel, _(label)) for channel, label in _CHANNELS.items())
    return tuple(
        Input(
            kind.value,
            _(KINDS[kind][0]),
            "checkboxes",
            tuple(channel for channel in CHANNELS if kind in wanted[channel]),
            hint=_(KINDS[kind][1]),
            options=options,
        )
        for kind in CHOICES
    )


def _language(wishes: Wishes, faults: Faults) -> Input:
    options = tuple((value, _(label)) for value, label in _LANGUAGES)
    return Input(
        "language", _("短信和邮件用什么语言"), "radios", wishes.language, faults.of("language"), options=options
    )


def _quiet(wishes: Wishes, faults: Faults) -> Input:
    typed = "" if wishes.quiet_from is None else f"{wishes.quiet_from}-{wishes.quiet_until}"
    return Input(
        "quiet",
        _("夜里不发短信"),
        "radios",
        typed,
        faults.of("quiet"),
        _("验证码和账号安全的短信照常发"),
        options=tuple((value, _(label)) for value, label in _QUIET),
    )
