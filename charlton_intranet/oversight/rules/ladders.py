"""What a ladder of reminders may be, and how long a reminder may be put off. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from charlton_intranet.core.errors import Invalid

MOST_STEPS = 8
MOST_DAYS = 90
MOST_LATE = 60
LONGEST_PAUSE = timedelta(days=30)
NO_PAUSE = (
    "A legal clock runs on this, and it runs whether anybody is reminded or not, so its reminder can not be put off."
)


def parse_days(words: str) -> tuple[int, ...] | None:
    """``"14, 7, 1, 0"`` as days, longest first and each once; None when it is not such a list."""
    parts = [part.strip() for part in words.replace(";", ",").split(",") if part.strip()]
    if not all(part.isascii() and part.isdecimal() and len(part) <= 3 for part in parts):
        return None
    return tuple(sorted({int(part) for part in parts}, reverse=True))


def check_ladder(
    before: Sequence[int] | None,
    repeat_days: int,
    head_after: int,
    administrator_after: int,
    *,
    courtesy: bool,
    legal_clock: bool,
) -> None:
    """Raise ``Invalid`` unless a ladder of these numbers reminds of the day itself and reaches people in turn.

    Under a legal clock no ladder is silent: late, it reminds every week, and the administrator hears after two.
    """
    problems = {}
    if not before or len(before) > MOST_STEPS or before[0] > MOST_DAYS:
        problems["before"] = (
            f"Enter one to {MOST_STEPS} whole numbers of days from 0 to {MOST_DAYS} with commas between: 14, 7, 1, 0"
        )
    elif 0 not in before:
        problems["before"] = "Keep 0 in the list: people are reminded on the day itself."
    most = 7 if legal_clock else MOST_LATE
    if not 1 <= repeat_days <= most:
        problems["repeat_days"] = f"Enter a whole number of days from 1 to {most}."
    if not 1 <= head_after <= most:
        problems["head_after"] = f"Enter a whole number of days from 1 to {most}."
    elif not head_after <= administrator_after <= 2 * most:
        problems["administrator_after"] = (
            f"Enter a whole number of days from {head_after}, when the head hears, to {2 * most}."
        )
    if courtesy and legal_clock:
        problems["courtesy"] = "A legal clock runs on this, so nobody can switch its reminders off."
    if problems:
        raise Invalid(problems)


def check_pause(until: date, today: date, *, legal_clock: bool) -> None:
    """Raise ``Invalid`` unless a reminder may be put off until ``until``."""
    if legal_clock:
        raise Invalid({"until": NO_PAUSE})
    last = today + LONGEST_PAUSE
    if not today < until <= last:
        raise Invalid({"until": f"Choose a day after today and no later than {last:%B} {last.day}, {last.year}."})
