"""Whatever is typed, forged, replayed or sent twice: a clear answer in the reader's language, nothing half-written."""

import re
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from gov_portal.cli.demo.browser import Upload
from gov_portal.cli.demo.people import CARD_ITEM, portrait
from gov_portal.cli.identity import DEMO_PASSWORD
from gov_portal.cli.instance import Instance
from gov_portal.sandbox.officers import load_officers
from gov_portal.sandbox.paper import one_page_pdf
from gov_portal.sandbox.people import load_people
from gov_portal.wiring.platform import Platform

CLAIM = {"claim.kind": "hearing", "claim.cause": "先天", "claim.homebound": "false"}
NOBODY = UUID(int=4)
CODE = re.compile(r"验证码是 (\d{6})")
FAULT = re.compile(r'href="#(f-[^"]+)"[^>]*>([^<]+)<')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Portal:
    """Where the portal is, and the connections to it that all tabs share."""

    base_url: str
    wires: httpx.HTTPTransport


@dataclass
class Tab:
    """One tab of somebody's browser: follows nothing, keeps cookies and the token of the last page."""

    portal: Portal
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        wires, url = self.portal.wires, self.portal.base_url
        self.http = httpx.Client(base_url=url, transport=wires, timeout=30, cookies=self.cookies)

    def get(self, path: str, **more) -> httpx.Response:
        response = self.http.get(path, **more)
        found = TOKEN.search(response.text)
        self.token = found[1] if found else self.token
        return response

    def post(self, path: str, data: dict | None = None, **more) -> httpx.Response:
        return self.http.post(path, data={"csrf_token": self.token, **(data or {})}, **more)

    def again(self) -> "Tab":
        """Return another tab of the same browser."""
        session = {cookie.name: cookie.value or "" for cookie in self.http.cookies.jar}
        return Tab(self.portal, session, self.token)

    def read_code(self, phone: str) -> str:
        behind = re.sub(r"<[^>]+>", " ", self.http.get("/sandbox/messages").text).partition(phone)[2]
        return CODE.search(behind)[1]

    def sign_in(self, door: str, login: str, phone: str) -> "Tab":
        self.get(door)
        assert self.post(door, {"login": login, "password": DEMO_PASSWORD}).status_code == 303
        self.get(f"{door}/code")
        assert self.post(f"{door}/code", {"code": self.read_code(phone)}).status_code == 303
        self.get("/officer" if "officer" in door else "/account")
        return self


@dataclass
class Cast:
    """Who takes part: an applicant with a draft, a stranger, and officers of two districts."""

    portal: Portal
    applicant: Tab
    stranger: Tab
    window: Tab
    elsewhere: Tab

    def draft(self) -> str:
        """Fill another application up to its check; return its path."""
        begun = self.applicant.post(f"/items/{CARD_ITEM}/start", {"for_whom": "self", "act": "again"})
        path = re.match(r"/cases/[0-9a-f-]{36}", begun.headers["location"])[0]
        self.fill(path)
        assert self.applicant.post(f"{path}/form/delivery", {"delivery.way": "pickup"}).status_code == 303
        return path

    def fill(self, path: str, photo: Upload | None = None, **changes: str) -> httpx.Response:
        files = {"applicant.photo": photo or portrait()}
        return self.applicant.post(f"{path}/form/basic", {**CLAIM, **changes}, files=files)

    def submitted(self) -> str:
        path = self.draft()
        assert self.applicant.post(f"{path}/check", {"key": uuid4().hex}).status_code == 303
        return path


@pytest.fixture(scope="module")
def cast(live_portal: Instance) -> Iterator[Cast]:
    people, officers = load_people(), {one.login: one for one in load_officers()}

    def citizen(portal: Portal, handle: str) -> Tab:
        person = people.person(handle)
        return Tab(portal).sign_in("/sign-in", person.id_no, person.phone or "")

    def officer(portal: Portal, login: str) -> Tab:
        return Tab(portal).sign_in("/officer/sign-in", login, officers[login].phone)

    with httpx.HTTPTransport() as wires:
        portal = Portal(live_portal.base_url, wires)
        citizens = citizen(portal, "rare"), citizen(portal, "middle_dot")
        yield Cast(portal, *citizens, officer(portal, "window.470201"), officer(portal, "window.470102"))


