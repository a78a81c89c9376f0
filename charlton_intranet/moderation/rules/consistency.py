"""Whether like is decided alike: a quarter's determinations by category, site and decider. Pure.

Figures of decisions, never of writers: who wrote the words plays no part in any of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from statistics import median

from charlton_intranet.moderation.rules.states import Outcome

MONTHS = 3


class Dimension(StrEnum):
    """What a quarter's decisions are parted by."""

    CATEGORY = auto()
    SITE = auto()
    DECIDER = auto()

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year, from 1 to 4."""

    year: int
    number: int

    @property
    def starts(self) -> date:
        return date(self.year, MONTHS * self.number - 2, 1)

    @property
    def label(self) -> str:
        return f"{self.year} Q{self.number}"

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return f"{self.year}-{self.number}"

    def moved(self, quarters: int) -> "Quarter":
        """The quarter so many after this one."""
        year, place = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, place + 1)


def quarter_of(day: date) -> Quarter:
    """The quarter that ``day`` lies in."""
    return Quarter(day.year, (day.month - 1) // MONTHS + 1)


def read_quarter(text: str, today: date) -> Quarter:
    """A quarter from an address, ``2026-4``; the present one when it is none, or out of any record's reach."""
    year, _, number = text.partition("-")
    if year.isdecimal() and number in {"1", "2", "3", "4"} and 2000 <= int(year[:6]) <= today.year:
        return Quarter(int(year), int(number))
    return quarter_of(today)


@dataclass(frozen=True, slots=True)
class Decided:
    """One determination; ``taken_back`` by an answer to a request, ``hours`` from seen to decided."""

    categories: tuple[str, ...]
    site_id: int
    site: str
    decider_id: int
    decider: str
    outcome: Outcome
    taken_back: bool
    hours: float


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of one category, site or decider. ``taken_back`` are among the hidden and removed."""

    key: str
    name: str
    kept: int
    hidden: int
    removed: int
    taken_back: int
    hours: float

    @property
    def all(self) -> int:
        return self.kept + self.hidden + self.removed


# A determination under two categories counts in both; one to keep may name none.
_PARTED: dict[Dimension, Callable[[Decided], Iterable[tuple[str, str]]]] = {
    Dimension.CATEGORY: lambda one: [(letter, letter) for letter in one.categories] or [("", "None named")],
    Dimension.SITE: lambda one: [(str(one.site_id), one.site)],
    Dimension.DECIDER: lambda one: [(str(one.decider_id), one.decider)],
}


def parts_of(decided: Iterable[Decided], dimension: Dimension) -> list[Part]:
    """The figures by ``dimension``, in the order of the names."""
    piles: dict[tuple[str, str], list[Decided]] = defaultdict(list)
    for one in decided:
        for pile in _PARTED[dimension](one):
            piles[pile].append(one)
    return sorted((part_of(pile, key, name) for (key, name), pile in piles.items()), key=lambda part: part.name)


def part_of(pile: list[Decided], key: str = "", name: str = "All") -> Part:
    """The figures of some determinations together; there is at least one."""
    outcomes = [one.outcome for one in pile]
    return Part(
        key=key,
        name=name,
        kept=outcomes.count(Outcome.KEEP),
        hidden=outcomes.count(Outcome.HIDE),
        removed=outcomes.count(Outcome.REMOVE),
        taken_back=sum(one.taken_back for one in pile),
        hours=median(one.hours for one in pile),
    )
