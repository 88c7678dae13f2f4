"""Fill the made-up province with officers, citizens and guardianships."""

from dataclasses import dataclass
from datetime import datetime

import click

from gov_portal.cli.environment import settings_or_fail, tried
from gov_portal.kernel.cipher import FileKms, KeyStore
from gov_portal.kernel.clocks import FixedClock, SystemClock
from gov_portal.kernel.codes.errors import CodeInvalid
from gov_portal.kernel.codes.item_code import validate_body
from gov_portal.kernel.db import Database
from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.sandbox.officers import SandboxOfficer, load_officers
from gov_portal.sandbox.people import load_people
from identity.domain.values import Unit
from identity.permissions import OPERATING_ROLES
from identity.services.foundation import Foundation
from identity.services.officers import NewOfficer, Officers
from identity.services.passwords import Passwords
from identity.services.seed import Seeder, SeedPerson, SeedReport

DEMO_PASSWORD = "sample-470000"  # noqa: S105 - accounts of made-up people, printed by `gov dev`
UNREGISTERED = frozenset({"mismatch", "check_x", "leap_day", "stranger", "without_phone"})
"""Handles of people who are left without an account, so that registration can be tried."""

SANDBOX_STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
_POSTS = {
    "window": "窗口受理",
    "counter": "窗口代录",
    "checker": "审核",
    "assessor": "评定",
    "reviewer": "复议审查",
    "registrar": "登记",
    "filer": "备案",
    "clerk": "经办",
    "recorder": "记录",
    "inspector": "检查",
    "nurse": "护士",
    "station": "派出所经办",
    "leader": "负责人",
    "operator": "运维",
}
"""What the posts are called at every office; the office itself stands before."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Hold one account to try: ``login`` is a login name or a citizen id of nobody."""

    login: str
    label: str
    is_officer: bool


@click.group()
def identity() -> None:
    """Keep people and officers."""


@identity.command("seed-sandbox")
def seed_sandbox_command() -> None:
    """Enter the made-up officers, citizens and guardianships; may be run again."""
    settings = settings_or_fail()
    if not settings.is_sandbox:
        raise click.ClickException("this is no sandbox (GOV_SANDBOX=1)")
    db = Database(settings.database_url)
    report = seed_sandbox(db, keys=KeyStore(db, FileKms(settings.secrets_dir)))
    click.echo(f"added {report.officers} officers, {report.people} people, {report.guardianships} guardianships")


@identity.command("unit-code")
@click.argument("unit")
@click.argument("code")
def unit_code(unit: str, code: str) -> None:
    """Keep the credit CODE of a UNIT such as dept.health@470101, or its temporary one (TE…); reports bear it."""
    org, _, region = unit.partition("@")
    try:
        validate_body(code)
    except CodeInvalid as fault:
        raise click.ClickException(f"{code} is no credit code: {fault.fault.value}") from None
    settings = settings_or_fail()
    db = Database(settings.database_url)
    try:
        base = Foundation(db, KeyStore(db, FileKms.create(settings.secrets_dir)), SystemClock())
        tried(lambda: Officers(base).keep_credit_code(Unit(org, region, "", code)))
    finally:
        db.dispose()


def seed_sandbox(db: Database, *, keys: KeyStore) -> SeedReport:
    """Enter everybody of the sandbox's files; ages are reckoned from the day on which the sandbox starts."""
    base = Foundation(db, keys, FixedClock(SANDBOX_STARTS_AT))
    seeder = Seeder(base, passwords=Passwords())
    return seeder.seed(officers=new_officers(), people=seed_people(), password=DEMO_PASSWORD)


def new_officers() -> tuple[NewOfficer, ...]:
    """Return the made-up officers as rows to be entered."""
    return tuple(
        NewOfficer(
            login=officer.login,
            name=officer.name,
            phone=officer.phone,
            unit=Unit(officer.org, officer.region, officer.unit_name, officer.credit_code),
            roles=officer.roles,
            rank=officer.rank,
        )
        for officer in load_officers()
    )


def seed_people() -> tuple[SeedPerson, ...]:
    """Return the made-up people that have an account or a guardian, as rows to be entered."""
    population = load_people()
    return tuple(
        SeedPerson(
            name=person.name,
            id_no=person.id_no,
            phone=person.phone or "",
            has_account=person.phone is not None,
            guardian_id_no=population.person(person.guardian.handle).id_no if person.guardian else None,
        )
        for person in population.everybody
        if person.handle not in UNREGISTERED
    )


def demo_accounts() -> tuple[DemoAccount, ...]:
    """Return the accounts that `gov dev` prints: some citizens, and the officers of one district and city."""
    population = load_people()
    citizens = [population.person(handle) for handle in ("adult", "guardian", "neighbour", "rare_plane_two")]
    officers = [
        officer
        for officer in load_officers()
        if officer.region in {"470100", "470101"} or OPERATING_ROLES.intersection(officer.roles)
    ]
    return (
        *(DemoAccount(citizen.id_no, f"{citizen.name} — {citizen.note}", is_officer=False) for citizen in citizens),
        *(DemoAccount(officer.login, _post_of(officer), is_officer=True) for officer in officers),
    )


def _post_of(officer: SandboxOfficer) -> str:
    """Say at which office an officer holds which posts, and who it is: several may hold the same."""
    return f"{officer.unit_name} {'、'.join(_POSTS[role] for role in officer.roles)} {officer.name}"
