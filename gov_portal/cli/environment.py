"""Read the settings for a command and say in plain lines what is wrong with them."""

import os

import click

from gov_portal.settings import Settings, SettingsInvalid


def settings_or_fail() -> Settings:
    """Return the settings of the environment.

    Raises:
        ClickException: they are not valid; every fault is listed.
    """
    try:
        return Settings.from_environment(os.environ)
    except SettingsInvalid as error:
        raise click.ClickException(str(error)) from error
