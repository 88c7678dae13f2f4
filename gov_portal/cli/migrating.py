"""Move the live cases of an item to another version: on trial first, then in earnest, and back again."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

import click

from gov_portal.cli.environment import tried
from gov_portal.cli.versions import Signature, officer_of, opened_platform, signed
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.wiring.platform import Platform
from workflows.services.moving import CaseReport
from workflows.services.versions import PUBLISHER


@click.command()
@click.argument("item")
@click.option("--to", "prefix", help="Hash of the draft or version to move to; without it the one that holds now.")
@click.option("--apply", "mode", flag_value="apply", help="Move them; without it nothing is written.")
@click.option("--undo", "mode", flag_value="undo", help="Give the cases of the last move back what they were.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each case.")
@signed
def migrate(item: str, prefix: str | None, mode: str | None, *, as_json: bool, by: Signature) -> None:
    """Say of every live case of ITEM whether it can move to a version, and what its limits become; or move them.

    A case that stays says why. The move is gone on with where it was interrupted; it is undone case by case, as far as
    a case has not gone on since.
    """
    outcomes: Counter[str] = Counter()
    with opened_platform() as platform:
        reports = tried(lambda: _reports(platform, ItemId(item), prefix, mode=mode, by=by))
        while (report := tried(lambda: next(reports, None))) is not None:
            outcomes[report.outcome] += 1
            click.echo(json.dumps(asdict(report), default=str) if as_json else _line(report))
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "no live case to move"
    click.echo(told, err=True)


def _reports(
    platform: Platform, item: ItemId, prefix: str | None, *, mode: str | None, by: Signature
) -> Iterator[CaseReport]:
    if mode == "undo":
        return platform.items.migrations.undo(item, by=officer_of(platform, by, post=PUBLISHER))
    to = platform.items.definitions.by_prefix(prefix) if prefix else platform.items.definitions.current(item)
    if mode == "apply":
        return platform.items.migrations.apply(item, to=to, by=officer_of(platform, by, post=PUBLISHER))
    return platform.items.migrations.try_out(item, to=to)


def _line(report: CaseReport) -> str:
    steps = ", ".join(old if old == new else f"{old} → {new}" for old, new in report.steps)
    due = f"{_day(report.due_before)} → {_day(report.due_after)}" if report.due_before != report.due_after else ""
    told = "; ".join(report.obstacles) or ", ".join(filter(None, (steps, due)))
    return f"{report.case_number or report.case}  {report.outcome:6}  {told}".rstrip()


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d}" if moment else "no limit"
