"""List the addresses of the citizens' pages."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from gov_portal.kernel.principal import Citizen
from gov_portal.web.base.access import principal
from gov_portal.web.base.services import services
from gov_portal.web.citizen import (
    account,
    cases,
    copies,
    data_records,
    drafts,
    guide,
    guide_paper,
    help,
    home,
    inbox,
    involved,
    joint_bills,
    keeping,
    letters,
    machine_forms,
    may_apply,
    notices,
    offers,
    preferences,
    presenting,
    ratings,
    recovery,
    remedies,
    settings,
    sign_in,
    supplement,
    wallet,
)

blueprint = Blueprint("citizen", __name__, template_folder="templates")

_ROUTES = (
    ("/", home.home, "GET"),
    ("/items/<item>", guide.item, "GET"),
    ("/items/<item>/guide.pdf", guide_paper.item_paper, "GET"),
    ("/items/<item>/may-apply", may_apply.may_apply, "GET POST"),
    ("/register", sign_in.register, "GET POST"),
    ("/register/code", sign_in.register_code, "GET POST"),
    ("/sign-in", sign_in.sign_in, "GET POST"),
    ("/sign-in/code", sign_in.sign_in_code, "GET POST"),
    ("/sign-in/code-again", sign_in.code_again, "POST"),
    ("/forgotten", recovery.forgotten, "GET POST"),
    ("/forgotten/code", recovery.forgotten_code, "GET POST"),
    ("/sign-out", account.sign_out, "POST"),
    ("/account", account.account, "GET"),
    ("/messages", inbox.inbox, "GET"),
    ("/messages/<uuid:message>", inbox.message, "GET"),
    ("/messages/read", inbox.mark_all_read, "POST"),
    ("/messages/stop/<token>", preferences.stop, "GET POST"),
    ("/account/messages", preferences.preferences, "GET POST"),
    ("/account/sessions/<uuid:session>/end", account.end_session, "POST"),
    ("/account/wards", account.wards, "GET POST"),
    ("/account/acting", account.act_for, "POST"),
    ("/account/settings", settings.settings, "GET"),
    ("/account/password", settings.password, "GET POST"),
    ("/account/email", settings.email, "GET POST"),
    ("/account/email/code", settings.email_code, "GET POST"),
    ("/account/email/remove", settings.email_remove, "POST"),
    ("/account/data", data_records.data_records, "GET"),
    ("/help", help.help_page, "GET"),
    ("/about", help.about, "GET"),
    ("/privacy", help.privacy, "GET"),
    ("/accessibility", help.accessibility, "GET"),
    ("/ratings", ratings.ratings, "GET"),
    ("/cases/<uuid:case>/rating", ratings.rate, "GET POST"),
    ("/items/<item>/start", drafts.start, "GET POST"),
    ("/cases/<uuid:case>/form", drafts.resume, "GET"),
    ("/cases/<uuid:case>/form/<page>", drafts.page, "GET POST"),
    ("/cases/<uuid:case>/form/<page>/keep", keeping.keep_page, "POST"),
    ("/cases/<uuid:case>/materials/keep", keeping.keep_materials, "POST"),
    ("/cases/<uuid:case>/materials", drafts.materials, "GET POST"),
    ("/cases/<uuid:case>/check", drafts.check, "GET POST"),
    ("/cases/<uuid:case>/discard", drafts.discard, "GET POST"),
    ("/cases/<uuid:case>/receipt", cases.receipt, "GET"),
    ("/cases/<uuid:case>/receipt.pdf", cases.receipt_paper, "GET"),
    ("/cases", cases.cases, "GET"),
    ("/cases/<uuid:case>", cases.case, "GET"),
    ("/cases/<uuid:case>/payment", joint_bills.joint_bill, "GET"),
    ("/cases/<uuid:case>/payment", joint_bills.join_bills, "POST"),
    ("/cases/<uuid:case>/files/<uuid:file>", cases.file, "GET"),
    ("/cases/<uuid:case>/licence.pdf", cases.licence, "GET"),
    ("/cases/<uuid:case>/flow.svg", cases.flow, "GET"),
    ("/cases/<uuid:case>/letters", letters.letters, "GET"),
    ("/cases/<uuid:case>/letters", letters.write_letter, "POST"),
    ("/cases/<uuid:case>/supplement", supplement.supplement, "GET POST"),
    ("/cases/<uuid:case>/withdraw", remedies.withdraw, "GET POST"),
    ("/cases/<uuid:case>/urge", remedies.urge, "POST"),
    ("/cases/<uuid:case>/appeal", remedies.appeal, "GET POST"),
    ("/cases/<uuid:case>/part", involved.involvement, "GET"),
    ("/cases/<uuid:case>/part", involved.take_turn, "POST"),
    ("/cases/<uuid:case>/part/appeal", involved.appeal_as_party, "POST"),
    ("/cases/<uuid:case>/part/files/<uuid:file>", involved.involved_file, "GET"),
    ("/wallet", wallet.wallet, "GET"),
    ("/wallet/<uuid:licence>", wallet.held_licence, "GET"),
    ("/wallet/<uuid:licence>/licence.pdf", wallet.held_licence_pdf, "GET"),
    ("/wallet/<uuid:licence>/present", presenting.present, "GET"),
    ("/wallet/<uuid:licence>/copies", copies.copies, "GET"),
    ("/wallet/<uuid:licence>/copies/new", copies.new_copy, "GET POST"),
    ("/wallet/<uuid:licence>/copies/<uuid:copy>/copy.pdf", copies.copy_pdf, "GET"),
    ("/wallet/<uuid:licence>/copies/<uuid:copy>/withdraw", copies.withdraw_copy, "GET POST"),
    ("/wallet/<uuid:licence>/forms", machine_forms.machine_forms, "GET"),
    ("/wallet/<uuid:licence>/licence.sd-jwt", machine_forms.disclosed_licence, "GET"),
    ("/wallet/<uuid:licence>/licence.json", machine_forms.plain_licence, "GET"),
    ("/offers", offers.offers, "GET"),
    ("/offers/<uuid:offer>", offers.offer, "GET POST"),
    ("/notices", notices.notices, "GET"),
    ("/notices/<uuid:case>/<step>", notices.notice, "GET"),
    ("/notices/<uuid:case>/<step>/object", notices.object_to, "GET POST"),
)

for _rule, _view, _methods in _ROUTES:
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods.split())


@blueprint.record_once
def _let_mail_programs_post(state: BlueprintSetupState) -> None:
    """Ask no form's token of the link that ends e-mails: the link is the proof, and a mail program opens no form."""
    state.app.extensions["csrf"].exempt(preferences.stop)


@blueprint.context_processor
def _citizens_words() -> dict[str, object]:
    """Give the citizens' templates what they look up only where it is shown."""
    return {
        "acting_name": _acting_name,
        "unread_messages": _unread,
    }


def _acting_name() -> str:
    """Return the name of the ward acted for."""
    who = principal()
    if not isinstance(who, Citizen) or who.acting_for is None:
        return ""
    return services().identity.facts(who.acting_for).name


def _unread() -> int:
    """Return how many messages are new."""
    who = principal()
    return services().messages.unread(who.person) if isinstance(who, Citizen) else 0
