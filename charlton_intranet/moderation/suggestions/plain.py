"""Marks without a category: what is worth a look, and says nothing about what is allowed."""

import re
from collections.abc import Iterator

from charlton_intranet.moderation.suggestions.reading import Reading, Span

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]{1,2000}"
    r"|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|info|biz|io|co|us|gov|edu|ly|me|tv|gl|be|app|shop|xyz|online|uk)"
    r"(?:/[^\s<>\"]{0,2000}|(?![\w.-]))"
)
_LINE = re.compile(r"[^.!?\n]{20,2000}[.!?]*")
_CAPITALS_MIN = 16
_NEARLY_ALL = 0.85
_WORDS_MIN = 4


def links(reading: Reading) -> Iterator[Span]:
    """Addresses on the web, with or without their scheme."""
    for found in _LINK.finditer(reading.folded):
        yield found.start(), found.start() + len(found[0].rstrip(".,;:!?)'\"]"))


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
