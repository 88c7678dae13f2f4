"""Create the processes behind the web: the Celery worker, and the relay with its tick."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

from celery import Celery  # type: ignore[import-untyped]
from celery.worker.request import Request  # type: ignore[import-untyped]
from kombu.entity import Queue

from gov_portal.settings import Settings
from gov_portal.workers import tick
from gov_portal.workers.relay import InProcessWorkers, Relay
from gov_portal.workers.tasks import TASK, deliver
from gov_portal.workers.work import Work

_QUEUE = "gov"
_ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
"""A connection that broke while nothing was told is opened anew; a broker that is away is the relay's to wait for."""

_PATIENCE: dict[str, dict[str, float]] = {
    "redis": {"socket_timeout": 10, "socket_connect_timeout": 5},
    "amqp": {"connect_timeout": 5, "write_timeout": 10},
}
"""How long each kind of broker is waited for."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Say how long the processes wait for each other; the defaults suit everything but tests.

    Attributes:
        lease_s: how long a worker may take for one message before another may take it over.
        renudge_s: how long after a nudge without a claim the relay repeats it.
    """

    lease_s: float = 60
    renudge_s: float = 10


_USUAL = Pace()


def create_worker(settings: Settings, work: Work, *, pace: Pace = _USUAL) -> Celery:
    """Return the Celery app that delivers outbox messages; it keeps no results and messages carry ids only.

    Run it by ``app.worker_main(WORKER_ARGUMENTS)``.
    """
    app = _celery(settings)

    def _deliver_rows(ids: list[int]) -> None:
        deliver(work, ids, lease_s=pace.lease_s)

    app.task(_deliver_rows, name=TASK, Request=_Unacknowledged)
    return app


class _Unacknowledged(Request):  # type: ignore[misc]
    """Take a message without acknowledging it: its rows are told of again until somebody has them.

    An acknowledgement that fails while the broker is away keeps its place among those that a worker may hold, or ends
    the worker; enough of them stop it for good.
    """

    def acknowledge(self) -> None:
        """Do nothing."""

    def reject(self, requeue: bool = False) -> None:
        """Do nothing."""


WORKER_ARGUMENTS = (
    "--quiet",
    "worker",
    "--pool=threads",
    "--concurrency=8",
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
)
"""Threads, because a delivery mostly waits for a department; the worker's memory stays that of one process."""


def run_relay(settings: Settings, work: Work, stop: Event, *, pace: Pace = _USUAL) -> None:
    """Relay and tick until ``stop`` is set; without a broker, deliver here as well."""
    threads = tick.start(work, stop)
    if settings.broker_url:
        app = _celery(settings)

        def _tell(ids: Sequence[int]) -> None:
            app.send_task(TASK, args=[list(ids)], expires=pace.renudge_s, retry_policy=_ONCE_MORE)

        Relay(work.database, _tell, renudge_s=pace.renudge_s, limits=work.limits).run(stop)
    else:
        workers = InProcessWorkers(work, lease_s=pace.lease_s)
        Relay(work.database, workers.nudge, renudge_s=pace.renudge_s, limits=work.limits).run(stop)
        workers.close()
    for thread in threads:
        thread.join()


def _celery(settings: Settings) -> Celery:
    app = Celery("gov", broker=settings.broker_url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_transport_options=_PATIENCE["amqp" if settings.broker_url.startswith("amqp") else "redis"],
        task_default_delivery_mode="transient",
        task_default_queue=_QUEUE,
        task_ignore_result=True,
        task_queues=[Queue(_QUEUE, no_ack=True)],  # type: ignore[no-untyped-call]
        task_serializer="json",
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return app
