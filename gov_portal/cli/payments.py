"""Compare the books with the payment department and show where they disagree (对账)."""

from datetime import datetime

import click

from gov_portal.cli.environment import settings_or_fail
from gov_portal.payments.domain import CashierUnavailable, Difference
from gov_portal.wiring.platform import build

_KINDS = {"paid": "paid", "refunded": "given back"}


@click.group()
def payments() -> None:
    """Look after bills and the books of the payment department."""


@payments.command()
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
def reconcile(day: datetime) -> None:
    """Compare one day's books; exit 1 where they differ."""
    try:
        found = build(settings_or_fail()).payments.reconcile(day.date())
    except CashierUnavailable as fault:
        raise click.ClickException("the payment department does not answer") from fault
    _show(found)
    click.echo(f"the books of {day.date()} agree")


@payments.command()
def differences() -> None:
    """List every difference that stands; exit 1 where there is one."""
    _show(build(settings_or_fail()).payments.differences())
    click.echo("all books that were compared agree")


def _show(found: tuple[Difference, ...]) -> None:
    for one in found:
        what = _KINDS.get(one.kind, one.kind)
        click.echo(
            f"{one.day.isoformat()}  {one.order}  {what:10} here {_yuan(one.ours_fen)}  there {_yuan(one.theirs_fen)}"
        )
    if found:
        raise click.ClickException(f"{len(found)} orders need a look")


def _yuan(fen: int | None) -> str:
    return "nothing" if fen is None else f"{fen // 100}.{fen % 100:02d}"
