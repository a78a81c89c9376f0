"""Finding the address in what somebody pasted: with words around it, in brackets, with characters nobody sees. Pure."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

# Anchored: searched for anywhere, it would try a long word from each of its characters to its end.
_LABEL = re.compile(r"^[^\s:/.]+[:=](?=https?://)", re.IGNORECASE)
_LIKE_ADDRESS = re.compile(r"(?:https?://|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?/)", re.IGNORECASE)
_OPENING, CLOSING = "<([{\"'“‘«", ">)]}\"'”’»,;.!"  # noqa: RUF001 - the marks that people type


def tidy(text: str) -> str:
    """``text`` without what nobody sees: control and format characters, and blanks beyond one."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = (" " if c.isspace() else c for c in text)
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).split())


@lru_cache(maxsize=512)
def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses that stand in ``text``, each as it was typed; one word alone counts as one whatever it is."""
    words = tidy(text).split(" ")
    bare = [_bare(word) for word in words]
    if len(bare) == 1:
        return (bare[0],) if bare[0] else ()
    return tuple(dict.fromkeys(word for word in bare if _LIKE_ADDRESS.match(word)))


def is_cut(text: str) -> bool:
    """Whether words follow an address as if they belonged to it, so that it can not be told where it ends."""
    words = tidy(text).split(" ")
    if len(words) == 1:
        return False
    return any(
        _LIKE_ADDRESS.match(_bare(word)) and word == word.rstrip(CLOSING) and follower[0].isalnum()
        for word, follower in pairwise(words)
        if not _LIKE_ADDRESS.match(_bare(follower))
    )


def _bare(word: str) -> str:
    return _LABEL.sub("", word.lstrip(_OPENING).rstrip(CLOSING))
