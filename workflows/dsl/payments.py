"""Compile steps in which the applicant pays."""

from typing import Any

from workflows.domain.definition import NEXT, Duration, Location, OpenStep, Unit
from workflows.domain.paying import RESULTS, FeeLine, PayStep
from workflows.dsl import words
from workflows.dsl.compiled import Compiled
from workflows.dsl.data import condition
from workflows.dsl.expressions import check_expression
from workflows.dsl.item import outcome, role
from workflows.dsl.notes import FlowNotes
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader, expect
from workflows.dsl.source import Record, Scalar
from workflows.dsl.spans import reminders, span
from workflows.dsl.statics import DATE, INT, Static, accepts

MONEY = Static("money")
MOST_LINES = 20
CHARGED = "charged"
_MISSING = Duration(1, Unit.DAY)


def paid_facts(step: str, body: Record) -> dict[str, Static]:
    """Return what a step that asks for money leaves behind; nothing for any other step."""
    if "pay" not in body:
        return {}
    return {
        "result": Static("enum", members=RESULTS, origin=f"{step}.result"),
        "amount": MONEY,
        "day": DATE,
    }


def read_payment(name: str, reader: Reader, base: dict[str, Any], scope: Scope, *, notes: FlowNotes) -> PayStep:
    """Return one compiled step."""
    bill = reader.sub("pay", words.BILL)
    if bill is None:
        return PayStep(**base, lines=(), within=_MISSING, late=NEXT)
    within = span(bill, "within", name, scope, notes=notes)
    late = bill.scalar("late")
    end = NEXT if late is None or late.text == NEXT else outcome(late, scope, no_remedies="a bill that is not paid")
    return PayStep(
        **base,
        lines=_lines(name, bill, scope, notes=notes),
        within=within or _MISSING,
        late=end or NEXT,
        refund=_amount(name, bill.scalar("refund"), scope, notes=notes),
        revise=_revise(name, bill.sub("revise", words.REVISE), scope, notes=notes),
        remind=reminders(bill, within, scope),
    )


def _revise(name: str, reader: Reader | None, scope: Scope, *, notes: FlowNotes) -> str | None:
    by = role(reader.scalar("by"), scope) if reader is not None else None
    near = scope.roles[by].near if by in scope.roles else None
    if reader is not None and near is not None:
        notes.name(name, near, at=reader.location("by"))
    return by


def _lines(name: str, bill: Reader, scope: Scope, *, notes: FlowNotes) -> tuple[FeeLine, ...]:
    listing = bill.listing("lines")
    found: list[FeeLine] = []
    names: set[str] = set()
    for node in listing.items if listing else ():
        record = expect(node, Record, what="a line of `pay`", findings=scope.findings)
        if record is None:
            continue
        reader = Reader(record, words.FEE_LINE, at=record.at, findings=scope.findings)
        text = reader.text("name")
        if text in names:
            scope.report("E021", reader.location("name"), f"the line `{text}` stands twice", "rename one of them")
        names.add(text)
        when = condition(reader, "when", scope)
        notes.read(name, when)
        amount = _amount(name, reader.scalar("amount"), scope, notes=notes)
        if amount is not None:
            found.append(FeeLine(text, amount, reader.text("basis") or None, when.expression if when else None))
    if listing is not None and not 1 <= len(listing.items) <= MOST_LINES:
        scope.report("E014", listing.at, f"a bill has 1 to {MOST_LINES} lines", "add a line `{name: …, amount: …}`")
    return tuple(found)


def _amount(name: str, scalar: Scalar | None, scope: Scope, *, notes: FlowNotes) -> Any:  # noqa: ANN401
    if scalar is None:
        return None
    checked = check_expression(scalar, scope)
    if not accepts(INT, checked.static):
        scope.report(
            "E103",
            scalar.at,
            f"an amount is a whole number of fen, but this is {checked.static}",
            "write fen, such as `50000` for 500 yuan, or round with `ratio(…, 1, half_up)`",
        )
    notes.read(name, checked)
    return checked.expression


def check_fee(compiled: Compiled, fee: str, at: Location) -> None:
    """Report an item that says that it costs nothing and asks for money, or the other way round."""
    steps = compiled.every_step
    bills = [one for one in steps if isinstance(one, PayStep) or (isinstance(one, OpenStep) and one.is_charged)]
    scope = compiled.scope
    if bills and fee != CHARGED:
        scope.report(
            "E015",
            at,
            f"`item.fee` says that nothing is to pay, but the step `{bills[0].id}` asks for money",
            f"write `fee: {CHARGED}`, or take the step out",
        )
    if not bills and fee == CHARGED and not scope.is_uncertain:
        scope.report(
            "E012", at, "`item.fee` says that something is to pay, but no step asks for it", "add a `pay` step"
        )
