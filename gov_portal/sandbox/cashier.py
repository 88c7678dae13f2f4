"""Play the payment department (缴费系统): take orders, let people pay them on a page of its own, give money back.

Whoever holds the number of an order may pay it; the platform hands the address to the applicant only.
"""

import html
import json
import sqlite3
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from gov_portal.sandbox.departments import RequestRefused

DEPARTMENT = "finance"
PAGE = "/pay/"
FILE_NAME = "till.sqlite"
RESOURCES = frozenset({"finance.order", "finance.joint", "finance.cancel", "finance.refund", "finance.movements"})
_LOCK_TIMEOUT_S = 10
_NOTICE_TIMEOUT_S = 5
_SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, payee TEXT NOT NULL, lines TEXT NOT NULL, amount_fen INTEGER NOT NULL,
    state TEXT NOT NULL, notify_url TEXT NOT NULL, return_url TEXT NOT NULL, has_failed INTEGER NOT NULL DEFAULT 0,
    paid_on TEXT, refunded_fen INTEGER NOT NULL DEFAULT 0, refunded_on TEXT);
CREATE TABLE IF NOT EXISTS joints (id TEXT PRIMARY KEY, orders TEXT NOT NULL, return_url TEXT NOT NULL);
"""
_MOVE = """UPDATE orders SET state = iif(?1, 'paid', state), paid_on = ?2, has_failed = iif(?1, has_failed, 1)
    WHERE id = ?3 AND state = 'placed'"""
Json = dict[str, Any]


class Till:
    """Keep the orders of the payment department in a database of its own; safe for threads."""

    def __init__(self, folder: Path) -> None:
        """Open or make the books of ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / FILE_NAME
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA)

    def answer(self, operation: str, resource: str, body: Mapping[str, Any], *, base_url: str) -> Json:
        """Return the reply to one request of the platform.

        Raises:
            RequestRefused: the order is not known, or it does not stand so.
        """
        match operation, resource:
            case "push", "finance.order":
                return self._take(_content(body))
            case "push", "finance.joint":
                return self._join(_content(body))
            case "push", "finance.cancel":
                return self._cancel(_content(body))
            case "push", "finance.refund":
                return self._refund(_content(body))
            case "query", "finance.order":
                return self._tell(str(body.get("key", "")), base_url=base_url)
            case "query", "finance.joint":
                return self._tell_joint(str(body.get("key", "")), base_url=base_url)
            case "query", "finance.movements":
                return self._movements(str(body.get("key", "")))
        raise RequestRefused(404, "no such resource here")

    def page(self, order: str) -> str | None:
        """Return the page on which an order, or several at once, are paid; ``None`` for an unknown number."""
        rows, return_url = self._due(order)
        return _page(rows, return_url) if rows else None

    def settle(self, order: str, *, is_paid: bool) -> str | None:
        """Let somebody pay, or try in vain; return where to send them, ``None`` for an unknown number.

        What is paid at once is paid as a whole: where one order is not open any more, no money moves.
        """
        rows, return_url = self._due(order)
        if not rows:
            return None
        self._move([row["id"] for row in rows], is_paid=is_paid)
        for row in rows:
            Thread(target=_knock, args=(row["notify_url"], row["id"]), daemon=True).start()
        return return_url

    def lose(self, order: str) -> None:
        """Forget an order, as bad books do; for tests of the daily comparison."""
        with self._open() as connection:
            connection.execute("DELETE FROM orders WHERE id = ?", (order,))

    def _take(self, content: Json) -> Json:
        missing = [
            name for name in ("order", "title", "payee", "lines", "notify_url", "return_url") if name not in content
        ]
        if missing:
            raise RequestRefused(422, f"wanting: {', '.join(missing)}")
        addresses = [str(content[name]) for name in ("notify_url", "return_url")]
        if any(urlsplit(address).scheme not in ("http", "https") for address in addresses):
            raise RequestRefused(422, "an address is not one of the web")
        lines = [(str(name), int(amount)) for name, amount in content["lines"]]
        amount = sum(fen for _, fen in lines)
        row = (content["order"], content["title"], content["payee"], json.dumps(lines, ensure_ascii=False), amount)
        with self._open() as connection:
            connection.execute(
                "INSERT INTO orders (id, title, payee, lines, amount_fen, state, notify_url, return_url)"
                " VALUES (?, ?, ?, ?, ?, 'placed', ?, ?) ON CONFLICT DO NOTHING",
                (*row, content["notify_url"], content["return_url"]),
            )
        known = self._find(str(content["order"]))
        if known is None or known["amount_fen"] != amount:
            raise RequestRefused(422, "the number was used for another order")
        return {"result": "done"}

    def _move(self, orders: list[str], *, is_paid: bool) -> None:
        """Take the money of all orders or note that the bank refused it; nothing where one is not open."""
        paid_on = date.today().isoformat() if is_paid else None  # noqa: DTZ011 - the department's own day
        with self._open() as connection:
            moved = [connection.execute(_MOVE, (is_paid, paid_on, order)).rowcount for order in orders]
            if not all(moved):
                connection.rollback()

    def _join(self, content: Json) -> Json:
        joint, orders = str(content.get("joint", "")), content.get("orders")
        return_url = str(content.get("return_url", ""))
        if not joint or not isinstance(orders, list) or not orders or self._find(joint) is not None:
            raise RequestRefused(422, "wanting: joint, orders")
        if urlsplit(return_url).scheme not in ("http", "https"):
            raise RequestRefused(422, "an address is not one of the web")
        if not _are_open([self._find(str(order)) for order in orders]):
            raise RequestRefused(409, "an order is not open")
        row = (joint, json.dumps(sorted({str(order) for order in orders})), return_url)
        with self._open() as connection:
            connection.execute("INSERT INTO joints VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row)
            known = connection.execute("SELECT orders FROM joints WHERE id = ?", (joint,)).fetchone()
        if known[0] != row[1]:
            raise RequestRefused(422, "the number was used for other orders")
        return {"result": "done"}

    def _tell_joint(self, joint: str, *, base_url: str) -> Json:
        rows, _ = self._due(joint)
        if not rows:
            return {"result": "absent"}
        told = {"is_open": _are_open(rows), "amount_fen": sum(row["amount_fen"] for row in rows)}
        return {"result": "found", "rows": [{**told, "pay_url": f"{base_url}{PAGE}{joint}"}]}

    def _due(self, number: str) -> tuple[list[Json], str]:
        """Return the orders that a number stands for, itself or those that it joins, and where people go back to."""
        row = self._find(number)
        if row is not None:
            return [row], str(row["return_url"])
        with self._open() as connection:
            joint = connection.execute("SELECT orders, return_url FROM joints WHERE id = ?", (number,)).fetchone()
        if joint is None:
            return [], ""
        found = [self._find(order) for order in json.loads(joint[0])]
        known = [one for one in found if one is not None]
        return (known if len(known) == len(found) else []), str(joint[1])

    def _cancel(self, content: Json) -> Json:
        order = str(content.get("order", ""))
        with self._open() as connection:
            connection.execute("UPDATE orders SET state = 'cancelled' WHERE id = ? AND state = 'placed'", (order,))
        row = self._find(order)
        if row is None or row["state"] != "cancelled":
            raise RequestRefused(409, "the order is not open")
        return {"result": "done"}

    def _refund(self, content: Json) -> Json:
        order, amount = str(content.get("order", "")), content.get("amount_fen")
        row = self._find(order)
        if row is None or row["state"] not in ("paid", "refunded") or not isinstance(amount, int):
            raise RequestRefused(409, "the order is not paid")
        if row["state"] == "refunded":
            if row["refunded_fen"] != amount:
                raise RequestRefused(409, "another amount was refunded already")
            return {"result": "done"}
        if not 0 < amount <= row["amount_fen"]:
            raise RequestRefused(422, "more than was paid")
        with self._open() as connection:
            sql = "UPDATE orders SET state = 'refunded', refunded_fen = ?, refunded_on = ? WHERE id = ?"
            connection.execute(sql, (amount, date.today().isoformat(), order))  # noqa: DTZ011
        return {"result": "done"}

    def _tell(self, order: str, *, base_url: str) -> Json:
        row = self._find(order)
        if row is None:
            return {"result": "absent"}
        names = ("state", "amount_fen", "paid_on", "refunded_fen")
        told = {name: row[name] for name in names} | {"has_failed": bool(row["has_failed"])}
        return {"result": "found", "rows": [{**told, "pay_url": f"{base_url}{PAGE}{order}"}]}

    def _movements(self, day: str) -> Json:
        with self._open() as connection:
            paid = connection.execute("SELECT id, 'paid', amount_fen FROM orders WHERE paid_on = ?", (day,)).fetchall()
            sql = "SELECT id, 'refunded', refunded_fen FROM orders WHERE refunded_on = ?"
            back = connection.execute(sql, (day,)).fetchall()
        rows = [{"order": order, "kind": kind, "amount_fen": amount} for order, kind, amount in (*paid, *back)]
        return {"result": "found", "rows": rows}

    def _find(self, order: str) -> Json | None:
        with self._open() as connection:
            connection.row_factory = sqlite3.Row
            row = connection.execute("SELECT * FROM orders WHERE id = ?", (order,)).fetchone()
        return None if row is None else dict(row)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=_LOCK_TIMEOUT_S)
        try:
            with connection:
                yield connection
        finally:
            connection.close()


