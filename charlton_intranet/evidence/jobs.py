"""What the timetable calls."""

from charlton_intranet.evidence.service import checking
from charlton_intranet.parts import Parts


def check_fixity(parts: Parts) -> str:
    """Begin the reading of everything when it is due, and go on with the one under way."""
    checking.start_when_due(parts.clock)
    run = checking.work(parts.store, clock=parts.clock)
    if run is None:
        return ""
    far = "read" if run.ended_at else f"of {run.total:,} read so far"
    return f"Check {run.id}: {run.pieces + run.files:,} {far}, {run.faults:,} faults"
