"""When two texts have like words, and why: the words they share, out of all the words of both. Pure.

No score of a person and no judgement: a way to find earlier decisions. To find them without comparing each text with
every other, a text gets keys by MinHash and banding (Broder 1997; Leskovec, Rajaraman and Ullman, *Mining of Massive
Datasets*, 3.4): like texts share a key very likely, unlike ones hardly ever.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

# Two texts are called alike from this share of common words, in a hundred of all words of both, and this many of them.
LIKE_SHARE = 40
LIKE_WORDS = 3
# More distinct words than this add nothing that a page could show.
WORDS_KEPT = 200
# With 16 bands of 2, texts that share half of their words meet in 99 of 100 cases, those that share 40, in 94.
BANDS, ROWS = 16, 2

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_BITS = (1 << 64) - 1


def words_of(text: str) -> frozenset[str]:
    """The distinct words of a text without the commonest, in lower case; all of them when it has no others."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    found = dict.fromkeys(_WORD.findall(plain))
    telling = [word for word in found if word not in _commonest()] or list(found)
    return frozenset(telling[:WORDS_KEPT])


def common(one: frozenset[str], other: frozenset[str]) -> tuple[str, ...]:
    """The words both have, in order of the alphabet."""
    return tuple(sorted(one & other))


def share(one: frozenset[str], other: frozenset[str]) -> int:
    """How many in a hundred of all words of both are common to them."""
    either = len(one | other)
    return 100 * len(one & other) // either if either else 0


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts have like words. Very short ones are alike when they have the same words."""
    if not one or not other:
        return False
    return one == other or (share(one, other) >= LIKE_SHARE and len(one & other) >= LIKE_WORDS)


def keys_of(words: frozenset[str]) -> tuple[int, ...]:
    """The keys under which like texts meet, one a band; 63 bits each, none for a text without words."""
    if not words:
        return ()
    hashes = [_hash(word.encode()) for word in words]
    lowest = [min((factor * one + offset) & _BITS for one in hashes) for factor, offset in _permutations()]
    return tuple(_hash(f"{band}:{lowest[band * ROWS : (band + 1) * ROWS]}".encode()) >> 1 for band in range(BANDS))


@cache
def _commonest() -> frozenset[str]:
    """Words that say nothing about what a text is about; none of them is a topic, a name or an opinion."""
    return frozenset((files("charlton_intranet.moderation.rules") / "common_words.txt").read_text("utf-8").split())


@cache
def _permutations() -> tuple[tuple[int, int], ...]:
    """Factors (odd) and offsets that shuffle 64-bit numbers, the same ones on every machine."""
    return tuple((_hash(f"factor {n}".encode()) | 1, _hash(f"offset {n}".encode())) for n in range(BANDS * ROWS))


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def joined(words: Iterable[str]) -> str:
    """Words as a column holds them; none of them has a space in it."""
    return " ".join(sorted(words))
