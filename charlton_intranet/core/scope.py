"""What somebody signs for: the lines of their scope (policy 3.3-4), known to the policy's signatures only as such.

Grants make the lines and hold them against a signature later; ``policy`` shows, seals and stores them. The two
meet in ``parts.scopes``.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# A line's words at most, as a signature keeps them.
WORDS_MAX = 300


@dataclass(frozen=True, slots=True, order=True)
class ScopeLine:
    """One line: the record (``site:12``, ``department:3``), how far it goes, and both in words for people.

    A signature covers a line when it holds one of the same subject at the same level or a higher one.
    """

    subject: str
    level: int
    words: str


# The lines that each of these people would sign for on this day; who would sign for none is left out.
Scopes = Callable[[Collection[int], date], Mapping[int, Sequence[ScopeLine]]]

# People who sign on this day because of what they were given, whatever their roles.
HoldersOn = Callable[[date], frozenset[int]]


def no_scopes(_person_ids: Collection[int], _day: date) -> Mapping[int, Sequence[ScopeLine]]:
    """A town without grants."""
    return {}


def no_holders(_day: date) -> frozenset[int]:
    """A town without grants."""
    return frozenset()
