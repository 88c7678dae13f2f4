"""Run everything on one machine, tell what to try, and stop it all on Ctrl-C."""

import signal
import threading
import time
from pathlib import Path

import click

from gov_portal.cli.identity import DEMO_PASSWORD, demo_accounts
from gov_portal.cli.instance import Home, Instance

WATCH_PAUSE_S = 1.0


@click.command()
@click.option("--home", type=click.Path(path_type=Path), default=Path(".run"), show_default=True, help="Data folder.")
@click.option("--port", type=int, default=8000, show_default=True, help="Port of the portal; a free one if taken.")
def dev(home: Path, port: int) -> None:
    """Start databases, departments, web, relay and worker; Ctrl-C stops them."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    started = time.monotonic()
    click.echo("启动省务通样例环境 (starting the sandbox) …")
    with Instance(Home(home.resolve()), port=port, tell=click.echo) as instance:
        click.echo(f"就绪 (ready)  {time.monotonic() - started:.1f} s\n")
        click.echo(_welcome(instance))
        while not stop.wait(WATCH_PAUSE_S):
            for name in instance.watch():
                click.echo(f"  ! {name} 已重新启动 (restarted)")
        click.echo("\n正在停止 (stopping) …")
    click.echo("已全部停止 (all stopped)")


def _welcome(instance: Instance) -> str:
    url = instance.base_url
    lines = [
        f"  门户 (portal)          {url}/",
        f"  工作台 (officer desk)  {url}/officer",
        f"  验证码与消息 (codes)   {url}/sandbox/messages",
        f"  查验证照 (verify)      {url}/verify",
        "",
        f"  样例账户 (accounts; password {DEMO_PASSWORD})",
        *(f"    {account.login:<20} {account.label}" for account in demo_accounts()),
        "",
        "  试一试 (try)",
        f"    1. 登录 {url}/ → 残疾人证首次申办 → 开始；验证码见上面的消息页",
        "    2. 换工作人员登录工作台，受理、评定、表决、批准",
        "    3. .venv/bin/gov clock advance 5wd          时钟前进五个工作日",
        "    4. .venv/bin/gov sandbox fault police --down   断开公安系统，看办件如何等待并自行恢复",
        f"  数据 (data)  {instance.home.root}    Ctrl-C 停止 (stop)",
    ]
    return "\n".join(lines)
