"""Phrases as data: which words must be there at all, and the order they stand in.

A phrase is looked for only in sentences that hold one of its key words, and every gap in it is bounded, so that no
text makes the search slow. A guarded phrase is passed over where somebody speaks *about* such words: where they are
quoted, reported, denied, or condemned.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from charlton_intranet.moderation.suggestions.reading import Reading, Sentence, Span


@lru_cache
def words(name: str) -> tuple[str, ...]:
    """A list of words that comes with the app: a word or phrase a line, ``#`` begins a remark."""
    text = resources.files(__package__).joinpath("words", f"{name}.txt").read_text("utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def either(*names: str) -> str:
    """A pattern for any entry of these lists, the longest first."""
    entries = {entry for name in names for entry in words(name)}
    return "(?:" + "|".join(re.escape(entry) for entry in sorted(entries, key=lambda e: (-len(e), e))) + ")"


class Phrases:
    """Patterns over the words of one sentence, written with single spaces; they share their key words.

    ``guarded``: not where the words are spoken about. ``denied``: the pattern itself says no, so a no in it is no
    denial.
    """

    def __init__(self, keys: str, *patterns: str, guarded: bool = False, denied: bool = False) -> None:
        self.keys = frozenset(keys.split())
        self.pattern = re.compile(" (?:" + "|".join(patterns) + ")(?= )")
        self.guarded, self.denied = guarded, denied

    def find(self, reading: Reading) -> Iterator[Span]:
        """Where the phrases stand in the text."""
        for sentence in reading.sentences_with(self.keys):
            for found in self.pattern.finditer(sentence.line):
                span = sentence.span(found.start() + 1, found.end())
                if not (self.guarded and (reading.is_quoted(span) or self._spoken_about(sentence, found))):
                    yield span

    def _spoken_about(self, sentence: Sentence, found: re.Match[str]) -> bool:
        before = sentence.line[: found.start() + 1]
        denied = _DENIES.search(" ".join(["", *before.split()[-5:], ""])) or (
            not self.denied and _DENIES.search(found[0] + " ")
        )
        return bool(denied or _REPORTS.search(before) or _CONDEMNS.search(sentence.line))


_DENIES = re.compile(rf" {either('denials')} ")
_REPORTS = re.compile(rf" {either('reports')} ")
_CONDEMNS = re.compile(rf" {either('condemnations')} ")
