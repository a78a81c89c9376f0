"""Handing the reviews of sites to a colleague for some days. Pure."""

from collections.abc import Collection
from datetime import date

from charlton_intranet.core.errors import Invalid

LONGEST_DAYS = 92
MOST_DAYS_AHEAD = 366
NOTE_MAX = 500


def check_hand_over(site_ids: Collection[int], starts: date, ends: date, note: str, today: date) -> None:
    """Refuse a hand-over of nothing, one in the past, or one that is a new office rather than an absence."""
    problems = {}
    if not site_ids:
        problems["sites"] = "Choose at least one site."
    if starts < today:
        problems["starts_on"] = "Enter today or a later day."
    elif (starts - today).days > MOST_DAYS_AHEAD:
        problems["starts_on"] = "Enter a day within a year from today."
    elif ends < starts:
        problems["ends_on"] = "Enter the last day; it is not before the first."
    elif (ends - starts).days >= LONGEST_DAYS:
        problems["ends_on"] = f"Hand over for at most {LONGEST_DAYS} days. For longer, a coordinator is appointed."
    if len(note) > NOTE_MAX:
        problems["note"] = f"Keep the note below {NOTE_MAX} characters."
    if problems:
        raise Invalid(problems)