@pytest.fixture(scope="module")
def draft(cast: Cast) -> str:
    """A filled draft that every test leaves as it was."""
    return cast.draft()


def faults(response: httpx.Response) -> dict[str, str]:
    return dict(FAULT.findall(response.text))


def at_once(*jobs: Callable[[], httpx.Response]) -> Counter[int]:
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], httpx.Response]) -> int:
        barrier.wait()
        return job().status_code

    with ThreadPoolExecutor(len(jobs)) as pool:
        return Counter(pool.map(run, jobs))


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/%ff%fe",
        "/items/%00",
        "/items/%F0%9F%98%80/start",
        "/cases/%00",
        f"/cases/{NOBODY}",
        f"/notices/{NOBODY}/%00",
        f"/notices/{NOBODY}/publicise/object",
        "/verify/%00",
        f"/verify/{'9' * 5000}",
        "/assets/..%2f..%2fapp.py",
        "/assets/%2e%2e/%2e%2e/app.py",
        "/display?back=/%09/%5b",
        "/display?back=//evil.example",
        "/sign-in?next=/%09/%5b",
        "/officer?item=%00&page=%EF%BC%91&card=%00&number=%00",
        f"/officer/cases/{NOBODY}/tasks/%00",
        "/?q=%00%F0%9F%98%80",
    ],
)
def test_no_address_crashes_the_portal(cast: Cast, path: str) -> None:
    for tab in (Tab(cast.portal), cast.applicant.again(), cast.window.again()):
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            response = tab.http.request(method, path, headers={"Referer": "http://["})
            assert response.status_code < 500, (method, path)
            assert "evil.example" not in response.headers.get("location", "")


def test_other_people_and_other_offices_learn_not_even_that_a_case_exists(cast: Cast) -> None:
    case = cast.submitted()
    file = re.search(r"/files/[0-9a-f-]{36}", cast.applicant.get(case).text)[0]
    pages = ("", "/form", "/form/basic", "/check", "/receipt", "/supplement", "/withdraw", "/licence.pdf", file)
    for page in pages:
        seen, unknown = cast.stranger.http.get(case + page), cast.stranger.http.get(f"/cases/{NOBODY}{page}")
        assert (seen.status_code, unknown.status_code) == (404, 404), page
        assert _without_tokens(seen.text) == _without_tokens(unknown.text)
        assert Tab(cast.portal).get(case + page).status_code == 303
    task = f"/officer{case}/tasks/accept.1"
    assert cast.elsewhere.http.get(task).status_code == 404
    assert cast.elsewhere.http.get(f"/officer{case}{file}").status_code == 404
    for end in ("act", "claim", "hand-over", "suspend", "resume"):
        sent = {"act": "ok", "to": str(uuid4()), "reason": "x", "ground": "听证", "key": uuid4().hex}
        assert cast.elsewhere.post(f"{task}/{end}", sent).status_code in {403, 404}, end
    assert cast.window.http.get(task).status_code == 200


def _without_tokens(page: str) -> str:
    """Return a page without its ids and its form token, in which the second of signing stands."""
    return re.sub(r"[0-9a-f-]{36}", "", TOKEN.sub("", page))


def test_a_forged_form_changes_nothing(cast: Cast) -> None:
    case = cast.submitted()
    for token in ("", "forged", cast.stranger.token):
        assert cast.applicant.post(f"{case}/withdraw", {"csrf_token": token}).status_code == 400
    assert 'data-outcome="withdrawn"' not in cast.applicant.get(case).text


