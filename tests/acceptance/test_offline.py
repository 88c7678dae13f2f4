"""The page that verifies licences without a network says the truth of genuine, altered, ended, foreign, hostile files.

It is opened as people open it, from a folder, in a browser that reaches nothing; and what it says of a file is held
against what pyHanko and our own reader say.
"""

import io
import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.certificates import certificate_of
from gov_portal.documents.seal_marks import SealReader
from gov_portal.documents.sealing import Sealer
from gov_portal.documents.time_stamps import OwnStamper, StampReader
from gov_portal.web.verify.offline import script
from tests.acceptance.screens import LOOKS, OF_COLOURS, faults, look_again
from tests.factories.offline import ISSUER, NEXT_YEAR, REVOKED, SUPERSEDED, TODAY, VALID, Issuing, apart

pytestmark = pytest.mark.browser

DAY = timedelta(days=1)
FLIP = """async ([text, places]) => {
  const plain = Uint8Array.from(atob(text), letter => letter.charCodeAt(0)), said = {};
  for (const [place, bit] of places) {
    const changed = plain.slice();
    changed[place] ^= 1 << bit;
    const { state } = await judge(changed, given);
    (said[state] ||= []).push(place);
  }
  return said;
}"""


@dataclass
class Desk:
    """Someone at a desk without a network, with the page open."""

    page: Page
    folder: Path
    errors: list[str] = field(default_factory=list)

    def hand_in(self, content: bytes, name: str = "licence.pdf") -> str:
        """Choose a file, press the button and return the state that the page tells."""
        path = self.folder / name
        path.write_bytes(content)
        self.page.locator("#licence").set_input_files(path)
        return self._pressed()

    def paste(self, text: str) -> str:
        self.page.locator("#licence").set_input_files([])
        self.page.locator("#pasted").fill(text)
        return self._pressed()

    def load_list(self, token: str) -> str:
        path = self.folder / "list.jwt"
        path.write_text(token)
        self.page.locator("#list").set_input_files([])
        self.page.locator("#list").set_input_files(path)
        self.page.wait_for_function("list => list !== document.querySelector('#lists').textContent", arg="")
        return self.page.locator("#lists").inner_text()

    def said(self) -> str:
        return self.page.locator("#result").inner_text()

    def _pressed(self) -> str:
        self.page.evaluate("delete document.querySelector('#result').dataset.state")
        self.page.get_by_role("button", name="核验").click()
        self.page.wait_for_selector("#result[data-state]")
        return str(self.page.locator("#result").get_attribute("data-state"))


@pytest.fixture(scope="module")
def issuing(tmp_path_factory: pytest.TempPathFactory) -> Issuing:
    return Issuing(SealAuthority(tmp_path_factory.mktemp("secrets")))


@pytest.fixture(scope="module")
def card(issuing: Issuing) -> bytes:
    return issuing.card()


@pytest.fixture(scope="module")
def genuine(issuing: Issuing, card: bytes) -> bytes:
    return issuing.pdf(card, issuing.claims())


