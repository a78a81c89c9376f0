"""PDF files for tests, good ones and hostile ones, written by hand or by the library that prints certificates."""

import zlib

from fpdf import FPDF

PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    b"/Resources<</Font<</F1 <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
)


def drawn(content: bytes, *, pages: int = 1, packed: bool = True) -> bytes:
    """A PDF whose pages all draw the same content stream."""
    stream = _stream(zlib.compress(content, 9), b"/Filter/FlateDecode") if packed else _stream(content)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + b"3 0 R " * pages + b"]/Count %d>>" % pages,
        PAGE,
        stream,
    ]
    return _file(objects)


def _stream(content: bytes, packing: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), packing, content)


def _file(objects: list[bytes]) -> bytes:
    """The objects with the table that says where each lies; the first is the root."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def printed(*pages: str, password: str = "", running: str = "") -> bytes:
    """A text as an office program prints it: paragraphs apart, a running head and a page number on each page."""
    page = FPDF(format="letter")
    page.set_font("Helvetica", "", 11)
    if password:
        page.set_encryption("owner", password)
    for number, text in enumerate(pages, 1):
        page.set_auto_page_break(auto=True, margin=25)
        page.add_page()
        if running:
            page.cell(text=running, new_x="LMARGIN", new_y="NEXT")
            page.ln(8)
        for paragraph in text.split("\n\n"):
            page.multi_cell(0, 5, text=paragraph, align="L", new_x="LMARGIN", new_y="NEXT")
            page.ln(5)
        if running:
            page.set_auto_page_break(auto=False)
            page.set_y(-20)
            page.cell(text=f"Page {number} of {len(pages)}")
    return bytes(page.output())


def misnamed(text: str, character: str) -> bytes:
    """A PDF that shows ``text``, whose font says that its first letter is the ``character`` (UTF-16 in hex)."""
    names = (
        f"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <{ord(text[0]):02x}> <{character}> endbfchar"
    ).encode()
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PAGE.replace(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", font),
        _stream(b"BT /F1 12 Tf 72 720 Td (" + text.encode() + b") Tj ET"),
        _stream(names),
    ]
    return _file(objects)