@pytest.mark.parametrize(
    ("changes", "at", "told"),
    [
        ({"claim.cause": "a\0b"}, "f-claim-cause", "含有不能使用的字符"),
        ({"claim.cause": "\u200b"}, "f-claim-cause", "请填写致残原因"),
        ({"claim.cause": "长" * 201}, "f-claim-cause", "最多填写200个字，您填了201个字"),
        ({"claim.kind": "teeth"}, "f-claim-kind", "请从列出的选项中选择一项"),
        ({"claim.homebound": "perhaps"}, "f-claim-homebound", "请选择“是”或“否”"),
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_nothing_is_kept(
    cast: Cast, draft: str, changes: dict[str, str], at: str, told: str
) -> None:
    response = cast.fill(draft, **changes)
    assert response.status_code == 422
    assert told in faults(response)[at]
    kept = cast.applicant.http.get(f"{draft}/form/basic").text
    assert "先天" in kept
    assert re.search(r'value="hearing"[^>]*checked', kept)


def bomb() -> bytes:
    """Draw nothing on 60,000 by 60,000 pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(9999))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "claimed", "told"),
    [
        (b"<svg onload='alert(1)'/>", "image/svg+xml", "只能上传"),
        (portrait()[1], "image/jpeg", "只能上传"),
        (portrait()[1][:2000], "image/png", "不完整或者已损坏"),
        (bomb(), "image/png", "图片的尺寸太大"),
        (portrait()[1] + bytes(31 * 1024 * 1024), "image/png", "文件超过 30 MB"),
        (one_page_pdf(("Sample",)), "application/pdf", "这里要一张 JPG 或 PNG 图片"),
        (b"", "image/png", "文件是空的"),
    ],
    ids=["script", "mislabelled", "cut", "bomb", "large", "paper", "empty"],
)
def test_an_unusable_photo_is_told_at_its_field(
    cast: Cast, draft: str, content: bytes, claimed: str, told: str
) -> None:
    response = cast.fill(draft, photo=("../../photo.png", content, claimed))
    assert response.status_code == 422
    assert told in faults(response)["f-applicant-photo"]


def test_a_file_of_another_case_cannot_be_handed_in(cast: Cast, draft: str) -> None:
    file = re.search(r"/files/([0-9a-f-]{36})", cast.applicant.get(cast.submitted()).text)[1]
    response = cast.applicant.post(f"{draft}/form/basic", {**CLAIM, "applicant.photo.stored": file})
    assert "请重新选择文件" in faults(response)["f-applicant-photo"]


@pytest.mark.parametrize(
    ("id_no", "told"),
    [
        ("00000000", "身份证号应为18位，您填了8位"),
        ("４７０２０１１９８８０８０８０７１２", "有一位不对"),
        ("470201198802300711", "出生日期不存在"),
        ("47020119880808071Y", "只能是数字"),
        ("4702011988\x0008080711", "身份证号"),
        ("😀" * 18, "身份证号"),
    ],
    ids=["short", "check digit, full width", "30 February", "letter", "NUL", "emoji"],
)
def test_a_wrong_number_is_told_at_its_field(cast: Cast, id_no: str, told: str) -> None:
    visitor = Tab(cast.portal)
    visitor.get("/register")
    typed = {"name": "王䶮", "id_no": id_no, "phone": "12000000018", "password": "a sentence to remember"}
    response = visitor.post("/register", typed)
    assert response.status_code == 422
    assert set(faults(response)) == {"f-id-no"}
    assert told in faults(response)["f-id-no"]


@pytest.mark.parametrize("header", ["form-data", 'form-data; name="a'], ids=["nameless", "unclosed"])
def test_a_broken_upload_is_a_broken_form(cast: Cast, header: str) -> None:
    body = f"--x\r\nContent-Disposition: {header}\r\n\r\nbar\r\n--x--".encode()
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    response = cast.applicant.http.post("/account/acting", content=body, headers=kind)
    assert response.status_code == 400
    assert "没有提交" in response.text


def test_pressing_submit_many_times_gives_one_receipt(cast: Cast) -> None:
    case, key = cast.draft(), uuid4().hex
    assert at_once(*[lambda: cast.applicant.again().post(f"{case}/check", {"key": key})] * 5) == {303: 5}
    assert cast.applicant.post(f"{case}/check", {"key": key}).headers["location"].endswith("/receipt")
    other = cast.draft()
    jobs = [lambda: cast.applicant.again().post(f"{other}/check", {"key": uuid4().hex})] * 5
    assert at_once(*jobs) == {303: 1, 409: 4}
    late = cast.applicant.post(f"{other}/check", {"key": "a\0b"})
    assert late.status_code in {409, 422}


def test_submitting_and_discarding_at_once_leave_a_whole_case_or_none(cast: Cast) -> None:
    case, first, second = cast.draft(), cast.applicant.again(), cast.applicant.again()
    statuses = at_once(
        lambda: first.post(f"{case}/check", {"key": uuid4().hex}), lambda: second.post(f"{case}/discard")
    )
    assert statuses[303] == 1
    shown = cast.applicant.get(case)
    assert shown.status_code == 404 or "先天" in shown.text


def test_two_decisions_at_once_end_in_one(cast: Cast) -> None:
    case = cast.submitted()
    act = f"/officer{case}/tasks/accept.1/act"
    accept = {"act": "ok", "key": uuid4().hex}
    refuse = {"act": "refuse", "reason": "材料不符", "key": uuid4().hex}
    statuses = at_once(lambda: cast.window.again().post(act, accept), lambda: cast.window.again().post(act, refuse))
    assert statuses[303] == 1
    assert statuses.keys() <= {303, 404, 409}
    stale = cast.window.post(act, {**refuse, "key": uuid4().hex})
    assert stale.status_code in {404, 409}
    assert "这一步已经办完" in stale.text


def test_an_officers_unprintable_words_reach_no_paper(cast: Cast) -> None:
    act = f"/officer{cast.submitted()}/tasks/accept.1/act"
    marked = {"act": "supplement", "mark.claim.cause": "1", "mark-reason.claim.cause": "x\0"}
    for sent, at in (
        (marked, "f-supplement-mark-reason-claim-cause"),
        ({"act": "refuse", "reason": "a\x1bb"}, "f-refuse-reason"),
        ({"act": "refuse", "reason": "长" * 501}, "f-refuse-reason"),
    ):
        response = cast.window.post(act, {**sent, "key": uuid4().hex})
        assert response.status_code == 422
        assert at in faults(response)


def test_five_codes_may_be_tried_even_at_once(cast: Cast) -> None:
    person, visitor = load_people().person("elder"), Tab(cast.portal)
    visitor.get("/sign-in")
    visitor.post("/sign-in", {"login": person.id_no, "password": DEMO_PASSWORD})
    visitor.get("/sign-in/code")
    right = visitor.read_code(person.phone or "")
    wrong = [f"{number:06d}" for number in range(13) if f"{number:06d}" != right][:12]
    told: Counter[str] = Counter()

    def guess(code: str) -> httpx.Response:
        response = visitor.again().post("/sign-in/code", {"code": code})
        told[faults(response)["f-code"]] += 1
        return response

    assert at_once(*[lambda code=code: guess(code) for code in wrong]) == {422: 12}
    assert told["验证码不对或已经用过，请核对后重新填写"] == 5
    assert visitor.post("/sign-in/code", {"code": right}).status_code == 422


def test_a_form_sent_after_signing_out_elsewhere_leads_back_to_itself(cast: Cast, draft: str) -> None:
    person = load_people().person("rare")
    here = Tab(cast.portal).sign_in("/sign-in", person.id_no, person.phone or "")
    elsewhere = here.again()
    assert elsewhere.post("/sign-out").status_code == 303
    page = f"{draft}/form/delivery"
    sent = here.post(page, {"delivery.way": "post"}, headers={"Referer": f"{cast.portal.base_url}{page}?then=check"})
    assert sent.status_code == 303
    assert sent.headers["location"] == f"/sign-in?next={page}?then%3Dcheck&over=1"
    assert "登录已过期" in here.get(sent.headers["location"]).text


@contextmanager
def tampered(live_portal: Instance, case: str) -> Iterator[None]:
    """Turn one sealed byte of a case around, as the owner of the database could, and back again."""
    flip = "UPDATE workflows_cases SET sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40)) WHERE id = %s"
    with psycopg.connect(live_portal.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(flip, (case.rpartition("/")[2],))
        yield
        owner.execute(flip, (case.rpartition("/")[2],))


def test_a_tampered_case_is_said_to_be_so_and_stops_nobody_else(
    cast: Cast, live_portal: Instance, platform: Platform
) -> None:
    case = cast.submitted()
    with tampered(live_portal, case):
        shown = cast.applicant.get(case)
        assert shown.status_code == 409
        assert "可能被改动过" in shown.text
        assert cast.applicant.get("/cases").status_code == 200
        platform.casework.cases.fire_due()
    assert cast.applicant.get(case).status_code == 200


def test_tidying_leaves_the_living_alone(cast: Cast, platform: Platform) -> None:
    platform.tidy()
    assert cast.applicant.get("/account").status_code == 200
