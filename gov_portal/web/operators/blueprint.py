"""Say whether this process can work, and give the figures to whoever may read them; no session is looked at."""

from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from gov_portal.kernel.monitoring.monitor import Health
from gov_portal.kernel.monitoring.readiness import Dependency
from gov_portal.web.base.access import requires
from gov_portal.web.base.services import services
from gov_portal.web.operators.exposition import CONTENT_TYPE, exposition
from identity.permissions import Permission

blueprint = Blueprint("operators", __name__)


@blueprint.get("/readyz")
@requires(Permission.VIEW_PUBLIC)
def readyz() -> ResponseReturnValue:
    """Say whether everything that this process needs answers; 503 where anything does not."""
    health = services().monitor.health()
    return described(health), HTTPStatus.OK if health.is_ready else HTTPStatus.SERVICE_UNAVAILABLE


@blueprint.get("/metrics")
@requires(Permission.VIEW_METRICS)
def metrics() -> ResponseReturnValue:
    """Give every figure in the text format of Prometheus."""
    return Response(exposition(services().monitor.samples()), content_type=CONTENT_TYPE)


def described(health: Health) -> dict[str, object]:
    """Return the answer of ``/readyz``: names, codes and numbers only."""
    return {
        "status": "ready" if health.is_ready else "not-ready",
        "dependencies": {one.name: _described(one) for one in health.dependencies},
        "departments": {name: "held-back" if held else "ok" for name, held in sorted(health.departments.items())},
        "last_beat_s": {kind: round(age_s, 1) for kind, age_s in sorted(health.last_beat_s.items())},
    }


def _described(one: Dependency) -> dict[str, object]:
    if one.is_ok:
        return {"status": "ok", "ms": one.took_ms}
    return {"status": "failed", "ms": one.took_ms, "reason": one.reason}
