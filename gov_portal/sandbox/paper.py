"""Write one-page PDF files of plain Latin text, such as an assessment report; enough for a sample."""

_PAGE_HEIGHT = 842
_LINE_HEIGHT = 22


def one_page_pdf(lines: tuple[str, ...]) -> bytes:
    """Return a PDF 1.4 file of one A4 page with the lines on it; characters outside Latin-1 become ``?``."""
    text = "".join(_placed(line, number) for number, line in enumerate(lines)).encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    content = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(content)


def _placed(line: str, number: int) -> str:
    size, height = 18 if number == 0 else 12, _PAGE_HEIGHT - 80 - number * _LINE_HEIGHT
    escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size} Tf 60 {height} Td ({escaped}) Tj ET\n"