def at_a_desk(browser: Browser, folder: Path, html: str) -> Iterator[Desk]:
    """Open the page from a folder, without a network and with its policy in force; nothing may go wrong unseen."""
    file = folder / "verify-offline.html"
    file.write_text(html, encoding="utf-8")
    context = browser.new_context(
        offline=True, locale="zh-CN", viewport={"width": 375, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    desk = Desk(page, folder)
    page.on("pageerror", lambda error: desk.errors.append(str(error)))
    page.on("console", lambda line: desk.errors.append(line.text) if line.type == "error" else None)
    page.goto(file.as_uri())
    yield desk
    context.close()
    assert desk.errors == []


@pytest.fixture(scope="module")
def fresh(issuing: Issuing) -> str:
    """The page with a list of today."""
    return issuing.page(issuing.status_list())


@pytest.fixture
def desk(browser: Browser, fresh: str, tmp_path: Path) -> Iterator[Desk]:
    yield from at_a_desk(browser, tmp_path, fresh)


@pytest.fixture
def bare_desk(browser: Browser, issuing: Issuing, tmp_path: Path) -> Iterator[Desk]:
    yield from at_a_desk(browser, tmp_path, issuing.page())


def pyhanko_says(pdf: bytes, issuing: Issuing) -> bool:
    """Return whether pyHanko finds the file whole, valid and trusted."""
    try:
        status = apart(lambda: _validated(pdf, issuing))
    except Exception:  # noqa: BLE001 - whatever a parser raises of a broken file is a refusal
        return False
    whole = status.coverage.name == "ENTIRE_FILE" and status.modification_level is ModificationLevel.NONE
    return bool(whole and status.intact and status.valid and status.trusted)


def _validated(pdf: bytes, issuing: Issuing) -> PdfSignatureStatus:
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[certificate_of(issuing.authority.root)], allow_fetching=False)
    return validate_pdf_signature(signature, context)


def test_a_genuine_licence_is_valid_as_pdf(desk: Desk, genuine: bytes, issuing: Issuing) -> None:
    assert desk.hand_in(genuine) == "valid"
    assert pyhanko_says(genuine, issuing)
    for part in ("有效", ISSUER, "残疾人证", "202600000001", NEXT_YEAR.isoformat(), "状态名单", "0 天前"):
        assert part in desk.said()
    expect(desk.page.locator("#result")).to_be_focused()


def test_a_genuine_licence_is_valid_as_text_and_shows_what_was_disclosed(desk: Desk, issuing: Issuing) -> None:
    assert desk.paste(issuing.sd_jwt(issuing.claims(), "name", "grade")) == "valid"
    assert "样小禾" in desk.said()
    assert "二级" in desk.said()
    assert "1980" not in desk.said()
    assert desk.hand_in(issuing.sd_jwt(issuing.claims()).encode() + b"\n", "licence.sd-jwt") == "valid"
    assert "样小禾" not in desk.said()


@pytest.mark.parametrize(
    ("place", "since", "until", "state"),
    [
        (REVOKED, TODAY, NEXT_YEAR, "revoked"),
        (SUPERSEDED, TODAY, NEXT_YEAR, "superseded"),
        (VALID, TODAY - 9 * DAY, TODAY - 2 * DAY, "expired"),
        (REVOKED, TODAY - 9 * DAY, TODAY - 2 * DAY, "revoked"),
        (VALID, TODAY + 2 * DAY, NEXT_YEAR, "early"),
        (VALID, TODAY, None, "valid"),
        (1 << 20, TODAY, NEXT_YEAR, "unlisted"),
    ],
    ids=["revoked", "superseded", "expired", "revoked and expired", "early", "for good", "in no list"],
)
def test_a_licence_that_is_not_in_force_is_refused_in_both_forms(
    desk: Desk, issuing: Issuing, card: bytes, place: int, since: object, until: object, state: str
) -> None:
    claims = issuing.claims(place, since=since, until=until)
    assert desk.hand_in(issuing.pdf(card, claims)) == state
    assert desk.paste(issuing.sd_jwt(claims, "name")) == state


@pytest.mark.parametrize(
    ("place", "until", "state"),
    [
        (VALID, TODAY, "copy"),
        (REVOKED, TODAY, "revoked"),
        (VALID, TODAY - 2 * DAY, "expired"),
        (1 << 20, TODAY, "unlisted"),
    ],
    ids=["genuine", "revoked", "expired", "in no list"],
)
def test_an_annotated_copy_is_at_best_genuine(
    desk: Desk, issuing: Issuing, card: bytes, place: int, until: object, state: str
) -> None:
    assert desk.hand_in(issuing.pdf(card, issuing.copied(place, until=until))) == state
    assert until.isoformat() in desk.said()


def test_a_stamped_seal_is_as_good_as_any(desk: Desk, issuing: Issuing, card: bytes) -> None:
    reader = StampReader(lambda: [certificate_of(issuing.authority.root)])
    issuing.sealer = Sealer(issuing.authority, time_stamper=OwnStamper(issuing.authority, reader=reader))
    try:
        assert desk.hand_in(issuing.pdf(card, issuing.claims())) == "valid"
    finally:
        issuing.sealer = Sealer(issuing.authority)


def test_a_changed_bit_is_found_wherever_it_is(desk: Desk, genuine: bytes, issuing: Issuing) -> None:
    chance = random.Random(38540)
    start = genuine.index(b"/Contents <") + len("/Contents <")
    stop = genuine.index(b">", start)
    inside = chance.sample(range(start - 1, stop + 1), 400)
    outside = chance.sample([*range(12, start - 1), *range(stop + 1, len(genuine))], 400)
    heads = [*range(12), *range(len(genuine) - 12, len(genuine)), start - 1, stop]
    places = [[place, chance.randrange(8)] for place in (*inside, *outside, *heads)]
    said = desk.page.evaluate(FLIP, [b64encode(genuine).decode(), places])
    assert set(said) <= {"altered", "unknown"}
    assert set(outside) <= set(said["altered"])
    for place, bit in chance.sample(places, 20):
        changed = bytearray(genuine)
        changed[place] ^= 1 << bit
        assert SealReader(issuing.authority).inspect(bytes(changed)).state != "whole"


def test_a_changed_character_of_a_text_is_found_wherever_it_is(desk: Desk, issuing: Issuing) -> None:
    chance, text = random.Random(9901), issuing.sd_jwt(issuing.claims(), "name", "grade")
    ends = [*range(5), *range(len(text) - 5, len(text))]
    places = [[place, chance.randrange(7)] for place in (*chance.sample(range(len(text)), 400), *ends)]
    said = desk.page.evaluate(FLIP, [b64encode(text.encode()).decode(), places])
    assert set(said) <= {"altered", "unknown"}


def test_an_incremental_update_is_found_as_pyhanko_finds_it(desk: Desk, genuine: bytes, issuing: Issuing) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(genuine))
    writer.root["/Lang"] = writer.root.raw_get("/Lang") if "/Lang" in writer.root else writer.root["/Type"]
    writer.update_root()
    made = io.BytesIO()
    writer.write(made)
    for more in (made.getvalue(), genuine + b"\n", genuine + genuine, b"\n" + genuine, b"%PDF-1.7\n" + genuine):
        assert not pyhanko_says(more, issuing)
        assert desk.hand_in(more) == "altered"


