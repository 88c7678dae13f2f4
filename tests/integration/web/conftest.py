"""Give every test of the pages an app over services in memory."""

from collections.abc import Iterator

import pytest

from tests.factories.pages import Pages, an_app, the_app


@pytest.fixture
def pages() -> Iterator[Pages]:
    """The one app with its compiled templates, and new doubles for every test."""
    app = the_app()
    config = dict(app.config)
    yield an_app(app=app)
    app.config.clear()
    app.config.update(config)
