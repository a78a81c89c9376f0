"""Whether somebody is on a page, from what was seen and shown of it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from charlton_intranet.access.rules.roles import PageRole


class How(StrEnum):
    """How it is known; in this order when two were noted in the same moment."""

    PRESUMED = auto()
    LISTED = auto()
    SHOWN = auto()


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody could do on a page from a moment on; ``NOTHING``: a list without them, or proof of it."""

    at: datetime
    role: PageRole
    how: How


def on_page(events: Iterable[Seen]) -> Seen | None:
    """The last word on somebody's place on a page, or None while nobody ever had reason to put them there.

    Somebody whose grant took effect is presumed on the page until a later list, which is always the whole one, or a
    proof says otherwise; a presumption never overrules what was seen of somebody who is on the page already.
    """
    order = list(How)
    known: Seen | None = None
    for event in sorted(events, key=lambda seen: (seen.at, order.index(seen.how))):
        there = known is not None and known.role is not PageRole.NOTHING
        if not (event.how is How.PRESUMED and there):
            known = event
    return known
