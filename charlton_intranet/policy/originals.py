"""Files that people hand in around the policy: the text of a version out of its original, and scans of papers."""

import re
from collections import Counter

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.pdf import inspect_pdf
from charlton_intranet.core.uploads import Upload, inspect_picture, safe_name
from charlton_intranet.policy.clauses import decode

_PDF = b"%PDF-"
# A page of pictures may still have a page number or a stamp on it.
_FEWEST_LETTERS = 20
_MARKDOWN = (".md", ".markdown")
_SENTENCE_ENDS = (".", ":", ";", "!", "?")


def read_policy(data: bytes, file_name: str, *, field: str) -> tuple[Upload, str]:
    """A version's original with the text in it: PDF, Markdown or plain UTF-8 text; else ``Invalid`` for ``field``."""
    name = safe_name(file_name)
    if data.startswith(_PDF):
        upload, found = inspect_pdf(data, file_name, field=field)
        text = text_of_pages(found.pages)
        if sum(map(str.isalpha, text)) < _FEWEST_LETTERS * len(found.pages):
            raise Invalid({field: f"{name} holds pictures of pages, no text to cite. Paste the text instead."})
        return upload, text
    text = decode(data, field=field)
    is_markdown = name.lower().endswith(_MARKDOWN)
    upload = Upload("text/markdown", name, data) if is_markdown else Upload("text/plain", _text_name(name), data)
    return upload, text


def _text_name(name: str) -> str:
    return safe_name(name, (".txt",))


def inspect_scan(data: bytes, file_name: str, *, field: str) -> Upload:
    """A scanned paper: a picture or a PDF, looked into for real; else ``Invalid`` for ``field``."""
    if data.startswith(_PDF):
        return inspect_pdf(data, file_name, field=field)[0]
    return inspect_picture(data, file_name, field=field)


def text_of_pages(pages: list[str]) -> str:
    """The pages as one text: without what runs along their top and foot, a sentence across two pages in one piece."""
    split = [[line.strip() for line in page.strip().splitlines()] for page in pages if page.strip()]
    running = _running(split)
    kept: list[str] = []
    for lines in split:
        inner = [line for at, line in enumerate(lines) if not (_at_edge(at, lines) and _shape(line) in running)]
        text = "\n".join(inner).strip("\n")
        if kept and kept[-1].endswith(_SENTENCE_ENDS):
            kept.append("")
        kept.append(text)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept))


def _running(pages: list[list[str]]) -> set[str]:
    """The shapes of first and last lines that come again on more than half of the pages."""
    edges = Counter(shape for lines in pages for shape in {_shape(lines[0]), _shape(lines[-1])})
    return {shape for shape, times in edges.items() if times > 1 and times * 2 > len(pages)}


def _at_edge(at: int, lines: list[str]) -> bool:
    return at in {0, len(lines) - 1}


def _shape(line: str) -> str:
    """A line with its numbers and gaps taken out: ``Page 3 of 12`` is alike on every page."""
    return re.sub(r"\d+", "#", " ".join(line.split()))
