"""Tell the story of the spine: three applications, each from the first page to its end."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from gov_portal.cli.demo.browser import Browser, Page, StoryBroken
from gov_portal.cli.demo.people import Citizen, Officer
from gov_portal.sandbox.officers import load_officers
from gov_portal.sandbox.paper import one_page_pdf
from gov_portal.sandbox.people import load_people

Tell = Callable[[str], None]

CLAIM = {
    "claim.kind": "intellect",
    "claim.cause": "先天",
    "claim.homebound": "false",
    "delivery.way": "post",
    "delivery.address": "样例省样例市西样区样例路1号",
}
REPORT = ("report.pdf", one_page_pdf(("Sample assessment report",)), "application/pdf")
PDF_MAGIC = b"%PDF-"


@dataclass(slots=True)
class Stage:
    """Hold who takes part, and the means that only the sandbox has.

    Attributes:
        pause_making: holds relay and worker back until the returned function is called.
        await_quiet: returns when nothing waits in the outbox any more.
        out: where papers are kept.
    """

    base_url: str
    tell: Tell
    pause_making: Callable[[], Callable[[], None]]
    await_quiet: Callable[[], None]
    out: Path
    papers: list[Path] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)
    _people: dict[str, Citizen] = field(default_factory=dict)
    _officers: dict[str, Officer] = field(default_factory=dict)

    def close(self) -> None:
        """Close every browser."""
        self._open.close()

    def citizen(self, handle: str, *, is_new: bool = False) -> Citizen:
        """Return a signed-in citizen; one who is new registers first."""
        if handle not in self._people:
            person = load_people().person(handle)
            browser = self._open.enter_context(Browser(self.base_url))
            citizen = Citizen(handle, person.phone or "", browser)
            (citizen.register if is_new else citizen.sign_in)(person)
            self._people[handle] = citizen
        return self._people[handle]

    def officer(self, login: str) -> Officer:
        """Return a signed-in officer."""
        if login not in self._officers:
            found = next(officer for officer in load_officers() if officer.login == login)
            officer = Officer(login, found.phone, self._open.enter_context(Browser(self.base_url)))
            officer.sign_in(found)
            self._officers[login] = officer
        return self._officers[login]

    def advance(self, by: str) -> None:
        """Move the sandbox's clock."""
        with Browser(self.base_url) as browser:
            page = browser.submit(browser.open("/sandbox/messages"), "clock", {"by": by})
        self.tell(f"    时钟前进 {by}，现在是 {page.mark('now')[:10]}")

    def keep(self, name: str, page: Page) -> None:
        """Keep a paper that somebody downloaded."""
        if not page.body.startswith(PDF_MAGIC):
            raise StoryBroken(f"{page.url}: is not a PDF")
        self.out.mkdir(parents=True, exist_ok=True)
        path = self.out / name
        path.write_bytes(page.body)
        self.papers.append(path)


