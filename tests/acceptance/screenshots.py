"""Make the pictures of the documents from a running, made-up portal: ``make screenshots``."""

import io
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from gov_portal.cli.demo.story import Stage
from gov_portal.cli.instance import Home, Instance
from tests.acceptance.browsers import DESK, PATIENCE_MS, installed, opened
from tests.acceptance.cards import begin, granted

FOLDER = Path("docs/images")
PHONE = {"width": 390, "height": 780}
LONGEST = 1600
MOST_BYTES = 280 * 1024
PHONES = ("guide", "form", "progress", "showing")
KEPT = ("progress", "showing", "verify", "desk")
"""Stand in documents by themselves; the others only in the tour."""
TOUR_WIDTH, TOUR_HEIGHT, PHONE_HEIGHT, GAP, GROUND = 1400, 1600, 700, 24, "#e8e6e0"
ITEM = "/items/cdpf.disability-card.first"
DISTRICT = "470102"
"""Whose counter has the queue."""


@dataclass(frozen=True)
class Picture:
    """One page as somebody sees it; ``who`` is a handle, a login, or nobody, ``opened`` is a fold to open first."""

    name: str
    path: str
    who: str = ""
    is_desk: bool = False
    opened: str = ""


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
            taken = {picture.name: take(browser, stage, picture) for picture in pictures(stage)}
            stage.close()
        keep("tour", tour(taken))
        for name in KEPT:
            keep(name, taken[name])
    finally:
        shutil.rmtree(home, ignore_errors=True)


def pictures(stage: Stage) -> Iterator[Picture]:
    """Let the people act, and say what to look at."""
    owner = granted(stage, "adult", kind="hearing")
    progress = begin(stage, "rare_plane_two", kind="limb")
    progress.do("window", "accept", "ok")
    begin(stage, "guardian", kind="vision")
    stage.advance("2wd")
    begin(stage, "not_graded", kind="speech")
    stage.advance("2wd")
    waiting = begin(stage, "neighbour", kind="hearing")
    form = stage.citizen("elder").browser
    draft = form.submit(form.open(f"{ITEM}/start"), "start", {"for_whom": "self", "act": "begin"})
    window = stage.officer(f"window.{DISTRICT}")
    task = window.task(waiting.number, step="accept")
    holder = owner.applicant.browser
    held = next(link for link in holder.open("/wallet").links if "/wallet/" in link)
    yield Picture("guide", ITEM)
    yield Picture("form", draft.url, "elder")
    yield Picture("progress", progress.path, "rare_plane_two", opened="哪些天停钟")
    yield Picture("showing", f"{held}/present", "adult")
    yield Picture("verify", f"/verify/{holder.open(owner.path).mark('licence')}")
    yield Picture("desk", task.url, window.name, is_desk=True)


def take(browser: Browser, stage: Stage, picture: Picture) -> Image.Image:
    """Take one picture."""
    with person(browser, stage, picture) as context:
        page = context.new_page()
        page.goto(stage.base_url + picture.path.removeprefix(stage.base_url))
        if picture.opened:
            page.locator("summary", has_text=picture.opened).click()
        page.wait_for_load_state("networkidle")
        return Image.open(io.BytesIO(shot(page))).convert("RGB")


def keep(name: str, picture: Image.Image) -> None:
    """Keep a picture, small."""
    path = FOLDER / f"{name}.png"
    path.write_bytes(small(picture))
    print(f"{path} {path.stat().st_size // 1024} KB")


def tour(taken: Mapping[str, Image.Image]) -> Image.Image:
    """Lay four phones in a row over the desk."""
    sheet = Image.new("RGB", (TOUR_WIDTH, TOUR_HEIGHT), GROUND)
    width = (TOUR_WIDTH - GAP * (len(PHONES) + 1)) // len(PHONES)
    for place, name in enumerate(PHONES):
        sheet.paste(cut(taken[name], width, PHONE_HEIGHT), (GAP + place * (width + GAP), GAP))
    below = PHONE_HEIGHT + 2 * GAP
    sheet.paste(cut(taken["desk"], TOUR_WIDTH - 2 * GAP, TOUR_HEIGHT - below - GAP), (GAP, below))
    return sheet


def cut(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return the top of a picture at a width."""
    return picture.resize((width, picture.height * width // picture.width), Image.Resampling.LANCZOS).crop(
        (0, 0, width, height)
    )


def shot(page: Page) -> bytes:
    """Return the page from its top, as far as a picture in a document should go."""
    size = page.viewport_size or PHONE
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": size["width"], "height": min(height, int(size["height"] * 1.3))}
    return page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]


def small(picture: Image.Image) -> bytes:
    """Return a picture as PNG with as many colours as fit its size."""
    picture.thumbnail((LONGEST, LONGEST))
    for colours in (256, 128, 64, 32, 16):
        packed = io.BytesIO()
        picture.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            packed, "PNG", optimize=True
        )
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
    values = {}
    if picture.who:
        known = stage.officer(picture.who) if "." in picture.who else stage.citizen(picture.who)
        values["gov_session"] = known.browser.cookie("gov_session")
    context.add_cookies([{"name": name, "value": value, "url": stage.base_url} for name, value in values.items()])
    yield context
    context.close()


if __name__ == "__main__":
    main()
