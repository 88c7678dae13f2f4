"""Join the fronts to one app."""

from flask import Flask

from gov_portal.web.api.blueprint import register_api
from gov_portal.web.base.access import register_access
from gov_portal.web.base.admission import Room, register_admission
from gov_portal.web.base.blueprint import register_base
from gov_portal.web.base.csrf import register_csrf
from gov_portal.web.base.headers import register_headers
from gov_portal.web.base.kept_pages import answer_from_memory, register_kept_pages
from gov_portal.web.base.limits import register_limits
from gov_portal.web.base.problems import register_problems
from gov_portal.web.base.requests import register_requests
from gov_portal.web.base.services import Services, install_services
from gov_portal.web.citizen.blueprint import blueprint as citizen
from gov_portal.web.officer.blueprint import blueprint as officer
from gov_portal.web.operators.blueprint import blueprint as operators
from gov_portal.web.sandbox_desk.blueprint import blueprint as sandbox_desk
from gov_portal.web.verify.blueprint import blueprint as verify
from gov_portal.web.verify.public import blueprint as verify_public


def register(app: Flask, services: Services, *, room: Room | None = None) -> None:
    """Give an app all pages; ``app.secret_key`` must be set, ``app.static_folder`` must be ``None``."""
    install_services(app, services)
    # Werkzeug would answer doubled slashes by leading to whatever host the request named.
    app.url_map.merge_slashes = False
    # None of our functions is a coroutine; Flask would ask that of each of the many that see a request.
    app.ensure_sync = lambda function: function  # type: ignore[method-assign, assignment]
    register_requests(app)
    register_kept_pages(app)
    # Before the door, where nobody needs a place, and behind it: who waited there finds what was made meanwhile.
    answer_from_memory(app)
    register_admission(app, room or Room())
    answer_from_memory(app)
    register_headers(app)
    register_problems(app)
    register_limits(app)
    register_csrf(app)
    register_access(app)
    register_base(app)
    for front in (citizen, officer, verify, verify_public, sandbox_desk, operators):
        app.register_blueprint(front)
    register_api(app)
