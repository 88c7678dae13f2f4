"""Show values as views: labelled, masked where they must be, with their source."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from gov_portal.kernel.ids import FileId
from gov_portal.kernel.types import Choices, Enum, FieldType, Sensitivity
from workflows.domain.definition import Definition, Material
from workflows.sealing import MATERIALS, CaseValues, Stored
from workflows.services.explanations import why_wanted
from workflows.services.forms import MORE_PAGE, Form
from workflows.services.live import live_rules
from workflows.services.pending import mark_of, pending_of
from workflows.storage.loading import StoredCase
from workflows.views import DraftView, FieldView, MaterialView, PageView

_MORE_LABEL = "补充信息"


def field_view(
    definition: Definition, path: str, stored: Stored | None, *, is_full: bool, is_required: bool = True
) -> FieldView:
    """Return one field as its viewer may see it; ``is_full`` shows sensitive values unmasked."""
    declared = definition.fields[path]
    value = stored.value if stored else None
    may_read = is_full or declared.type.sensitivity < Sensitivity.PERSONAL
    return FieldView(
        path=path,
        label=definition.label(path),
        type=declared.type,
        value=value if may_read else None,
        shown=spell(definition, path, value, is_full=may_read),
        source=stored.source if stored and value is not None else "",
        is_verified=bool(stored and stored.is_verified),
        is_required=is_required,
        options=options_of(definition, path),
        why=definition.labels.get(f"{path}.why", ""),
        previous_shown=spell(definition, path, stored.previous if stored else None, is_full=may_read),
    )


def field_views(
    definition: Definition, values: CaseValues, *, paths: Iterable[str], is_full: bool
) -> tuple[FieldView, ...]:
    """Return the fields among ``paths`` that have a value."""
    found = ((path, values.stored(path)) for path in paths if path in definition.fields)
    return tuple(
        field_view(definition, path, stored=stored, is_full=is_full)
        for path, stored in found
        if stored is not None and stored.value is not None
    )


def spell(definition: Definition, path: str, value: object, *, is_full: bool) -> str:
    """Return a value as a person reads it: members of enums by their labels."""
    kind: FieldType = definition.fields[path].type
    if value is None:
        return ""
    if isinstance(kind, Enum):
        return definition.label(f"{path}.{value}")
    if isinstance(kind, Choices) and isinstance(value, tuple):
        return "、".join(definition.label(f"{path}.{member}") for member in value)
    return kind.show(value) if is_full else kind.mask(value)  # type: ignore[arg-type]


def spell_row(definition: Definition, path: str, row: object) -> str:
    """Return one row of a table field as a person reads it."""
    kind: FieldType = definition.fields[path].type
    return kind.show((row,)) if isinstance(row, tuple) and row else ""


def options_of(definition: Definition, path: str) -> tuple[tuple[str, str], ...]:
    """Return id and label of what may be chosen."""
    kind = definition.fields[path].type
    members = kind.members if isinstance(kind, Enum) else kind.of.members if isinstance(kind, Choices) else ()
    return tuple((member, definition.label(f"{path}.{member}")) for member in members)


def material_views(definition: Definition, values: Mapping[str, object], *, form: Form) -> tuple[MaterialView, ...]:
    """Return the materials that apply now."""
    return tuple(
        replace(
            material_view(material, state, file=values.get(f"{MATERIALS}.{material.id}")),
            stand_ins=_stand_ins(definition, material.id) if state in OPEN_STATES else (),
            explanation=why_wanted(material.when, definition, form.values, today=form.today),
        )
        for material, state in form.materials()
    )


OPEN_STATES = ("wanted", "uploaded", "promised", "deferred")
"""States of a material that is the applicant's to give."""


def _stand_ins(definition: Definition, material: str) -> tuple[str, ...]:
    papers = definition.papers
    known = (("promised", papers.promisable), ("deferred", papers.deferrable))
    return tuple(word for word, materials in known if material in materials)


def material_view(material: Material, state: str, *, file: object) -> MaterialView:
    """Return one material; ``file`` is the id of what was uploaded, if anything was."""
    kept = FileId(UUID(str(file))) if file is not None else None
    return MaterialView(material.id, f"{MATERIALS}.{material.id}", material.name, material.source, state, kept)


def draft_view(stored: StoredCase, *, form: Form, saved: frozenset[str]) -> DraftView:
    """Return the draft as its owner fills it."""
    definition, values = stored.definition, stored.values
    needed = frozenset(form.needed())
    pages = []
    for page, asked in form.pages():
        candidates = tuple(
            field_view(
                definition, path, values.stored(path), is_full=True, is_required=path in needed or path not in asked
            )
            for path in form.candidates(page.id)
        )
        lacks = any(path in needed and values.get(path) is None for path in asked)
        is_new = page.id not in saved and not any(path in needed for path in asked)
        typed = pending_of(values, page.id)
        pages.append(
            PageView(
                page.id,
                _page_label(definition, page.id),
                tuple(one for one in candidates if one.path in asked),
                is_complete=not (lacks or is_new or typed),
                typed=typed,
                mark=mark_of(values, definition, page=page.id, asked=form.page_fields(page.id)),
                candidates=candidates,
                live=live_rules(form, page.id),
            )
        )
    materials = material_views(definition, values, form=form)
    incomplete = next((page.id for page in pages if not page.is_complete), None)
    return DraftView(
        case=stored.id,
        item=stored.item,
        item_name=definition.facts.name,
        pinned=definition.hash,
        pages=tuple(pages),
        prefilled=field_views(definition, values, paths=_in_order(form), is_full=True),
        materials=materials,
        conditions=form.conditions(),
        unavailable=form.unavailable(),
        next_page=incomplete,
        can_submit=incomplete is None and all(one.state != "wanted" for one in materials) and not form.missing(),
    )


def _in_order(form: Form) -> list[str]:
    given = form.given()
    return [path for path in form.definition.fields if path in given]


def _page_label(definition: Definition, page: str) -> str:
    if page == MORE_PAGE:
        return definition.labels.get(f"page.{page}", _MORE_LABEL)
    return definition.label(f"page.{page}")
