"""Say who signs a step that several sign (会签), and when their voices decide."""

from collections.abc import Mapping

from workflows.domain.definition import Definition, Each
from workflows.engine.run import Run


def signers_of(run: Run, each: Each) -> tuple[str, ...]:
    """Return who signs as of now: roles or parties by name, rows by their number."""
    if each.chosen is None:
        return each.of
    value = run.values.get(each.chosen)
    chosen = value if isinstance(value, tuple) else ()
    if each.is_rows:
        return tuple(str(number) for number, _ in enumerate(chosen, start=1))
    return tuple(dict.fromkeys(str(name) for name in chosen))


def may_sign(definition: Definition) -> tuple[str, ...]:
    """Return the roles that may be added to a step that several sign: those with a department of their own."""
    return tuple(name for name, role in definition.roles.items() if role.group is None)


def decided(votes: Mapping[str, str], *, need: int, of: int, otherwise: str, acts: tuple[str, ...]) -> str | None:
    """Return the act that the voices come to, or ``None`` while the result may still change.

    ``otherwise`` is taken as soon as no other act can reach its need. Votes and signatures are counted by this rule.
    """
    voices = list(votes.values())
    still_open, is_open = of - len(voices), False
    for act in acts:
        count = voices.count(act)
        if count >= need:
            return act
        is_open = is_open or (act != otherwise and count + still_open >= need)
    return None if is_open else otherwise
