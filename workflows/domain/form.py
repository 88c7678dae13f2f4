"""Define what an application asks: pages with fields, papers, and the conditions of acceptance."""

from dataclasses import dataclass

from workflows.domain.expressions import Expression


@dataclass(frozen=True, slots=True)
class PageField:
    """Place a field on a page, perhaps under a condition; an optional one may be left empty where it is asked."""

    path: str
    when: Expression | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Group the fields of one form page."""

    id: str
    fields: tuple[PageField, ...]
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """Name a paper (材料) and where it comes from: ``licence(kind)``, a resource, or ``upload``."""

    id: str
    name: str
    source: str
    upload_if_absent: bool = False
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """State a condition of acceptance (受理条件), shown in the guide and checked before submission."""

    rule: Expression
    text: str
    basis: str | None = None