def test_what_pyhanko_refuses_the_page_refuses(desk: Desk, genuine: bytes, issuing: Issuing) -> None:
    chance = random.Random(7)
    places = [[place, chance.randrange(8)] for place in chance.sample(range(len(genuine)), 25)]
    said = desk.page.evaluate(FLIP, [b64encode(genuine).decode(), places])
    assert "valid" not in said
    for place, bit in places:
        changed = bytearray(genuine)
        changed[place] ^= 1 << bit
        if pyhanko_says(bytes(changed), issuing):
            # pyHanko reads around the signature what we write in one way only.
            assert genuine.index(b"/Contents <") < place < genuine.index(b">", genuine.index(b"/Contents <"))


def test_a_foreign_chain_is_not_known(desk: Desk, card: bytes, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    foreign = Issuing(SealAuthority(tmp_path / "elsewhere"))
    pdf = foreign.pdf(card, foreign.claims())
    assert pyhanko_says(pdf, foreign)
    assert desk.hand_in(pdf) == "unknown"
    assert desk.paste(foreign.sd_jwt(foreign.claims(), "name")) == "unknown"


def test_an_authority_cannot_speak_for_another_nor_for_the_lists(desk: Desk, issuing: Issuing) -> None:
    assert desk.paste(issuing.sd_jwt(issuing.claims(), authority="西样区残疾人联合会")) == "unknown"
    assert "没有载入" in desk.load_list(issuing.status_list(by=ISSUER))
    assert desk.paste(issuing.sd_jwt(issuing.claims(REVOKED))) == "revoked"


def test_a_seal_may_sign_nothing_but_documents(desk: Desk, issuing: Issuing) -> None:
    signed = issuing.status_list()
    assert desk.paste(f"{signed}~") == "altered"


def test_a_sealed_paper_without_claims_is_no_licence(desk: Desk, card: bytes, issuing: Issuing) -> None:
    assert desk.hand_in(issuing.pdf(card, None)) == "sealed"
    assert ISSUER in desk.said()


def test_the_page_says_how_old_its_list_is(browser: Browser, issuing: Issuing, tmp_path: Path) -> None:
    for desk in at_a_desk(browser, tmp_path, issuing.page(issuing.status_list(age=9 * DAY))):
        assert "已经 9 天，太旧了" in desk.page.locator("#lists").inner_text()
        assert desk.paste(issuing.sd_jwt(issuing.claims())) == "valid"
        assert "已经 9 天，太旧了" in desk.said()


def test_a_newer_list_is_loaded_and_an_older_one_does_not_replace_it(desk: Desk, issuing: Issuing) -> None:
    text = issuing.sd_jwt(issuing.claims(4711))
    assert desk.paste(text) == "valid"
    desk.load_list(issuing.status_list(more=4711, age=-timedelta(seconds=2)))
    assert desk.paste(text) == "revoked"
    desk.load_list(issuing.status_list(age=3 * DAY))
    assert desk.paste(text) == "revoked"


def test_without_a_list_nothing_is_called_valid(bare_desk: Desk, genuine: bytes, issuing: Issuing) -> None:
    assert bare_desk.hand_in(genuine) == "unlisted"
    assert "没有状态名单" in bare_desk.page.locator("#lists").inner_text()
    bare_desk.load_list(issuing.status_list())
    assert bare_desk.hand_in(genuine) == "valid"


HOSTILE = {
    "nothing": b"",
    "blanks": b" \n ",
    "one byte": b"\x00",
    "head only": b"%PDF-1.7",
    "noise": random.Random(1).randbytes(200_000),
    "noise that begins as a PDF": b"%PDF-1.7\n" + random.Random(2).randbytes(2_000_000),
    "openings": b"%PDF-" + b"<" * 2_000_000,
    "hexadecimal without end": b"%PDF-<" + b"3" * 5_000_000,
    "nested lengths": b"%PDF-<" + b"3080" * 5000 + b">",
    "long lengths": b"%PDF-<" + b"3083FFFFFF" * 1000 + b">",
    "zeros": b"%PDF-<" + b"00" * 2000 + b">",
    "four million": b"%PDF-" + b"<30820100" * 400_000,
    "tildes": b"~" * 100_000,
    "dots": b"a.b.c~" * 10_000,
    "a header of null": b"bnVsbA.e30.AAAA~",
    "a header of a list": b"W10.e30.AAAA~",
    "bad UTF-8": b"\xff\xfe.a.b~",
    "JSON": b'{"licence": {"name": "x"}}',
    "too large": b"%PDF-" + b"0" * (33 * 1024 * 1024),
}


def test_hostile_files_get_a_word_and_never_an_error(desk: Desk, genuine: bytes) -> None:
    said = {name: desk.hand_in(content) if content else desk.paste("") for name, content in HOSTILE.items()}
    assert said == dict.fromkeys(HOSTILE, "unknown")
    for length in (1, 100, len(genuine) // 2, len(genuine) - 40_000, len(genuine) - 1):
        assert desk.hand_in(genuine[:length]) in {"unknown", "altered"}


@pytest.mark.parametrize(
    "content", [b"", b"a.b.c", b"\xff" * 100, b"e30.e30.AAAA"], ids=["empty", "dots", "noise", "json"]
)
def test_a_hostile_list_is_not_loaded(desk: Desk, content: bytes) -> None:
    path = desk.folder / "list.jwt"
    path.write_bytes(content)
    desk.page.locator("#list").set_input_files(path)
    expect(desk.page.locator("#lists")).to_contain_text("没有载入")


def test_it_can_be_read_in_english_and_worked_by_keyboard(desk: Desk, genuine: bytes) -> None:
    desk.page.locator("#language").press("Enter")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Verify licences offline", use_inner_text=True)
    path = desk.folder / "licence.pdf"
    path.write_bytes(genuine)
    desk.page.locator("#licence").set_input_files(path)
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Tab")
    expect(desk.page.get_by_role("button", name="Verify", exact=True)).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#result h2")).to_have_text("Valid", use_inner_text=True)


def test_everybody_can_use_it(desk: Desk, issuing: Issuing, genuine: bytes) -> None:
    desk.page.context.set_offline(True)
    assert wrong_looks(desk.page) == {}
    desk.hand_in(genuine)
    assert wrong_looks(desk.page) == {}
    desk.paste(issuing.sd_jwt(issuing.claims(REVOKED), "name"))
    assert wrong_looks(desk.page) == {}


def wrong_looks(page: Page) -> dict[str, list[str]]:
    """Return what is wrong in each form of the page as it stands."""
    found = {}
    for look in (look for look in LOOKS if not look.is_large):
        look_again(page, look)
        found[str(look)] = faults(page, rules=OF_COLOURS if look.colours == "dark" else ())
    return {look: wrong for look, wrong in found.items() if wrong}


def test_its_script_is_small_and_can_be_read() -> None:
    text = script()
    assert len(text.encode()) < 24 * 1024
    assert max(map(len, text.splitlines())) <= 120
    assert "http" not in text
    assert "fetch(" not in text
    assert "innerHTML" not in text
