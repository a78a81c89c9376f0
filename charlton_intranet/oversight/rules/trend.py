"""Twelve months as a small picture, and which months are over. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from charlton_intranet.core.calendar import add_months, last_months


@dataclass(frozen=True, slots=True)
class Column:
    """A bar of a small chart, in hundredths of its width and height, from its top left corner."""

    x: float
    y: float
    width: float
    height: float


def first_of(day: date) -> date:
    """The month of ``day``, as its first day."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day after a month."""
    return add_months(month, 1)


def months_from(first: date, last: date) -> list[date]:
    """Every month from ``first`` to ``last``, oldest first; none when ``last`` is the earlier one."""
    return last_months(last, max(0, (last.year - first.year) * 12 + last.month - first.month + 1))


def columns(values: Sequence[int | None], most: int = 0) -> list[Column]:
    """The bars of ``values``, the longest (or ``most``) as high as the chart; what is not known has none.

    Something that is there shows: a bar is never thinner than a twentieth of the chart.
    """
    top, slot = max([most, 1, *(value or 0 for value in values)]), 100 / max(len(values), 1)
    return [
        Column(round(place * slot + slot * 0.15, 2), round(100 - height, 2), round(slot * 0.7, 2), round(height, 2))
        for place, value in enumerate(values)
        if value and (height := max(100 * value / top, 5))
    ]
