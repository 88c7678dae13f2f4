"""Form pages with what was kept while it was typed."""

from dataclasses import replace

from tests.acceptance.stops import Stop
from tests.factories.pages import CASE, FILE
from tests.factories.views import a_draft
from workflows.views import DraftView, MaterialView

WANTED = MaterialView("guard_doc", "materials.guard_doc", "监护关系证明", "civil.guardian", "wanted")


def half_typed() -> DraftView:
    """Return a draft whose first page holds answers that were typed and not saved."""
    draft = a_draft()
    first, *others = draft.pages
    typed = {"claim.cause": "幼年高烧后听", "claim.kind": "hearing", "applicant.photo": str(FILE)}
    return replace(draft, pages=(replace(first, typed=typed, mark="m"), *others))


STOPS: dict[str, Stop] = {
    "half-typed form": Stop(f"/cases/{CASE}/form/basic", "citizen", {"draft_view": half_typed()}),
    "half-typed check": Stop(f"/cases/{CASE}/check", "citizen", {"draft_view": half_typed()}),
    "wanted papers": Stop(f"/cases/{CASE}/materials", "citizen", {"draft_view": a_draft(materials=(WANTED,))}),
}
