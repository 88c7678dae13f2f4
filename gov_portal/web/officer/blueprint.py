"""List the addresses of the officers' desk."""

from flask import Blueprint

from gov_portal.web.officer import (
    acts,
    bulk,
    cases,
    desk,
    figures,
    held,
    keyboard,
    letters,
    parked,
    phrases,
    ratings,
    saved,
    sign_in,
    steering,
    units,
)
from gov_portal.web.officer.counter.blueprint import blueprint as counter

blueprint = Blueprint("officer", __name__, url_prefix="/officer", template_folder="templates")

_ROUTES = (
    ("", desk.queue, "GET"),
    ("/sign-in", sign_in.sign_in, "GET POST"),
    ("/sign-in/code", sign_in.sign_in_code, "GET POST"),
    ("/sign-in/code-again", sign_in.code_again, "POST"),
    ("/sign-out", sign_in.sign_out, "POST"),
    ("/next", desk.claim_next, "POST"),
    ("/filters", saved.save_filter, "POST"),
    ("/filters/<uuid:filter>/first", saved.use_first, "POST"),
    ("/filters/<uuid:filter>/delete", saved.delete_filter, "POST"),
    ("/columns", saved.choose_columns, "POST"),
    ("/bulk", bulk.bulk, "GET"),
    ("/bulk", bulk.order, "POST"),
    ("/jobs", bulk.jobs, "GET"),
    ("/jobs/<uuid:job>", bulk.job, "GET"),
    ("/jobs/<uuid:job>/stop", bulk.stop, "POST"),
    ("/jobs/<uuid:job>/results.csv", bulk.download, "GET"),
    ("/figures", figures.figures, "GET"),
    ("/absences", units.absences, "GET"),
    ("/absences", units.enter_absence, "POST"),
    ("/absences/<uuid:absence>/end", units.end_absence, "POST"),
    ("/units", units.units, "GET"),
    ("/units", units.switch_unit, "POST"),
    ("/cases", desk.search, "GET"),
    ("/cases/<uuid:case>/tasks/<task>/release", desk.release, "POST"),
    ("/cases/<uuid:case>", cases.case, "GET"),
    ("/cases/<uuid:case>/licence.pdf", cases.licence, "GET"),
    ("/cases/<uuid:case>/flow.svg", cases.flow, "GET"),
    ("/cases/<uuid:case>/hand-over", cases.assign, "POST"),
    ("/cases/<uuid:case>/suspend", steering.suspend, "POST"),
    ("/cases/<uuid:case>/extend", steering.extend, "POST"),
    ("/cases/<uuid:case>/resume", steering.resume, "POST"),
    ("/cases/<uuid:case>/correction", steering.correct, "POST"),
    ("/cases/<uuid:case>/signers", steering.signers, "POST"),
    ("/cases/<uuid:case>/bills/<step>/revision", steering.revise_bill, "POST"),
    ("/cases/<uuid:case>/files/<uuid:file>", desk.file, "GET"),
    ("/cases/<uuid:case>/tasks/<task>", desk.task, "GET"),
    ("/cases/<uuid:case>/tasks/<task>/act", acts.act, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/checks", acts.keep_checks, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/claim", acts.claim, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/hand-over", acts.hand_over, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/opinion", steering.ask, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/suspend", steering.suspend, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/extend", steering.extend, "POST"),
    ("/cases/<uuid:case>/tasks/<task>/resume", steering.resume, "POST"),
    ("/letters", letters.waiting_letters, "GET"),
    ("/cases/<uuid:case>/letters", letters.letters, "GET"),
    ("/cases/<uuid:case>/letters", letters.write_letter, "POST"),
    ("/cases/<uuid:case>/letters/read", letters.read_letters, "POST"),
    ("/held/<uuid:held>/undo", held.undo, "POST"),
    ("/held/<uuid:held>/read", held.read_on, "POST"),
    ("/parked", parked.parked, "GET"),
    ("/parked", parked.settle, "POST"),
    (f"/parked/<int(max={parked.LARGEST}):number>", parked.parked_work, "GET"),
    ("/phrases", phrases.phrases, "GET POST"),
    ("/phrases/<uuid:phrase>/delete", phrases.delete_phrase, "POST"),
    ("/help/keyboard", keyboard.keyboard, "GET POST"),
    ("/ratings", ratings.ratings, "GET"),
    ("/ratings/<uuid:rating>", ratings.rating, "GET POST"),
    ("/ratings/<uuid:rating>/contact", ratings.rating_contact, "POST"),
)

blueprint.context_processor(units.desk_header)
blueprint.register_blueprint(counter)

for _rule, _view, _methods in _ROUTES:
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods.split())
