"""Offer commands without importing what they run on: a process imports only what the command that it is needs."""

import ast
import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import click

from gov_portal.kernel.key_files import KeyMissing

_HERE = __name__.rpartition(".")[0]


class LateGroup(click.Group):
    """Import the module of a command once the command is named, and say of every command alike what it lacks."""

    def __init__(self, *arguments: object, places: Mapping[str, str], **options: object) -> None:
        """Know each command's place: module below ours, and behind a colon its function, if named otherwise."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self._places = {name: _parted(place) for name, place in places.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, for which its module is imported."""
        if cmd_name not in self._places:
            return None
        module, function = self._places[cmd_name]
        command: click.Command = getattr(_imported(module), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Tell what each command does as its function says, whose file is read and not imported."""
        listed = click.Group(commands={name: _described(*self._places[name]) for name in self.list_commands(ctx)})
        listed.format_commands(ctx, formatter)

    def invoke(self, ctx: click.Context) -> object:
        """Carry out a command."""
        try:
            return super().invoke(ctx)
        except KeyMissing as error:
            raise click.ClickException(str(error)) from error


def _parted(place: str) -> tuple[str, str]:
    module, _, function = place.partition(":")
    return f"{_HERE}.{module}", function or module.rpartition(".")[2]


def _imported(name: str) -> ModuleType:
    """Import a module, and look for no garbage meanwhile: of the thousands of classes that this makes none ends."""
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()


def _described(module: str, function: str) -> click.Command:
    """Return a command that has nothing but its help."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    nodes = ast.parse(Path(spec.origin).read_bytes()).body
    written = next(node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == function)
    return click.Command(function, help=ast.get_docstring(written))
