"""A picture is kept upright, small, and as nothing but a picture; whatever is good already stays as it is."""

import io

import pytest
from PIL import Image

from gov_portal.kernel.files import FileBroken, FilePixelsRefused, FileTooLarge
from gov_portal.kernel.pictures import LONGEST_SIDE, MAX_PICTURE_BYTES, prepare
from tests.factories.hostile import BOMBS, JPEG, PDF, PNG, POLYGLOTS, chunk, drawn

TURNED_LEFT = 8


def noted(size: tuple[int, int] = (300, 200), **more: object) -> bytes:
    """Draw a photo that is red above and lies on its left side, with where it was taken."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = TURNED_LEFT
    exif.get_ifd(0x8825)[1] = "N"
    made = io.BytesIO()
    image.save(made, "JPEG", exif=exif, **more)
    return made.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("content", "kind"),
    [(JPEG, "image/jpeg"), (PNG, "image/png"), (PDF, "application/pdf")],
    ids=["JPEG", "PNG", "PDF"],
)
def test_what_is_fit_stays_as_it_is(content: bytes, kind: str) -> None:
    fit = prepare(content, claimed_type=kind)
    assert (fit.content, fit.media_type) == (content, kind)


def test_a_large_photo_becomes_small_and_keeps_its_shape() -> None:
    fit = prepare(drawn(size=(4000, 3000)), claimed_type="image/jpeg")
    assert opened(fit.content).size == (LONGEST_SIDE, 1500)


def test_a_large_png_becomes_a_jpeg_on_white() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (2400, 1200), (0, 0, 0, 0)).save(made, "PNG")
    fit = prepare(made.getvalue(), claimed_type="image/png")
    picture = opened(fit.content)
    assert (fit.media_type, picture.format, picture.size) == ("image/jpeg", "JPEG", (2000, 1000))
    assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_a_photo_is_turned_upright_and_says_no_more_where_it_was_taken() -> None:
    picture = opened(prepare(noted(), claimed_type="image/jpeg").content)
    assert picture.size == (200, 300)
    assert not picture.getexif()
    assert picture.getpixel((100, 280))[1] < 60 < 200 < picture.getpixel((100, 20))[1]


@pytest.mark.parametrize("name", POLYGLOTS)
def test_nothing_but_the_picture_is_kept_of_a_file_that_is_two(name: str) -> None:
    kind = "image/png" if "PNG" in name else "image/jpeg"
    fit = prepare(POLYGLOTS[name], claimed_type=kind)
    assert fit.media_type == kind
    assert opened(fit.content).size == (30, 40)
    assert not any(mark in fit.content for mark in (b"PK\x03\x04", b"<script", b"%PDF"))


@pytest.mark.parametrize("name", ["pixels", "a flat picture of many pixels", "many passes"])
def test_more_pixels_than_a_camera_makes_are_refused_before_they_are_drawn(name: str) -> None:
    with pytest.raises(FilePixelsRefused):
        prepare(BOMBS[name], claimed_type="image/png" if name == "pixels" else "image/jpeg")


@pytest.mark.parametrize("name", ["filling", "escaped filling", "parts", "chunks"])
def test_a_file_that_is_made_to_be_read_slowly_is_refused(name: str) -> None:
    with pytest.raises(FileBroken):
        prepare(BOMBS[name], claimed_type="image/png" if name == "chunks" else "image/jpeg")


def test_a_large_photo_that_breaks_off_is_refused() -> None:
    made = io.BytesIO()
    Image.effect_noise((2500, 2500), 90).save(made, "JPEG")
    with pytest.raises(FileBroken):
        prepare(made.getvalue()[:-100_000], claimed_type="image/jpeg")


def test_a_picture_of_more_than_thirty_megabytes_is_refused() -> None:
    with pytest.raises(FileTooLarge) as refused:
        prepare(JPEG + bytes(MAX_PICTURE_BYTES), claimed_type="image/jpeg")
    assert refused.value.params == {"max_mib": 30}


def test_a_moving_picture_stands_still() -> None:
    moving = PNG[:33] + chunk(b"acTL", b"\0\0\0\1\0\0\0\0") + PNG[33:]
    assert b"acTL" not in prepare(moving, claimed_type="image/png").content


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_every_kind_of_jpeg_can_be_shrunk(mode: str) -> None:
    made = io.BytesIO()
    Image.new(mode, (2500, 100)).save(made, "JPEG")
    assert opened(prepare(made.getvalue(), claimed_type="image/jpeg").content).size == (2000, 80)
