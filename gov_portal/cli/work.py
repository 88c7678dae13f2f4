"""Look after work that failed again and again and was parked (搁置)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import click

from gov_portal.cli.environment import tried
from gov_portal.cli.versions import Signature, officer_of, opened_platform, signed
from gov_portal.kernel.decisions import Decision, Way
from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.parking import ParkedWork
from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.wiring.parking import ParkedDesk

OPERATOR = "operator"
"""Post of those who may decide about parked work."""

_TOPIC = click.option("--topic", default="", help="Only work whose topic begins so, such as `case.call` or `webhook`.")


@click.group()
def work() -> None:
    """Look after work that failed again and again and was parked."""


@work.command("list")
@_TOPIC
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line instead of columns.")
def list_parked(topic: str, is_json: bool) -> None:
    """List what is parked, the oldest first: number, since when, topic, last error, what it belongs to."""
    with opened_platform() as platform:
        shown = 0
        for one in _all(platform.parked_desk(), topic=topic):
            click.echo(json.dumps(_as_dict(one), ensure_ascii=False) if is_json else _line(one))
            shown += 1
        if not shown and not is_json:
            click.echo("nothing is parked")


@work.command()
@click.argument("number", type=int)
def show(number: int) -> None:
    """Print one piece of parked work as JSON, with when and how its last attempts failed."""
    with opened_platform() as platform:
        one = tried(lambda: platform.parked_desk().work(number))
        click.echo(json.dumps(_as_dict(one), ensure_ascii=False, indent=2))


def _deciding(way: Way, told: str, text: str) -> click.Command:
    @click.argument("numbers", type=int, nargs=-1)
    @click.option("--topic", default="", help="All that is parked under topics which begin so, instead of numbers.")
    @click.option("--reason", required=True, help="Why; it stands in the ledger, so name no person.")
    @signed
    def decide(numbers: tuple[int, ...], topic: str, reason: str, by: Signature) -> None:
        if bool(numbers) == bool(topic):
            raise click.UsageError("say which: numbers that `gov work list` shows, or --topic")
        with opened_platform() as platform:
            decision = tried(partial(Decision, way, reason))
            desk, officer = platform.parked_desk(), officer_of(platform, by, post=OPERATOR)
            works = [tried(partial(desk.work, one)) for one in numbers] if numbers else list(_all(desk, topic=topic))
            _tell(works, desk.settle_all(works, decision, by=officer), told=told)

    return click.command(way.value, help=text)(decide)


_RESUME = "Try parked work again now, as often as if it were new."
_SKIP = """Go on without: a case takes the road that its item has for what was not done, and where there is none an
officer gets it; what belongs to no case ends."""
_ABANDON = """Leave it to a person: where the case is open an officer gets a task, else the record alone says that it
was not done; what belongs to no case ends."""

for _command in (
    _deciding(Way.RESUME, "is tried again", _RESUME),
    _deciding(Way.SKIP, "is skipped", _SKIP),
    _deciding(Way.ABANDON, "is abandoned", _ABANDON),
):
    work.add_command(_command)


def _tell(works: Sequence[ParkedWork], refused: Mapping[int, DomainError], *, told: str) -> None:
    """Say what became of each.

    Raises:
        ClickException: some could not be settled.
    """
    for one in works:
        number = one.message.id
        if number in refused:
            click.echo(f"{number} refused: {refused[number].code}", err=True)
        else:
            click.echo(f"{number} {one.message.topic} {told}")
    if refused:
        raise click.ClickException(f"{len(refused)} of {len(works)} stay parked")


def _all(desk: ParkedDesk, *, topic: str) -> Iterator[ParkedWork]:
    after = 0
    while found := desk.parked(topic=topic, after=after):
        yield from found
        after = found[-1].message.id


def _line(one: ParkedWork) -> str:
    since = f"{one.parked_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return f"{one.message.id:>8}  {since}  {one.message.topic:16} {one.error:32} {one.message.key}"


def _as_dict(one: ParkedWork) -> dict[str, object]:
    return {
        "number": one.message.id,
        "topic": one.message.topic,
        "key": one.message.key,
        "payload": dict(one.message.payload),
        "parked_at": one.parked_at.isoformat(),
        "attempts": [{"at": attempt.at.isoformat(), "error": attempt.error} for attempt in one.history],
    }
