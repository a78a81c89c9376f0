"""The timetable: once a minute, the process that holds the lease runs every job.

What is due lies in our tables, so a tick that was missed is made up by the next, and a second scheduler on another
machine waits until the first one's lease has ended.
"""

import logging
import os
import secrets
import signal
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import peewee
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger

from charlton_intranet.core.jobs import RunOutcome, acquire, release, run_job
from charlton_intranet.parts import Parts

log = logging.getLogger(__name__)

LEASE_NAME = "timetable"
TICK_SECONDS = 60
# A tick comes some milliseconds early or late, and the jobs before one take their time: without this much slack a job
# of every minute would pass over every second tick.
SLACK = timedelta(seconds=TICK_SECONDS / 2)


class Timetable:
    """Runs the jobs of ``parts`` whenever this process holds the lease."""

    def __init__(self, parts: Parts, holder: str = "") -> None:
        self.parts = parts
        self.holder = holder or f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._last: dict[str, datetime] = {}

    def tick(self) -> list[str]:
        """Run what the timetable holds for now; returns what was done, a sentence a job."""
        clock = self.parts.clock
        try:
            fence = acquire(LEASE_NAME, self.holder, clock=clock)
        except peewee.OperationalError as trouble:
            log.warning("the database could not be reached, the next tick tries again: %s", trouble)
            return []
        if fence is None:
            return []
        said = []
        for job in self.parts.jobs:
            now = clock.now()
            rhythm = timedelta(minutes=job.every_minutes) - SLACK
            if now - self._last.get(job.name, datetime.min.replace(tzinfo=UTC)) < rhythm:
                continue
            self._last[job.name] = now
            try:
                run = run_job(job, self.parts, clock=clock, fence=fence)
            except peewee.OperationalError as trouble:
                log.warning("job %s was not recorded: %s", job.name, trouble)
                continue
            if run.summary:
                said.append(f"{job.name}: {run.summary}")
                log.log(logging.ERROR if run.outcome is RunOutcome.FAILED else logging.INFO, "%s", said[-1])
        return said

    def stop(self) -> None:
        """Give the lease back, so that another machine takes over at once."""
        release(LEASE_NAME, self.holder, clock=self.parts.clock)


def run_forever(parts: Parts) -> None:
    """Tick until the process is told to stop."""
    timetable = Timetable(parts)
    scheduler = BlockingScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1})
    scheduler.add_job(
        timetable.tick,
        IntervalTrigger(seconds=TICK_SECONDS, timezone=UTC),
        next_run_time=parts.clock.now(),
        misfire_grace_time=None,
    )

    def stop(*_: Any) -> None:
        scheduler.shutdown(wait=False)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    try:
        scheduler.start()
    finally:
        timetable.stop()
