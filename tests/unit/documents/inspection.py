"""Look into a PDF as a sceptical archive does."""

import io
import re

from pypdf import PdfReader
from pypdf.generic import DictionaryObject


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in read(pdf).pages))


def declared_standard(pdf: bytes) -> tuple[str, str]:
    """Return part and conformance of PDF/A as the XMP metadata declare them."""
    xmp = read(pdf).trailer["/Root"]["/Metadata"].get_data().decode()
    part = re.search(r"pdfaid:part(?:>|=.)(\d)", xmp)
    conformance = re.search(r"pdfaid:conformance(?:>|=.)(\w)", xmp)
    assert part and conformance
    return part[1], conformance[1]


def fonts(pdf: bytes) -> dict[str, bool]:
    """Return every font's name and whether it is embedded."""
    found = {}
    for page in read(pdf).pages:
        for font in page["/Resources"].get("/Font", DictionaryObject()).values():
            font = font.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            descriptor = inner["/FontDescriptor"].get_object()
            found[str(font["/BaseFont"])] = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found
