"""What the timetable calls."""

from charlton_intranet.access.service import departures, reviews
from charlton_intranet.parts import Parts


def follow_reviews(parts: Parts) -> str:
    """Open the quarter's access review on its first business day, and close one in which nothing waits any more."""
    done = (reviews.close_done(clock=parts.clock), reviews.open_due(clock=parts.clock))
    return " ".join(filter(None, done))


def follow_departures(parts: Parts) -> str:
    """Open checklists for accounts that were closed and people who moved; end grants after somebody's last day."""
    opened, ended = departures.open_due(clock=parts.clock), departures.end_due(clock=parts.clock)
    done = (f"Checklists of leavers opened: {opened}." if opened else "", f"Grants ended: {ended}." if ended else "")
    return " ".join(filter(None, done))
