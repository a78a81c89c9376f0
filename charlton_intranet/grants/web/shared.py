"""What all pages of grants share: the blueprint, the tabs, and who may be asked about."""

from flask import Blueprint, request

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.queries import site_choices
from charlton_intranet.web import context, navigation

# The people of a site stand under /sites, so the blueprint has no prefix.
blueprint = Blueprint("grants", __name__)
P = Permission

# The lists around access, whichever part they belong to.
TABS = (
    ("People and sites", "/grants", P.READ_SITE_RECORDS),
    ("To approve", "/grants/waiting", P.READ_SITE_RECORDS),
    ("Admin lists", "/access/lists", P.READ_SITE_RECORDS),
    ("Access reviews", "/access/reviews", P.READ_SITE_RECORDS),
    ("Leavers", "/access/departures", P.READ_SITE_RECORDS),
    ("May they?", "/grants/ask", P.READ_SITE_RECORDS),
    ("On a past day", "/grants/history", P.READ_SITE_RECORDS),
    ("My access", "/grants/mine", P.USE_APP),
)


def tabs(current: str) -> list[navigation.Entry]:
    """The lists that whoever asks may open."""
    return navigation.tabs(TABS, context.actor(), current)


def readable_sites(actor: Actor) -> dict[str, str]:
    """The sites whose records ``actor`` reads, in every state, as choices."""
    found = site_choices(actor, P.READ_SITE_RECORDS, live_only=False)
    return {str(site_id): label for site_id, label in found}


def posted_pair(value: str) -> tuple[int, int] | None:
    """``12:3`` of a tick box: the grant and the version that was looked at."""
    grant_id, _, version = value.partition(":")
    if not (grant_id.isdecimal() and version.isdecimal() and len(value) < 20):
        return None
    return int(grant_id), int(version)


def posted_pairs() -> list[tuple[int, int]]:
    """Everything that was ticked, each once."""
    found = (posted_pair(value) for value in request.form.getlist("grant"))
    return list(dict.fromkeys(pair for pair in found if pair is not None))
