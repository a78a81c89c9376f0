"""What the timetable calls."""

from charlton_intranet.oversight import service
from charlton_intranet.oversight.service import calendars, chain, heads, months
from charlton_intranet.parts import Parts


def send_digests(parts: Parts) -> str:
    """Every minute; queues the day's digests from eight o'clock on business days."""
    return service.send_digests(parts.register, clock=parts.clock)


def hand_out_head(parts: Parts) -> str:
    """Every minute; mails the day's head of the audit trail from eight o'clock on business days."""
    return heads.hand_out_head(clock=parts.clock)


def prove_trail(parts: Parts) -> str:
    """Every minute; begins a walk along the trail when one is due, and goes on with the one under way."""
    chain.check_when_due(clock=parts.clock)
    return chain.work_on_check(clock=parts.clock)


def tidy_calendars(parts: Parts) -> str:
    """Every minute; ends the calendar addresses of people whose account was closed."""
    ended = calendars.end_feeds(clock=parts.clock)
    return f"Ended {ended} calendar {'address' if ended == 1 else 'addresses'}." if ended else ""


def keep_months(parts: Parts) -> str:
    """Every minute; keeps how each clause stood at the end of a month, on the first day after it."""
    return months.keep_months(parts.register, clock=parts.clock)
