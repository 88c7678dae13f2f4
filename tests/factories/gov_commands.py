"""Check a written ``gov`` command against the commands that there are."""

import re
import shlex

import click

from gov_portal.cli.main import main

WORD = re.compile(r"[a-z][a-z-]*")


def split(command: click.Command, words: list[str]) -> tuple[list[str], list[str]]:
    """Return what stands before the first word that is neither an option of the command nor its value, and the rest."""
    options = {name: option for option in command.params if isinstance(option, click.Option) for name in option.opts}
    for place, word in enumerate(words):
        if word.startswith("--"):
            assert word in {*options, "--help"}, f"{command.name} has no option {word}"
        elif place == 0 or not words[place - 1].startswith("--") or options[words[place - 1]].is_flag:
            return words[:place], words[place:]
    return words, []


def subcommands(group: click.Group) -> dict[str, click.Command]:
    """Return the commands of a group by their names."""
    context = click.Context(group)
    return {name: group.get_command(context, name) for name in group.list_commands(context)}


def check(command: str) -> None:
    """Walk the command tree along the words of a command; what stands for something else (``PATH``) is let through."""
    at: click.Command = main
    words = shlex.split(command)[1:]
    while True:
        _, words = split(at, words)
        if not words or not WORD.fullmatch(words[0]) or not isinstance(at, click.Group):
            break
        assert words[0] in subcommands(at), f"there is no {words[0]} in {at.name}"
        at = subcommands(at)[words.pop(0)]
    given = []
    while words:
        given.append(words.pop(0))
        _, words = split(at, words)
    arguments = [one for one in at.params if isinstance(one, click.Argument)]
    assert len(given) <= len(arguments) or any(one.nargs == -1 for one in arguments) or isinstance(at, click.Group)
    for argument, word in zip(arguments, given, strict=False):
        known = argument.type.choices if isinstance(argument.type, click.Choice) else (word,)
        assert word in known or not WORD.fullmatch(word), f"{at.name} does not know {word}"
