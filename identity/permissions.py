"""Say in one table who may do what; levels are checked per item, and rows by ``visible_to``, elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gov_portal.kernel.principal import Citizen, Officer, Principal


class Permission(StrEnum):
    """Name what a route demands; every route demands exactly one."""

    VIEW_PUBLIC = "view-public"
    VERIFY_LICENCE = "verify-licence"
    VIEW_NOTICES = "view-notices"
    REGISTER = "register"
    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    MANAGE_SESSIONS = "manage-sessions"
    VIEW_ACCOUNT = "view-account"
    ACT_FOR_WARD = "act-for-ward"
    APPLY = "apply"
    VIEW_OWN_CASES = "view-own-cases"
    CONDUCT_OWN_CASE = "conduct-own-case"
    OBJECT = "object"
    VIEW_QUEUE = "view-queue"
    VIEW_TASK = "view-task"
    ACT_ON_TASK = "act-on-task"
    STEER_CASE = "steer-case"
    EXTEND_CASE = "extend-case"
    ANSWER_RATINGS = "answer-ratings"
    ENTER_AT_COUNTER = "enter-at-counter"
    VIEW_VERSIONS = "view-versions"
    DRAFT_VERSION = "draft-version"
    PUBLISH_VERSION = "publish-version"
    KEEP_WEBHOOKS = "keep-webhooks"
    SEND_MESSAGE = "send-message"
    READ_REPORTS = "read-reports"
    SETTLE_PARKED_WORK = "settle-parked-work"
    VIEW_SANDBOX = "view-sandbox"
    VIEW_METRICS = "view-metrics"


@dataclass(frozen=True, slots=True)
class Who:
    """Say who may: the three kinds of visitor, officers perhaps by role or rank, perhaps only in the sandbox.

    Attributes:
        anonymous: without a session.
        citizen: a signed-in person.
        officer: a signed-in officer.
        roles: an officer needs one of these roles; empty means any.
        rank: an officer needs this rank; empty means any.
        system: a department's own system needs neither role nor rank.
        sandbox: only where the sandbox is switched on.
        monitor: whoever watches the platform, by the token or from a network of operators; a session opens nothing.
    """

    anonymous: bool = False
    citizen: bool = False
    officer: bool = False
    roles: frozenset[str] = frozenset()
    rank: str = ""
    system: bool = False
    sandbox: bool = False
    monitor: bool = False


ANYONE = Who(anonymous=True, citizen=True, officer=True)
SIGNED_IN = Who(citizen=True, officer=True)
CITIZEN = Who(citizen=True)
OFFICER = Who(officer=True)
STEERING_ROLES = frozenset({"window", "checker", "reviewer", "leader", "station", "secretary", "clerk"})
"""Roles that suspend, resume and hand over; each item names its own among them."""

ANSWERING_ROLES = frozenset({"checker", "reviewer", "leader", "station", "clerk"})
"""Roles that answer bad ratings of their unit."""

COUNTER_ROLES = frozenset({"counter"})
"""Role of the hall's officers who enter cases for people before them (窗口代录); it accepts and decides nothing."""

REPORTING_ROLES = frozenset({"reporter"})
"""Role of the systems of a department that report its cases upward (数据上报); it does no work of a case."""

DRAFTING_ROLES = frozenset({"designer"})
"""Role of those who draft versions of service items; it publishes nothing."""

PUBLISHING_ROLES = frozenset({"publisher"})
"""Role of those who let drafts of others hold, and roll back."""

OPERATING_ROLES = frozenset({"operator"})
"""Role of those who run the platform and decide about work that is parked (搁置); it sees no case."""

PERMISSIONS: Mapping[Permission, Who] = {
    Permission.VIEW_PUBLIC: ANYONE,
    Permission.VERIFY_LICENCE: ANYONE,
    Permission.VIEW_NOTICES: ANYONE,
    Permission.REGISTER: ANYONE,
    Permission.SIGN_IN: ANYONE,
    Permission.SIGN_OUT: ANYONE,
    Permission.MANAGE_SESSIONS: SIGNED_IN,
    Permission.VIEW_ACCOUNT: CITIZEN,
    Permission.ACT_FOR_WARD: CITIZEN,
    Permission.APPLY: CITIZEN,
    Permission.VIEW_OWN_CASES: CITIZEN,
    Permission.CONDUCT_OWN_CASE: CITIZEN,
    Permission.OBJECT: CITIZEN,
    Permission.VIEW_QUEUE: OFFICER,
    Permission.VIEW_TASK: OFFICER,
    Permission.ACT_ON_TASK: OFFICER,
    Permission.STEER_CASE: Who(officer=True, roles=STEERING_ROLES),
    Permission.ANSWER_RATINGS: Who(officer=True, roles=ANSWERING_ROLES),
    Permission.ENTER_AT_COUNTER: Who(officer=True, roles=COUNTER_ROLES),
    Permission.VIEW_VERSIONS: Who(officer=True, roles=DRAFTING_ROLES | PUBLISHING_ROLES),
    Permission.DRAFT_VERSION: Who(officer=True, roles=DRAFTING_ROLES),
    Permission.PUBLISH_VERSION: Who(officer=True, roles=PUBLISHING_ROLES),
    Permission.KEEP_WEBHOOKS: Who(officer=True, rank="leader", system=True),
    Permission.SEND_MESSAGE: Who(officer=True, rank="leader", system=True),
    Permission.READ_REPORTS: Who(officer=True, roles=REPORTING_ROLES),
    Permission.SETTLE_PARKED_WORK: Who(officer=True, roles=OPERATING_ROLES),
    Permission.EXTEND_CASE: Who(officer=True, rank="leader"),
    Permission.VIEW_SANDBOX: Who(anonymous=True, citizen=True, officer=True, sandbox=True),
    Permission.VIEW_METRICS: Who(monitor=True),
}


def allows(
    principal: Principal | None, permission: Permission, *, is_sandbox: bool = False, is_monitor: bool = False
) -> bool:
    """Tell whether the principal may; ``None`` is an anonymous visitor, the platform itself uses no route."""
    who = PERMISSIONS[permission]
    if who.sandbox and not is_sandbox:
        return False
    if who.monitor:
        return is_monitor
    if principal is None:
        return who.anonymous
    if isinstance(principal, Citizen):
        return who.citizen
    if isinstance(principal, Officer):
        return who.officer and _has_post(principal, who)
    return False


def needs_sign_in(permission: Permission) -> bool:
    """Tell whether an anonymous visitor is sent to sign in, rather than refused."""
    return not (PERMISSIONS[permission].anonymous or PERMISSIONS[permission].monitor)


def _has_post(officer: Officer, who: Who) -> bool:
    if who.system and officer.is_system:
        return True
    return (not who.roles or bool(who.roles & officer.roles)) and (not who.rank or who.rank == officer.rank)
