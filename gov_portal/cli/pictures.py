"""Write items in other forms: as a picture, as BPMN and back, as a schema for editors."""

import json
from pathlib import Path

import click

from gov_portal.cli.showing import FILE, MEMBER, chosen, one_of
from workflows.dsl.bpmn.comments import comments_in
from workflows.dsl.bpmn.reading import BpmnRefused, from_bpmn
from workflows.dsl.bpmn.writing import to_bpmn
from workflows.dsl.findings import DefinitionInvalid, Findings
from workflows.dsl.lint import compile_file
from workflows.dsl.picture import flow_picture
from workflows.dsl.schema import language_schema
from workflows.dsl.source import load

OUTPUT = click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of the screen.")


@click.command()
@FILE
@MEMBER
@OUTPUT
def picture(path: Path, item: str | None, output: Path | None) -> None:
    """Draw the flow of an item as SVG, with templates, base and the parts of a bundle in place."""
    _give(flow_picture(one_of(path, item)), output)


@click.command()
@FILE
@MEMBER
@OUTPUT
def bpmn(path: Path, item: str | None, output: Path | None) -> None:
    """Write an item as BPMN 2.0 with its diagram, with templates, base and the parts of a bundle in place.

    Of a BPMN file that came from here it writes the item's YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} is not UTF-8: save it as UTF-8") from error
    _give(_item_of(text, path) if text.lstrip().startswith("<") else _bpmn_of(path, item), output)


@click.command()
@OUTPUT
def schema(output: Path | None) -> None:
    """Write the JSON Schema of the language, for editors that complete and mark as one types."""
    _give(json.dumps(language_schema(), ensure_ascii=False, indent=1), output)


def _item_of(text: str, path: Path) -> str:
    try:
        return from_bpmn(text, file=str(path))
    except BpmnRefused as refused:
        raise click.ClickException(str(refused.finding)) from None


def _bpmn_of(path: Path, item: str | None) -> str:
    try:
        wholes = compile_file(path)
    except DefinitionInvalid as invalid:
        raise click.ClickException("\n".join(map(str, invalid.findings))) from None
    source = chosen(path, item, {str(one.definition.facts.id): one.source for one in wholes})
    text = path.read_text(encoding="utf-8")
    record, written = (load(one, file=str(path), findings=Findings()) for one in (source, text))
    if record is None or written is None:
        raise click.ClickException(f"{path} is no item")
    return to_bpmn(record, comments_in(text, written))


def _give(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text)
    else:
        output.write_text(text, encoding="utf-8")