@dataclass(slots=True)
class Matter:
    """Hold one application on its way: the applicant, the case and the district that serves it."""

    stage: Stage
    applicant: Citizen
    path: str
    district: str
    number: str = ""

    def __post_init__(self) -> None:
        """Read the case number from the progress page."""
        self.number = self.applicant.browser.open(self.path).mark("case-number")

    def do(self, role: str, step: str, act: str, **more: object) -> None:
        """Let the district's officer of a role carry out one act."""
        officer = self.stage.officer(f"{role}.{self.district}")
        officer.act(self.number, step=step, act=act, **more)  # type: ignore[arg-type]
        self.stage.tell(f"    {role}: {step} → {act}")

    def assess(self, level: int, kind: str = "intellect") -> None:
        """Let the hospital assess."""
        values = {"assess.kind": kind, "assess.level": str(level)}
        self.do("assessor", "assess", "done", values=values, files={"assess.report": REPORT})

    def vote(self, *choices: str) -> None:
        """Let the checkers vote, one after the other."""
        for number, choice in enumerate(choices, start=1):
            self.do(f"checker{number}", "review", choice)

    def await_phase(self, mark: str, wanted: str) -> Page:
        """Wait until the applicant's page says so."""
        return self.applicant.wait_for(self.path, mark, wanted)

    def await_publicity(self) -> None:
        """Wait until the result stands among the public notices."""
        self.applicant.wait_for("/notices", "case-number", self.number)

    def check_clock(self) -> Page:
        """Check that the clock's explanation adds up to the working day, and tell it."""
        page = self.applicant.browser.open(self.path)
        used = int(page.mark("used"))
        lines = list(zip(page.marks["working-days"], page.marks["counted"], strict=True))
        counted = sum(int(days) for days, is_counted in lines if is_counted == "true")
        if counted != used:
            raise StoryBroken(f"{self.path}: the clock says day {used}, its lines add up to {counted}")
        stood = sum(int(days) for days, is_counted in lines if is_counted != "true")
        promised = page.mark("promised")
        self.stage.tell(f"    时钟：承诺 {promised} 个工作日，用了 {used} 个，停钟 {stood} 个，各段相加一致")
        self._tell_rows(page, "tr")
        return page

    def finish(self, outcome: str) -> Page:
        """Wait for the end, check the outcome and tell the timeline."""
        page = self.await_phase("outcome", outcome)
        self.stage.tell(f"    办结：{outcome}。经过：")
        self._tell_rows(page, "li")
        return page

    def _tell_rows(self, page: Page, element: str) -> None:
        for tag, words in page.rows:
            if tag == element:
                self.stage.tell(f"      {' '.join(words)}")


def tell_story(stage: Stage) -> None:
    """Play all three parts; anything that differs from the tale raises ``StoryBroken``."""
    granted(stage)
    refused_and_appealed(stage)
    withdrawn_while_made(stage)


def granted(stage: Stage) -> None:
    """Play the guardian's application, from prefill by two departments to a delivered card."""
    stage.tell("一、监护人为被监护人申办，发证")
    guardian = stage.citizen("guardian")
    matter = Matter(stage, guardian, guardian.apply(CLAIM, for_ward=True), "470102")
    sources = set(_sources(guardian, matter))
    _expect(sources >= {"police.person", "civil.guardian"}, f"prefilled from {sorted(sources)}")
    stage.tell(f"    办件编号 {matter.number}；预填来自 {'、'.join(sorted(sources - {'typed'}))}")
    _supplement(matter)
    stage.advance("1wd")
    matter.do("window", "accept", "ok")
    stage.advance("2wd")
    matter.assess(2)
    _publicity_with_objection(matter)
    matter.vote("redo", "redo")
    stage.tell("    表决退回评定：第二轮评定与核验")
    stage.advance("1wd")
    matter.assess(1)
    matter.await_publicity()
    stage.advance("6wd")
    _suspension(matter)
    matter.vote("ok", "ok")
    stage.advance("1wd")
    _extension(matter)
    matter.do("leader", "approve", "ok")
    page = matter.finish("granted")
    matter.check_clock()
    _expect(len(page.marks["licence"]) == 1, "one licence")
    stage.keep("disability-card.pdf", guardian.browser.open(f"{matter.path}/licence.pdf"))
    verified = guardian.browser.open(f"/verify/{page.mark('licence')}")
    _expect(verified.mark("status") == "valid", "the public page says valid")


def refused_and_appealed(stage: Stage) -> None:
    """Play a refusal with its reason and the appeal that opens from it."""
    stage.tell("二、不予受理，申请复议")
    citizen = stage.citizen("leap_day", is_new=True)
    matter = Matter(stage, citizen, citizen.apply({**CLAIM, "claim.kind": "hearing"}), "470101")
    reason = "申报的残疾类别与提交的材料不是同一个人"
    matter.do("window", "accept", "refuse", values={"reason": reason})
    page = matter.finish("refused")
    _expect(reason in page.text, "the reason is shown")
    form = citizen.browser.open(f"{matter.path}/appeal")
    page = citizen.browser.submit(form, "appeal", {"reason": "材料都是我本人的，请重新核对。", "act": "appeal"})
    page = citizen.fill_pages(page, {"request.aim": "revoke", "request.grounds": "材料都是我本人的", **_PICK_UP})
    appeal = Matter(stage, citizen, citizen.submit(page), "470100")
    stage.tell(f"    复议办件 {appeal.number}，由 {matter.number} 提起")
    appeal.do("reviewer", "accept", "ok")
    stage.advance("3wd")
    appeal.do("review-leader", "decide", "revoke", values={"findings.facts": "材料确为本人，原决定认定事实不清。"})
    appeal.do("reviewer", "deliver", "done")
    appeal.finish("revoked")
    appeal.check_clock()


