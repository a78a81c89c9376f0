"""A text made ready to be looked through: folded letter by letter, so that every find points back at the original.

All of it takes time in proportion to the length of the text, whatever somebody typed.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

Span = tuple[int, int]

# A sentence without an end is looked at in parts of so many words.
SENTENCE_MAX = 60

_SENTENCE = re.compile(r"[^.!?;\n]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_MIXED = re.compile(r"[^\W\d_]\d{1,5}[^\W\d_]")
_NUMBER = re.compile(r"[+(\d][\d ().+x-]{6,}")
_QUOTED = re.compile(r"\"[^\"\n]{1,300}\"|(?<!\w)'[^'\n]{1,300}'(?!\w)")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]{1,2000}"
    r"|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:com|net|org|info|biz|io|co|us|gov|edu|ly|me|tv|gl|be|app|shop|xyz|online|uk)"
    r"(?:/[^\s<>\"]{0,2000}|(?![\w.-]))"
)
# Figures that stand for letters inside a word. No 4, which stands for "for" as often.
_SPELLED = str.maketrans("01357", "oiest")
_SAME = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00ab": '"', "\u00bb": '"'})


def fold(text: str) -> str:
    """Lower case without accents, and plain quotation marks: as many characters as before."""
    if text.isascii():
        return text.lower()
    return text.translate({ord(char): _plain(char) for char in set(text)})


def _plain(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char.translate(_SAME))[:1].lower()
    return plain if len(plain) == 1 else " "


class Sentence:
    """Words of one sentence between single spaces, and the way back from there to the text."""

    __slots__ = ("_at", "_text", "line")

    def __init__(self, words: list[str], text: str, at: int) -> None:
        self.line = f" {' '.join(words)} "
        self._text, self._at = text, at

    def span(self, start: int, end: int) -> Span:
        """Where the words between two places of ``line`` stand in the text."""
        first, last = self.line.count(" ", 0, start) - 1, self.line.count(" ", 0, end) - 1
        spans = [found.span() for found in islice(_WORD.finditer(self._text, self._at), first, last + 1)]
        return spans[0][0], spans[-1][1]


class Reading:
    """One text, folded; cut into sentences when something first asks for them."""

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
    def links(self) -> list[Span]:
        """Addresses on the web, with or without their scheme, in order."""
        found = [(link.start(), link[0].rstrip(".,;:!?)'\"]")) for link in _LINK.finditer(self.folded)]
        return [(start, start + len(link)) for start, link in found]

    @cached_property
    def sentences(self) -> list[Sentence]:
        made = []
        for found in _SENTENCE.finditer(self.folded):
            words = _WORD.findall(found[0])
            if _MIXED.search(found[0]):
                words = [word.translate(_SPELLED) if _MIXED.search(word) else word for word in words]
            starts = [found.start()]
            if len(words) > SENTENCE_MAX:
                starts = [word.start() for word in _WORD.finditer(self.folded, *found.span())][::SENTENCE_MAX]
            made += [
                Sentence(words[part * SENTENCE_MAX : (part + 1) * SENTENCE_MAX], self.folded, start)
                for part, start in enumerate(starts)
                if words
            ]
        return made

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
