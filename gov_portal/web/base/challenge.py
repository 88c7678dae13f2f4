"""Carry a begun registration or sign-in from the first page to the code page, for citizens and officers alike."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import open_session
from gov_portal.web.base.forms import NO_FAULTS, Fault, Faults, Input, attempt
from gov_portal.web.base.text import _
from gov_portal.web.base.ways import safe_way_back
from identity.domain.errors import ChallengeGone, CodeRefused, ProofingUnavailable, SignInRefused, TooManyAttempts
from identity.domain.values import Begun, ChallengeToken, SessionToken

_ENTRY = "challenge"
SHOWN_IN_PLACE = (ChallengeGone, CodeRefused, ProofingUnavailable, SignInRefused, TooManyAttempts)


@dataclass(frozen=True, slots=True)
class Challenge:
    """Hold what was begun; ``kind`` is ``register``, ``sign-in`` or ``officer``."""

    kind: str
    token: ChallengeToken
    next: str


def remember(begun: Begun, *, kind: str, next_path: str) -> None:
    """Keep a begun challenge in the browser until the code arrives."""
    session[_ENTRY] = {"kind": kind, "token": begun.token, "next": next_path}


def pending(kind: str) -> Challenge | None:
    """Return the begun challenge of that kind, if there is one."""
    entry = session.get(_ENTRY)
    if not isinstance(entry, dict) or entry.get("kind") != kind:
        return None
    return Challenge(kind, ChallengeToken(entry["token"]), safe_way_back(entry.get("next"), otherwise="/"))


def any_pending() -> Challenge | None:
    """Return whatever was begun."""
    entry = session.get(_ENTRY)
    return pending(entry["kind"]) if isinstance(entry, dict) else None


def missing(labels: dict[str, str]) -> Faults:
    """Return a fault for each of the named inputs that came empty."""
    return Faults(
        tuple(
            Fault(name, _("请填写{label}", label=_(label)))
            for name, label in labels.items()
            if not request.form.get(name, "").strip()
        )
    )


@dataclass(frozen=True, slots=True)
class CodePage:
    """Say how one code page looks and where it leads."""

    kind: str
    template: str
    begin_at: str
    again_at: str
    button: str


def ask_code(page: CodePage, *, confirm: Callable[[ChallengeToken, str], SessionToken]) -> ResponseReturnValue:
    """Show the page that asks for the code, or take the code and open the session."""
    challenge = pending(page.kind)
    if challenge is None:
        return redirect(page.begin_at, 303)
    faults = NO_FAULTS
    if request.method == "POST":
        faults = missing({"code": _("验证码")})
        if not faults:
            opened = attempt(lambda: confirm(challenge.token, request.form["code"].strip()), also=SHOWN_IN_PLACE)
            if not isinstance(opened, Faults):
                open_session(opened)
                return redirect(challenge.next, 303)
            faults = at_input(opened, "code")
    code = Input(
        "code", _("验证码"), "code", request.form.get("code", ""), faults.of("code"), _("6 位数字，5 分钟内有效")
    )
    return render_template(page.template, page=page, faults=faults, code=code), 422 if faults else 200


def at_input(faults: Faults, path: str) -> Faults:
    """Return the faults with those of the form as a whole put at one input."""
    return Faults(tuple(Fault(fault.field or path, fault.message) for fault in faults.items))
