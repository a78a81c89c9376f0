"""What the timetable calls."""

from charlton_intranet.evidence.queries import known_digests
from charlton_intranet.moderation.importing import run_import, waiting_runs
from charlton_intranet.parts import Parts


def run_imports(parts: Parts) -> str:
    """Work on every import in line, and on those whose worker died, to their end."""
    runs = [run_import(run_id, clock=parts.clock) for run_id in waiting_runs(parts.clock)]
    return "; ".join(
        f"Import {run.id}: {run.accepted} cases, {run.joined} known, {run.refused} refused" for run in runs
    )


def sweep_orphans(parts: Parts) -> str:
    """Take away stored bytes that no row came to point to within a day: a form was given up, or refused."""
    swept = parts.store.sweep(known_digests(), now=parts.clock.now())
    return f"{len(swept)} left-over files taken away" if swept else ""
