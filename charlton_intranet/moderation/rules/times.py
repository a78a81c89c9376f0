"""How long each step took: middle and longest of many cases. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from statistics import median


class Measure(StrEnum):
    """A stretch of a case's life, as the page heads its column."""

    PRESERVED = auto()
    ADVISED = auto()
    DECIDED = auto()
    GONE = auto()
    CARRIED_OUT = auto()
    HIDDEN = auto()
    HIDE_DECIDED = auto()

    @property
    def label(self) -> str:
        return {
            "preserved": "Seen to preserved",
            "advised": "Seen to advised",
            "decided": "Seen to decided",
            "gone": "Seen to gone",
            "carried_out": "Order to gone",
            "hidden": "Emergency: seen to hidden",
            "hide_decided": "Emergency: hide to decision",
        }[self.value]


class Grouping(StrEnum):
    """What the cases are told apart by."""

    MONTH = auto()
    SITE = auto()
    CATEGORY = auto()

    @property
    def label(self) -> str:
        return {"month": "Month", "site": "Site", "category": "Category"}[self.value]


@dataclass(frozen=True, slots=True)
class Moments:
    """When each step of a case came, UTC; None where it has not.

    ``month`` is the first day of the month in which it was seen.
    ``gone_at`` is when it was out of sight: at the emergency hide, if that was confirmed and carried out.
    """

    month: date
    site: str
    letters: tuple[str, ...]
    seen_at: datetime
    preserved_at: datetime | None
    advised_at: datetime | None
    decided_at: datetime | None
    ordered_at: datetime | None
    done_at: datetime | None
    hide_ordered_at: datetime | None
    hidden_at: datetime | None

    @property
    def gone_at(self) -> datetime | None:
        if self.done_at is None or self.hidden_at is None:
            return self.done_at
        return min(self.done_at, self.hidden_at)

    def spans(self) -> dict[Measure, timedelta]:
        """The stretches that are over."""
        ends = {
            Measure.PRESERVED: (self.seen_at, self.preserved_at),
            Measure.ADVISED: (self.seen_at, self.advised_at),
            Measure.DECIDED: (self.seen_at, self.decided_at),
            Measure.GONE: (self.seen_at, self.gone_at),
            Measure.CARRIED_OUT: (self.ordered_at, self.done_at),
            Measure.HIDDEN: (self.seen_at, self.hidden_at),
            Measure.HIDE_DECIDED: (self.hide_ordered_at, self.decided_at),
        }
        return {measure: end - start for measure, (start, end) in ends.items() if start and end}


@dataclass(frozen=True, slots=True)
class Span:
    """The middle and the longest of ``count`` stretches."""

    count: int
    middle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Row:
    """A group of cases with how long their steps took; a measure that none of them has reached is left out."""

    name: str
    cases: int
    spans: Mapping[Measure, Span]


def rows_of(cases: Iterable[Moments], names: Callable[[Moments], Iterable[str]]) -> list[Row]:
    """One row a group, in the order in which ``names`` first names it. A case may belong to several."""
    groups: dict[str, list[Moments]] = defaultdict(list)
    for case in cases:
        for name in names(case):
            groups[name].append(case)
    return [row_of(name, members) for name, members in groups.items()]


def row_of(name: str, members: Iterable[Moments]) -> Row:
    """How long the steps of these cases took."""
    found: dict[Measure, list[timedelta]] = {measure: [] for measure in Measure}
    count = 0
    for case in members:
        count += 1
        for measure, span in case.spans().items():
            found[measure].append(span)
    return Row(name, count, {measure: _span(spans) for measure, spans in found.items() if spans})


def _span(spans: Sequence[timedelta]) -> Span:
    middle = timedelta(seconds=median(span.total_seconds() for span in spans))
    return Span(len(spans), middle, max(spans))


def said(span: timedelta) -> str:
    """A stretch of time as people say it: the two largest units, no finer than minutes."""
    minutes = max(0, round(span / timedelta(minutes=1)))
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (left, "min")]
    first = next((at for at, (number, _) in enumerate(parts) if number), 2)
    return " ".join(f"{number} {unit}" for number, unit in parts[first : first + 2] if number or first == 2)
