"""Keep a page while it is being filled (自动保存), at the call of the page's script."""

from flask import request
from flask.typing import ResponseReturnValue

from gov_portal.kernel.errors import NotFound
from gov_portal.kernel.ids import CaseId
from gov_portal.kernel.working_days import SHANGHAI
from gov_portal.web.base.drafts import keeper, read_fields, wanted_uploads
from gov_portal.web.base.forms import Faults, is_upload
from gov_portal.web.base.fronts import Front
from gov_portal.web.base.live import asked_fields, left_out_fields
from gov_portal.web.base.services import services
from gov_portal.web.base.uploads import take


def keep_page(front: Front, case: CaseId, page: str) -> ResponseReturnValue:
    """Keep what stands in a page's inputs, right or wrong, and say when; a bad file is told with the answer."""
    view = services().cases.draft(case, by=front.by).page(page)
    if view is None:
        raise NotFound
    asked = asked_fields(view)
    typed, faults = read_fields(front, case, (*asked, *left_out_fields(view)))
    paths = [field.path for field in asked if is_upload(field.type)]
    files = {path: str(typed[path]) for path in paths if path in typed}
    mark = request.form.get("mark", "")
    mark = services().cases.keep_typed(case, page=page, raw=typed, by=front.by, mark=mark)
    return _kept(files, faults, mark=mark)


def keep_materials(front: Front, case: CaseId) -> ResponseReturnValue:
    """Keep papers as soon as they are chosen; one that is wrong is told with the answer."""
    draft = services().cases.draft(case, by=front.by)
    found, faults = take([material.path for material in wanted_uploads(draft)], keep=keeper(front, case))
    files = {path: str(file) for path, file in found.items() if file}
    services().cases.save_page(case, page="materials", raw=files, by=front.by)
    return _kept(files, faults, mark="")


def _kept(files: dict[str, str], faults: Faults, *, mark: str) -> ResponseReturnValue:
    return {
        "saved": f"{services().clock.now().astimezone(SHANGHAI):%H:%M}",
        "mark": mark,
        "files": files,
        "faults": {fault.field: fault.message for fault in faults.items},
    }
