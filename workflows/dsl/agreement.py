"""Compare types with what stands outside the file, and with each other: one data element, one type."""

from dataclasses import dataclass
from itertools import permutations

from workflows.domain.definition import Location
from workflows.dsl.directory import Directory
from workflows.dsl.findings import Finding, did_you_mean, nearest
from workflows.dsl.scope import Scope
from workflows.dsl.statics import Static, accepts, of_field, of_spelling

ENOUGH_IN_COMMON = 2


@dataclass(frozen=True, slots=True)
class Outside:
    """Hold what stands outside the file about one datum.

    Attributes:
        spelling: its type there.
        what: how messages call it.
        code: under which a difference is reported.
        is_output: the field's value goes out; else it comes in.
    """

    spelling: str
    what: str
    code: str = "E118"
    is_output: bool = False


def compare(path: str, outside: Outside, scope: Scope, *, at: Location) -> None:
    """Compare the type of a field with the one outside the file."""
    declared = scope.fields.get(path)
    if declared is None or path in scope.broken_types or at in scope.misnamed:
        return
    other, own = of_spelling(outside.spelling), of_field(declared.type)
    if accepts(other, own) if outside.is_output else accepts(own, other):
        scope.blame.agree(path)
        return
    if own.kind == other.kind == "enum" and _blame_members(path, own, outside, scope):
        return
    message = f"{outside.what} is of type {other}, but `{path}` is of type {declared.type.name}"
    scope.blame.clash(path, Finding(at, outside.code, message, "declare one data element with one type"))


def _blame_members(path: str, own: Static, outside: Outside, scope: Scope) -> bool:
    """Report the members in which two enums differ, where most are the same; return whether that was so."""
    others = of_spelling(outside.spelling).members
    common = set(own.members) & set(others)
    at = scope.blame.declared.get(("type", path))
    odd = [member for member in own.members if member not in others]
    if 2 * len(common) < len(others) or at is None or not odd:
        return False
    for member in odd:
        remedy = did_you_mean(member, set(others) - common)
        scope.report(outside.code, at, f"{outside.what} knows no `{member}`, which `{path}` lists", remedy)
    return True


def check_members(scope: Scope) -> None:
    """Report members of two nearly equal enums that differ by a letter or two."""
    enums = {path: of_field(declared.type).members for path, declared in scope.fields.items()}
    enums = {path: members for path, members in enums.items() if members}
    pairs = permutations(enums.items(), 2)
    near = [(one, two) for one, two in pairs if len(set(one[1]) & set(two[1])) >= ENOUGH_IN_COMMON]
    outside = _known_outside(scope.directory) if near else set()
    for (path, members), (other, others) in near:
        for member in sorted(set(members) - set(others) - outside):
            twin = nearest(member, set(others) - set(members))
            if twin is not None and len(twin) > ENOUGH_IN_COMMON:
                at = scope.blame.declared["type", path]
                scope.report(
                    "E022", at, f"`{member}` of `{path}` looks like `{twin}` of `{other}`", f"did you mean `{twin}`?"
                )


def _known_outside(directory: Directory) -> set[str]:
    spellings = [spelling for types in directory.resources.values() for spelling in types.values()]
    spellings += [spelling for types in directory.licences.values() for spelling in types]
    return {member for spelling in spellings for member in of_spelling(spelling).members}
