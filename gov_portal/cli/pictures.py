"""Write items in other forms: as a picture, as BPMN and back, as a schema for editors."""

import json
from pathlib import Path

import click

from gov_portal.cli.items import definitions_of
from workflows.dsl.bpmn.graph import NotDrawable
from workflows.dsl.bpmn.reading import BpmnRefused, from_bpmn
from workflows.dsl.bpmn.writing import to_bpmn
from workflows.dsl.findings import Finding, Findings
from workflows.dsl.picture import flow_picture
from workflows.dsl.schema import language_schema
from workflows.dsl.source import load

FILE = click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
OUTPUT = click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of the screen.")


@click.command()
@FILE
@OUTPUT
def picture(path: Path, output: Path | None) -> None:
    """Draw the flow of an item as SVG."""
    for definition in definitions_of(path):
        _give(flow_picture(definition), output)


@click.command()
@FILE
@OUTPUT
def bpmn(path: Path, output: Path | None) -> None:
    """Write an item as BPMN 2.0 with its diagram; of a BPMN file that came from here, the item's YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} is not UTF-8: save it as UTF-8") from error
    _give(_item_of(text, path) if text.lstrip().startswith("<") else _bpmn_of(text, path), output)


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


def _bpmn_of(text: str, path: Path) -> str:
    findings = Findings()
    record = load(text, file=str(path), findings=findings)
    if record is None or findings.has_errors:
        raise click.ClickException("\n".join(str(one) for one in findings.sorted()))
    try:
        return to_bpmn(record)
    except NotDrawable as refused:
        finding = Finding(refused.at, "E013", refused.reason, "give it what `gov items expand` prints of the file")
        raise click.ClickException(str(finding)) from None


def _give(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text)
    else:
        output.write_text(text, encoding="utf-8")
