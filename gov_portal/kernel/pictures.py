"""Make uploaded pictures fit to keep: upright, no larger than paper needs, and nothing in them but pixels.

A photo of a phone carries the place where it was taken, and a picture may carry a whole other file: what is no pixel
goes.
"""

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from gov_portal.kernel.files import FileBroken, FilePixelsRefused, FileTooLarge

MAX_PICTURE_BYTES = 30 * 1024 * 1024
LONGEST_SIDE = 2000
"""Pixels; a sheet of A4 stays as sharp as a fax of high quality and can be read to its smallest print."""

_KEPT_BYTES = 10 * 1024 * 1024
_MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 40_000_000}
_MOST_WORK = 400_000_000
"""Pixels times the passes in which a JPEG draws them; each pass of a file of few bytes may go over all of them."""

_MOST_PARTS = 20_000
_MOST_FILLING = 64
"""Bytes between two parts that say nothing; the reader goes over them one by one."""

_QUALITY = 88
_MAGIC = {"image/jpeg": (b"\xff\xd8\xff", "JPEG"), "image/png": (b"\x89PNG\r\n\x1a\n", "PNG")}
_MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_PLAIN_MARKERS = frozenset({0xE0, 0xEE, 0xC4, 0xDB, 0xDD, _START_OF_SCAN, _END_OF_IMAGE, *range(0xC0, 0xC4)})
"""JFIF and Adobe heads, tables, frames, scans, the end; no camera's notes, no comment, no colour profile."""
_PLAIN_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """Hold what is to be stored of an upload."""

    content: bytes = field(repr=False)
    media_type: str


def prepare(content: bytes, *, claimed_type: str) -> Prepared:
    """Return a picture turned upright, shrunk to ``LONGEST_SIDE`` and without notes; anything else as it came.

    A picture that is all that already stays as it is, byte for byte.

    Raises:
        FileTooLarge: a picture of more than ``MAX_PICTURE_BYTES``.
        FilePixelsRefused: it has more pixels than any camera makes, or draws them in more passes.
        FileBroken: it ends too early or cannot be decoded.
    """
    claimed = claimed_type.partition(";")[0].strip().lower().replace("image/jpg", "image/jpeg")
    magic, format_name = _MAGIC.get(claimed, (b"", ""))
    if not format_name or not content.startswith(magic):
        return Prepared(content, claimed_type)
    if len(content) > MAX_PICTURE_BYTES:
        raise FileTooLarge(max_mib=MAX_PICTURE_BYTES // (1024 * 1024))
    parts = list(_segments(content) if format_name == "JPEG" else _chunks(content))
    scans = sum(part == _START_OF_SCAN for part, _ in parts)
    is_plain = bool(parts) and parts[-1][1] == len(content)
    is_plain = is_plain and {part for part, _ in parts} <= (_PLAIN_MARKERS | _PLAIN_CHUNKS)
    try:
        with Image.open(io.BytesIO(content), formats=[format_name]) as image:
            _check_size(image.width * image.height, format_name, scans=scans)
            if is_plain and max(image.size) <= LONGEST_SIDE and len(content) <= _KEPT_BYTES:
                return Prepared(content, claimed)
            return _redrawn(image, format_name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FilePixelsRefused(max_pixels=_MOST_PIXELS[format_name]) from error
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise FileBroken() from error


def _check_size(pixels: int, format_name: str, *, scans: int) -> None:
    if pixels > _MOST_PIXELS[format_name] or pixels * max(scans, 1) > _MOST_WORK:
        raise FilePixelsRefused(max_pixels=_MOST_PIXELS[format_name])


def _redrawn(image: Image.Image, format_name: str) -> Prepared:
    """Return the picture drawn anew; a large PNG is a photo and becomes a JPEG."""
    is_large = max(image.size) > LONGEST_SIDE
    if format_name == "JPEG":
        # The decoder itself leaves out what the smaller picture would not show.
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    if is_large:
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(image)
    if format_name == "PNG" and not is_large:
        return Prepared(_saved(_bare(upright), "PNG"), "image/png")
    return Prepared(_saved(_on_white(upright), "JPEG"), "image/jpeg")


def _bare(image: Image.Image) -> Image.Image:
    """Return the pixels alone; only what they mean without the notes of the file."""
    return image if image.mode in {"1", "L", "LA", "RGB", "RGBA"} else image.convert("RGBA")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"L", "RGB"}:
        return image
    if image.mode in {"LA", "PA", "P", "RGBA"}:
        rgba = image.convert("RGBA")
        flat = Image.new("RGB", rgba.size, "white")
        flat.paste(rgba, mask=rgba.getchannel("A"))
        return flat
    return image.convert("RGB")


def _saved(image: Image.Image, format_name: str) -> bytes:
    made = io.BytesIO()
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    bare.save(made, format_name, quality=_QUALITY)
    return made.getvalue()


def _segments(jpeg: bytes) -> Iterator[tuple[int, int]]:
    """Yield each marker of a JPEG with where its part ends; nothing behind the end of the image is looked at.

    Raises:
        FileBroken: more parts, or more between them, than any camera writes.
    """
    at, is_drawn = 2, False
    for _ in range(_MOST_PARTS):
        found = _MARKER.search(jpeg, at)
        if found is None:
            return
        if not is_drawn and found.start() - at > _MOST_FILLING:
            raise FileBroken
        marker = found[1][0]
        is_drawn = marker == _START_OF_SCAN
        if marker == _END_OF_IMAGE:
            yield marker, found.end()
            return
        at = found.end() + int.from_bytes(jpeg[found.end() : found.end() + 2])
        yield marker, at
    raise FileBroken


def _chunks(png: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield the name of each chunk of a PNG with where it ends; nothing behind the last one is looked at.

    Raises:
        FileBroken: more chunks than any program writes.
    """
    at = 8
    for _ in range(_MOST_PARTS):
        if at + 8 > len(png):
            return
        length, name = struct.unpack_from(">I4s", png, at)
        at += 12 + length
        yield name, at
        if name == b"IEND":
            return
    raise FileBroken
