"""Find every Chinese text that a front says, and whether it can be said in English too."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, nodes

HAN = re.compile("[\u3400-\u9fff]")
SPEAKERS = {"_", "phrase"}
OWN_NAMES = {"中文"}
"""What a language calls itself is said in that language, whatever the page speaks."""


@dataclass(frozen=True)
class Phrase:
    """One text, where it stands, and whether the translating hook gets to see it."""

    text: str
    place: str
    is_said: bool


def phrases_of(folder: Path) -> list[Phrase]:
    """Return every Chinese text of the modules and templates below a folder."""
    found: list[Phrase] = []
    for path in sorted(folder.rglob("*.py")):
        found += _of_module(path)
    for path in sorted(folder.rglob("*.html")):
        found += _of_template(path)
    return [phrase for phrase in found if HAN.search(phrase.text) and phrase.text not in OWN_NAMES]


def _of_module(path: Path) -> Iterator[Phrase]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    said = {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPEAKERS and node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield Phrase(node.value, f"{path}:{node.lineno}", id(node) in said)


def _of_template(path: Path) -> Iterator[Phrase]:
    tree = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True, extensions=["jinja2.ext.do"]).parse(
        path.read_text(encoding="utf-8")
    )
    said: set[int] = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in SPEAKERS and call.args:
            # A choice between two texts is said through one call.
            said |= {id(const) for const in (call.args[0], *call.args[0].find_all(nodes.Const))}
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str):
            yield Phrase(const.value, f"{path}:{const.lineno}", id(const) in said)
    for data in tree.find_all(nodes.TemplateData):
        yield Phrase(data.data.strip(), f"{path}:{data.lineno}", is_said=False)
