"""Show what items expand to, carry overlays over to a newer base, and begin new items on a template."""

from pathlib import Path

import click

from gov_portal.cli.showing import FILE
from workflows.dsl.findings import DefinitionInvalid
from workflows.dsl.lint import expand_file
from workflows.dsl.names import DOTTED
from workflows.dsl.reuse.library import library_beside, parse_reference
from workflows.dsl.reuse.merge import merge_overlay
from workflows.dsl.reuse.scaffold import scaffold, starters


def _refuse(invalid: DefinitionInvalid, what: str) -> click.ClickException:
    for finding in invalid.findings:
        click.echo(str(finding), err=True)
    return click.ClickException(what)


@click.command()
@FILE
def expand(path: Path) -> None:
    """Print the source of every item of a file with templates, family and base in place."""
    try:
        sources = expand_file(path)
    except DefinitionInvalid as invalid:
        raise _refuse(invalid, "the file cannot be expanded") from None
    for number, source in enumerate(sources):
        if number:
            click.echo("---")
        click.echo(source, nl=False)


@click.command()
@FILE
@click.option("--to", "version", type=click.IntRange(1), help="Version of the base; the newest otherwise.")
@click.option("--write", is_flag=True, help="Change the file instead of printing it.")
def merge(path: Path, version: int | None, write: bool) -> None:
    """Carry an overlay over to a newer version of its base; exit 1 where a conflict is left."""
    try:
        text = path.read_text(encoding="utf-8")
        merged = merge_overlay(text, file=str(path), library=library_beside(path), version=version)
    except UnicodeDecodeError:
        raise click.ClickException(f"{path} is not UTF-8") from None
    except DefinitionInvalid as invalid:
        raise _refuse(invalid, "the overlay cannot be merged") from None
    if write:
        path.write_text(merged.text, encoding="utf-8")
    else:
        click.echo(merged.text, nl=False)
    for dropped in merged.dropped:
        click.echo(f"{path}: {dropped}: the base says so itself now", err=True)
    for conflict in merged.conflicts:
        click.echo(str(conflict), err=True)
    if merged.conflicts:
        raise SystemExit(1)


@click.command()
@click.argument("template")
@click.argument("item")
@click.option("--to", "path", type=click.Path(dir_okay=False, path_type=Path), help="A file that is not there yet.")
def new(template: str, item: str, path: Path | None) -> None:
    """Write the beginning of ITEM (its id) on TEMPLATE, such as std/filing@1, with every parameter explained."""
    library = library_beside(path or Path("item.yaml"))
    reference = parse_reference(template)
    shelved = library.find(reference) if reference is not None else None
    if shelved is None or str(shelved.reference) not in starters(library):
        raise click.ClickException(f"there is no template {template}; choose {', '.join(starters(library))}")
    if not DOTTED.match(item):
        raise click.ClickException(f"{item} is no id: write words of small letters, joined by `.` and `-`")
    text = scaffold(shelved, item)
    if path is None:
        click.echo(text, nl=False)
        return
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.ClickException(f"{path} is there already") from None
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None
    click.echo(f"wrote {path}; fill in what is marked …", err=True)
