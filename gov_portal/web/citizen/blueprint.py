"""List the addresses of the citizens' pages."""

from flask import Blueprint

from gov_portal.web.citizen import account, cases, drafts, guide, notices, remedies, sign_in, supplement

blueprint = Blueprint("citizen", __name__, template_folder="templates")

_ROUTES = (
    ("/", guide.home, "GET"),
    ("/items/<item>", guide.item, "GET"),
    ("/register", sign_in.register, "GET POST"),
    ("/register/code", sign_in.register_code, "GET POST"),
    ("/sign-in", sign_in.sign_in, "GET POST"),
    ("/sign-in/code", sign_in.sign_in_code, "GET POST"),
    ("/sign-in/code-again", sign_in.code_again, "POST"),
    ("/sign-out", account.sign_out, "POST"),
    ("/account", account.account, "GET"),
    ("/messages", account.inbox, "GET"),
    ("/account/sessions/<uuid:session>/end", account.end_session, "POST"),
    ("/account/wards", account.wards, "GET POST"),
    ("/account/acting", account.act_for, "POST"),
    ("/items/<item>/start", drafts.start, "GET POST"),
    ("/cases/<uuid:case>/form", drafts.resume, "GET"),
    ("/cases/<uuid:case>/form/<page>", drafts.page, "GET POST"),
    ("/cases/<uuid:case>/materials", drafts.materials, "GET POST"),
    ("/cases/<uuid:case>/check", drafts.check, "GET POST"),
    ("/cases/<uuid:case>/discard", drafts.discard, "GET POST"),
    ("/cases/<uuid:case>/receipt", cases.receipt, "GET"),
    ("/cases", cases.cases, "GET"),
    ("/cases/<uuid:case>", cases.case, "GET"),
    ("/cases/<uuid:case>/files/<uuid:file>", cases.file, "GET"),
    ("/cases/<uuid:case>/licence.pdf", cases.licence, "GET"),
    ("/cases/<uuid:case>/supplement", supplement.supplement, "GET POST"),
    ("/cases/<uuid:case>/withdraw", remedies.withdraw, "GET POST"),
    ("/cases/<uuid:case>/urge", remedies.urge, "POST"),
    ("/cases/<uuid:case>/appeal", remedies.appeal, "GET POST"),
    ("/notices", notices.notices, "GET"),
    ("/notices/<uuid:case>/<step>", notices.notice, "GET"),
    ("/notices/<uuid:case>/<step>/object", notices.object_to, "GET POST"),
)

for _rule, _view, _methods in _ROUTES:
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods.split())
