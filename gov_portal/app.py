"""Create the web application."""

import os
import secrets

from flask import Flask

from gov_portal.kernel import logs
from gov_portal.kernel.clock_store import SimulatedClock
from gov_portal.kernel.key_files import write_secret_once
from gov_portal.kernel.monitoring.heartbeats import WEB
from gov_portal.settings import Settings
from gov_portal.web.base.admission import Room
from gov_portal.web.base.proxies import trusting
from gov_portal.web.base.services import Services
from gov_portal.web.fronts import register
from gov_portal.wiring.platform import Platform, build

_KEY_FILE = "web.key"
_KEY_BYTES = 32


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application; without settings those of the environment are read.

    Raises:
        SettingsInvalid: every fault of the environment is listed.
    """
    settings = settings or Settings.from_environment(os.environ)
    logs.configure(settings.log_level)
    platform = build(settings, kind=WEB)
    app = Flask("gov_portal.web", static_folder=None)
    app.secret_key = _secret_key(settings)
    app.config["SESSION_COOKIE_SECURE"] = settings.base_url.startswith("https://")
    room = Room(settings.web_at_once, settings.web_waiting)
    register(app, web_services(platform), room=room)
    app.wsgi_app = trusting(app.wsgi_app, settings.trusted_proxies)  # type: ignore[assignment, method-assign]
    platform.monitor.heart.start()
    return app


def web_services(platform: Platform) -> Services:
    """Return what the pages may call."""
    clock = platform.base.clock
    return Services(
        cases=platform.casework.cases,
        identity=platform.identity,
        licences=platform.licensing.licences,
        presentations=platform.licensing.presentations,
        copies=platform.licensing.copies,
        machine_forms=platform.licensing.machine_forms,
        status_lists=platform.licensing.status_lists,
        messages=platform.messages,
        ratings=platform.casework.ratings,
        correspondence=platform.casework.correspondence,
        data_records=platform.data_records,
        external=platform.casework.external,
        reports=platform.casework.reports,
        incoming=platform.casework.incoming,
        guide_papers=platform.guide_papers,
        payments=platform.payments,
        jobs=platform.casework.jobs,
        figures=platform.casework.figures,
        preferences=platform.casework.preferences,
        checks=platform.casework.checks,
        counter=platform.casework.counter,
        offers=platform.casework.offers,
        held=platform.casework.held,
        snippets=platform.casework.snippets,
        versions=platform.items.versions,
        parked=platform.parked_desk(),
        answers=platform.answers,
        rates=platform.rates,
        webhooks=platform.outgoing.webhooks,
        monitor=platform.monitor,
        clock=clock,
        calendar=platform.base.calendar,
        sandbox_clock=clock if isinstance(clock, SimulatedClock) else None,
    )


def _secret_key(settings: Settings) -> bytes:
    """Return the key that signs CSRF tokens; made at the first start, the same for every process."""
    path = settings.secrets_dir / _KEY_FILE
    if not path.exists():
        write_secret_once(path, secrets.token_bytes(_KEY_BYTES))
    return path.read_bytes()
