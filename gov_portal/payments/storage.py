"""Read and write orders and the results of comparing books."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from psycopg.types.json import Jsonb

from gov_portal.kernel.db import Driver
from gov_portal.kernel.ids import CaseId
from gov_portal.payments.domain import Difference, Entry, NewOrder, Order, OrderState, Standing

_COLUMNS = """id, case_id, case_number, step, visit, amount_fen, state, pay_url, placed_at, paid_on, failed_at,
    refunded_fen, refunded_on"""
_ADD = """INSERT INTO payments_orders (id, key, case_id, case_number, step, visit, amount_fen, lines, state, placed_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'new', now()) ON CONFLICT (key) DO NOTHING"""
_BY_ID = f"SELECT {_COLUMNS} FROM payments_orders WHERE id = %s"  # noqa: S608 - own columns
_LOCK = f"{_BY_ID} FOR UPDATE"
_BY_CASE = f"SELECT {_COLUMNS} FROM payments_orders WHERE case_id = %s ORDER BY placed_at, id"  # noqa: S608
_PLACED = "UPDATE payments_orders SET state = 'placed', pay_url = %s WHERE id = %s AND state = 'new'"
_NOTE = """UPDATE payments_orders SET state = %s, paid_on = coalesce(paid_on, %s),
    failed_at = CASE WHEN %s THEN coalesce(failed_at, now()) ELSE failed_at END, asked_at = now() WHERE id = %s"""
_BACK = """UPDATE payments_orders SET state = %s, refunded_fen = %s, refunded_on = %s, asked_at = now() WHERE id = %s"""
_OPEN = """SELECT id FROM payments_orders WHERE state = 'placed' AND placed_at > now() - make_interval(days => 60)
    AND coalesce(asked_at, placed_at) < now() - make_interval(secs => %s) ORDER BY asked_at NULLS FIRST LIMIT %s"""
_MOVED = """SELECT id, 'paid', amount_fen FROM payments_orders WHERE paid_on = %(day)s
    UNION ALL SELECT id, 'refunded', refunded_fen FROM payments_orders
    WHERE refunded_on = %(day)s AND refunded_fen > 0"""
_COMPARED = """INSERT INTO payments_days (day, entries, compared_at) VALUES (%s, %s, now())
    ON CONFLICT (day) DO UPDATE SET entries = excluded.entries, compared_at = now()"""
_DIFFERS = """INSERT INTO payments_differences (day, order_id, kind, ours_fen, theirs_fen, found_at)
    VALUES (%s, %s, %s, %s, %s, now()) ON CONFLICT (day, order_id, kind)
    DO UPDATE SET ours_fen = excluded.ours_fen, theirs_fen = excluded.theirs_fen, cleared_at = NULL"""
_CLEAR = """UPDATE payments_differences SET cleared_at = now() WHERE day = %s AND cleared_at IS NULL
    AND NOT (order_id::text || ':' || kind = ANY(%s))"""
_DIFFERENCES = """SELECT day, order_id, kind, ours_fen, theirs_fen FROM payments_differences
    WHERE cleared_at IS NULL ORDER BY day DESC, order_id, kind"""
_IS_COMPARED = "SELECT 1 FROM payments_days WHERE day = %s"


def add_order(driver: Driver, order: NewOrder) -> None:
    """Write an order down; one of the same key stays as it is."""
    lines = Jsonb([[line.name, line.amount_fen] for line in order.lines])
    row = (order.id, order.key, order.case, order.case_number, order.step, order.visit, order.amount_fen, lines)
    driver.execute(_ADD, row)


def order_of(driver: Driver, order: UUID, *, is_locked: bool = False) -> Order | None:
    """Return an order, perhaps held until the transaction ends."""
    row = driver.execute(_LOCK if is_locked else _BY_ID, (order,)).fetchone()
    return None if row is None else _order(row)


def orders_of(driver: Driver, case: CaseId) -> list[Order]:
    """Return the orders of a case, the oldest first."""
    return [_order(row) for row in driver.execute(_BY_CASE, (case,)).fetchall()]


def note_placed(driver: Driver, order: UUID, *, pay_url: str) -> None:
    """Note that the department has taken an order."""
    driver.execute(_PLACED, (pay_url, order))


def note_standing(driver: Driver, order: UUID, standing: Standing) -> None:
    """Note what the department says of an order."""
    driver.execute(_NOTE, (standing.state.value, standing.paid_on, standing.has_failed, order))


def note_taken_back(driver: Driver, order: UUID, *, state: OrderState, refunded_fen: int, on: date | None) -> None:
    """Note that an order was cancelled or refunded."""
    driver.execute(_BACK, (state.value, refunded_fen, on, order))


def open_orders(driver: Driver, *, older_than_s: float, limit: int) -> list[UUID]:
    """Return orders that nobody has asked about for a while, the longest first."""
    return [row[0] for row in driver.execute(_OPEN, (older_than_s, limit)).fetchall()]


def movements_of(driver: Driver, day: date) -> tuple[Entry, ...]:
    """Return what was paid and refunded on a day, as our books say."""
    return tuple(Entry(*row) for row in driver.execute(_MOVED, {"day": day}).fetchall())


def note_compared(driver: Driver, day: date, found: Sequence[Difference], *, entries: int) -> None:
    """Note the outcome of comparing a day; what no longer differs is cleared."""
    driver.execute(_COMPARED, (day, entries))
    for one in found:
        driver.execute(_DIFFERS, (one.day, one.order, one.kind, one.ours_fen, one.theirs_fen))
    driver.execute(_CLEAR, (day, [f"{one.order}:{one.kind}" for one in found]))


def is_compared(driver: Driver, day: date) -> bool:
    """Tell whether the books of a day were compared."""
    return driver.execute(_IS_COMPARED, (day,)).fetchone() is not None


def differences_of(driver: Driver) -> tuple[Difference, ...]:
    """Return every difference that stands, the latest day first."""
    return tuple(Difference(*row) for row in driver.execute(_DIFFERENCES).fetchall())


def _order(row: Iterable[object]) -> Order:
    id_, case, number, step, visit, amount, state, url, placed_at, paid_on, failed_at, refunded, refunded_on = row
    return Order(
        id=id_,  # type: ignore[arg-type]
        case=CaseId(case),  # type: ignore[arg-type]
        case_number=str(number),
        step=str(step),
        visit=int(str(visit)),
        amount_fen=int(str(amount)),
        state=OrderState(str(state)),
        pay_url=str(url),
        placed_at=placed_at,  # type: ignore[arg-type]
        paid_on=paid_on,  # type: ignore[arg-type]
        failed_at=failed_at,  # type: ignore[arg-type]
        refunded_fen=int(str(refunded)),
        refunded_on=refunded_on,  # type: ignore[arg-type]
    )
