"""List the addresses of the counter at the officers' desk."""

from flask import Blueprint

from gov_portal.web.officer.counter import cases, entries, tellings, visits

blueprint = Blueprint("counter", __name__, url_prefix="/counter")

_VISIT = "/visits/<uuid:visit>"
_CASE = f"{_VISIT}/cases/<uuid:case>"
_ROUTES = (
    ("", visits.index, "GET"),
    ("/identify", visits.identify, "GET POST"),
    ("/tellings", tellings.tellings, "GET"),
    ("/tellings/<uuid:telling>", tellings.tell, "POST"),
    (_VISIT, visits.home, "GET"),
    (f"{_VISIT}/end", visits.end, "POST"),
    (f"{_VISIT}/items/<item>", entries.item, "GET POST"),
    (f"{_CASE}/form", entries.resume, "GET"),
    (f"{_CASE}/form/<page>", entries.page, "GET POST"),
    (f"{_CASE}/form/<page>/keep", entries.keep_page, "POST"),
    (f"{_CASE}/materials", entries.materials, "GET POST"),
    (f"{_CASE}/materials/keep", entries.keep_materials, "POST"),
    (f"{_CASE}/check", entries.check, "GET POST"),
    (f"{_CASE}/discard", entries.discard, "GET POST"),
    (f"{_CASE}/receipt", cases.receipt, "GET"),
    (f"{_CASE}/receipt.pdf", cases.receipt_paper, "GET"),
    (_CASE, cases.case, "GET"),
    (f"{_CASE}/flow.svg", cases.flow, "GET"),
    (f"{_CASE}/files/<uuid:file>", cases.file, "GET"),
    (f"{_CASE}/licence.pdf", cases.licence, "GET"),
    (f"{_CASE}/supplement", cases.supplement, "GET POST"),
    (f"{_CASE}/letters", cases.letters, "GET"),
    (f"{_CASE}/letters", cases.write_letter, "POST"),
    (f"{_CASE}/withdraw", cases.withdraw, "GET POST"),
    (f"{_CASE}/urge", cases.urge, "POST"),
    (f"{_CASE}/appeal", cases.appeal, "GET POST"),
    (f"{_CASE}/rating", cases.rate, "GET POST"),
)

for _rule, _view, _methods in _ROUTES:
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods.split())
