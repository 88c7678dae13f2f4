"""Give the browser the conditions that it decides while somebody types; pure."""

from gov_portal.kernel.types import Bool, Choices, Date, Decimal, FieldType, File, Int, LicenceRef, MoneyFen, Rows
from workflows.domain.residual import Known, rules_of
from workflows.services.forms import Form
from workflows.views import LiveRules


def live_rules(form: Form, page_id: str) -> LiveRules | None:
    """Return the conditions of a page's fields that its own answers decide; ``None`` where none does.

    Everything that the page does not ask is worked out beforehand, so that no other answer goes along.
    """
    page = next((one for one in form.definition.pages if one.id == page_id), None)
    if page is None:
        return None
    given, fields = form.given(), form.definition.fields
    asked = [one for one in page.fields if one.path not in given]
    kinds = {one.path: kind for one in asked if (kind := _reader_of(fields[one.path].type)) is not None}
    conditions = {one.path: one.when for one in asked if one.when is not None}
    known = Known(form.values, form.lets, frozenset(kinds), form.today)
    rules = rules_of(conditions, form.definition.lets, known=known)
    if rules is None:
        return None
    return LiveRules(form.today, {path: kinds[path] for path in kinds if path in rules.reads}, rules.lets, rules.trees)


def _reader_of(kind: FieldType) -> str | None:
    """Return how the browser reads an answer of a type; ``None`` where only the server can."""
    match kind:
        case File() | Rows() | LicenceRef():
            return None
        case Bool():
            return "bool"
        case Int() | Decimal():
            return "int"
        case MoneyFen():
            return "money"
        case Date():
            return "date"
        case Choices():
            return "list"
        case _:
            return "text"
