"""Check, try and show the service items."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from gov_portal.cli.linting import layout, lint
from workflows.domain.definition import AllStep, Definition, HumanStep, IfStep, Step, WaitStep
from workflows.dsl.lint import lint_file

FILE = click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def items() -> None:
    """Check, try and show the service items."""


items.add_command(lint)
items.add_command(layout)


@items.command()
@FILE
def show(path: Path) -> None:
    """Show the outline of the items of one file: facts, phases, steps, acts."""
    for definition in definitions_of(path):
        _show(definition)


def _show(definition: Definition) -> None:
    facts = definition.facts
    click.echo(f"{facts.name} ({facts.id}, version {facts.version})")
    click.echo(f"  {facts.kind}, {facts.authority}, promised {facts.promised} of {facts.statutory}")
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
