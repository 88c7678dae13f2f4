"""Read the settings for a command, and say in plain lines what is wrong with them or was refused."""

import os
from collections.abc import Callable
from typing import TypeVar

import click

from gov_portal.kernel.errors import DomainError
from gov_portal.settings import Settings, SettingsInvalid

T = TypeVar("T")


def settings_or_fail() -> Settings:
    """Return the settings of the environment.

    Raises:
        ClickException: they are not valid; every fault is listed.
    """
    try:
        return Settings.from_environment(os.environ)
    except SettingsInvalid as error:
        raise click.ClickException("\n".join(filter(None, (str(error), hint())))) from error


def tried(act: Callable[[], T]) -> T:
    """Return what an act returns.

    Raises:
        ClickException: the act was refused; its code is said.
    """
    try:
        return act()
    except DomainError as error:
        raise click.ClickException(f"refused: {error.code}") from error


def hint() -> str:
    """Say how a running sandbox is found, where one was probably meant; else nothing."""
    if "DATABASE_URL" in os.environ:
        return ""
    home = click.get_current_context().find_root().params.get("home", ".run")
    return f"no sandbox runs in {home}: start it with `make run`, or name its folder (gov --home FOLDER, or GOV_HOME)"
