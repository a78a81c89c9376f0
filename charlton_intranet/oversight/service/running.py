"""Jobs run by hand."""

from collections.abc import Iterable
from typing import Any

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.jobs import Job, JobRun, run_job
from charlton_intranet.core.permissions import Actor, Permission

RUN_BY_HAND = audit.declare("job.run_by_hand", "job")


def run_now(actor: Actor, name: str, jobs: Iterable[Job], parts: Any, *, clock: Clock) -> JobRun:
    """Run a job of the timetable outside its time. The job opens its own transactions."""
    actor.must_have(Permission.RUN_JOBS)
    job = next((job for job in jobs if job.name == name), None)
    if job is None:
        raise NotFound("The timetable has no such job.")
    with unit_of_work():
        audit.record(RUN_BY_HAND, actor, f"job:{job.name}", clock=clock, job=job.name)
    return run_job(job, parts, clock=clock)
