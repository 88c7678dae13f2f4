"""Offer ``gov doctor``."""

import json
import os

import click

from gov_portal.cli.doctor.examining import Examination, examine
from gov_portal.cli.doctor.findings import Finding, of_settings_faults
from gov_portal.cli.environment import hint
from gov_portal.settings import Settings, SettingsInvalid


@click.command()
@click.option("--json", "is_json", is_flag=True, help="One JSON object instead of words.")
def doctor(is_json: bool) -> None:
    """Say what is wrong with the installation and what to do; exits with 1 where anything must be mended."""
    examination = _examined()
    click.echo(_as_json(examination) if is_json else _in_words(examination))
    if not examination.problems:
        return
    if is_json:
        raise click.exceptions.Exit(1)
    raise click.ClickException(f"{examination.problems} problems; the portal does not work as it should")


def _examined() -> Examination:
    try:
        return examine(Settings.from_environment(os.environ))
    except SettingsInvalid as error:
        faults = [*error.faults, *filter(None, [hint()])]
        return Examination(tuple(of_settings_faults(faults)))


def _in_words(examination: Examination) -> str:
    well = [f"ok       {one.name} ({one.took_ms} ms)" for one in examination.dependencies if one.is_ok]
    told = [line for one in examination.findings for line in _lines(one)]
    return "\n".join([*well, *told] or ["nothing was found"])


def _lines(one: Finding) -> tuple[str, str]:
    return f"{one.level.upper():8} {one.what}", f"         -> {one.remedy}"


def _as_json(examination: Examination) -> str:
    dependencies = {
        one.name: {"ok": one.is_ok, "ms": one.took_ms, "reason": one.reason} for one in examination.dependencies
    }
    findings = [
        {"level": one.level.value, "code": one.code, "what": one.what, "remedy": one.remedy}
        for one in examination.findings
    ]
    body = {"ok": not examination.problems, "dependencies": dependencies, "findings": findings}
    return json.dumps(body, ensure_ascii=False, indent=1)
