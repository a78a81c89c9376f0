"""Holding the live post against what was captured: what can be seen, and what has to be shown for it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum, auto

from charlton_intranet.core.errors import Invalid

# Comparing costs the square of the words at worst: above this many the most common ones are passed over, and texts of
# more characters than COMPARED_MAX are shown one after the other.
MANY_WORDS, COMPARED_MAX = 500, 4_000
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


class Seen(StrEnum):
    """What somebody found who looked at the post again."""

    SAME = auto()
    CHANGED = auto()
    GONE = auto()

    @property
    def label(self) -> str:
        return {"same": "The same", "changed": "Changed", "gone": "Gone"}[self.value]


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand in both texts, only in the captured one (``taken``) or only in the later one (``added``)."""

    kind: str
    text: str


def check_look(seen: Seen, captured: str, words: str, remark: str, *, picture: bool) -> None:
    """A change is shown by the words as they are now or by a picture, an end by a picture or in words."""
    same = " ".join(words.split()) == " ".join(captured.split())
    if seen is Seen.CHANGED and words.strip() and same:
        raise Invalid({"words": "These are the words that were captured. Copy the changed ones, or say “The same”."})
    if seen is Seen.CHANGED and not words.strip() and not picture:
        raise Invalid({"words": "Copy the words as they are now, or add a picture of the post."})
    if seen is Seen.GONE and words.strip():
        raise Invalid({"words": "What is gone has no words. Choose “Changed”, or leave this empty."})
    if seen is Seen.GONE and not picture and not remark.strip():
        raise Invalid({"remark": "Say what you saw where the post was, or add a picture of it."})
    if seen is Seen.SAME and words.strip() and not same:
        raise Invalid({"words": "These are not the words that were captured. Choose “Changed”, or leave this empty."})


def compare(captured: str, later: str) -> tuple[Part, ...]:
    """The two texts word by word; longer ones than :data:`COMPARED_MAX` characters as a whole."""
    if captured == later:
        return (Part("same", captured),)
    if len(captured) > COMPARED_MAX or len(later) > COMPARED_MAX:
        return (Part("taken", captured), Part("added", later))
    return tuple(_parts(_WORD.findall(captured), _WORD.findall(later)))


def _parts(before: list[str], after: list[str]) -> Iterator[Part]:
    many = max(len(before), len(after)) > MANY_WORDS
    for tag, from_1, to_1, from_2, to_2 in SequenceMatcher(None, before, after, autojunk=many).get_opcodes():
        taken, added = "".join(before[from_1:to_1]), "".join(after[from_2:to_2])
        if tag == "equal":
            yield Part("same", taken)
            continue
        if taken:
            yield Part("taken", taken)
        if added:
            yield Part("added", added)
