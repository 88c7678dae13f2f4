"""Give every test of the pages an app over services in memory."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.factories.pages import Pages, an_app


@pytest.fixture(scope="session")
def page_app() -> Flask:
    """Build the app once: compiled templates are kept, doubles are new for every test."""
    return an_app().app


@pytest.fixture
def pages(page_app: Flask) -> Iterator[Pages]:
    config = dict(page_app.config)
    yield an_app(app=page_app)
    page_app.config.clear()
    page_app.config.update(config)
