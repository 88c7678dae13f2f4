"""Read the typed parameters that a template or family declares, and check the arguments given for them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workflows.domain.definition import Location
from workflows.dsl import words
from workflows.dsl.findings import Findings, did_you_mean
from workflows.dsl.names import SIMPLE, check_identifier
from workflows.dsl.shape import Reader, expect
from workflows.dsl.source import Listing, Node, Record, Scalar

_DURATION = re.compile(r"[1-9][0-9]{0,4}(h|wd|d|w|mo|y)\Z")
_FIELD = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")
_DOTTED = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*\Z")
_INT = re.compile(r"int\(([0-9]*)\.\.([0-9]*)\)\Z")
_ENUM = re.compile(r"enum\(([^()]+)\)\Z")
_LIST = re.compile(r"list\((.+)\)\Z")

_Test = Callable[[Node], bool]


def _scalar(node: Node) -> bool:
    return isinstance(node, Scalar)


def _spelt(pattern: re.Pattern[str]) -> _Test:
    return lambda node: isinstance(node, Scalar) and pattern.match(node.text) is not None


def _is_text(node: Node) -> bool:
    return isinstance(node, Scalar) and not isinstance(node.value, bool) and bool(node.text.strip())


def _is_flag(node: Node) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, bool)


def _are_steps(node: Node) -> bool:
    return isinstance(node, Listing) and all(isinstance(item, Record | Listing) for item in node.items)


_NAMES = ("role", "page", "outcome", "step", "act")
_KINDS: Mapping[str, tuple[_Test, str]] = {
    "text": (_is_text, "a text"),
    "bool": (_is_flag, "true or false"),
    "duration": (_spelt(_DURATION), "a duration such as 5wd"),
    "expression": (_scalar, "an expression"),
    "field": (_spelt(_FIELD), "a field, `group.name`"),
    "steps": (_are_steps, "a list of steps"),
    "run": (lambda node: isinstance(node, Listing), "entries of a run"),
    "entries": (lambda node: isinstance(node, Record), "a mapping of keys to values"),
    "value": (_scalar, "one value"),
    **{name: (_spelt(SIMPLE), f"the name of a {name}") for name in _NAMES},
    **{name: (_spelt(_DOTTED), f"the code of a {name}") for name in ("department", "licence", "resource")},
}
"""Type of a parameter -> test of its shape, and how messages call it; what a name means is checked by the linter."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Declare one parameter (参数).

    Attributes:
        kind: spelling of its type, such as ``duration`` or ``list(field)``.
        is_maybe: may be left out; what reads it falls away.
        default: taken where nothing is given.
        about: what it is for, for people.
    """

    name: str
    kind: str
    at: Location
    is_maybe: bool = False
    default: Node | None = None
    about: str = ""

    @property
    def is_required(self) -> bool:
        """Return whether it must be given."""
        return not self.is_maybe and self.default is None


def wants(kind: str) -> str | None:
    """Return how messages call the values of a type, or ``None`` where there is no such type."""
    named = _KINDS.get(kind)
    if named is not None:
        return named[1]
    if (bounds := _INT.match(kind)) is not None:
        return f"a whole number from {bounds.group(1) or '0'} to {bounds.group(2) or 'any'}"
    if (members := _ENUM.match(kind)) is not None:
        return f"one of {members.group(1)}"
    inner = _LIST.match(kind)
    each = wants(inner.group(1)) if inner else None
    return f"a list, each {each}" if each else None


def _fits(kind: str, node: Node) -> bool:
    named = _KINDS.get(kind)
    if named is not None:
        return named[0](node)
    if (bounds := _INT.match(kind)) is not None:
        low, high = int(bounds.group(1) or 0), int(bounds.group(2) or 10**9)
        value = node.value if isinstance(node, Scalar) else None
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    if (members := _ENUM.match(kind)) is not None:
        return isinstance(node, Scalar) and node.text in [one.strip() for one in members.group(1).split(",")]
    inner = _LIST.match(kind)
    return inner is not None and isinstance(node, Listing) and all(_fits(inner.group(1), item) for item in node.items)


def read_parameters(record: Record | None, findings: Findings) -> dict[str, Parameter]:
    """Return the declared parameters by name; faults are reported where they stand."""
    found: dict[str, Parameter] = {}
    for entry in record.entries if record else ():
        if not check_identifier(entry.key, what="the parameter", findings=findings, reserved=False):
            continue
        parameter = _parameter(entry.key, entry.value, findings)
        if parameter is not None:
            found[parameter.name] = parameter
    return found


def _parameter(key: Scalar, node: Node, findings: Findings) -> Parameter | None:
    default, about = None, ""
    spelling: Scalar | None
    if isinstance(node, Record):
        reader = Reader(node, words.PARAMETER, at=key.at, findings=findings)
        spelling, default, about = reader.scalar("type"), node.get("default"), reader.text("about")
    else:
        spelling = expect(node, Scalar, what=f"the type of `{key.text}`", findings=findings)
    if spelling is None:
        return None
    is_maybe = spelling.text.startswith("maybe ")
    kind = spelling.text.removeprefix("maybe ").strip()
    called = wants(kind)
    if called is None:
        findings.report(
            "E825",
            at=spelling.at,
            message=f"`{kind}` is no type of a parameter",
            remedy=did_you_mean(kind, [*_KINDS, "int(1..9)", "enum(a,b)", "list(field)"]),
        )
        return None
    if default is not None and not _fits(kind, default):
        message = f"the default of `{key.text}` is not {called}"
        findings.report("E825", at=default.at, message=message, remedy=f"write {called}")
    return Parameter(key.text, kind, key.at, is_maybe, default, about)


def bind(
    parameters: Mapping[str, Parameter], given: Record | None, *, of: str, at: Location, findings: Findings
) -> dict[str, Node | None] | None:
    """Return a value for every parameter, ``None`` where one is left out; no result where an argument is wrong.

    ``of`` is how messages call what takes the arguments, ``at`` where a missing one is reported.
    """
    good = True
    for entry in given.entries if given else ():
        parameter = parameters.get(entry.key.text)
        if parameter is None:
            message = f"{of} has no parameter `{entry.key.text}`"
            findings.report("E824", at=entry.key.at, message=message, remedy=did_you_mean(entry.key.text, parameters))
            good = False
        elif not _fits(parameter.kind, entry.value):
            called = wants(parameter.kind)
            shown = f", not `{entry.value.text}`" if isinstance(entry.value, Scalar) else ""
            message = f"`{parameter.name}` of {of} is {called}{shown}"
            findings.report("E825", at=entry.value.at, message=message, remedy=f"write {called}")
            good = False
    for parameter in parameters.values():
        if parameter.is_required and (given is None or parameter.name not in given):
            about = f": {parameter.about}" if parameter.about else f", {wants(parameter.kind)}"
            message = f"{of} needs `{parameter.name}`{about}"
            findings.report("E823", at=at, message=message, remedy=f"add `{parameter.name}: …` under `with`")
            good = False
    if not good:
        return None
    return {name: (given.get(name) if given else None) or one.default for name, one in parameters.items()}
