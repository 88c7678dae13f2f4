"""Put the API together: resources, document, reference, door."""

from functools import cache

from flask import Flask
from flask_smorest import Api  # type: ignore[import-untyped]

from gov_portal.web.api import (
    account,
    cases,
    copies,
    counter,
    desk,
    door,
    drafts,
    entrance,
    explanations,
    external,
    inbox,
    incoming,
    involved,
    items,
    jobs,
    letters,
    machine_forms,
    notes,
    offers,
    posts,
    presenting,
    public,
    queue,
    ratings,
    reports,
    versions,
    wallet,
    webhooks,
)
from gov_portal.web.api.document import Document, complete
from gov_portal.web.api.reference import EXTENSION
from gov_portal.web.api.reference import blueprint as reference

RESOURCES = (
    items.resource,
    public.resource,
    entrance.resource,
    account.resource,
    inbox.resource,
    drafts.resource,
    cases.resource,
    explanations.resource,
    offers.resource,
    involved.resource,
    letters.resource,
    wallet.resource,
    presenting.resource,
    copies.resource,
    machine_forms.resource,
    ratings.resource,
    queue.resource,
    desk.resource,
    notes.resource,
    posts.resource,
    jobs.resource,
    counter.resource,
    versions.resource,
    external.resource,
    reports.resource,
    incoming.resource,
    webhooks.resource,
)


class OurApi(Api):  # type: ignore[misc]
    """Leave errors to the one place that answers them."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass


def register_api(app: Flask) -> None:
    """Register every resource; programs send no forms, so no CSRF token is asked of them."""
    for resource in RESOURCES:
        app.extensions["csrf"].exempt(resource)
        app.register_blueprint(resource)
    app.extensions[EXTENSION] = api_document
    app.register_blueprint(reference)
    app.before_request(door.count)
    app.after_request(door.finish)


@cache
def api_document() -> Document:
    """Return the document that describes every resource; it takes a second to write, so it is when somebody asks."""
    app = Flask("gov_portal.web", static_folder=None)
    app.config.update(API_TITLE="Government portal", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    api = OurApi(app)
    for resource in RESOURCES:
        resource.describe()
        api.register_blueprint(resource)
    return complete(api.spec.to_dict())
