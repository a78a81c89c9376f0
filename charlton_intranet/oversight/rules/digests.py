"""When digests go out, and who hears of what. Pure."""

from datetime import datetime
from enum import StrEnum, auto

from charlton_intranet.core.calendar import BusinessCalendar

DIGEST_HOUR = 8


class Listener(StrEnum):
    """Who hears of a duty besides whoever owes it."""

    HEAD = auto()
    ADMINISTRATOR = auto()


def digests_may_go(local: datetime, calendar: BusinessCalendar) -> bool:
    """Whether the offices are open and it is late enough; ``local`` is the clock at Town Hall."""
    return local.hour >= DIGEST_HOUR and calendar.is_business_day(local.date())


def listeners(days_late: int, head_after: int, administrator_after: int) -> frozenset[Listener]:
    """Who hears as well: the head and the administrator, each once it is so many days late."""
    heard = set()
    if days_late >= head_after:
        heard.add(Listener.HEAD)
    if days_late >= administrator_after:
        heard.add(Listener.ADMINISTRATOR)
    return frozenset(heard)


def digest_subject(own: int, *, overdue: int, today: int, others: int = 0) -> str:
    """``3 things for the town's social media: 1 overdue, 1 due today``, and how many are late with others.

    What somebody else owes is not counted among the reader's own.
    """
    late_with_others = f"{others} late with others" if others else ""
    if not own:
        return f"The town's social media: {late_with_others}"
    counted = [f"{number} {words}" for number, words in ((overdue, "overdue"), (today, "due today")) if number]
    subject = f"{own} {'thing' if own == 1 else 'things'} for the town's social media"
    counted += [late_with_others] if others else []
    return f"{subject}: {', '.join(counted)}" if counted else subject
