"""List the addresses of the officers' desk."""

from flask import Blueprint

from gov_portal.web.officer import acts, desk, sign_in, steering

blueprint = Blueprint("officer", __name__, url_prefix="/officer", template_folder="templates")

_ROUTES = (
    ("", desk.queue, "GET"),
    ("/sign-in", sign_in.sign_in, "GET POST"),
    ("/sign-in/code", sign_in.sign_in_code, "GET POST"),
    ("/sign-in/code-again", sign_in.code_again, "POST"),
    ("/sign-out", sign_in.sign_out, "POST"),
    ("/cases/<uuid:case>", desk.case, "GET"),
    ("/cases/<uuid:case>/files/<uuid:file>", desk.file, "GET"),
    ("/cases/<uuid:case>/tasks/<task>", desk.task, "GET"),
    ("/cases/<uuid:case>/tasks/<task>/act", acts.act, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/claim", acts.claim, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/hand-over", acts.hand_over, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/suspend", steering.suspend, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/extend", steering.extend, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/resume", steering.resume, "POST"),
)

for _rule, _view, _methods in _ROUTES:
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods.split())
