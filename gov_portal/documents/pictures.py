"""Prepare pictures for typesetting: portraits cut and cleaned, codes drawn."""

import io

import segno
from PIL import Image, ImageOps, UnidentifiedImageError

# 32 x 41 mm at a little over 300 dpi.
PORTRAIT = (400, 512)
SMALL_PORTRAIT = (240, 307)
"""For a page on a phone."""
_QUALITY = 88


class PortraitUnreadable(ValueError):
    """Report that the bytes are no picture."""


def portrait(content: bytes, *, size: tuple[int, int] = PORTRAIT) -> bytes:
    """Return a picture as a JPEG of passport shape, upright, without the metadata of the camera.

    Raises:
        PortraitUnreadable: if it cannot be decoded.
    """
    try:
        with Image.open(io.BytesIO(content)) as picture:
            upright = ImageOps.exif_transpose(picture)
            flat = Image.new("RGB", upright.size, "white")
            rgba = upright.convert("RGBA")
            flat.paste(rgba, mask=rgba.getchannel("A"))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise PortraitUnreadable(type(error).__name__) from None
    fitted = ImageOps.fit(flat, size, Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    made = io.BytesIO()
    fitted.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


def qr_code(text: str) -> bytes:
    """Return a QR code of medium error correction as SVG in ink on white."""
    made = io.BytesIO()
    segno.make(text, error="m", micro=False).save(made, kind="svg", border=2, dark="#1c2430", light="#ffffff")
    return made.getvalue()


def qr_picture(text: str) -> str:
    """Return a QR code with its full quiet zone as SVG for a page, dark on white whatever the page's colours are."""
    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(border=4, dark="#1c2430", light="#ffffff", omitsize=True)
