"""Read values of fields as they stand in tables and scenarios."""

from gov_portal.kernel.types import ValueRefused
from workflows.domain.definition import Field
from workflows.dsl.scope import Scope
from workflows.dsl.source import Listing, Node, Scalar
from workflows.dsl.statics import of_field


def field_value(scalar: Scalar, declared: Field, scope: Scope, *, code: str) -> object:
    """Return the value that a scalar spells for a field; ``None`` with a finding where it is none."""
    static = of_field(declared.type)
    if declared.path in scope.broken_types:
        return None
    if static.kind == "enum":
        return scope.member(scalar.text, declared.path, static.members, at=scalar.at)
    is_text = isinstance(scalar.value, str)
    if static.kind == "bool" and is_text or static.kind in ("int", "money") and is_text and not scalar.is_plain:
        scope.report(
            code,
            scalar.at,
            f"`{scalar.text}` is no value of `{declared.path}` ({static})",
            "write true or false" if static.kind == "bool" else "write plain digits without quotes",
        )
        return None
    try:
        return declared.type.parse(scalar.value)
    except ValueRefused as refused:
        scope.report(
            code,
            scalar.at,
            f"`{scalar.text}` is no value of `{declared.path}` ({declared.type.name}): {refused.code}",
            f"give a value of type {declared.type.name}",
        )
    except (TypeError, ValueError, ArithmeticError):
        scope.report(
            code,
            scalar.at,
            f"`{scalar.text}` is no value of `{declared.path}` ({declared.type.name})",
            f"give a value of type {declared.type.name}",
        )
    return None


def node_value(node: Node, declared: Field, scope: Scope, *, code: str) -> object:
    """Return the value that a scalar or a list of scalars spells for a field."""
    if isinstance(node, Scalar):
        return field_value(node, declared, scope, code=code)
    static = of_field(declared.type)
    if isinstance(node, Listing) and static.kind == "list":
        for item in node.items:
            if isinstance(item, Scalar):
                scope.member(item.text, declared.path, static.members, at=item.at)
        return tuple(item.text for item in node.items if isinstance(item, Scalar))
    scope.report(code, node.at, f"`{declared.path}` needs one value", f"give a value of type {declared.type.name}")
    return None
