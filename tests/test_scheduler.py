"""The timetable: one runner among several, failures told and survived, jobs run when they are due."""

from dataclasses import replace

import pytest

from charlton_intranet.core.jobs import Job, JobRun, Lease, RunOutcome
from charlton_intranet.parts import Parts
from charlton_intranet.scheduler import LEASE_NAME, Timetable
from tests.conftest import Town


def timetable(town: Town, *jobs: Job, holder: str = "first") -> Timetable:
    return Timetable(replace(town.parts, jobs=jobs), holder)


def counting(calls: list[str], name: str = "count", **options: int) -> Job:
    def run(_parts: Parts) -> str:
        calls.append(name)
        return f"{len(calls)} so far"

    return Job(name, "Counts", "every minute", run, **options)


def test_one_runner_at_a_time_and_another_takes_over_when_it_dies(town: Town) -> None:
    calls: list[str] = []
    job = counting(calls)
    first, second = timetable(town, job), timetable(town, job, holder="second")
    assert first.tick() == ["count: 1 so far"]
    assert second.tick() == []
    town.clock.advance(minutes=1)
    assert second.tick() == []
    assert first.tick() == ["count: 2 so far"]
    town.clock.advance(minutes=3)  # the first one is gone
    assert second.tick() == ["count: 3 so far"]
    assert first.tick() == []
    assert Lease.get_by_id(LEASE_NAME).fence == 2


def test_a_stopped_runner_gives_the_lease_back_at_once(town: Town) -> None:
    calls: list[str] = []
    job = counting(calls)
    first, second = timetable(town, job), timetable(town, job, holder="second")
    first.tick()
    first.stop()
    assert second.tick() == ["count: 2 so far"]


def test_a_failing_job_is_recorded_and_the_next_one_still_runs(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []

    def fail(_parts: Parts) -> str:
        raise OSError("the disk is gone")

    table = timetable(town, Job("broken", "Fails", "every minute", fail), counting(calls))
    assert table.tick() == ["broken: OSError: the disk is gone", "count: 1 so far"]
    runs = {run.job: run.outcome for run in JobRun.select()}
    assert runs == {"broken": RunOutcome.FAILED, "count": RunOutcome.DONE}
    assert "the disk is gone" in caplog.text


def test_a_job_with_its_own_rhythm_is_not_called_in_between(town: Town) -> None:
    calls: list[str] = []
    table = timetable(town, counting(calls, every_minutes=60))
    for _ in range(61):
        table.tick()
        town.clock.advance(minutes=1)
    assert len(calls) == 2


def test_a_tick_that_comes_a_little_early_still_runs_the_jobs_of_every_minute(town: Town) -> None:
    calls: list[str] = []

    def slow(_parts: Parts) -> str:
        town.clock.advance(milliseconds=200)  # only the first tick finds much to do
        return ""

    slow_once = Job("slow", "Takes its time", "once a day", slow, every_minutes=1440)
    table = timetable(town, slow_once, counting(calls))
    for _ in range(5):
        table.tick()
        town.clock.advance(milliseconds=59_800)
    assert len(calls) == 5


def test_nothing_to_do_leaves_no_row(town: Town) -> None:
    timetable(town, Job("idle", "Idles", "every minute", lambda _parts: "")).tick()
    assert JobRun.select().count() == 0
