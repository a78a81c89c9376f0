"""What somebody signs for: the lines of their scope (policy 3.3-4), known to the policy's signatures only as such.

Grants make the lines and hold them against a signature later; ``policy`` shows, seals and stores them. The two
meet in ``parts.scope_of``.
"""

from collections.abc import Callable, Sequence
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


# The lines that a person with this id would sign for on this day.
ScopeOf = Callable[[int, date], Sequence[ScopeLine]]


# People who sign on this day because of what they were given, whatever their roles.
HoldersOn = Callable[[date], frozenset[int]]


def no_scope(_person_id: int, _day: date) -> Sequence[ScopeLine]:
    """A town without grants."""
    return ()


def no_holders(_day: date) -> frozenset[int]:
    """A town without grants."""
    return frozenset()
