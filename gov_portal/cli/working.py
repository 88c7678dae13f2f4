"""Run a process behind the web: relay or worker."""

import signal
from threading import Event

import click

from gov_portal.cli.environment import settings_or_fail
from gov_portal.kernel import logs
from gov_portal.kernel.monitoring.heartbeats import RELAY, WORKER
from gov_portal.wiring.platform import build
from gov_portal.worker import WORKER_ARGUMENTS, create_worker, run_relay


@click.command()
def relay() -> None:
    """Tell workers what waits, fire what is due, seal the ledger."""
    settings = settings_or_fail()
    logs.configure_process(settings.log_level)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    platform = build(settings, kind=RELAY)
    platform.monitor.heart.start(stop)
    run_relay(settings, platform.work(), stop)


@click.command()
def worker() -> None:
    """Deliver what the relay tells of."""
    settings = settings_or_fail()
    if not settings.broker_url:
        raise click.ClickException("BROKER_URL is not set; without a broker the relay delivers by itself")
    logs.configure_process(settings.log_level)
    platform = build(settings, kind=WORKER)
    platform.monitor.heart.start()
    create_worker(settings, platform.work()).worker_main(list(WORKER_ARGUMENTS))
