"""Sites in use: made active, suspended, deactivated (3.2, 3.7-1)."""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.queries.sheets import hindrances
from charlton_intranet.sites.rules import SiteState
from charlton_intranet.sites.service.requests import begin, move

ACTIVATED = audit.declare("site.activated", "before", "after")
SUSPENDED = audit.declare("site.suspended", "reason", "before", "after")
REACTIVATED = audit.declare("site.reactivated", "before", "after")
DEACTIVATED = audit.declare("site.deactivated", "reason", "before", "after")


def activate(actor: Actor, site_id: int, version: int, *, clock: Clock) -> None:
    """Put an approved site in use, once its department has an active coordinator."""
    with unit_of_work():
        site = begin(actor, site_id, "activate")
        _must_be_ready(site, clock=clock)
        changes = {"active_since": today(clock)}
        move(actor, site, version, SiteState.ACTIVE, ACTIVATED, clock=clock, changes=changes)


def reactivate(actor: Actor, site_id: int, version: int, *, clock: Clock) -> None:
    """End a suspension; what an active site needs must be there again."""
    with unit_of_work():
        site = begin(actor, site_id, "reactivate")
        _must_be_ready(site, clock=clock)
        move(actor, site, version, SiteState.ACTIVE, REACTIVATED, clock=clock)


def suspend(actor: Actor, site_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """Stop all use for the time being (2.1)."""
    _stop(actor, site_id, version, "suspend", reason=reason, clock=clock)


def deactivate(actor: Actor, site_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """End the site for good; its record stays (3.7-1)."""
    _stop(actor, site_id, version, "deactivate", reason=reason, clock=clock)


_STOPS = {
    "suspend": (SiteState.SUSPENDED, SUSPENDED),
    "deactivate": (SiteState.DEACTIVATED, DEACTIVATED),
}


def _stop(actor: Actor, site_id: int, version: int, step: str, *, reason: str, clock: Clock) -> None:
    after, tag = _STOPS[step]
    with unit_of_work():
        site = begin(actor, site_id, step)
        if not reason.strip():
            raise Invalid({"reason": "Say why; the department reads it on the record sheet."})
        move(
            actor, site, version, after, tag, clock=clock,
            changes={"stop_reason": reason.strip(), "stopped_by": actor.person_id, "stopped_on": today(clock)},
            reason=audit.digest_of(reason.strip()),
        )  # fmt: skip


def _must_be_ready(site: Site, *, clock: Clock) -> None:
    if found := hindrances(site, today(clock)):
        raise Invalid({"site": " ".join(found)})
