"""A: profane words, in the spellings people use to get them past a filter. Mere insults are none."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from charlton_intranet.moderation.suggestions.phrases import words
from charlton_intranet.moderation.suggestions.reading import Reading, Span

# What people type for a letter, and what they type instead of one.
_LOOKS_LIKE = str.maketrans("@4$50!1|37+", "aassoiiiett")
_HIDES = str.maketrans(dict.fromkeys("*#%_-\u2022\u2026", "*"))
_CHUNK = re.compile(r"\S{2,60}")
_EDGES = "\"'`.,;:?!()[]{}<>~\u2014\u2013*_"
_SPACED = re.compile(r"(?<!\w)\w(?:[ .\-_*]\w){2,40}(?!\w)")
_PART = re.compile(r"[^\W_]+")
_STRETCHED = re.compile(r"(.)\1\1+")
_LONGEST_MASKED = 8
_NAMES = frozenset({"dick", "dicks", "cock", "cocks", "pussy", "prick"})  # also names of people and animals


def find(reading: Reading) -> Iterator[Span]:
    """Profane words, plain or disguised."""
    before = ""
    for found in _CHUNK.finditer(reading.folded):
        chunk = found[0]
        for start, end in _profane_parts(chunk):
            at = found.start() + start
            if not _is_something_else(reading, before, chunk[start:end], at):
                yield at, found.start() + end
        before = chunk
    yield from _spaced_out(reading)


@lru_cache(maxsize=20_000)
def _profane_parts(chunk: str) -> tuple[Span, ...]:
    """Which parts of what stands between two spaces are profane: all of it, or words joined by slash or hyphen."""
    left = len(chunk) - len(chunk.lstrip(_EDGES))
    core = chunk.strip(_EDGES)
    if _is_profane(core or chunk):
        return ((left, left + len(core)) if core else (0, len(chunk)),)
    if core.isalnum():
        return ()
    parts = _PART.finditer(core)
    return tuple((left + part.start(), left + part.end()) for part in parts if _is_profane(part[0]))


def _is_profane(word: str) -> bool:
    if word.isalpha():
        return _known(word) or (_STRETCHED.search(word) is not None and _known(_STRETCHED.sub(r"\1", word)))
    return word.translate(_HIDES) in _masked() or _known(word.translate(_LOOKS_LIKE).replace("'", ""))


def _known(word: str) -> bool:
    if word in words("profane_not"):
        return False
    return word in words("profane_words") or word.startswith(_stems()) or "fuck" in word


@lru_cache
def _stems() -> tuple[str, ...]:
    return words("profane_stems")


@lru_cache
def _masked() -> frozenset[str]:
    """Every spelling of a short profane word with stars inside: at least its first letter and one more stand."""
    made = set[str]()
    endings = ("", "s", "er", "ed", "in", "ing", "ty", "y", "hole", "holes")
    for root in (*_stems(), *words("profane_words")):
        if len(root) > _LONGEST_MASKED:
            continue
        inside = range(1, len(root))
        for count in range(1, len(root) - 1):
            for hidden in combinations(inside, count):
                spelled = "".join("*" if at in hidden else letter for at, letter in enumerate(root))
                made.update(spelled + ending for ending in endings)
    return frozenset(made) | {"f***", "f***ing", "s***", "b****", "c***"}


def _is_something_else(reading: Reading, before: str, word: str, at: int) -> bool:
    """A name, or the first or last part of an innocent pair."""
    if word in _NAMES and reading.text[at].isupper() and not reading.text[at : at + len(word)].isupper():
        return True
    after = reading.folded[at + len(word) : at + len(word) + 20].split()
    pairs = {f"{before.strip(_EDGES)} {word}", f"{word} {after[0].strip(_EDGES)}" if after else ""}
    return not pairs.isdisjoint(words("profane_not"))


def _spaced_out(reading: Reading) -> Iterator[Span]:
    """``f u c k`` and ``f.u.c.k``."""
    for found in _SPACED.finditer(reading.folded):
        letters = re.sub(r"[ .\-_*]", "", found[0]).translate(_LOOKS_LIKE)
        if letters.startswith(_stems()) or any(stem in letters for stem in ("fuck", "bitch", "asshole", "cunt")):
            yield found.span()