def withdrawn_while_made(stage: Stage) -> None:
    """Play a withdrawal while the licence is being made: no card comes out of it."""
    stage.tell("三、制证时撤回")
    citizen = stage.citizen("rare_plane_two")
    matter = Matter(stage, citizen, citizen.apply({**CLAIM, "claim.kind": "vision"}), "470101")
    matter.do("window", "accept", "ok")
    matter.assess(4, kind="vision")
    matter.await_publicity()
    stage.advance("6wd")
    matter.vote("ok", "ok")
    go_on = stage.pause_making()
    try:
        matter.do("leader", "approve", "ok")
        form = citizen.browser.open(f"{matter.path}/withdraw")
        citizen.browser.submit(form, "withdraw", {"act": "withdraw"})
    finally:
        go_on()
    matter.finish("withdrawn")
    stage.await_quiet()
    page = matter.check_clock()
    _expect("issued" not in page.marks["kind"] or "undone" in page.marks["kind"], "what was made late is taken back")


_PICK_UP = {"delivery.way": "pickup"}


def _supplement(matter: Matter) -> None:
    stage = matter.stage
    stage.officer(f"window.{matter.district}").note(matter.number, step="accept", wanting={"claim.cause": "请写明经过"})
    matter.do("window", "accept", "supplement")
    page = matter.applicant.browser.open(f"{matter.path}/supplement")
    matter.applicant.browser.submit(page, "supplement", {"claim.cause": "出生时缺氧，两岁确诊", "act": "return"})
    stage.tell("    applicant: 交回补正")


def _publicity_with_objection(matter: Matter) -> None:
    stage, neighbour = matter.stage, matter.stage.citizen("neighbour")
    matter.await_publicity()
    case = matter.path.rpartition("/")[2]
    page = neighbour.browser.open(f"/notices/{case}/publicise/object")
    neighbour.browser.submit(page, "objection", {"text": "我认为评定等级过高。", "act": "object"})
    stage.tell("    neighbour: 对公示提出异议")
    page = stage.officer(f"checker1.{matter.district}").task(matter.number, step="publicise")
    _expect("我认为评定等级过高。" in page.text, "whoever answers the objection reads it")
    stage.advance("1wd")
    matter.do("checker1", "publicise", "dismiss", values={"reason": "评定由两名医师作出，结论与检查一致"})
    stage.advance("5wd")


def _extension(matter: Matter) -> None:
    leader = matter.stage.officer(f"leader.{matter.district}")
    leader.steer(matter.number, step="approve", form="extend", values={"reason": "听证涉及多方，需要更多时间"})
    matter.stage.tell("    leader: 延长 10 个工作日")


def _suspension(matter: Matter) -> None:
    stage, checker = matter.stage, matter.stage.officer(f"checker1.{matter.district}")
    values = {"ground": "听证", "reason": "申请人的亲属要求听证"}
    checker.steer(matter.number, step="review", form="suspend", values=values)
    stage.tell("    checker1: 挂起（听证）")
    stage.advance("3wd")
    checker.steer(matter.number, step="review", form="resume", values={})
    stage.tell("    checker1: 恢复办理")


def _sources(citizen: Citizen, matter: Matter) -> Iterator[str]:
    yield from citizen.browser.open(matter.path).marks.get("source", [])


def _expect(is_so: bool, what: str) -> None:
    if not is_so:
        raise StoryBroken(f"not as told: {what}")
