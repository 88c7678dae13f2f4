"""Run the department systems of the sandbox province and play with them."""

import os
from pathlib import Path

import click

from gov_portal.sandbox.departments import DEPARTMENTS
from gov_portal.sandbox.faults import AnswerFault, Down, Faults, read_faults, write_faults
from gov_portal.sandbox.people import load_people
from gov_portal.sandbox.server import DepartmentServer
from gov_portal.sandbox.store import Store, reset

DEFAULT_STORE = Path(".run/departments")
DEFAULT_SECRETS = ".run/platform/secrets"
STORE = "gov_portal.cli.sandbox.store"
PUBLIC_KEY_NAME = "exchange_client.public.jwk"

_department = click.argument("department", type=click.Choice(sorted(DEPARTMENTS)))
_store = click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="GOV_SANDBOX_DIR",
    default=DEFAULT_STORE,
    show_default=True,
    help="Folder of the departments; each keeps its own below it.",
    expose_value=False,
    callback=lambda context, _, value: context.meta.__setitem__(STORE, value),
)


@click.group()
def sandbox() -> None:
    """Play the made-up province: department systems, faults, people."""


@sandbox.command()
@_department
@_store
@click.option("--address", default="127.0.0.1", show_default=True, help="Interface; another one only among containers.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free port, which is printed.")
@click.option(
    "--trust",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Public key of the platform; by default {PUBLIC_KEY_NAME} in GOV_SECRETS_DIR.",
)
@click.option("--reset", "is_reset", is_flag=True, help="Forget first what the department received and its faults.")
def serve(department: str, address: str, port: int, trust: Path | None, is_reset: bool) -> None:
    """Serve one department until the process is ended."""
    if trust is None:
        trust = Path(os.environ.get("GOV_SECRETS_DIR", DEFAULT_SECRETS)) / PUBLIC_KEY_NAME
    if is_reset:
        reset(_folder(department))
    server = DepartmentServer(department, store=Store(_folder(department)), trust=trust).listen(port, address=address)
    click.echo(f"{department} listens on http://{address}:{server.server_port}")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


@sandbox.command()
@_department
@_store
@click.option(
    "--down",
    type=click.Choice([way.value for way in Down]),
    is_flag=False,
    flag_value="closed",
    help="Be down: closed or busy.",
)
@click.option("--up", is_flag=True, help="Be well again: clear every fault first.")
@click.option("--latency", type=click.IntRange(0, 600_000), help="Answer later by so many milliseconds.")
@click.option(
    "--answer",
    type=click.Choice([*(fault.value for fault in AnswerFault), "truth"]),
    help="Answer this instead of the truth.",
)
def fault(department: str, down: str | None, up: bool, latency: int | None, answer: str | None) -> None:
    """Switch a fault of a running department on or off; without an option, show the switches."""
    folder = _folder(department)
    now = Faults() if up else read_faults(folder)
    faults = Faults(
        down=Down(down) if down else now.down,
        latency_ms=now.latency_ms if latency is None else latency,
        answer=now.answer if answer is None else None if answer == "truth" else AnswerFault(answer),
    )
    if faults != read_faults(folder):
        write_faults(folder, faults)
    state = f"down ({faults.down})" if faults.down else "up"
    click.echo(f"{department}: {state}, latency {faults.latency_ms} ms, answers {faults.answer or 'the truth'}")


@sandbox.command()
def people() -> None:
    """List the made-up people, with what each is good for."""
    for person in load_people().everybody:
        name = person.claims_name or person.name
        click.echo(f"{person.handle:16} {name:12} {person.id_no}  {person.phone or '-':11}  {person.note}")


@sandbox.command()
@_department
@_store
def received(department: str) -> None:
    """List what a department took: shipments at the post, issued cards at the federation."""
    for entry in Store(_folder(department)).received():
        facts = ", ".join(f"{name}: {value}" for name, value in entry.content.items())
        click.echo(f"{entry.number:08d}  {entry.received_at}  {entry.resource}  {facts}")


def _folder(department: str) -> Path:
    store: Path = click.get_current_context().meta[STORE]
    return store / department


if __name__ == "__main__":
    sandbox()
