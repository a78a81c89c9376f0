"""Reading one PDF; run as a program by ``core.bounded``, which sees to it that it takes no more than it may.

    python pdf_reader.py PAGES

takes the bytes on its standard input and answers with JSON: ``{"pages": [text, ...], "attachments": [[name, bytes
as Latin-1], ...]}``, or ``{"refused": word}`` with a word of ``core.pdf``. Whatever goes wrong ends this process alone.
"""

import io
import json
import logging
import re
import sys
from dataclasses import asdict, dataclass

import pypdf
from pypdf.errors import LimitReachedError

MAX_CHARACTERS = 2_000_000
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PdfText:
    """The text of each page, with blank lines where the page has gaps, and each attached file with its name."""

    pages: list[str]
    attachments: list[tuple[str, str]]


def read(data: bytes, *, pages: int) -> PdfText | str:
    """What is in the PDF, or the word for why it is not read."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            return "encrypted"
        if len(reader.pages) > pages:
            return "pages"
        texts, left = [], MAX_CHARACTERS
        for page in reader.pages:
            texts.append(_text_of(page))
            left -= len(texts[-1])
            if left < 0:
                return "large"
        attached = [
            (name, content.decode("latin-1")) for name, contents in reader.attachments.items() for content in contents
        ]
    except (MemoryError, LimitReachedError):
        return "large"
    except Exception as broken:  # noqa: BLE001 - pypdf raises whatever a crafted file makes it stumble over
        logging.getLogger(__name__).info("not read: %r", broken)
        return "broken"
    return PdfText(texts, attached)


def _text_of(page: pypdf.PageObject) -> str:
    """The page's text as it lies on the page; some files only give it in the order it was written.

    A font may call its shapes by characters that no text has, and that neither UTF-8 nor a database takes.
    """
    try:
        text = page.extract_text(extraction_mode="layout")
    except (MemoryError, LimitReachedError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 - see above
        text = page.extract_text()
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)


def main(pages: int) -> None:
    """Answer the parent."""
    logging.disable()  # pypdf's remarks on a file that is not quite right
    found = read(sys.stdin.buffer.read(), pages=pages)
    sys.stdout.write(json.dumps({"refused": found} if isinstance(found, str) else asdict(found)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
