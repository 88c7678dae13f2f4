"""Make the pictures of the documents from a running, made-up portal: ``make screenshots``."""

import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from gov_portal.cli.demo.story import CLAIM, Matter, Stage
from gov_portal.cli.instance import Home, Instance
from gov_portal.sandbox.people import load_people
from tests.acceptance.browsers import DESK, PATIENCE_MS, installed, opened

FOLDER = Path("docs/images")
PHONE = {"width": 390, "height": 780}
LONGEST = 1600
MOST_BYTES = 150 * 1024
DISTRICT = "470102"
"""Whose counter has the queue."""


@dataclass(frozen=True)
class Picture:
    """One page as somebody sees it; ``who`` is a handle, a login, or nobody."""

    name: str
    path: str
    who: str = ""
    is_desk: bool = False
    language: str = "zh"


def main() -> None:
    """Start an instance, let people apply and officers decide, and take the pictures."""
    program = installed()
    if not program:
        sys.exit("no browser: install Chromium (apt-get install chromium)")
    home = Path(tempfile.mkdtemp(prefix="gov-pictures-"))
    try:
        with Instance(Home(home)) as instance, opened(program) as browser:
            stage = Stage(
                instance.base_url,
                print,
                pause_making=lambda: lambda: None,
                await_quiet=lambda: None,
                out=home / "papers",
            )
            for picture in pictures(stage):
                take(browser, stage, picture)
            stage.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def pictures(stage: Stage) -> Iterator[Picture]:
    """Let the people act, and say what to look at."""
    owner = granted(stage)
    progress = begin(stage, "rare_plane_two", kind="limb")
    progress.do("window", "accept", "ok")
    begin(stage, "guardian", kind="vision")
    stage.advance("2wd")
    begin(stage, "not_graded", kind="speech")
    stage.advance("2wd")
    waiting = begin(stage, "neighbour", kind="hearing")
    form = stage.citizen("elder")
    draft = form.browser.submit(
        form.browser.open("/items/cdpf.disability-card.first/start"), "start", {"for_whom": "self", "act": "begin"}
    )
    item = "/items/cdpf.disability-card.first"
    window = stage.officer(f"window.{DISTRICT}")
    task = window.task(waiting.number, step="accept")
    yield Picture("home", "/")
    yield Picture("home-desktop", "/", is_desk=True)
    yield Picture("guide", item)
    yield Picture("guide-english", item, language="en")
    yield Picture("form", draft.url, "elder")
    yield Picture("progress", progress.path, "rare_plane_two")
    yield Picture("wallet", wallet_of(owner), "adult")
    yield Picture("queue", "/officer", window.name, is_desk=True)
    yield Picture("case", task.url, window.name, is_desk=True)


def begin(stage: Stage, handle: str, *, kind: str) -> Matter:
    """Let somebody apply at home."""
    citizen = stage.citizen(handle)
    answers = {**CLAIM, "claim.kind": kind, "claim.cause": "交通事故", "delivery.way": "pickup"}
    return Matter(stage, citizen, citizen.apply(answers), load_people().person(handle).region)


def granted(stage: Stage) -> Matter:
    """Let one case go from the application to the card."""
    matter = begin(stage, "adult", kind="hearing")
    matter.do("window", "accept", "ok")
    matter.assess(2, kind="hearing")
    matter.await_publicity()
    stage.advance("6wd")
    matter.vote("ok", "ok")
    matter.do("leader", "approve", "ok")
    matter.applicant.wait_for(matter.path, "kind", "issued")
    return matter


def wallet_of(matter: Matter) -> str:
    """Return the way to the licences of whoever got one."""
    page = matter.applicant.browser.open("/")
    return next((link for link in page.links if "wallet" in link or "licences" in link), matter.path)


def take(browser: Browser, stage: Stage, picture: Picture) -> None:
    """Take one picture and keep it small."""
    with person(browser, stage, picture) as context:
        page = context.new_page()
        page.goto(stage.base_url + picture.path.removeprefix(stage.base_url))
        path = FOLDER / f"{picture.name}.png"
        path.write_bytes(small(shot(page)))
    print(f"{path} {path.stat().st_size // 1024} KB")


def shot(page: Page) -> bytes:
    """Return the page from its top, as far as a picture in a document should go."""
    size = page.viewport_size or PHONE
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": size["width"], "height": min(height, int(size["height"] * 1.3))}
    return page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]


def small(content: bytes) -> bytes:
    """Return a picture with as many colours as fit its size."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    picture.thumbnail((LONGEST, LONGEST))
    for colours in (256, 128, 64, 32, 16):
        packed = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() <= MOST_BYTES:
            break
    return packed.getvalue()


@contextmanager
def person(browser: Browser, stage: Stage, picture: Picture) -> Iterator[BrowserContext]:
    """Yield a browser with the session and the language of whoever looks."""
    context = browser.new_context(
        viewport=DESK if picture.is_desk else PHONE,  # type: ignore[arg-type]
        device_scale_factor=1 if picture.is_desk else 2,
        locale="zh-CN",
    )
    context.set_default_timeout(PATIENCE_MS)
    values = {"gov_language": picture.language}
    if picture.who:
        known = stage.officer(picture.who) if "." in picture.who else stage.citizen(picture.who)
        values["gov_session"] = known.browser.cookie("gov_session")
    context.add_cookies([{"name": name, "value": value, "url": stage.base_url} for name, value in values.items()])
    yield context
    context.close()


if __name__ == "__main__":
    main()
