"""Define how a case comes about, what it is about, and what may stand in for a paper."""

from dataclasses import dataclass

from workflows.domain.expressions import Expression
from workflows.domain.measures import Duration

ABOUT = "about"
"""Source of data that the licence gives which a case is about, and the word that names it in steps."""

LICENCE = "about.licence"
"""Path under which a case keeps the id of the licence that it is about; no item declares it."""

ENDS_ON = "about.valid_until"
"""Path under which a case keeps the last day of that licence, where it has one."""

BY_APPLICANT: tuple[str, ...] = ("applicant",)


@dataclass(frozen=True, slots=True)
class About:
    """Let a case have a licence of the applicant as its subject (变更 换证 注销).

    Attributes:
        licence: kind of the licence.
        one_open: no other case may be open about the same licence.
    """

    licence: str
    one_open: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Let the platform offer the item to whom it is for (免申即享).

    Attributes:
        when: condition over the predicates, each true or false.
        predicates: yes-or-no resources that departments answer; nothing else is learned of anybody.
    """

    when: Expression
    predicates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Renewal:
    """Let a licence be renewed before it ends (延续).

    Attributes:
        opens: how long before its end.
        deemed: outcome that silence until its last day comes to (行政许可法 50).
        in_time: how long before its end an application must come for that; ``None`` for any that comes before it.
    """

    opens: Duration
    deemed: str | None = None
    in_time: Duration | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Say how cases of an item begin.

    Attributes:
        by: ``applicant``, and roles of the item whose officers may begin one for a person.
        upon: event that a department tells, after which the item is offered to the person it is about.
        every: how often the item is offered again.
        about: licence that a case is about.
        offer: whom the platform offers it to by itself.
        renew: how a licence is renewed by it.
    """

    by: tuple[str, ...] = BY_APPLICANT
    upon: str | None = None
    every: Duration | None = None
    about: About | None = None
    offer: Offer | None = None
    renew: Renewal | None = None

    @property
    def is_by_applicant(self) -> bool:
        """Tell whether people begin the item themselves."""
        return BY_APPLICANT[0] in self.by


@dataclass(frozen=True, slots=True)
class Commitment:
    """Let a written promise stand for papers (告知承诺); the applicant chooses.

    Attributes:
        materials: papers that it stands for.
        text: what is promised, in the words that the applicant signs.
        check: step that checks afterwards whether the promise was true.
        broken: act of that step by which an officer finds that it was not.
    """

    materials: tuple[str, ...]
    text: str
    check: str
    broken: str


@dataclass(frozen=True, slots=True)
class Provisional:
    """Let papers follow after the submission (容缺受理); the applicant chooses.

    Attributes:
        materials: papers that may follow.
        within: how long after the submission.
        late: outcome when they do not come in time.
        before: step that no officer leaves forward while one is still wanting.
    """

    materials: tuple[str, ...]
    within: Duration
    late: str
    before: str


@dataclass(frozen=True, slots=True)
class Papers:
    """Say what may stand in for papers when an application is submitted."""

    commitment: Commitment | None = None
    provisional: Provisional | None = None

    @property
    def promisable(self) -> tuple[str, ...]:
        """Return the papers that a promise may stand for."""
        return self.commitment.materials if self.commitment else ()

    @property
    def deferrable(self) -> tuple[str, ...]:
        """Return the papers that may follow."""
        return self.provisional.materials if self.provisional else ()


def promised_path(material: str) -> str:
    """Return the path that says, true or false, whether a promise stands for a paper."""
    return f"{material}.promised"


def deferred_path(material: str) -> str:
    """Return the path that says, true or false, whether a paper follows later."""
    return f"{material}.deferred"
