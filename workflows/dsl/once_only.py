"""Prove that nobody is asked twice (E7xx): not what the account, a share, a licence or the item itself knows."""

from collections.abc import Iterator, Mapping

from workflows.domain.definition import APPLICANT, Location, Material
from workflows.dsl.compiled import Compiled
from workflows.dsl.scope import Scope
from workflows.dsl.statics import accepts, are_comparable, of_field, of_spelling

_PAPERS = ("file", "image")


def check_once_only(compiled: Compiled, materials: list[Material], labels: Mapping[str, str]) -> None:
    """Report what is asked although it is known."""
    asked = _asked(compiled)
    given = {path for prefill, _ in compiled.prefills for path in prefill.gives}
    for path, at in asked.items():
        if path not in given:
            _check_known_outside(path, at, compiled)
            _check_let(path, at, compiled.scope)
    _check_same_label(asked, labels, compiled.scope)
    _check_papers(asked, materials, labels, compiled)


def _asked(compiled: Compiled) -> dict[str, Location]:
    return {path: at for placed in compiled.pages.values() for path, at in placed.fields.items()}


def subject_group(compiled: Compiled) -> str:
    """Return the group of the person acted for: that which the account fills, or ``applicant``."""
    for prefill, _ in compiled.prefills:
        if prefill.source == "account" and prefill.gives:
            return prefill.gives[0].partition(".")[0]
    return APPLICANT


def _check_known_outside(path: str, at: Location, compiled: Compiled) -> None:
    scope = compiled.scope
    group, _, name = path.partition(".")
    own = of_field(scope.fields[path].type)
    is_subject = group == subject_group(compiled)
    spelling = scope.directory.account.get(name)
    if is_subject and spelling is not None and accepts(own, of_spelling(spelling)):
        scope.report(
            "E702", at, f"the form asks for `{path}`, which the account knows", f"add `{path}` to `prefill.account`"
        )
        return
    keys = {of_field(field.type).kind: field.path for field in scope.group_fields(group) if field.path != path}
    used = {prefill.source for prefill, _ in compiled.prefills if (prefill.key or "").startswith(f"{group}.")}
    for resource, types in scope.directory.resources.items():
        key = keys.get(types.get("key", ""))
        is_theirs = is_subject or resource in used
        if key is not None and is_theirs and name in types and name != "key" and accepts(own, of_spelling(types[name])):
            scope.report(
                "E703",
                at,
                f"the form asks for `{path}`, which `{resource}` gives by `{key}`",
                f"prefill it: {resource}: {{key: {key}, gives: [{path}]}}",
            )
            return


def _check_let(path: str, at: Location, scope: Scope) -> None:
    name = path.partition(".")[2]
    known = scope.lets.get(name)
    if known is not None and are_comparable(of_field(scope.fields[path].type), known.static):
        scope.report(
            "E705",
            at,
            f"the form asks for `{path}`, but the let `{name}` (line {known.at.line}) says it already",
            f"take the field out and read `{name}`, or name them apart",
        )


def _check_same_label(asked: Mapping[str, Location], labels: Mapping[str, str], scope: Scope) -> None:
    """Report two questions of one group that are called alike."""
    seen: dict[tuple[str, str], str] = {}
    for path, at in asked.items():
        label = labels.get(path)
        first = seen.setdefault((path.partition(".")[0], label or path), path)
        if label and first != path and are_comparable(
            of_field(scope.fields[first].type), of_field(scope.fields[path].type)
        ):  # fmt: skip
            scope.report(
                "E701",
                at,
                f"the form asks for `{path}` under the label {label}, as it does for `{first}`",
                "ask once, or give them labels that tell them apart",
            )


def _check_papers(
    asked: Mapping[str, Location], materials: list[Material], labels: Mapping[str, str], compiled: Compiled
) -> None:
    scope = compiled.scope
    for name, at, source in _uploads(asked, materials, labels, compiled):
        known = scope.directory.papers.get(name)
        if known is not None and source == "upload":
            scope.report(
                "E704",
                at,
                f"{name} is to be uploaded, but `{known}` has it",
                f"write `from: {known}`, with `absent: upload` if it may be missing there",
            )


def _uploads(
    asked: Mapping[str, Location], materials: list[Material], labels: Mapping[str, str], compiled: Compiled
) -> Iterator[tuple[str, Location, str]]:
    """Yield the name, place and source of everything that people hand in as a paper."""
    for material in materials:
        yield material.name, compiled.scope.materials[material.id], material.source
    for path, at in asked.items():
        if of_field(compiled.scope.fields[path].type).kind in _PAPERS and path in labels:
            yield labels[path], at, "upload"
