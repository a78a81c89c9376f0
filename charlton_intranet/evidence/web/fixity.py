"""The page of fixity: what is damaged, how far the reading is, and what the last ones found."""

from flask.typing import ResponseReturnValue

from charlton_intranet.core.permissions import Permission
from charlton_intranet.evidence import queries
from charlton_intranet.evidence.service import checking
from charlton_intranet.evidence.web.shared import blueprint
from charlton_intranet.policy.queries import default
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission
PAGE = "/evidence/fixity"


@blueprint.get("/fixity")
@needs(P.READ_FIXITY)
def fixity() -> ResponseReturnValue:
    """Runs and faults. Who may not read evidence sees numbers and reasons, and no link."""
    actor, faults = context.actor(), queries.open_faults()
    piece_ids = [fault.piece_id for fault in faults if fault.piece_id is not None]
    return respond(
        "evidence/fixity.html",
        "evidence/_fixity.html",
        run=queries.open_run(),
        runs=queries.recent_runs(),
        faults=faults,
        matters=queries.matters_of(actor, piece_ids) if piece_ids else {},
        may_check=actor.may(P.CHECK_FIXITY),
        days=default("fixity.days"),
    )


@blueprint.post("/fixity")
@needs(P.CHECK_FIXITY)
def start_fixity() -> ResponseReturnValue:
    """Begin a reading now; the timetable takes it up within a minute."""
    checking.start(context.actor(), clock=context.clock())
    return done(PAGE, "The check begins within a minute. You can leave this page and come back.")