def _content(body: Mapping[str, Any]) -> Json:
    content = body.get("content")
    if not isinstance(content, dict):
        raise RequestRefused(400, "content is wanting")
    return content


def _knock(notify_url: str, order: str) -> None:
    """Tell the platform that something happened to an order; it asks by itself, so a lost knock does no harm."""
    body = json.dumps({"order": order}).encode()
    request = urllib.request.Request(notify_url, body, {"Content-Type": "application/json"})  # noqa: S310 - checked
    try:
        urllib.request.urlopen(request, timeout=_NOTICE_TIMEOUT_S).close()  # noqa: S310 - http or https, see ``_take``
    except OSError:
        return


_STATES = {"paid": "已缴款 Paid", "cancelled": "已取消 Cancelled", "refunded": "已退款 Refunded"}


def yuan(fen: int) -> str:
    """Return an amount as people write it."""
    return f"{fen / 100:,.2f} 元"


def _are_open(rows: Sequence[Json | None]) -> bool:
    return all(row is not None and row["state"] == "placed" for row in rows)


def _page(rows: Sequence[Json], return_url: str) -> str:
    """Return the page of one order, or of several that are paid at once, each with its payee and its lines."""
    are_open, total = _are_open(rows), sum(row["amount_fen"] for row in rows)
    if are_open:
        buttons = (
            "<form method=post><button name=act value=pay>缴款 Pay</button> "
            "<button name=act value=fail>银行拒付 Let the bank refuse</button></form>"
        )
    elif len(rows) == 1:
        buttons = f"<p><strong>{_STATES[rows[0]['state']]}</strong>"
    else:
        buttons = "<p><strong>不能再合并缴款：其中有的已缴、已取消 One of them is paid or cancelled</strong>"
    return (
        "<!doctype html><html lang=zh><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        "<title>样例缴费 Sample payment</title><style>body{font:1.1rem sans-serif;max-width:32rem;margin:2rem auto;"
        "padding:0 1rem}td{padding:.3rem 1rem .3rem 0}button{font:inherit;padding:.6rem 1.2rem}</style>"
        "<h1>样例缴费 Sample payment</h1><p>样本：这里没有真的钱。 No real money."
        f"{''.join(map(_lines, rows))}<p><strong>合计 Total {yuan(total)}</strong>{buttons}"
        f"<p><a href='{html.escape(return_url, quote=True)}'>返回办件 Back to your case</a></html>"
    )


def _lines(row: Json) -> str:
    """Return what one order is for, line by line, and how it stands where it is not open."""
    lines = "".join(
        f"<tr><td>{html.escape(name)}<td>{html.escape(yuan(fen))}" for name, fen in json.loads(row["lines"])
    )
    state = _STATES.get(row["state"], "")
    return f"<p>{html.escape(row['title'])} <small>{html.escape(row['payee'])} {state}</small><table>{lines}</table>"
