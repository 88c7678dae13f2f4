"""Evaluate the expressions of the language: total, typed when compiled, no code of Python is ever run.

A tree is JSON (lists and scalars), so that server and browser share it::

    ["const", 18]  ["field", "applicant.birth"]  ["let", "minor"]  ["has", "guardian"]
    ["and", a, b]  ["or", a, b]  ["not", a]  ["cmp", "<", a, b]  ["in", a, [b, …]]  ["within", a, b]
    ["arith", "+", a, b]  ["call", "years", a, …]
"""

from dataclasses import dataclass

Tree = list[object] | tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """Hold a checked expression.

    Attributes:
        source: text as written.
        tree: form that is evaluated; dates are ISO strings inside ``["date", "2026-01-01"]``.
        reads: fields that it reads outside ``has`` and ``default``.
        guarded_reads: fields that it reads only through ``has`` or ``default``.
    """

    source: str
    tree: Tree
    reads: frozenset[str]
    guarded_reads: frozenset[str] = frozenset()
