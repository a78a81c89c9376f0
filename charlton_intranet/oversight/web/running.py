"""The timetable: what runs by itself, and running it now."""

from flask.typing import ResponseReturnValue

from charlton_intranet.core.jobs import RunOutcome
from charlton_intranet.core.permissions import Permission
from charlton_intranet.oversight import service
from charlton_intranet.oversight.queries.town import timetable
from charlton_intranet.oversight.web.blueprint import blueprint, settings_tabs, warnings_for
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond


@blueprint.get("/settings/jobs")
@needs(Permission.READ_SETTINGS)
def jobs() -> ResponseReturnValue:
    """Every job with its last run."""
    actor = context.actor()
    return respond(
        "oversight/jobs.html",
        "oversight/_jobs.html",
        tabs=settings_tabs(actor, "/settings/jobs"),
        warnings=warnings_for(actor),
        rows=timetable(context.parts().jobs),
        may_run=actor.may(Permission.RUN_JOBS),
    )


@blueprint.post("/settings/jobs/<name>/run")
@needs(Permission.RUN_JOBS)
def run_job(name: str) -> ResponseReturnValue:
    """Run one job in this request."""
    parts = context.parts()
    run = service.run_now(context.actor(), name, parts.jobs, parts, clock=context.clock())
    if run.outcome is RunOutcome.FAILED:
        return done("/settings/jobs", f"The job failed: {run.summary}", "error")
    return done("/settings/jobs", run.summary or "The job ran and found nothing to do.")
