"""Serve the pages."""

import click
from granian.constants import Interfaces
from granian.server.mp import MPServer as Server

from gov_portal.app import create_app
from gov_portal.cli.environment import settings_or_fail
from gov_portal.kernel import logs
from gov_portal.kernel.cipher import FileKms

SPARE_THREADS = 8
"""Threads beside those that serve and wait: probes are answered, and who is too many is told, however full it is."""

_SERVER_LOGS = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}
"""The server's own lines go the way of ours; its lines about requests would name addresses and are off."""


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
def web(address: str, port: int, workers: int) -> None:
    """Serve the pages."""
    settings = settings_or_fail()
    FileKms(settings.secrets_dir)  # a process of the server that ends for want of a key would be started for ever
    logs.configure_process(settings.log_level)
    threads = settings.web_at_once + settings.web_waiting + SPARE_THREADS
    server = server_of("gov_portal.app:create_app", address=address, port=port, workers=workers, threads=threads)
    # Imported here, for all processes of the server, which are forks of this one.
    server.serve(target_loader=create_app, wrap_loader=False)


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
