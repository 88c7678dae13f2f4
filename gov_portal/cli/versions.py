"""Draft, publish and roll back versions of service items: one person drafts, another publishes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial, wraps
from pathlib import Path

import click

from gov_portal.cli.environment import settings_or_fail, tried
from gov_portal.cli.publish import publish_items
from gov_portal.cli.staffing import unstaffed
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.principal import Officer
from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.wiring.platform import Platform, build
from workflows.dsl.findings import DefinitionInvalid
from workflows.dsl.lint import compile_file, item_paths
from workflows.services.versions import DESIGNER, PUBLISHER, VersionView

BY = click.option("--by", "login", help="Login name of the officer who does it.")
PASSWORD = click.option(
    "--password", envvar="GOV_OFFICER_PASSWORD", help="Asked for where it is not given; also GOV_OFFICER_PASSWORD."
)
REGION = click.option(
    "--region", default="", help="Division code; without it where the version is written for, or everywhere."
)

Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Signature:
    """Hold who says that they do it."""

    login: str | None
    password: str | None = field(repr=False)


def signed(command: Command) -> Command:
    """Add the options by which an officer signs for what a command does; it is given them as ``by``."""

    @wraps(command)
    def sign(*, login: str | None, password: str | None, **options: object) -> None:
        command(by=Signature(login, password), **options)

    return BY(PASSWORD(sign))


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@signed
def draft(path: Path, by: Signature) -> None:
    """Keep the items below PATH as drafts that another person may publish."""
    with opened_platform() as platform, _invalid():
        officer = officer_of(platform, by, post=DESIGNER)
        for name, whole in ((file.name, whole) for file in item_paths(path) for whole in compile_file(file)):
            kept = tried(partial(platform.items.versions.draft, whole.source, name, by=officer))
            click.echo(f"drafted {kept.facts.id} version {kept.facts.version} {kept.hash[:12]}")


@click.command()
@click.argument("what", required=False)
@click.option("--from", "effective_on", type=click.DateTime(["%Y-%m-%d"]), help="Day from which on it holds.")
@REGION
@signed
def publish(what: str | None, effective_on: datetime | None, region: str, by: Signature) -> None:
    """Publish the draft WHAT (the hash that `gov items draft` says), without a restart; running cases keep theirs.

    WHAT may also be a file or folder: in a sandbox one person may do both. Without WHAT the items of the package are
    published, none of them behind a higher version that is.
    """
    with opened_platform() as platform:
        if what is None or Path(what).exists():
            _publish_path(platform, Path(what) if what else None)
            return
        officer = officer_of(platform, by, post=PUBLISHER)
        starts_at = _morning(effective_on.date()) if effective_on else None
        definition = tried(lambda: platform.items.definitions.by_prefix(what))
        region = region or definition.facts.region
        for finding in unstaffed(platform, definition, region):
            click.echo(str(finding), err=True)
        let_hold = partial(platform.items.versions.publish, definition.hash, by=officer, region=region)
        with _invalid():
            tried(partial(let_hold, effective_at=starts_at))
        when = f" from {effective_on:%Y-%m-%d}" if effective_on else ""
        where = f" in {region}" if region else ""
        click.echo(
            f"published {definition.facts.id} version {definition.facts.version} {definition.hash[:12]}{where}{when}"
        )


@click.command()
@click.argument("item")
@REGION
@signed
def rollback(item: str, region: str, by: Signature) -> None:
    """Take back what was published last of ITEM, so that the version before it holds again."""
    with opened_platform() as platform:
        officer = officer_of(platform, by, post=PUBLISHER)
        now = tried(lambda: platform.items.versions.roll_back(ItemId(item), by=officer, region=region))
        click.echo(f"version {now.facts.version} of {item} holds again {now.hash[:12]}")


@click.command()
@click.argument("item", required=False)
def versions(item: str | None) -> None:
    """List drafts and published versions of ITEM, or of all items."""
    with opened_platform() as platform:
        found = tried(lambda: platform.items.versions.versions(ItemId(item) if item else None))
        for one in found:
            click.echo(_line(one))


def _line(one: VersionView) -> str:
    where = one.region or "everywhere"
    since = f"{one.effective_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if one.effective_at else ""
    return f"{one.item:32} {one.version:>3}  {one.hash[:12]}  {one.state:9} {where if since else '':10} {since}"


def officer_of(platform: Platform, by: Signature, *, post: str) -> Officer:
    """Return the officer who signs, at the unit where they hold a post.

    Raises:
        ClickException: the password is wrong, or they do not hold the post.
    """
    if not by.login:
        raise click.UsageError("say who does it: --by LOGIN")
    given = by.password or click.prompt("Password", hide_input=True, err=True)
    officer = platform.identity.officer_signing(by.login, given, role=post)
    if officer is None:
        raise click.ClickException(f"refused: login name and password do not fit, or {by.login} holds no post `{post}`")
    return officer


def _publish_path(platform: Platform, path: Path | None) -> None:
    if path is not None and not platform.base.settings.is_sandbox:
        raise click.ClickException(
            "publishing takes two: `gov items draft` by one, `gov items publish HASH` by another"
        )
    with _invalid():
        published = publish_items(platform, path)
    for one in published:
        for finding in unstaffed(platform, one, one.facts.region):
            click.echo(str(finding), err=True)
        click.echo(f"published {one.facts.id} version {one.facts.version} {one.hash[:12]}")
    if not published:
        click.echo("everything was published before")


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


@contextmanager
def _invalid() -> Iterator[None]:
    try:
        yield
    except DefinitionInvalid as invalid:
        for finding in invalid.findings:
            click.echo(str(finding), err=True)
        raise click.ClickException("nothing was published") from None


@contextmanager
def opened_platform() -> Iterator[Platform]:
    """Yield the services of an installation for the time of a command."""
    platform = build(settings_or_fail())
    try:
        yield platform
    finally:
        platform.base.db.dispose()
