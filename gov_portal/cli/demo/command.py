"""Run the story against a throw-away instance."""

import os
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from gov_portal.cli.demo.browser import StoryBroken
from gov_portal.cli.demo.people import PATIENCE_S
from gov_portal.cli.demo.story import Stage, tell_story
from gov_portal.cli.ending import plain_ending
from gov_portal.cli.home import Home
from gov_portal.cli.instance import Instance
from gov_portal.kernel.db import Database
from gov_portal.kernel.ledger import FileAnchor, FileSigner, verify
from gov_portal.settings import Settings
from gov_portal.wiring.platform import ANCHOR_FILE, Platform, build
from workflows.services.register import CaseRegister


@click.command()
@click.option("--home", type=click.Path(path_type=Path), help="Keep the instance's data here; default: a new folder.")
def demo(home: Path | None) -> None:
    """Drive the whole story over HTTP and say where the papers are; fails if any step differs."""
    folder = Path(tempfile.mkdtemp(prefix="gov-demo-")) if home is None else home.resolve()
    started = time.monotonic()
    click.echo(f"启动一次性样例环境 (a throw-away instance in {folder}) …")
    with plain_ending(), Instance(Home(folder), tell=click.echo) as instance:
        papers = play(instance, out=folder / "papers")
    for path in papers:
        click.echo(f"文件 (paper): {path}")
    click.echo(f"全部相符 (all as told)  {time.monotonic() - started:.0f} s")


def play(instance: Instance, *, out: Path) -> list[Path]:
    """Play the story on a running instance, verify the ledger, and return the papers that were kept.

    Raises:
        ClickException: a step differs, or the ledger is not sound.
    """
    platform = build(Settings.from_environment({**os.environ, **instance.environment}))
    stage = Stage(
        instance.base_url,
        click.echo,
        pause_making=lambda: hold_back(instance),
        await_quiet=lambda: await_empty_outbox(platform.base.db),
        out=out,
    )
    try:
        tell_story(stage)
        _check_ledger(platform)
    except StoryBroken as fault:
        raise click.ClickException(f"与预期不符 (the story broke): {fault}") from fault
    finally:
        stage.close()
        platform.base.db.dispose()
    return stage.papers


def hold_back(instance: Instance) -> Callable[[], None]:
    """Stop relay and worker, as if the card printer had a long queue; return what lets them go on."""
    pids = [instance.pid(name) for name in ("relay", "worker")]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)

    def go_on() -> None:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)

    return go_on


_WAITING_SQL = """
SELECT topic, attempts, last_error FROM kernel_outbox WHERE last_error IS DISTINCT FROM 'quiet-hours' ORDER BY id"""


def await_empty_outbox(db: Database) -> None:
    """Return when nothing waits in the outbox any more but what people asked not to be woken for.

    Raises:
        StoryBroken: something waits for too long.
    """
    deadline = time.monotonic() + PATIENCE_S
    with db.driver() as driver:
        while waiting := driver.execute(_WAITING_SQL).fetchall():
            if time.monotonic() > deadline:
                raise StoryBroken(f"the outbox never became empty: {waiting}")
            time.sleep(0.1)


def _check_ledger(platform: Platform) -> None:
    platform.work().seal()
    secrets = platform.base.settings.secrets_dir
    anchor, public_key = FileAnchor(secrets / ANCHOR_FILE), FileSigner(secrets).public_key
    findings = verify(platform.base.db, [CaseRegister.heads], public_key=public_key, anchor=anchor)
    if findings:
        raise click.ClickException(f"the ledger is not sound: {len(findings)} findings")
    click.echo("存证账本核验无误 (the ledger is sound)")
