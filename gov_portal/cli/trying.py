"""Try items without a portal: run their scenarios, enumerate what can happen, walk one by hand."""

import sys
import time
from pathlib import Path

import click

from gov_portal.cli.linting import PATHS, every_path
from gov_portal.cli.showing import FILE, MEMBER, definitions_of, one_of
from gov_portal.kernel.working_days import Calendar
from workflows.domain.definition import Definition
from workflows.dsl.coverage import coverage
from workflows.dsl.paths import enumerate_paths
from workflows.dsl.scenarios import run_scenarios
from workflows.dsl.talking import Talk
from workflows.dsl.walking import Walk


@click.command("test")
@PATHS
@click.option("--all", "every", is_flag=True, help="All shipped items; only what is wrong and the sums are printed.")
def run_tests(paths: tuple[Path, ...], *, every: bool) -> None:
    """Run the scenarios of item files; exit 1 where one fails, or a step or act is never tried."""
    began, calendar = time.perf_counter(), Calendar.official()
    sums = {"items": 0, "scenarios": 0, "failed": 0}
    reached: dict[str, tuple[int, int]] = {}
    is_complete = True
    for definition in (one for path in every_path(() if every else paths) for one in definitions_of(path)):
        counts, failed, is_whole = _try(definition, calendar, is_brief=every)
        sums["items"] += 1
        sums["scenarios"] += len(definition.scenarios)
        sums["failed"] += failed
        is_complete = is_complete and is_whole
        for kind, (some, of) in counts.items():
            known = reached.get(kind, (0, 0))
            reached[kind] = (known[0] + some, known[1] + of)
    took = time.perf_counter() - began
    told = ", ".join(f"{some} of {of} {kind}" for kind, (some, of) in reached.items())
    counted = ", ".join(f"{count} {name}" for name, count in sums.items())
    click.echo(f"{counted}; {told}; {took:.1f} s", err=True)
    if sums["failed"] or not is_complete:
        raise SystemExit(1)


def _try(definition: Definition, calendar: Calendar, *, is_brief: bool) -> tuple[dict[str, tuple[int, int]], int, bool]:
    """Run the scenarios of one item and print them; return the coverage, how many failed, and whether all is tried."""
    began, item = time.perf_counter(), definition.facts.id
    reports = run_scenarios(definition, calendar)
    for report in reports:
        if not is_brief or not report.is_good:
            word = "ok  " if report.is_good else "FAIL"
            click.echo(f"{word} {item} {report.id}: {report.outcome}, {report.clock.used_working_days}wd")
        for problem in report.problems:
            click.echo(f"     {problem}")
    untried = coverage(definition, reports)
    for name in (*untried.missing_steps, *untried.missing_acts):
        click.echo(f"FAIL {item}: no scenario reaches {name}")
    for name in untried.missing_rows:
        click.echo(f"note {item}: no scenario reaches {name}")
    counts = ", ".join(f"{kind} {some}/{of}" for kind, (some, of) in untried.counts.items() if of)
    took = (time.perf_counter() - began) * 1000
    click.echo(f"     {item}: {len(reports)} scenarios, {counts}, {took:.0f} ms")
    return dict(untried.counts), sum(not report.is_good for report in reports), untried.is_complete


@click.command()
@FILE
@click.option("--most", type=click.IntRange(1, 100_000), default=500, show_default=True, help="How many at most.")
def paths(path: Path, most: int) -> None:
    """Enumerate what can happen in the items of a file: every choice of everybody, with the outcome it leads to."""
    for definition in definitions_of(path):
        found = enumerate_paths(definition, Calendar.official(), most=most)
        for one in found.paths:
            click.echo(str(one))
        told = ", ".join(f"{count} {outcome or 'not followed to the end'}" for outcome, count in found.outcomes.items())
        cut = f"; cut after {most}, there are more (--most)" if found.is_cut else ""
        click.echo(f"{definition.facts.id}: {len(found.paths)} paths: {told}{cut}", err=True)


@click.command()
@FILE
@MEMBER
def simulate(path: Path, item: str | None) -> None:
    """Walk a made-up case of an item by hand: choose what happens by its number, or write it as in a scenario.

    `quit` or the end of the input ends it, and prints the walk as a `run:` for the file's scenarios.
    """
    talk = Talk(Walk(one_of(path, item), Calendar.official()))
    for line in talk.told():
        click.echo(line)
    while talk.is_open:
        click.echo("> ", nl=False)
        typed = sys.stdin.readline()
        if not typed or typed.strip() in ("quit", "q"):
            click.echo("")
            break
        for line in talk.hear(typed.strip()):
            click.echo(line)
    click.echo(talk.run_line())
