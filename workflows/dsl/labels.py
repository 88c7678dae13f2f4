"""Read the ``labels`` block: Chinese texts for fields, enum members, steps, pages, roles and outcomes."""

from collections.abc import Mapping

from workflows.dsl.findings import did_you_mean
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader, expect
from workflows.dsl.source import Entry, Record, Scalar
from workflows.dsl.statics import of_field

TEXTS = ("label", "why", "hint")


def read_labels(file: Reader, scope: Scope) -> Mapping[str, str]:
    """Return labels by key; ``claim.kind: {label: …, why: …, vision: …}`` gives three of them."""
    record = file.mapping("labels")
    labels: dict[str, str] = {}
    known = label_keys(scope)
    for entry in record.entries if record else ():
        key = entry.key.text
        if key not in known:
            scope.report("E123", entry.key.at, f"there is nothing called `{key}` to label", did_you_mean(key, known))
            continue
        if isinstance(entry.value, Scalar):
            _text(entry.value, key, labels, scope)
        else:
            _texts(entry, key, labels, scope)
    if record is not None:
        _missing(labels, scope)
    else:
        scope.report(
            "W401",
            file.at,
            "the file has no Chinese labels",
            "add a `labels` block for fields, members, steps and pages",
        )
    return labels


def label_keys(scope: Scope) -> tuple[str, ...]:
    """Return every key that may be labelled."""
    prefixed = (
        ("step", scope.steps),
        ("page", scope.pages),
        ("group", scope.groups),
        ("role", scope.roles),
        ("outcome", scope.outcomes),
    )
    return (*scope.fields, *(f"{prefix}.{name}" for prefix, names in prefixed for name in names))


def _text(scalar: Scalar, key: str, labels: dict[str, str], scope: Scope) -> None:
    if not scalar.text.strip():
        scope.report("E014", scalar.at, f"the label of `{key}` is empty", "write a text")
    labels[key] = scalar.text


def _texts(entry: Entry, key: str, labels: dict[str, str], scope: Scope) -> None:
    body = expect(entry.value, Record, what=f"the labels of `{key}`", findings=scope.findings)
    declared = scope.fields.get(key)
    members = of_field(declared.type).members if declared else ()
    for inner in body.entries if body else ():
        word = inner.key.text
        text = expect(inner.value, Scalar, what=f"`{word}`", findings=scope.findings)
        if word not in TEXTS and word not in members:
            code = "E104" if members else "E010"
            scope.report(
                code, inner.key.at, f"`{key}` has no `{word}` to label", did_you_mean(word, [*members, *TEXTS])
            )
        elif text is not None:
            _text(text, key if word == "label" else f"{key}.{word}", labels, scope)


def _missing(labels: Mapping[str, str], scope: Scope) -> None:
    for path, declared in scope.fields.items():
        lacking = [member for member in of_field(declared.type).members if f"{path}.{member}" not in labels]
        if path not in labels:
            scope.report("W401", declared.at, f"the field `{path}` has no label", f"add `{path}: …` to `labels`")
        elif lacking:
            scope.report(
                "W401",
                declared.at,
                f"members of `{path}` have no label: {', '.join(lacking)}",
                f"add them under `{path}` in `labels`",
            )
    for name, step in scope.steps.items():
        if f"step.{name}" not in labels:
            scope.report("W401", step.at, f"the step `{name}` has no label", f"add `step.{name}: …` to `labels`")
    for name, at in scope.pages.items():
        if f"page.{name}" not in labels:
            scope.report("W401", at, f"the page `{name}` has no label", f"add `page.{name}: …` to `labels`")
