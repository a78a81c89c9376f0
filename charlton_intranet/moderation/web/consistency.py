"""Whether like is decided alike: a quarter's figures, pairs that came out differently, and decisions found again."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.tables import csv_text
from charlton_intranet.moderation.forms.consistency import DecisionsForm
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.moderation.queries.consistency import DecisionFilter, decisions_page, quarter_decisions
from charlton_intranet.moderation.queries.likeness import differing, earlier_like, earlier_under
from charlton_intranet.moderation.rules.consistency import Dimension, part_of, parts_of, quarter_of, read_quarter
from charlton_intranet.moderation.web.place import QUEUE
from charlton_intranet.moderation.web.sections import section
from charlton_intranet.moderation.web.shared import blueprint
from charlton_intranet.sites.web.shared import number
from charlton_intranet.web import context
from charlton_intranet.web.files import text_file
from charlton_intranet.web.guard import needs
from charlton_intranet.web.navigation import Entry
from charlton_intranet.web.responding import respond

P = Permission

CONSISTENCY = f"{QUEUE}/consistency"
DECISIONS = f"{QUEUE}/decisions"
QUARTERS = 8


@section("like")
def like_decisions(actor: Actor, case: CaseView) -> dict[str, Any]:
    """What was decided on like words, and lately under the categories that the case is about."""
    letters = case.determination or case.consultation
    return {
        "words": earlier_like(actor, case.id, case.text),
        "under": earlier_under(actor, case.id, letters.categories if letters else ()),
    }


@blueprint.get(CONSISTENCY)
@needs(P.READ_CONSISTENCY)
def consistency() -> ResponseReturnValue:
    """One quarter by category, site or decider."""
    quarter, by = read_quarter(request.args.get("quarter", ""), context.today()), _dimension()
    decided = quarter_decisions(context.actor(), quarter)
    now = quarter_of(context.today())
    return respond(
        "moderation/consistency.html",
        quarter=quarter,
        by=by,
        parts=parts_of(decided, by),
        total=part_of(decided) if decided else None,
        quarters=[now.moved(-back) for back in range(QUARTERS)],
        tabs=[
            Entry(f"By {one.label.lower()}", f"{CONSISTENCY}?quarter={quarter.key}&by={one}", one is by)
            for one in Dimension
        ],
        address=CONSISTENCY,
        decisions=DECISIONS,
    )


@blueprint.get(f"{CONSISTENCY}.csv")
@needs(P.READ_CONSISTENCY)
def consistency_csv() -> ResponseReturnValue:
    """The quarter by all three, for a spreadsheet."""
    quarter = read_quarter(request.args.get("quarter", ""), context.today())
    decided = quarter_decisions(context.actor(), quarter)
    headers = ["Quarter", "By", "Name", "Decided", "Kept", "Hidden", "Removed", "Reversed", "Median hours"]
    table = [
        [quarter.label, by.label, part.name, part.all, part.kept, part.hidden, part.removed, part.taken_back,
         round(part.hours, 1)]
        for by in Dimension
        for part in parts_of(decided, by)
    ]  # fmt: skip
    return text_file(csv_text(headers, table), f"consistency-{quarter.key}.csv", "text/csv")


@blueprint.get(f"{CONSISTENCY}/pairs")
@needs(P.READ_CONSISTENCY)
def differing_pairs() -> ResponseReturnValue:
    """Similar words, different outcome."""
    pairs, more = differing(context.actor(), number("before"))
    next_url = url_for("moderation.differing_pairs", before=more) if more else None
    return respond("moderation/pairs.html", pairs=pairs, next_url=next_url, address=CONSISTENCY)


@blueprint.get(DECISIONS)
@needs(P.READ_CASES)
def decisions() -> ResponseReturnValue:
    """Decisions by quarter, category, site, decider, outcome and words."""
    form = DecisionsForm(request.args)
    quarter = form.quarter.data or ""
    chosen = DecisionFilter(
        quarter=read_quarter(quarter, context.today()) if quarter else None,
        letter=form.chosen(form.letter),
        site_id=number("site"),
        decider_id=number("decider"),
        outcome=form.chosen(form.outcome),
        words=form.words.data or "",
    )
    found, more = decisions_page(context.actor(), chosen, number("before"))
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value and name != "before"}
    return respond(
        "moderation/decisions.html",
        form=form,
        rows=found,
        kept={name: value for name, value in kept.items() if name in {"site", "decider"}},
        address=DECISIONS,
        next_url=f"{url_for('moderation.decisions', **kept, before=more)}" if more else None,
    )


def _dimension() -> Dimension:
    by = request.args.get("by", "")
    return Dimension(by) if by in set(Dimension) else Dimension.CATEGORY
