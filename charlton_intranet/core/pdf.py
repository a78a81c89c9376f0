"""Reading PDF files that people hand in, in a process of its own.

``core.pdf_reader`` reads it under limits of its own (``core.bounded``), and ends with the time it is given.
"""

from charlton_intranet.core import pdf_reader
from charlton_intranet.core.bounded import answer_of
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.pdf_reader import PdfText
from charlton_intranet.core.uploads import Upload, safe_name

MAX_BYTES = 10_000_000
MAX_PAGES = 200
# Of the processor's time; and of anybody's, on a busy machine or one that can not bound a process.
SECONDS = 15
PATIENCE = 45

_SENTENCES = {
    "encrypted": "{name} is protected by a password. Save a copy without one and choose that.",
    "pages": f"{{name}} has more than {MAX_PAGES} pages. Hand in the policy alone.",
    "large": "{name} unfolds to more text than a policy has. Save it anew from its source, or paste the text.",
    "slow": f"{{name}} took longer than {SECONDS} seconds to read. Save it anew from its source, or paste the text.",
    "broken": "{name} is not a whole PDF file. Save it anew from its source, or paste the text.",
}


def inspect_pdf(data: bytes, file_name: str, *, field: str) -> tuple[Upload, PdfText]:
    """Read a PDF and say what is in it; raises ``Invalid`` for ``field`` with a sentence that says what to do.

    The bytes are not changed: they are what was handed in.
    """
    name = safe_name(file_name)
    if not data:
        raise Invalid({field: f"{name} is empty. Choose the file again."})
    if len(data) > MAX_BYTES:
        raise Invalid({field: f"{name} is larger than {MAX_BYTES // 1_000_000} MB. Save it smaller."})
    found = read(data)
    if isinstance(found, str):
        raise Invalid({field: _SENTENCES[found].format(name=name)})
    return Upload("application/pdf", safe_name(file_name, (".pdf",)), data), found


def read(data: bytes) -> PdfText | str:
    """What the child found, or the word for why it did not."""
    found = answer_of(pdf_reader.__file__, MAX_PAGES, data=data, seconds=SECONDS, patience=PATIENCE)
    if "refused" in found:
        return str(found["refused"])
    return PdfText(found["pages"], [(name, content) for name, content in found["attachments"]])
