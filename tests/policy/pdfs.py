"""PDF files for tests, good ones and hostile ones, written by hand or by the library that prints certificates."""

import zlib

from fpdf import FPDF

PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    b"/Resources<</Font<</F1 <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
)


def drawn(content: bytes, *, pages: int = 1, packed: bool = True) -> bytes:
    """A PDF whose pages all draw the same content stream."""
    stream = zlib.compress(content, 9) if packed else content
    packing = b"/Filter/FlateDecode" if packed else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + b"3 0 R " * pages + b"]/Count %d>>" % pages,
        PAGE,
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(stream), packing, stream),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + end


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
