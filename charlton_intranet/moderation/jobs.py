"""What the timetable calls."""

from charlton_intranet.evidence.queries import known_digests
from charlton_intranet.moderation.importing import run_import, waiting_runs
from charlton_intranet.moderation.service.emergency import flag_overdue, overdue_hides
from charlton_intranet.moderation.service.likeness import index_decisions
from charlton_intranet.parts import Parts

# Of decisions without an index, in a minute.
INDEX_BATCHES = 20


def run_imports(parts: Parts) -> str:
    """Work on every import in line, and on those whose worker died, to their end."""
    runs = [run_import(run_id, store=parts.store, clock=parts.clock) for run_id in waiting_runs(parts.clock)]
    return "; ".join(
        f"Import {run.id}: {run.accepted} cases, {run.joined} known, {run.refused} refused" for run in runs
    )


def sweep_orphans(parts: Parts) -> str:
    """Take away stored bytes that no row came to point to within a day: a form was given up, or refused."""
    swept = parts.store.sweep(known_digests(), now=parts.clock.now())
    return f"{len(swept)} left-over files taken away" if swept else ""


def find_like_decisions(_parts: Parts) -> str:
    """Take in decisions that are not found by their words yet: of many some each minute, in short transactions."""
    taken = 0
    for _ in range(INDEX_BATCHES):
        batch = index_decisions()
        taken += batch
        if not batch:
            break
    return f"{taken} decisions can be found by their words" if taken else ""


def flag_hides(parts: Parts) -> str:
    """Ask to put back what was hidden at once and not decided in its days."""
    flagged = [case_id for case_id in overdue_hides(parts.clock) if flag_overdue(case_id, clock=parts.clock)]
    return f"To be put back, as no decision came: case {', '.join(map(str, flagged))}" if flagged else ""
