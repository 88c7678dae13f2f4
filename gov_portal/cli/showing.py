"""Show service items, and find those that a command names."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import click

from workflows.domain.definition import AllStep, Definition, HumanStep, IfStep, Step, WaitStep
from workflows.dsl.lint import lint_file

FILE = click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
MEMBER = click.option("--item", help="Id of one item, where the file is a family.")

T = TypeVar("T")


@click.command()
@FILE
def show(path: Path) -> None:
    """Show the outline of the items of one file: facts, phases, steps, acts."""
    for definition in definitions_of(path):
        _show(definition)


def _show(definition: Definition) -> None:
    facts = definition.facts
    click.echo(f"{facts.name} ({facts.id}, version {facts.version})")
    click.echo(f"  {facts.kind}, {facts.authority}, promised {facts.promised} of {facts.statutory}")
    if facts.code:
        click.echo(f"  code {facts.code}")
    click.echo(f"  hash {definition.hash}")
    for phase, steps in definition.flow:
        click.echo(phase.value)
        for line in _outline(steps, definition, depth=1):
            click.echo(line)


def definitions_of(path: Path) -> tuple[Definition, ...]:
    """Return the definitions of a file.

    Raises:
        ClickException: it has errors, which are printed.
    """
    report = lint_file(path)
    if report.definition is None:
        for finding in report.errors:
            click.echo(str(finding), err=True)
        raise click.ClickException(f"{path} has errors")
    return report.definitions


def one_of(path: Path, item: str | None) -> Definition:
    """Return the definition of a file, or the one that is asked for of a family.

    Raises:
        ClickException: the file has errors, several items and none is asked for, or not that one.
    """
    return chosen(path, item, {str(one.facts.id): one for one in definitions_of(path)})


def chosen(path: Path, item: str | None, found: Mapping[str, T]) -> T:
    """Return what belongs to the item that is asked for, or to the only one.

    Raises:
        ClickException: several and none is asked for, or not that one.
    """
    if item is not None and item in found:
        return found[item]
    if item is None and len(found) == 1:
        return next(iter(found.values()))
    wrong = f"{path} holds {len(found)} items" if item is None else f"{path} holds no {item}"
    raise click.ClickException(f"{wrong}: choose with --item one of {', '.join(found)}")


def _outline(steps: Iterable[Step], definition: Definition, *, depth: int) -> Iterator[str]:
    for step in steps:
        indent = "  " * depth
        limit = f" {step.limit}" if step.limit else ""
        when = f" when {step.when.source}" if step.when else ""
        kind = type(step).__name__.removesuffix("Step").lower()
        yield f"{indent}{step.id} [{kind}]{limit}{when} {definition.label(f'step.{step.id}')}"
        acts = step.acts if isinstance(step, HumanStep) else ()
        if isinstance(step, WaitStep) and step.upon is not None:
            acts = step.upon.acts
        for act in acts:
            target = act.end or act.back or ("supplement" if act.ask else "")
            yield f"{indent}  - {act.id} {act.label}{f' -> {target}' if target else ''}"
        for branch in step.branches if isinstance(step, AllStep) else ():
            yield from _outline(branch, definition, depth=depth + 1)
        for branch in (step.then, step.otherwise) if isinstance(step, IfStep) else ():
            yield from _outline(branch, definition, depth=depth + 1)
