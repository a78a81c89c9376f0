"""What the timetable calls."""

from charlton_intranet.access.service import reviews
from charlton_intranet.parts import Parts


def follow_access_reviews(parts: Parts) -> str:
    """Open the quarter's access review on its first business day, and close one in which nothing waits any more."""
    done = (reviews.close_done(clock=parts.clock), reviews.open_due(clock=parts.clock))
    return " ".join(filter(None, done))
