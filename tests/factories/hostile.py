"""Make files and multipart bodies as somebody would who wants to break in, or whose program is broken."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from hypothesis import strategies as st
from PIL import Image


def drawn(format_name: str = "JPEG", size: tuple[int, int] = (30, 40), **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "white").save(made, format_name, **more)
    return made.getvalue()


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("evil.html", "<script>alert(1)</script>")
    return made.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(9999))) + chunk(b"IEND", b"")


def with_comment(jpeg: bytes, comment: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + jpeg[2:]


def drawn_over_and_over(jpeg: bytes, times: int) -> bytes:
    """Repeat the last pass over all pixels, which takes few bytes and much work."""
    return jpeg[:-2] + jpeg[jpeg.rindex(b"\xff\xda") : -2] * times + jpeg[-2:]


SCRIPT = b"<html><script>alert(document.cookie)</script></html>"
JPEG, PNG = drawn(), drawn("PNG")
PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_DEEP = b"[" * 200_000 + b"]" * 200_000
_STREAM = zlib.compress(bytes(20_000_000), 9)

POLYGLOTS = {
    "an archive behind a JPEG": JPEG + archive(),
    "an archive behind a PNG": PNG + archive(),
    "a page behind a JPEG": JPEG + SCRIPT,
    "a page in the comment of a JPEG": with_comment(JPEG, SCRIPT),
    "a PDF behind a JPEG": JPEG + PDF,
    "a page in a text chunk of a PNG": PNG[:-12] + chunk(b"tEXt", b"Comment\0" + SCRIPT) + PNG[-12:],
}
BOMBS = {
    "pixels": png_bomb(),
    "a flat picture of many pixels": drawn(size=(8100, 8000)),
    "many passes": drawn_over_and_over(drawn(size=(4000, 4000), progressive=True), 60),
    "filling": JPEG[:2] + b"\xff" * 3_000_000 + JPEG[2:],
    "escaped filling": JPEG[:2] + b"\xff\x00" * 1_500_000 + JPEG[2:],
    "parts": JPEG[:2] + b"\xff\xe0\x00\x02" * 500_000 + JPEG[2:],
    "chunks": PNG[:33] + chunk(b"teSt", b"") * 200_000 + PNG[33:],
    "a text chunk": PNG[:-12] + chunk(b"zTXt", b"a\0\0" + _STREAM) + PNG[-12:],
}
PDFS = {
    "depth": b"%PDF-1.7\n1 0 obj\n" + _DEEP + b"\nendobj\n%%EOF",
    "a loop": b"%PDF-1.7\nxref\n0 1\ntrailer<</Prev 9/Root 1 0 R/Size 1>>\nstartxref\n9\n%%EOF",
    "a huge table": b"%PDF-1.7\nxref\n0 999999999\ntrailer<</Size 999999999>>\nstartxref\n9\n%%EOF",
    "a bomb of objects": b"%PDF-1.7\n1 0 obj<</Type/ObjStm/N 9999999/First 9/Filter/FlateDecode>>stream\n"
    + _STREAM
    + b"\nendstream endobj\n%%EOF",
    "a seal of zeros": PDF + b"/ByteRange [0 1 2 3]/Contents<" + b"0" * 39_999 + b">" * 9 + b"\n%%EOF",
    "many seals": PDF + (b"<" + b"30" * 600 + b">") * 2_000 + b"%%EOF",
    "an archive too": PDF[:-7] + archive() + b"\n%%EOF\n",
}
BROKEN = {
    "nothing": b"",
    "a cut JPEG": JPEG[:-200],
    "a cut PNG": PNG[:40],
    "a head only": b"\xff\xd8\xff",
    "a page": SCRIPT,
    "a program": b"MZ\x90\0" + bytes(100),
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
}
HARMLESS = {"a JPEG": JPEG, "a PNG": PNG, "a PDF": PDF}
FILES = {**POLYGLOTS, **BOMBS, **PDFS, **BROKEN, **HARMLESS}

NAMES = [
    b"a.png",
    b"../../etc/passwd",
    b"..\\\\..\\\\a.jpg",
    b"a\0.png",
    "\u202egpj.exe".encode(),
    b"a.php.jpg",
    "长".encode() * 200,
    b"x" * 5000,
    b"",
    b"\xff\xfe\xfd",
    b"CON",
    b"a;b=c",
    b'a\\"b',
]
TYPES = [
    b"image/jpeg",
    b"image/png",
    b"application/pdf",
    b"image/svg+xml",
    b"text/html; charset=utf-7",
    b"",
    b"x" * 900,
]
TRICKS = [
    b"",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Disposition: form-data; name=other\r\n",
    b"X-Long: " + b"a" * 9000 + b"\r\n",
    b" folded\r\n",
    b"no colon\r\n",
    b"Content-Length: -1\r\n",
    b"\xff\xff: \xff\r\n",
]


@dataclass(frozen=True)
class Body:
    """A multipart body and the header that announces it; shown by its beginning."""

    content: bytes
    content_type: str

    def __repr__(self) -> str:
        return f"Body({self.content[:300]!r}… of {len(self.content)}, {self.content_type!r})"


@st.composite
def bodies(draw: st.DrawFn, names: tuple[str, ...]) -> Body:
    """Draw a body with parts of these names, in good order or not."""
    boundary = draw(st.sampled_from([b"x", b"x" * 70, b"a'()+_,-./:=? b", b"x" * 300]))
    parts = draw(st.lists(part(names), max_size=5))
    if draw(st.sampled_from([False] * 9 + [True])):
        parts = [b'Content-Disposition: form-data; name="a"\r\n\r\nb'] * 5_000
    line = b"\r\n" if draw(st.booleans()) else draw(st.sampled_from([b"\r\n", b"\n", b"\r"]))
    opening, ending = b"--" + boundary + line, b"--" + boundary + b"--" + line
    content = draw(st.sampled_from([b"", b"", b"before" + line]))
    content += b"".join(opening + one + line for one in parts)
    content += draw(st.sampled_from([ending, ending, ending, b"", opening, ending + b"behind", ending + ending]))
    declared = draw(st.sampled_from([boundary.decode()] * 6 + ["", "other", None]))
    kind = "multipart/form-data" + ("" if declared is None else f'; boundary="{declared}"')
    kind += draw(st.sampled_from(["", "", "; charset=utf-16", "; charset=nonsense", "; boundary=again"]))
    return Body(content[: draw(st.sampled_from([None, None, None, 10, -5]))], kind)


@st.composite
def part(draw: st.DrawFn, names: tuple[str, ...]) -> bytes:
    """Draw one part: a text or a file, with a name that is asked for or not."""
    name = draw(st.sampled_from([*names, *names, "csrf_token", "unknown", "", "a\0b", "名" * 400])).encode()
    head = b'Content-Disposition: form-data; name="' + name + b'"'
    if draw(st.booleans()):
        head += b'; filename="' + draw(st.sampled_from(NAMES)) + b'"'
        head += draw(st.sampled_from([b"", b"; filename*=UTF-8''..%2f%00", b"; filename=twice"]))
        head += b"\r\nContent-Type: " + draw(st.sampled_from(TYPES))
        content = draw(st.sampled_from(sorted(FILES)).map(FILES.__getitem__))
    else:
        content = draw(st.one_of(st.binary(max_size=50), st.sampled_from([b"", b"a\0b", b"x" * 600_000])))
    return head + b"\r\n" + draw(st.sampled_from(TRICKS)) + b"\r\n" + content
