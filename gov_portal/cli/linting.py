"""Check item files, one by one and against each other, and mend or format them."""

import json
import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import click

from gov_portal.web.base.english import english
from workflows.compiling import compilers
from workflows.dsl.across import Summary, check_across, lines_of, summarise
from workflows.dsl.directory import default_directory
from workflows.dsl.findings import DefinitionInvalid, Finding
from workflows.dsl.layout import format_text
from workflows.dsl.lint import item_paths, lint_as, lint_file, opens_others
from workflows.dsl.mending import mend

PATHS = click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
ENOUGH_FOR_PROCESSES = 8
"""Fewer files are read faster than another process starts."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold what one file gave: its findings, what others must agree with for each item, and how long it took."""

    path: Path
    findings: tuple[Finding, ...]
    summaries: tuple[Summary, ...]
    seconds: float


@click.command()
@PATHS
@click.option("--all", "every", is_flag=True, help="All shipped items, with their English words.")
@click.option("--json", "as_json", is_flag=True, help="Findings and times for programs.")
@click.option("--fix", is_flag=True, help="Mend what is mechanical: spelling, quotes, signs that do not belong.")
@click.option("--jobs", type=click.IntRange(1), help="Processes at once; by default one for each core.")
def lint(paths: tuple[Path, ...], *, every: bool, as_json: bool, fix: bool, jobs: int | None) -> None:
    """Report every fault of item files, alone and against each other; exit 1 where one is an error."""
    _check_directory()
    began = time.perf_counter()
    chosen = list(every_path(() if every else paths))
    if fix:
        for path in chosen:
            _mend(path)
    checked = check_files(chosen, jobs=jobs)
    words = english() if every or not paths else None
    findings = [*(one for file in checked for one in file.findings), *_across(checked, words)]
    findings.sort(key=lambda one: (one.at.file, one.at.line, one.at.column, one.code))
    (_print_json if as_json else _print)(checked, findings, time.perf_counter() - began)
    if any(finding.is_error for finding in findings):
        raise SystemExit(1)


@click.command("format")
@PATHS
@click.option("--check", is_flag=True, help="Change nothing; fail where a file would change.")
def layout(paths: tuple[Path, ...], *, check: bool) -> None:
    """Lay item files out in one way, with their comments; exit 1 where one cannot be, or would be with --check."""
    failed = False
    for path in every_path(paths):
        text = path.read_bytes().decode("utf-8", errors="surrogateescape")
        formatted = format_text(text, str(path))
        for finding in formatted.findings:
            click.echo(str(finding))
        is_changed = formatted.text != text
        failed = failed or bool(formatted.findings) or (check and is_changed)
        if is_changed:
            click.echo(f"{path}: {'is not' if check else 'is now'} laid out by rule", err=True)
            if not check:
                path.write_text(formatted.text, encoding="utf-8", newline="\n")
    if failed:
        raise SystemExit(1)


def every_path(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the item files below the paths; the shipped ones where there are none."""
    for path in list(paths) or [Path(str(files("workflows") / "items"))]:
        yield from item_paths(path)


def check_files(paths: Sequence[Path], *, jobs: int | None = None) -> list[Checked]:
    """Check each file, many of them in several processes; the order is that of the paths.

    What opens others comes last, so that its parts are compiled already.
    """
    workers = min(jobs or os.cpu_count() or 1, len(paths))
    places = sorted(range(len(paths)), key=lambda place: opens_others(paths[place]))
    ordered = [paths[place] for place in places]
    if workers < 2 or (jobs is None and len(paths) < ENOUGH_FOR_PROCESSES):
        checked = [_check(path) for path in ordered]
    else:
        with compilers(workers) as pool:
            checked = list(pool.map(_check, ordered, chunksize=max(1, len(paths) // (4 * workers))))
    by_place = dict(zip(places, checked, strict=True))
    return [by_place[place] for place in range(len(paths))]


def _check(path: Path) -> Checked:
    began = time.perf_counter()
    report = lint_file(path)
    text = path.read_text(encoding="utf-8") if report.definitions else ""
    summaries = tuple(summarise(one, text, str(path), directory=default_directory()) for one in report.definitions)
    return Checked(path, report.findings, summaries, time.perf_counter() - began)


def _across(checked: Sequence[Checked], words: Collection[str] | None) -> tuple[Finding, ...]:
    return check_across([summary for one in checked for summary in one.summaries], words)


def _mend(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    mended = mend(text, lambda attempt: lint_as(path, attempt).findings)
    if mended.text != text:
        path.write_text(mended.text, encoding="utf-8")
    for finding in mended.mended:
        click.echo(f"mended {finding.at}: {finding.code} {finding.message}", err=True)


def _print(checked: Sequence[Checked], findings: Sequence[Finding], seconds: float) -> None:
    for finding in findings:
        click.echo(str(finding))
    for one in checked:
        for summary in one.summaries:
            worst = summary.worst
            click.echo(
                f"{summary.id}: {worst.straight} of {worst.promised} working days, "
                f"{worst.with_returns} with every return; {one.seconds * 1000 / len(one.summaries):.0f} ms",
                err=True,
            )
    items = [summary for one in checked for summary in one.summaries or (None,)]
    errors = sum(finding.is_error for finding in findings)
    slowest = max((one.seconds for one in checked), default=0.0)
    click.echo(
        f"{len(items)} items, {errors} errors, {len(findings) - errors} warnings; "
        f"{seconds:.2f} s, the slowest {slowest * 1000:.0f} ms",
        err=True,
    )


def _print_json(checked: Sequence[Checked], findings: Sequence[Finding], seconds: float) -> None:
    items = [
        {
            "file": str(one.path),
            "id": summary.id if summary else None,
            "seconds": round(one.seconds, 4),
            "working_days": {
                "promised": summary.worst.promised,
                "straight": summary.worst.straight,
                "with_returns": summary.worst.with_returns,
            }
            if summary
            else None,
        }
        for one in checked
        for summary in (one.summaries or (None,))
    ]
    errors = sum(finding.is_error for finding in findings)
    content = {
        "items": items,
        "errors": errors,
        "warnings": len(findings) - errors,
        "seconds": round(seconds, 4),
        "findings": list(lines_of(findings)),
    }
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def _check_directory() -> None:
    try:
        default_directory()
    except DefinitionInvalid as error:
        raise click.ClickException(f"the directory has faults:\n{error}") from error
