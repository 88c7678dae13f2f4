"""Run everything on one machine, tell what to try, and stop it all on Ctrl-C."""

import time
from pathlib import Path

import click
from click.core import ParameterSource

from gov_portal.cli.ending import plain_ending
from gov_portal.cli.home import Home
from gov_portal.cli.identity import DEMO_PASSWORD, demo_accounts
from gov_portal.cli.instance import Instance

WATCH_PAUSE_S = 1.0
SPARE_PORTS = 20
"""How many ports after the usual one are tried; a port that was asked for is used or refused."""

UNDO_S = 8
"""How many seconds an act can be undone, as where people work."""

DEFAULT_HOME = Path(".run")


def _home_of_the_group() -> Path:
    """Return the folder that ``gov --home`` names."""
    return Path(click.get_current_context().find_root().params.get("home") or DEFAULT_HOME)


@click.command()
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=_home_of_the_group,
    show_default=str(DEFAULT_HOME),
    help="Data folder.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Port of the portal; without this option the next free one.",
)
@click.pass_context
def dev(context: click.Context, home: Path, port: int) -> None:
    """Start databases, departments, web, relay and worker; Ctrl-C stops them."""
    is_asked_for = context.get_parameter_source("port") is not ParameterSource.DEFAULT
    instance = Instance(
        Home(home.resolve()),
        port=port,
        spare_ports=0 if is_asked_for else SPARE_PORTS,
        tell=click.echo,
        uses_given_servers=True,
        undo_s=UNDO_S,
    )
    click.echo("启动省务通样例环境 (starting the sandbox) …")
    started = time.monotonic()
    with plain_ending(), instance:
        click.echo(f"就绪 (ready)  {time.monotonic() - started:.1f} s\n")
        click.echo(_welcome(instance))
        _watch(instance)
    click.echo("已全部停止 (all stopped)")


def _watch(instance: Instance) -> None:
    """Start again what falls, until somebody interrupts."""
    try:
        while True:
            time.sleep(WATCH_PAUSE_S)
            for name in instance.watch():
                click.echo(f"  ! {name} 已重新启动 (restarted)")
    except KeyboardInterrupt:
        click.echo("\n正在停止 (stopping) …")


def _welcome(instance: Instance) -> str:
    url, root = instance.base_url, instance.home.root
    gov = ".venv/bin/gov" if root == DEFAULT_HOME.resolve() else f".venv/bin/gov --home {root}"
    lines = [
        f"  门户 (portal)          {url}/",
        f"  工作台 (officer desk)  {url}/officer",
        f"  验证码与消息 (codes)   {url}/sandbox/messages",
        f"  查验证照 (verify)      {url}/verify",
        "",
        f"  样例账户 (accounts; password {DEMO_PASSWORD})",
        *(f"    {account.login:<20} {account.label}" for account in demo_accounts()),
        "",
        "  试一试 (try; step by step in docs/tutorial/first-card.md)",
        "    1. 用林晓禾的账号登录，办“残疾人证首次申办”；验证码在上面的消息页",
        "    2. window 受理，assessor 评定，时钟前进，两名 checker 同意，leader 批准",
        f"    3. {gov} clock advance 6wd               时钟前进六个工作日",
        f"    4. {gov} sandbox fault police --down     断开公安系统，看办件如何等待并自行恢复",
        f"  数据 (data)  {root}    Ctrl-C 停止 (stop)",
    ]
    return "\n".join(lines)
