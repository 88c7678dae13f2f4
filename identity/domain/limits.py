"""Say how many attempts are free and how the wait grows; nobody is ever locked out for good."""

from dataclasses import dataclass, field

HOUR_S = 3600
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Limit:
    """Let attempts of one kind pass ever more slowly.

    Attributes:
        name: kind of attempt; separates the counters.
        waits_s: seconds to wait after the first, second, … attempt; the last holds for all further ones.
        window_s: so many seconds without an attempt, and counting begins anew; longer than the longest wait.
    """

    name: str
    waits_s: tuple[int, ...]
    window_s: int = HOUR_S

    def wait_after(self, attempts: int) -> int:
        """Return the seconds to wait after so many attempts."""
        return self.waits_s[min(attempts, len(self.waits_s)) - 1] if attempts > 0 else 0


def growing(free: int, *, start_s: int, cap_s: int) -> tuple[int, ...]:
    """Return waits of 0 for the ``free`` attempts, then doubling from ``start_s`` up to ``cap_s``."""
    waits, wait = [0] * free, start_s
    while wait < cap_s:
        waits.append(wait)
        wait *= 2
    return (*waits, cap_s)


PROBING_S = growing(4, start_s=60, cap_s=HOUR_S)
"""Waits of attempts that could find out about somebody's number."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bundle the limits; the wait on an account stays short, so that strangers cannot shut its owner out."""

    sign_in_account: Limit = field(default=Limit("sign-in.account", growing(3, start_s=2, cap_s=60)))
    sign_in_address: Limit = field(default=Limit("sign-in.address", growing(20, start_s=5, cap_s=900)))
    registration_address: Limit = field(default=Limit("registration.address", growing(30, start_s=30, cap_s=900)))
    registration_number: Limit = field(default=Limit("registration.number", PROBING_S, DAY_S))
    registration_phone: Limit = field(default=Limit("registration.phone", PROBING_S, DAY_S))
    recovery_address: Limit = field(default=Limit("recovery.address", growing(30, start_s=30, cap_s=900)))
    recovery_number: Limit = field(default=Limit("recovery.number", PROBING_S, DAY_S))
    recovery_phone: Limit = field(default=Limit("recovery.phone", PROBING_S, DAY_S))
    password_person: Limit = field(default=Limit("password.person", growing(4, start_s=5, cap_s=300)))
    email_person: Limit = field(default=Limit("email.person", PROBING_S, DAY_S))
    email_address: Limit = field(default=Limit("email.address", PROBING_S, DAY_S))
    code_account: Limit = field(default=Limit("code.account", growing(8, start_s=30, cap_s=300)))
    ward_person: Limit = field(default=Limit("ward.person", PROBING_S, DAY_S))
    counter_officer: Limit = field(default=Limit("counter.officer", growing(60, start_s=30, cap_s=900)))
    counter_number: Limit = field(default=Limit("counter.number", PROBING_S, DAY_S))
    ward_number: Limit = field(default=Limit("ward.number", PROBING_S, DAY_S))
