"""Read the ``labels`` block: Chinese texts for fields, enum members, steps, pages, roles and outcomes."""

from collections.abc import Mapping

from workflows.dsl.findings import Finding, did_you_mean, nearest
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader, expect
from workflows.dsl.source import Entry, Record, Scalar
from workflows.dsl.statics import of_field

TEXTS = ("label", "why", "hint")
PREFIXES = ("step", "page", "group", "role", "outcome")


def read_labels(file: Reader, scope: Scope) -> Mapping[str, str]:
    """Return labels by key; ``claim.kind: {label: …, why: …, vision: …}`` gives three of them."""
    record = file.mapping("labels")
    labels: dict[str, str] = {}
    known = label_keys(scope)
    for entry in record.entries if record else ():
        key = entry.key.text
        if key not in known:
            _unknown(entry.key, known, scope)
            continue
        _use(key, scope)
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


def _unknown(key: Scalar, known: tuple[str, ...], scope: Scope) -> None:
    guess = nearest(key.text, known)
    prefix, _, name = key.text.partition(".")
    message = f"there is nothing called `{key.text}` to label"
    finding = Finding(key.at, "E123", message, did_you_mean(key.text, known))
    if prefix in PREFIXES:
        scope.unresolved(prefix, name, guess=guess.partition(".")[2] if guess else None, finding=finding)
    elif prefix in scope.groups:
        scope.unresolved("field", key.text, guess=guess, finding=finding)
    else:
        scope.unresolved("group", prefix, guess=nearest(prefix, scope.groups), finding=finding)


def _use(key: str, scope: Scope) -> None:
    prefix, _, name = key.partition(".")
    if prefix in PREFIXES:
        scope.blame.use(prefix, name)
    else:
        scope.blame.use("field", key)
        scope.blame.use("group", prefix)


def label_keys(scope: Scope) -> tuple[str, ...]:
    """Return every key that may be labelled."""
    prefixed = (
        ("step", scope.steps),
        ("page", scope.pages),
        ("group", scope.groups),
        ("role", [*scope.roles, *scope.parties]),
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
        if word in members:
            scope.member(word, key, members, at=inner.key.at)
        elif word not in TEXTS:
            _unknown_word(inner.key, key, members, scope=scope)
            continue
        if text is not None:
            _text(text, key if word == "label" else f"{key}.{word}", labels, scope)


def _unknown_word(word: Scalar, key: str, members: tuple[str, ...], *, scope: Scope) -> None:
    guess = nearest(word.text, [*members, *TEXTS])
    remedy = did_you_mean(word.text, [*members, *TEXTS])
    code = "E104" if members else "E010"
    finding = Finding(word.at, code, f"`{key}` has no `{word.text}` to label", remedy)
    scope.unresolved(f"member:{key}", word.text, guess=guess if guess in members else None, finding=finding)


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
