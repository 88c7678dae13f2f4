"""Pages of the citizen front."""

from dataclasses import replace

from tests.acceptance.stops import Stop, begun
from tests.factories.pages import CASE, FILE
from tests.factories.views import a_case, a_denied_case, a_draft, a_granted_case, a_supplement

OWN = f"/cases/{CASE}"

MARKED = a_supplement().marks[1]
MARKED_PAPER = replace(a_supplement(), marks=(replace(MARKED, material=replace(MARKED.material, file=FILE)),))

STOPS: dict[str, Stop] = {
    "home": Stop("/"),
    "search": Stop("/?q=nothing"),
    "guide": Stop("/items/cdpf.disability-card.first"),
    "may apply": Stop("/items/cdpf.disability-card.first/may-apply", press="看结果"),
    "register": Stop("/register"),
    "register code": Stop("/register/code", session=begun("register")),
    "sign in code": Stop("/sign-in/code", session=begun("sign-in")),
    "sign in": Stop("/sign-in?over=1"),
    "notices": Stop("/notices"),
    "notice": Stop(f"/notices/{CASE}/publicise"),
    "own home": Stop("/", "citizen"),
    "account": Stop("/account", "citizen"),
    "messages": Stop("/messages", "citizen"),
    "ward": Stop("/account/wards", "citizen"),
    "for whom": Stop("/items/cdpf.disability-card.first/start", "citizen"),
    "form": Stop(f"{OWN}/form/basic", "citizen"),
    "materials": Stop(f"{OWN}/materials", "citizen"),
    "check": Stop(f"{OWN}/check", "citizen", {"draft_view": a_draft(is_complete=True)}),
    "discard": Stop(f"{OWN}/discard", "citizen"),
    "receipt": Stop(f"{OWN}/receipt", "citizen"),
    "cases": Stop("/cases", "citizen"),
    "progress": Stop(OWN, "citizen"),
    "granted": Stop(OWN, "citizen", {"case_view": a_granted_case()}),
    "denied": Stop(OWN, "citizen", {"case_view": a_denied_case()}),
    "supplement of a paper": Stop(f"{OWN}/supplement", "citizen", {"case_view": a_case(supplement=MARKED_PAPER)}),
    "supplement": Stop(f"{OWN}/supplement", "citizen", {"case_view": a_case(supplement=a_supplement())}),
    "involved": Stop(f"{OWN}/part", "citizen"),
    "withdraw": Stop(f"{OWN}/withdraw", "citizen"),
    "appeal": Stop(f"{OWN}/appeal", "citizen", {"case_view": a_denied_case()}),
    "object": Stop(f"/notices/{CASE}/publicise/object", "citizen"),
}
