"""Define who acts in a case: roles of offices, and those who sign a step side by side."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """Say which officers of which department may act (岗位).

    Attributes:
        name: the role's name in this item; a post of the department carries the same name.
        org: department code.
        near: path of the region field that picks the unit, or ``None`` for the whole department.
        rank: ``leader`` where only a head may act.
        person: path of the field that names the officer who gets the work first.
        group: path of the field whose value names the role to take in its stead; such a role has no department.
    """

    name: str
    org: str
    near: str | None
    rank: str | None
    person: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """Let several sign side by side (会签): departments, parties, or one officer for every row of a list.

    Attributes:
        of: roles or parties that sign, where the item names them.
        chosen: path of the list field that names the roles instead, or of the rows that are signed one by one.
        is_rows: ``chosen`` holds rows, which the step's own role signs.
        need: voices that decide; ``None`` is all of them.
        silence: at the limit it ``agrees`` (视为同意, the first act), is taken as the ``else`` act, or ``stands``: the
            work stays open and only a card is raised.
        otherwise: act that is taken when no act can reach its need any more.
    """

    of: tuple[str, ...] = ()
    chosen: str | None = None
    is_rows: bool = False
    need: int | None = None
    silence: str = "stands"
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Name a person who takes part in a case beside the applicant (当事人), such as a respondent.

    Attributes:
        person: path of the citizen id by which the person is known.
        may: steps that the party does, and ``appeal``.
        gets: notices that the party receives.
    """

    name: str
    person: str
    may: tuple[str, ...]
    gets: tuple[str, ...]
