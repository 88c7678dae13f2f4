"""Read files of data that are written in YAML 1.2, by libyaml: it is ten times as fast as a parser in Python."""

import re
from collections.abc import Hashable
from typing import Any

import yaml  # type: ignore[import-untyped]

FileInvalid = yaml.YAMLError
"""Reports that a text is no YAML, or names something twice."""


class _Loader(yaml.CSafeLoader):  # type: ignore[misc]
    """Take as something other than text only what YAML 1.2 does: ``on`` and ``no`` are words."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return a mapping in which nothing is named twice."""
        made: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        if len(made) < len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "something is named twice", node.start_mark)
        return made


for _kind, _spelling, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", list("-+0123456789")),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", list("0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_spelling})$"), _first)


def read(text: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what a text holds.

    Raises:
        FileInvalid: it is no YAML, or names something twice.
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader with fewer rules
