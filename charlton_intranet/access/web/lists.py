"""Admin lists over all sites: where one is due, and how much differs."""

from flask import Response, url_for

from charlton_intranet.access import queries
from charlton_intranet.access.queries.owing import lists_due, terms
from charlton_intranet.access.web.shared import P, blueprint
from charlton_intranet.core.duties import urgency_of
from charlton_intranet.grants.web.shared import tabs
from charlton_intranet.sites.web.shared import number
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond

PAGE = 50


@blueprint.get("/access/lists")
@needs(P.READ_SITE_RECORDS)
def lists() -> Response:
    """Live sites by the day their list is due, with what differs on each."""
    actor, day = context.actor(), context.today()
    due = lists_due(actor.departments_for(P.READ_SITE_RECORDS), terms())
    # By place in the order of due days; a site that moves meanwhile is seen twice or on the page before.
    start = number("after") or 0
    shown = due[start : start + PAGE]
    found = queries.pages([row.site_id for row in shown], day)
    return respond(
        "access/lists.html",
        rows=[(row, len(found[row.site_id].differences), urgency_of(row.due, day)) for row in shown],
        tabs=tabs("/access/lists"),
        next_url=url_for("access.lists", after=start + PAGE) if len(due) > start + PAGE else None,
        previous_url=url_for("access.lists", after=start - PAGE or None) if start >= PAGE else None,
    )
