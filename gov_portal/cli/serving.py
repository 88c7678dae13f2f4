"""Run one process of the platform: web, relay or worker."""

import logging
import signal
from threading import Event

import click
from granian.constants import Interfaces
from granian.server.mp import MPServer as Server

from gov_portal.cli.environment import Commands, settings_or_fail
from gov_portal.kernel import logs
from gov_portal.kernel.cipher import FileKms
from gov_portal.kernel.monitoring.heartbeats import RELAY, WORKER
from gov_portal.settings import Settings
from gov_portal.wiring.platform import build
from gov_portal.worker import WORKER_ARGUMENTS, create_worker, run_relay

SPARE_THREADS = 8
"""Threads beside those that serve and wait: probes are answered, and who is too many is told, however full it is."""

_SERVER_LOGS = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}
"""The server's own lines go the way of ours; its lines about requests would name addresses and are off."""


@click.group(cls=Commands)
def serving() -> None:
    """Run one process of the platform."""


@serving.command()
@click.option("--address", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
def web(address: str, port: int, workers: int) -> None:
    """Serve the pages."""
    settings = settings_or_fail()
    FileKms(settings.secrets_dir)  # a process of the server that ends for want of a key would be started for ever
    _write_logs(settings)
    threads = settings.web_at_once + settings.web_waiting + SPARE_THREADS
    server = server_of("gov_portal.app:create_app", address=address, port=port, workers=workers, threads=threads)
    server.serve()


def server_of(target: str, *, address: str, port: int, workers: int, threads: int) -> Server:
    """Return the server of an app's factory, as every installation runs it."""
    return Server(
        target,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_access=False,
        log_dictconfig=_SERVER_LOGS,
    )


@serving.command()
def relay() -> None:
    """Tell workers what waits, fire what is due, seal the ledger."""
    settings = settings_or_fail()
    _write_logs(settings)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    platform = build(settings, kind=RELAY)
    platform.monitor.heart.start(stop)
    run_relay(settings, platform.work(), stop)


@serving.command()
def worker() -> None:
    """Deliver what the relay tells of."""
    settings = settings_or_fail()
    if not settings.broker_url:
        raise click.ClickException("BROKER_URL is not set; without a broker the relay delivers by itself")
    _write_logs(settings)
    platform = build(settings, kind=WORKER)
    platform.monitor.heart.start()
    create_worker(settings, platform.work()).worker_main(list(WORKER_ARGUMENTS))


def _write_logs(settings: Settings) -> None:
    """Write everything as our lines, the warnings of Python too."""
    logs.configure(settings.log_level)
    logging.captureWarnings(True)
