"""Jobs of the timetable: the lease that lets one machine run them, and the record of each run."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from typing import Any

import peewee

from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import Model, connection, unit_of_work
from charlton_intranet.core.fields import ChoiceField, UtcDateTimeField

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)


class RunOutcome(StrEnum):
    """How a run of a job ended."""

    RUNNING = auto()
    DONE = auto()
    FAILED = auto()


class Lease(Model):
    """Who runs the timetable until when. ``fence`` grows with every change of hands."""

    name = peewee.CharField(max_length=40, primary_key=True)
    holder = peewee.CharField(max_length=80)
    fence = peewee.IntegerField()
    until = UtcDateTimeField()


class JobRun(Model):
    """One run of a job that did something or failed, with a sentence on what it did."""

    job = peewee.CharField(max_length=60)
    started_at = UtcDateTimeField()
    finished_at = UtcDateTimeField(null=True)
    outcome = ChoiceField(RunOutcome, default=RunOutcome.RUNNING)
    summary = peewee.CharField(max_length=500, default="")
    fence = peewee.IntegerField(default=0)

    class Meta:
        indexes = ((("job", "started_at"), False),)


def acquire(name: str, holder: str, *, clock: Clock) -> int | None:
    """Take or keep the lease ``name``; returns the fencing number, or None while another holder has it."""
    now = clock.now()
    until = now + LEASE
    with unit_of_work():
        Lease.insert(name=name, holder=holder, fence=0, until=now).on_conflict_ignore().execute()
        kept = (
            Lease.update(until=until)
            .where((Lease.name == name) & (Lease.holder == holder) & (Lease.until > now))
            .execute()
        )
        if not kept:
            taken = (
                Lease.update(holder=holder, fence=Lease.fence + 1, until=until)
                .where((Lease.name == name) & (Lease.until <= now))
                .execute()
            )
            if not taken:
                return None
        return int(Lease.get_by_id(name).fence)


def release(name: str, holder: str, *, clock: Clock) -> None:
    """Give the lease back, so that another machine need not wait for its end."""
    with connection():
        Lease.update(until=clock.now()).where((Lease.name == name) & (Lease.holder == holder)).execute()


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the timetable. ``run`` gets the app's parts and returns a sentence, empty when nothing was due.

    ``schedule`` says in words when it acts; it is called every ``every_minutes`` and finds out itself what is due.
    """

    name: str
    label: str
    schedule: str
    run: Callable[[Any], str]
    every_minutes: int = 1


def run_job(job: Job, parts: Any, *, clock: Clock, fence: int = 0) -> JobRun:
    """Run ``job`` once and keep a record of it; a failure is recorded and logged, never raised.

    A run that found nothing to do leaves no row, so that a one-minute tick does not fill the table.
    """
    started = clock.now()
    try:
        with connection():
            outcome, summary = RunOutcome.DONE, job.run(parts)
    except Exception as failure:
        log.exception("job %s failed", job.name)
        outcome, summary = RunOutcome.FAILED, f"{type(failure).__name__}: {failure}"[:500]
    run = JobRun(
        job=job.name,
        started_at=started,
        finished_at=clock.now(),
        outcome=outcome,
        summary=summary[:500],
        fence=fence,
    )
    if summary:
        with connection():
            run.save(force_insert=True)
    return run
