"""Define how one field and one material of a form are shown."""

from dataclasses import dataclass, field

from gov_portal.kernel.ids import FileId
from gov_portal.kernel.types import FieldType
from workflows.domain.explaining import Explanation


@dataclass(frozen=True, slots=True)
class FieldView:
    """Show one field on a page, a desk or a supplement.

    Attributes:
        path: ``<group>.<name>``, also the name of the input.
        value: typed value or ``None``; only where the viewer may see it in full.
        shown: text for the viewer; masked where the viewer may not see it in full.
        source: ``typed``, ``account``, ``step:<id>``, ``files`` or the resource's id; empty without a value.
        is_verified: false for what was typed because a department could not tell.
        options: id and label of each member of an enum.
        why: why the office asks, from the labels; may be empty.
        previous_shown: what stood here before a supplement or a later visit changed it; empty where nothing did.
    """

    path: str
    label: str
    type: FieldType
    value: object = field(repr=False)
    shown: str = field(repr=False)
    source: str = ""
    is_verified: bool = False
    is_required: bool = True
    options: tuple[tuple[str, str], ...] = ()
    why: str = ""
    previous_shown: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class MaterialView:
    """Show one material (材料).

    Attributes:
        path: ``materials.<id>``, the name of the upload where one is wanted.
        state: ``covered`` (a department or licence gives it), ``uploaded``, ``wanted``, ``promised`` (a promise stands
            for it), ``deferred`` (it follows) or ``pending``.
        stand_ins: what may be chosen instead of an upload: ``promised``, ``deferred``.
        source: where it comes from.
        explanation: why it is asked, where it is not asked of everybody.
    """

    id: str
    path: str
    name: str
    source: str
    state: str
    file: FileId | None = None
    stand_ins: tuple[str, ...] = ()
    explanation: Explanation | None = None
