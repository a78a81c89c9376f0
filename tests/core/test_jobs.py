import logging
from datetime import timedelta
from typing import Any

import pytest

from charlton_intranet.core import jobs
from charlton_intranet.core.jobs import LEASE, Job, JobRun, Lease, RunOutcome
from tests.conftest import Town


def test_one_machine_holds_the_lease_and_keeps_it(town: Town) -> None:
    fence = jobs.acquire("timetable", "one", clock=town.clock)
    assert fence is not None
    assert jobs.acquire("timetable", "two", clock=town.clock) is None
    town.clock.advance(minutes=1)
    assert jobs.acquire("timetable", "one", clock=town.clock) == fence
    town.clock.advance(seconds=LEASE.total_seconds() - 1)
    assert jobs.acquire("timetable", "two", clock=town.clock) is None


def test_another_takes_over_when_it_ran_out_and_the_fence_grows(town: Town) -> None:
    first = jobs.acquire("timetable", "one", clock=town.clock)
    town.clock.advance(seconds=LEASE.total_seconds())
    second = jobs.acquire("timetable", "two", clock=town.clock)
    assert first is not None
    assert second is not None
    assert second > first
    assert jobs.acquire("timetable", "one", clock=town.clock) is None


def test_the_same_machine_after_a_pause_counts_as_a_change_of_hands(town: Town) -> None:
    first = jobs.acquire("timetable", "one", clock=town.clock)
    town.clock.advance(hours=1)
    second = jobs.acquire("timetable", "one", clock=town.clock)
    assert first is not None
    assert second is not None
    assert second > first


def test_a_lease_given_back_is_free_at_once(town: Town) -> None:
    jobs.acquire("timetable", "one", clock=town.clock)
    jobs.release("timetable", "two", clock=town.clock)
    assert jobs.acquire("timetable", "two", clock=town.clock) is None, "only the holder gives it back"
    jobs.release("timetable", "one", clock=town.clock)
    assert jobs.acquire("timetable", "two", clock=town.clock) is not None


def test_leases_of_different_names_do_not_meet(town: Town) -> None:
    assert jobs.acquire("a", "one", clock=town.clock) is not None
    assert jobs.acquire("b", "two", clock=town.clock) is not None
    assert Lease.select().count() == 2


def job(run: Any) -> Job:
    return Job(name="test", label="Test", schedule="each minute", run=run)


def test_a_run_that_did_something_leaves_a_record(town: Town) -> None:
    def work(parts: Any) -> str:
        parts.clock.advance(seconds=3)
        return "3 mails sent."

    jobs.run_job(job(work), town.parts, clock=town.clock, fence=7)
    kept = JobRun.get()
    assert (kept.job, kept.outcome, kept.summary, kept.fence) == ("test", RunOutcome.DONE, "3 mails sent.", 7)
    assert kept.finished_at - kept.started_at == timedelta(seconds=3)


def test_a_run_that_found_nothing_leaves_none(town: Town) -> None:
    run = jobs.run_job(job(lambda _parts: ""), town.parts, clock=town.clock)
    assert run.outcome is RunOutcome.DONE
    assert not JobRun.select().exists()


def test_a_failure_is_recorded_and_logged_not_raised(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_parts: Any) -> str:
        raise ValueError("x" * 900)

    with caplog.at_level(logging.ERROR):
        jobs.run_job(job(fail), town.parts, clock=town.clock)
    kept = JobRun.get()
    assert kept.outcome is RunOutcome.FAILED
    assert kept.summary.startswith("ValueError: xxx")
    assert len(kept.summary) == 500
    assert "job test failed" in caplog.text
