"""A text made ready to be looked through: folded letter by letter, so that every find points back at the original.

All of it takes time in proportion to the length of the text, whatever somebody typed.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

Span = tuple[int, int]

# A sentence without an end is looked at in parts of so many words.
SENTENCE_MAX = 60

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?;\n]+|,")
_NUMBER = re.compile(r"[+(\d][\d ().+x-]{6,}")
_QUOTED = re.compile(r"\"[^\"\n]{1,300}\"|(?<!\w)'[^'\n]{1,300}'(?!\w)")
_SAME = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00ab": '"', "\u00bb": '"'})


def fold(text: str) -> str:
    """Lower case without accents, and plain quotation marks: as many characters as before."""
    if text.isascii():
        return text.lower()
    return text.translate({ord(char): _plain(char) for char in set(text) if not char.isascii()}).lower()


def _plain(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char.translate(_SAME))[:1].lower()
    return plain if len(plain) == 1 else " "


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words of one sentence between single spaces, and where each of them stands in the text."""

    line: str
    offsets: list[int]
    spans: list[Span]

    def span(self, start: int, end: int) -> Span:
        """Where the words between two places of ``line`` stand in the text."""
        first, last = bisect_right(self.offsets, start) - 1, bisect_right(self.offsets, end - 1) - 1
        return self.spans[max(first, 0)][0], self.spans[last][1]


class Reading:
    """One text, folded and cut into sentences when something first asks for them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)

    @cached_property
    def quoted(self) -> list[Span]:
        """Stretches between quotation marks, in order."""
        return [found.span() for found in _QUOTED.finditer(self.folded)]

    @cached_property
    def numbers(self) -> list[Span]:
        """Stretches of digits, and of what is written between them, in order."""
        return [found.span() for found in _NUMBER.finditer(self.folded)]

    @cached_property
    def sentences(self) -> list[Sentence]:
        made, words, spans = [], list[str](), list[Span]()
        for found in _TOKEN.finditer(self.folded):
            word = found[0]
            ends = word[0] in ".!?;\n"
            if not ends:
                words.append(word)
                spans.append(found.span())
            if words and (ends or len(words) >= SENTENCE_MAX):
                made.append(_sentence(words, spans))
                words, spans = [], []
        return [*made, _sentence(words, spans)] if words else made

    @cached_property
    def _holding(self) -> dict[str, list[int]]:
        holding: dict[str, list[int]] = {}
        for number, sentence in enumerate(self.sentences):
            for word in set(sentence.line.split()):
                holding.setdefault(word, []).append(number)
        return holding

    def sentences_with(self, words: Iterable[str]) -> Iterator[Sentence]:
        """The sentences in which at least one of ``words`` stands, in order."""
        holding = self._holding
        for number in sorted({number for word in words for number in holding.get(word, ())}):
            yield self.sentences[number]

    def is_quoted(self, span: Span) -> bool:
        """Whether the stretch lies between quotation marks: somebody else's words, most of the time."""
        at = bisect_right(self.quoted, (span[0], len(self.text) + 1)) - 1
        return at >= 0 and self.quoted[at][0] <= span[0] and span[1] <= self.quoted[at][1]


def _sentence(words: list[str], spans: list[Span]) -> Sentence:
    offsets, at = [], 1
    for word in words:
        offsets.append(at)
        at += len(word) + 1
    return Sentence(f" {' '.join(words)} ", offsets, spans)
