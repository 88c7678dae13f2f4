"""Write the document of the API."""

import json
from pathlib import Path

import click

from gov_portal.web.api.blueprint import api_document


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
def openapi(output: Path | None) -> None:
    """Write the OpenAPI document; needs no database."""
    text = json.dumps(api_document(), ensure_ascii=False, indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
