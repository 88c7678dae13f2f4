"""Define the step that opens a case of another item: a part of a bundle (一件事的子项), or a case beside this one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gov_portal.kernel.ids import ItemId
from workflows.domain.step_base import StepBase

RESULTS = ("done", "refused", "withdrawn", "lapsed", "left_out")
"""How a part may come back; one that is left out was never opened, because of what became of another."""

GROUND, BASIS = "ground", "basis"
"""Facts by which an opened case tells why it stands."""

RESULT, WHOLE = "result", "whole"
"""What an opening step leaves behind, ``<step>.result``, and the block of several, ``<block>.whole``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStep(StepBase):
    """Open a case of another item and wait until it is closed.

    Attributes:
        item: the item that is opened.
        version: hash of the version that it pins, the one that its form was taken from.
        name: the item's name.
        authority: the department that does it.
        takes: field of the other case -> field of this one that it is given.
        papers: material of the other case -> material of this one that it is given.
        gives: field of this case -> field of the other one that comes back when it is done.
        after: steps beside it that must be over before it is opened.
        waits: whether the flow waits for the other case to be closed.
        stops: one part that is not done keeps every further one from being opened (``on_refused: stop``).
        is_optional: the applicant chose it.
        is_charged: the item asks for money.
        near: region field of this case that picks the unit of the part.
    """

    item: ItemId
    version: str
    name: str
    authority: str = ""
    takes: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    gives: Mapping[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    waits: bool = True
    stops: bool = False
    is_optional: bool = False
    is_charged: bool = False
    near: str | None = None
