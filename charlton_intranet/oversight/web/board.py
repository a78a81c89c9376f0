"""The clause board."""

from flask import request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.permissions import Permission
from charlton_intranet.moderation.queries.emergency import to_be_restored
from charlton_intranet.oversight.queries.board import board, clause_duties, clause_trend
from charlton_intranet.oversight.queries.met import sees_the_town, what_met
from charlton_intranet.oversight.rules.clauses import CLAUSES, MET_DAYS, NOT_MEASURED
from charlton_intranet.oversight.web.blueprint import blueprint, oversight_tabs
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond


@blueprint.get("/oversight")
@needs(Permission.READ_OVERSIGHT)
def clause_board() -> ResponseReturnValue:
    """Where the town stands, clause by clause."""
    return respond(
        "oversight/board.html",
        "oversight/_board.html",
        board=board(context.parts().register, context.actor(), context.today()),
        met_days=MET_DAYS,
        names=CLAUSES,
        to_restore=to_be_restored(context.actor().departments_for(Permission.READ_CASES)),
        tabs=oversight_tabs(context.actor(), "/oversight"),
    )


@blueprint.get("/oversight/clauses/<clause>")
@needs(Permission.READ_OVERSIGHT)
def clause_page(clause: str) -> ResponseReturnValue:
    """The duties under one clause, its twelve months, and what met it."""
    duties, after = clause_duties(
        context.parts().register, context.actor(), context.today(), clause, request.args.get("after", "")
    )
    events, before = what_met(context.actor(), clause, request.args.get("before", type=int))
    return respond(
        "oversight/clause.html",
        "oversight/_clause.html",
        clause=clause,
        name=CLAUSES.get(clause, ""),
        duties=duties,
        after=after,
        trend=clause_trend(context.actor(), clause, context.today()),
        events=events,
        before=before,
        reason=NOT_MEASURED.get(clause, ""),
        whole_town=sees_the_town(context.actor()),
    )
