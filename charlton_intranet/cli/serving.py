"""Serving the app and running its timetable."""

import sys

import click

from charlton_intranet.cli.base import FAILED, fail, json_option, main, parts_of, settings_of, show


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), help="TCP port.")
@click.option("--bind", help="Address to listen on.")
@click.option("--no-scheduler", is_flag=True, help="Serve pages only; run 'scheduler' elsewhere.")
@click.pass_context
def serve(ctx: click.Context, *, port: int | None, bind: str | None, no_scheduler: bool) -> None:
    """Serve the app, with the scheduler beside it."""
    from charlton_intranet.serving import serve as run

    settings = settings_of(ctx, port=port, bind=bind)
    parts_of(ctx, port=port, bind=bind)
    run(settings, with_scheduler=not no_scheduler)


@main.command()
@click.pass_context
def scheduler(ctx: click.Context) -> None:
    """Run the timetable only: reminders, mail, imports, checks."""
    from charlton_intranet.scheduler import run_forever

    run_forever(parts_of(ctx))


@main.command("run-job")
@click.argument("name")
@json_option
@click.pass_context
def run_job_command(ctx: click.Context, *, name: str, as_json: bool) -> None:
    """Run one job of the timetable now."""
    from charlton_intranet.core.jobs import RunOutcome, run_job

    parts = parts_of(ctx)
    job = next((job for job in parts.jobs if job.name == name), None)
    if job is None:
        fail(f"There is no job {name!r}. Jobs: {', '.join(job.name for job in parts.jobs)}.")
    run = run_job(job, parts, clock=parts.clock)
    show(
        {"job": name, "outcome": run.outcome, "summary": run.summary},
        run.summary or "Nothing was due.",
        as_json=as_json,
    )
    if run.outcome is RunOutcome.FAILED:
        sys.exit(FAILED)
