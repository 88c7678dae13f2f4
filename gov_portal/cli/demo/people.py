"""Let made-up people use the portal: sign in, apply, work through tasks."""

import io
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from PIL import Image, ImageDraw

from gov_portal.cli.demo.browser import Browser, Form, Page, StoryBroken, Upload
from gov_portal.cli.identity import DEMO_PASSWORD
from gov_portal.sandbox.officers import SandboxOfficer
from gov_portal.sandbox.people import SandboxPerson

CARD_ITEM = "cdpf.disability-card.first"
PATIENCE_S = 90.0
_CODE = re.compile(r"验证码是 (\d{6})")
_CASE_PATH = re.compile(r"/cases/[0-9a-f-]{36}")


@dataclass(slots=True)
class User:
    """Be one person in front of a browser; the phone is read on the sandbox's message page."""

    name: str
    phone: str = field(repr=False)
    browser: Browser

    def read_code(self) -> str:
        """Return the newest one-time code that was sent to the phone."""
        text = self.browser.open("/sandbox/messages").text
        _, found, behind = text.partition(self.phone)
        code = _CODE.search(behind)
        if not found or code is None:
            raise StoryBroken(f"{self.name}: no code has arrived")
        return code[1]

    def wait_for(self, path: str, mark: str, wanted: str) -> Page:
        """Open a page again and again until one of its ``data-<mark>`` is ``wanted``."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            page = self.browser.open(path)
            if wanted in page.marks.get(mark, []):
                return page
            if time.monotonic() > deadline:
                raise StoryBroken(f"{self.name}: {path} never had data-{mark}={wanted}, but {page.marks.get(mark)}")
            time.sleep(0.15)


class Citizen(User):
    """Be a citizen."""

    def sign_in(self, person: SandboxPerson) -> None:
        """Sign in with number, password and code."""
        page = self.browser.open("/sign-in")
        page = self.browser.submit(page, "sign-in", {"login": person.id_no, "password": DEMO_PASSWORD})
        self.browser.submit(page, "code", {"code": self.read_code()})

    def register(self, person: SandboxPerson) -> None:
        """Open an account with name, number and phone."""
        page = self.browser.open("/register")
        typed = {"name": person.name, "id_no": person.id_no, "phone": self.phone, "password": DEMO_PASSWORD}
        page = self.browser.submit(page, "register", typed)
        self.browser.submit(page, "code", {"code": self.read_code()})

    def apply(self, answers: Mapping[str, str], *, for_ward: bool = False, item: str = CARD_ITEM) -> str:
        """Fill the form page by page and submit; return the path of the case."""
        page = self.browser.open(f"/items/{item}/start")
        whom = _other_choice(page.forms["start"], page) if for_ward else "self"
        page = self.browser.submit(page, "start", {"for_whom": whom, "act": "begin"})
        return self.submit(self.fill_pages(page, answers))

    def submit(self, check: Page) -> str:
        """Submit from the check page; return the path of the case."""
        receipt = self.browser.submit(check, "submit-application", {"act": "submit"})
        found = _CASE_PATH.search(receipt.url)
        if found is None:
            raise StoryBroken(f"{receipt.url}: is no receipt: {receipt.text[:400]}")
        return found[0]

    def fill_pages(self, page: Page, answers: Mapping[str, str]) -> Page:
        """Answer one form page after the other until the check page."""
        for _ in range(12):
            if "submit-application" in page.forms:
                return page
            form = _first_form(page, "page-", "materials")
            known = {name: value for name, value in answers.items() if name in form.names}
            uploads = {name: portrait() if "photo" in name else paper() for name in form.files}
            page = self.browser.submit(page, form.id, known, files=uploads)
        raise StoryBroken(f"{self.name}: the form never ended: {page.text[:400]}")


class Officer(User):
    """Be an officer at the desk."""

    def sign_in(self, officer: SandboxOfficer) -> None:
        """Sign in with login, password and code."""
        page = self.browser.open("/officer/sign-in")
        page = self.browser.submit(page, "officer-sign-in", {"login": officer.login, "password": DEMO_PASSWORD})
        self.browser.submit(page, "code", {"code": self.read_code()})

    def task(self, case_number: str, *, step: str) -> Page:
        """Open the task of a case at a step from the queue, waiting until it is there."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            queue = self.browser.open(f"/officer?number={case_number}")
            wanted = [link for link in queue.links if f"/tasks/{step}." in link]
            if wanted:
                return self.browser.open(wanted[0])
            time.sleep(0.15)
        raise StoryBroken(f"{self.name}: no task {step} of {case_number} in the queue: {queue.text[:600]}")

    def act(
        self,
        case_number: str,
        *,
        step: str,
        act: str,
        values: Mapping[str, str] | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> None:
        """Open the task and carry out one act."""
        page = self.task(case_number, step=step)
        self.browser.submit(page, f"act-{act}", {**(values or {}), "act": act}, files=files)

    def note(self, case_number: str, *, step: str, wanting: Mapping[str, str]) -> None:
        """Note on the task's sheet what is wanting, by target."""
        page = self.task(case_number, step=step)
        verdicts = {f"check.{target}": "wanting" for target in wanting}
        words = {f"check-reason.{target}": text for target, text in wanting.items()}
        self.browser.submit(page, "checks", {**verdicts, **words})

    def steer(self, case_number: str, *, step: str, form: str, values: Mapping[str, str]) -> None:
        """Suspend, resume, extend or hand over from the task's page."""
        self.browser.submit(self.task(case_number, step=step), form, {**values, "act": form})


def portrait() -> Upload:
    """Draw a face, as a PNG file."""
    picture = Image.new("RGB", (413, 579), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((106, 90, 306, 350), fill="#e8c9a8", outline="#8a6a4a", width=3)
    draw.ellipse((160, 200, 180, 215), fill="#333333")
    draw.ellipse((232, 200, 252, 215), fill="#333333")
    draw.arc((170, 240, 242, 300), 20, 160, fill="#8a3a3a", width=4)
    draw.pieslice((40, 360, 373, 800), 180, 360, fill="#1d4f91")
    content = io.BytesIO()
    picture.save(content, "PNG")
    return "photo.png", content.getvalue(), "image/png"


def paper() -> Upload:
    """Scan a paper, as a PNG file."""
    picture = Image.new("RGB", (600, 800), "#fbfaf7")
    ImageDraw.Draw(picture).rectangle((40, 40, 560, 760), outline="#5a6472", width=2)
    content = io.BytesIO()
    picture.save(content, "PNG")
    return f"{uuid4().hex}.png", content.getvalue(), "image/png"


def _first_form(page: Page, *prefixes: str) -> Form:
    for form in page.forms.values():
        if form.id.startswith(prefixes):
            return form
    raise StoryBroken(f"{page.url}: no form page, but {sorted(page.forms)}: {page.text[:400]}")


def _other_choice(form: Form, page: Page) -> str:
    """Return the first person of the radio list that is not oneself."""
    for value in form.choices.get("for_whom", []):
        if value != "self":
            return value
    raise StoryBroken(f"{page.url}: nobody to act for")
