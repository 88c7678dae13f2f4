"""The one table says for every permission who may; nothing is left to chance."""

from dataclasses import replace
from uuid import UUID

import pytest

from gov_portal.kernel.ids import OfficerId, PersonId
from gov_portal.kernel.principal import Citizen, Officer, Platform, Principal
from identity.permissions import PERMISSIONS, Permission, allows, needs_sign_in

CITIZEN = Citizen(PersonId(UUID(int=1)), ial=3, aal=2)
CHECKER = Officer(OfficerId(UUID(int=2)), "dept.cdpf", "470101", frozenset({"checker"}))
ASSESSOR = Officer(OfficerId(UUID(int=3)), "dept.health", "470101", frozenset({"assessor"}))
LEADER = Officer(OfficerId(UUID(int=4)), "dept.cdpf", "470101", frozenset({"leader"}), rank="leader")

# anonymous, citizen, checker, assessor, leader
EXPECTED = {
    Permission.VIEW_PUBLIC: "yyyyy",
    Permission.VERIFY_LICENCE: "yyyyy",
    Permission.VIEW_NOTICES: "yyyyy",
    Permission.REGISTER: "yyyyy",
    Permission.SIGN_IN: "yyyyy",
    Permission.SIGN_OUT: "yyyyy",
    Permission.MANAGE_SESSIONS: "nyyyy",
    Permission.VIEW_ACCOUNT: "nynnn",
    Permission.ACT_FOR_WARD: "nynnn",
    Permission.APPLY: "nynnn",
    Permission.VIEW_OWN_CASES: "nynnn",
    Permission.CONDUCT_OWN_CASE: "nynnn",
    Permission.OBJECT: "nynnn",
    Permission.VIEW_QUEUE: "nnyyy",
    Permission.VIEW_TASK: "nnyyy",
    Permission.ACT_ON_TASK: "nnyyy",
    Permission.STEER_CASE: "nnyny",
    Permission.EXTEND_CASE: "nnnny",
    Permission.ANSWER_RATINGS: "nnyny",
    Permission.ENTER_AT_COUNTER: "nnnnn",
    Permission.VIEW_VERSIONS: "nnnnn",
    Permission.DRAFT_VERSION: "nnnnn",
    Permission.PUBLISH_VERSION: "nnnnn",
    Permission.KEEP_WEBHOOKS: "nnnny",
    Permission.SEND_MESSAGE: "nnnny",
    Permission.READ_REPORTS: "nnnnn",
    Permission.SETTLE_PARKED_WORK: "nnnnn",
    Permission.VIEW_SANDBOX: "nnnnn",
    Permission.VIEW_METRICS: "nnnnn",
}


def test_every_permission_stands_in_the_table_and_in_this_test() -> None:
    assert set(PERMISSIONS) == set(Permission) == set(EXPECTED)


@pytest.mark.parametrize("permission", Permission)
def test_the_table_allows_exactly_these(permission: Permission) -> None:
    visitors: list[Principal | None] = [None, CITIZEN, CHECKER, ASSESSOR, LEADER]
    answers = "".join("y" if allows(visitor, permission) else "n" for visitor in visitors)
    assert answers == EXPECTED[permission]


def test_only_who_reports_cases_upward_reads_reports() -> None:
    reporter = Officer(OfficerId(UUID(int=6)), "dept.cdpf", "470101", frozenset({"reporter"}), is_system=True)
    other = Officer(OfficerId(UUID(int=7)), "dept.cdpf", "470101", frozenset({"checker"}), is_system=True)
    assert allows(reporter, Permission.READ_REPORTS)
    assert not allows(other, Permission.READ_REPORTS)


def test_only_the_halls_own_function_enters_cases_for_people() -> None:
    hall = Officer(OfficerId(UUID(int=5)), "dept.subdistrict", "470101", frozenset({"counter"}))
    assert allows(hall, Permission.ENTER_AT_COUNTER)
    assert not allows(hall, Permission.STEER_CASE)
    window = Officer(OfficerId(UUID(int=6)), "dept.subdistrict", "470101", frozenset({"window"}))
    assert not allows(window, Permission.ENTER_AT_COUNTER)


def test_a_departments_system_keeps_its_units_webhooks_whatever_its_roles() -> None:
    assert allows(replace(ASSESSOR, is_system=True), Permission.KEEP_WEBHOOKS)
    assert not allows(replace(ASSESSOR, is_system=True), Permission.EXTEND_CASE)


def test_the_sandbox_desk_is_open_only_in_a_sandbox() -> None:
    assert allows(None, Permission.VIEW_SANDBOX, is_sandbox=True)
    assert not allows(LEADER, Permission.VIEW_SANDBOX)


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("visitor", [None, CITIZEN, LEADER], ids=["nobody", "citizen", "leader"])
def test_whoever_watches_the_platform_sees_its_figures_and_nothing_else(
    permission: Permission, visitor: Principal | None
) -> None:
    more = allows(visitor, permission, is_monitor=True) and not allows(visitor, permission)
    assert more is (permission is Permission.VIEW_METRICS)


@pytest.mark.parametrize("permission", Permission)
def test_the_platform_itself_uses_no_route(permission: Permission) -> None:
    assert not allows(Platform(), permission, is_sandbox=True)


def test_a_visitor_is_sent_to_sign_in_only_where_that_could_help() -> None:
    assert needs_sign_in(Permission.APPLY)
    assert not needs_sign_in(Permission.VIEW_PUBLIC)
    assert not needs_sign_in(Permission.VIEW_METRICS)


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        ("designer", Permission.DRAFT_VERSION, Permission.PUBLISH_VERSION),
        ("publisher", Permission.PUBLISH_VERSION, Permission.DRAFT_VERSION),
    ],
)
def test_who_drafts_items_and_who_publishes_them_are_two(role: str, own: Permission, others: Permission) -> None:
    officer = Officer(OfficerId(UUID(int=6)), "dept.data", "470000", frozenset({role}))
    assert allows(officer, Permission.VIEW_VERSIONS)
    assert allows(officer, own)
    assert not allows(officer, others)
