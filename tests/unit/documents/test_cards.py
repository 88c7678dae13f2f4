import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import segno
import typst
from PIL import Image

from gov_portal.documents.cards import Cards
from gov_portal.documents.pictures import PORTRAIT, PortraitUnreadable, portrait, qr_picture
from gov_portal.documents.typesetting import TEMPLATES, Typesetter
from gov_portal.licences.domain import CardSheet
from tests.unit.documents.inspection import declared_standard, fonts, read, text_of

AT = datetime.fromisoformat("2026-04-01T09:00+08:00")
URL = "http://127.0.0.1:8000/verify/K7Q4M2XP9TRD"


class RecordingTypesetter(Typesetter):
    """Keep the data of the last document, to set it as a picture as well."""

    data: Mapping[str, object]

    def pdf(self, template: str, data: Mapping[str, object], *, at: datetime) -> bytes:
        self.data = data
        return super().pdf(template, data, at=at)


def a_card(photo: bytes | None = None, **changes: object) -> CardSheet:
    card = CardSheet(
        title="残疾人证",
        number="202600000123",
        identifier="1.2.156.3005.2.G14700000000000191001.470101.202600000123.001.K",
        authority="样例市东样区残疾人联合会",
        facts=[("姓名", "样小禾"), ("公民身份号码", "470101198005010022"), ("残疾类别", "听力残疾")],
        photo=photo,
        verify_code="K7Q4-M2XP-9TRD",
        verify_url=URL,
    )
    return replace(card, **changes)


@pytest.fixture(scope="session")
def cards(typesetter: Typesetter) -> Cards:
    return Cards(typesetter, is_sample=True)


def test_a_card_is_an_archivable_pdf_of_one_page(cards: Cards, photo: bytes) -> None:
    pdf = cards.make(a_card(photo), at=AT)
    assert declared_standard(pdf) == ("2", "B")
    assert fonts(pdf)
    assert all(fonts(pdf).values())
    assert len(read(pdf).pages) == 1


def test_a_card_carries_facts_identifier_code_and_the_mark_of_a_sample(cards: Cards) -> None:
    text = text_of(cards.make(a_card(), at=AT))
    for expected in (
        "残疾人证",
        "样小禾",
        "470101198005010022",
        "听力残疾",
        "202600000123.001.K",
        "K7Q4-M2XP-9TRD",
        "样本",
    ):
        assert expected in text


def test_a_card_carries_the_photo(cards: Cards, photo: bytes) -> None:
    images = read(cards.make(a_card(photo), at=AT)).pages[0].images
    assert [image.image.size for image in images] == [PORTRAIT]
    red, green, blue = images[0].image.convert("RGB").getpixel((200, 250))
    assert abs(red - 0x88) < 4
    assert abs(green - 0xAA) < 4
    assert abs(blue - 0xCC) < 4


def test_a_card_without_photo_says_so(cards: Cards) -> None:
    assert "无照片" in text_of(cards.make(a_card(), at=AT))


def test_nine_facts_fit_on_the_card(cards: Cards, photo: bytes) -> None:
    facts = [(f"项目{n}", "样例市东样区残疾人联合会") for n in range(9)]
    assert len(read(cards.make(a_card(photo, facts=facts), at=AT)).pages) == 1


def test_the_qr_code_on_the_card_is_that_of_the_address(fonts_dir: Path) -> None:
    typesetter = RecordingTypesetter(fonts_dir)
    Cards(typesetter, is_sample=True).make(a_card(), at=AT)
    printed = dark_modules(as_picture(fonts_dir, typesetter.data), segno.make(URL, error="m", micro=False).matrix)
    assert printed


def as_picture(fonts_dir: Path, data: Mapping[str, object]) -> Image.Image:
    compiler = typst.Compiler(root=TEMPLATES, font_paths=[fonts_dir], ignore_system_fonts=True)
    inputs = {"data": json.dumps(dict(data))}
    png = compiler.compile(input=TEMPLATES / "licence-card.typ", format="png", ppi=254, sys_inputs=inputs)
    return Image.open(io.BytesIO(png)).convert("L")


def dark_modules(picture: Image.Image, matrix: tuple[bytearray, ...]) -> bool:
    """Tell whether the left lower part of the picture shows exactly the modules of the matrix (10 pixels a mm)."""
    part = picture.crop((150, 720, 450, 995))
    left, top, right, bottom = part.point(lambda value: 255 if value < 128 else 0).getbbox()
    size = len(matrix)
    step_x, step_y = (right - left) / size, (bottom - top) / size
    return all(
        (part.getpixel((int(left + (x + 0.5) * step_x), int(top + (y + 0.5) * step_y))) < 128) == bool(matrix[y][x])
        for y in range(size)
        for x in range(size)
    )


def test_a_portrait_is_upright_flat_and_without_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "camera maker"
    made = io.BytesIO()
    Image.new("RGB", (1000, 600), "white").save(made, "JPEG", exif=exif)
    cleaned = portrait(made.getvalue())
    with Image.open(io.BytesIO(cleaned)) as picture:
        assert (picture.size, picture.mode) == (PORTRAIT, "RGB")
        assert not picture.getexif()
    assert b"camera maker" not in cleaned


def test_a_transparent_portrait_gets_a_white_ground() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (300, 400), (0, 0, 0, 0)).save(made, "PNG")
    with Image.open(io.BytesIO(portrait(made.getvalue()))) as picture:
        assert min(picture.getpixel((10, 10))) > 250


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n1234"], ids=["empty", "text", "broken"])
def test_an_unreadable_portrait_is_refused(content: bytes) -> None:
    with pytest.raises(PortraitUnreadable):
        portrait(content)


def test_the_qr_code_of_a_page_has_its_full_quiet_zone_and_grows_with_its_box() -> None:
    picture = qr_picture("http://127.0.0.1:8000/verify/shown/" + "A" * 48)
    modules = segno.make("http://127.0.0.1:8000/verify/shown/" + "A" * 48, error="m", micro=False).symbol_size(border=0)
    assert f'viewBox="0 0 {modules[0] + 8} {modules[1] + 8}"' in picture
    assert "width=" not in picture.partition(">")[0]
