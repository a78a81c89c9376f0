"""A line of a site's checklist that turns out to be wrong between two checks (3.5, 3.6-5)."""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import update_current
from charlton_intranet.core.permissions import Actor
from charlton_intranet.sites.models import ChecklistAnswer, ChecklistRun
from charlton_intranet.sites.queries.checks import line_sheet
from charlton_intranet.sites.rules.checklists import Answer, ChecklistKind
from charlton_intranet.sites.service.checklists import must_be_open
from charlton_intranet.sites.service.requests import subject

FAILED = audit.declare("site.checklist_line_failed", "checklist", "number", "line", "note")


def fail_line(actor: Actor, site_id: int, kind: ChecklistKind, line: str, *, note: str, clock: Clock) -> bool:
    """Set a line of the last check to “no”, inside the caller's unit of work; from now on it is owed to be mended.

    Returns whether it is a “no” now. It is not where no check was made yet: that one is owed as a whole. A line that
    is a “no” already keeps its date.
    """
    sheet = line_sheet(actor, site_id, kind, line)
    must_be_open(actor, sheet.site)
    run = sheet.run
    if run is None or line not in run.lines:
        return False
    if not sheet.failing:
        update_current(ChecklistRun, run.id, run.version)
        ChecklistAnswer.insert(
            run=run.id, line=line, answer=Answer.NO, note=note.strip(),
            answered_by=actor.person_id, answered_at=clock.now(),
        ).execute()  # fmt: skip
        audit.record(
            FAILED, actor, subject(site_id), clock=clock,
            checklist=kind, number=run.number, line=line, note=audit.digest_of(note.strip()),
        )  # fmt: skip
    return True
