"""Say how cases of earlier versions of an item move to a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.domain.measures import Location


@dataclass(frozen=True, slots=True)
class Migration:
    """Map what earlier versions called otherwise (``migrate:``); what keeps its name needs no word.

    Attributes:
        sources: version numbers that it is for; empty means any earlier one.
        steps: step of an earlier version -> step of this one.
        fields: field of an earlier version -> field of this one.
    """

    at: Location
    sources: tuple[int, ...] = ()
    steps: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
