"""Keep a form page while it is being filled (自动保存)."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from gov_portal.kernel.ids import CaseId
from gov_portal.web.base import keeping
from gov_portal.web.base.access import requires
from gov_portal.web.citizen.own import own
from identity.permissions import Permission


@requires(Permission.CONDUCT_OWN_CASE)
def keep_page(case: UUID, page: str) -> ResponseReturnValue:
    """Keep what stands in a page's inputs, right or wrong."""
    return keeping.keep_page(own(), CaseId(case), page)


@requires(Permission.CONDUCT_OWN_CASE)
def keep_materials(case: UUID) -> ResponseReturnValue:
    """Keep papers as soon as they are chosen."""
    return keeping.keep_materials(own(), CaseId(case))
