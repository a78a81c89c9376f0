"""Marks without a category: what is worth a look, and says nothing about what is allowed."""

import re
from collections.abc import Iterator

from charlton_intranet.moderation.suggestions.reading import Reading, Span

_PROGRAM = re.compile(
    r"(?:\.(?:apk|exe|scr|bat|jar|msi|dmg|vbs|cmd)(?:[?#]\S{0,200})?$)|^(?:https?://)?\d{1,3}(?:\.\d{1,3}){3}\b"
)
_LINE = re.compile(r"[^.!?\n]{20,2000}[.!?]*")
_CAPITALS_MIN = 16
_NEARLY_ALL = 0.85
_WORDS_MIN = 4


def links(reading: Reading) -> Iterator[Span]:
    """Addresses on the web, with or without their scheme."""
    yield from reading.links


def programs(reading: Reading) -> Iterator[Span]:
    """Links to a program, or to a bare number instead of a name."""
    for start, end in reading.links:
        if _PROGRAM.search(reading.folded[start:end]):
            yield start, end


def shouting(reading: Reading) -> Iterator[Span]:
    """Sentences of at least four words written in capitals."""
    if reading.text.islower():
        return
    for found in _LINE.finditer(reading.text):
        sentence = found[0]
        capitals = sum(map(str.isupper, sentence))
        if capitals < _CAPITALS_MIN or len(sentence.split()) < _WORDS_MIN:
            continue
        if capitals >= _NEARLY_ALL * sum(map(str.isalpha, sentence)):
            start = found.start() + len(sentence) - len(sentence.lstrip())
            yield start, found.start() + len(sentence.rstrip())
