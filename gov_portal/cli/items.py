"""Offer the commands on service items."""

import click

from gov_portal.cli.groups import LateGroup

_PLACES = {
    "bpmn": "pictures:bpmn",
    "diff": "comparing:diff",
    "draft": "versions:draft",
    "expand": "reuse:expand",
    "format": "linting:layout",
    "lint": "linting:lint",
    "merge": "reuse:merge",
    "migrate": "migrating:migrate",
    "new": "reuse:new",
    "paths": "trying:paths",
    "picture": "pictures:picture",
    "publish": "versions:publish",
    "replay": "replaying:replay",
    "rollback": "versions:rollback",
    "schema": "pictures:schema",
    "show": "showing:show",
    "simulate": "trying:simulate",
    "test": "trying:run_tests",
    "uses": "comparing:uses",
    "versions": "versions",
}


@click.group(cls=LateGroup, places=_PLACES)
def items() -> None:
    """Check, try and show the service items."""
