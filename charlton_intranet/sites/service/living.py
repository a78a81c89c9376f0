"""Sites in use: made active, suspended, deactivated (3.2, 3.7-1)."""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor
from charlton_intranet.sites.models import DeactivationStep, Site
from charlton_intranet.sites.queries.closing import not_shown
from charlton_intranet.sites.queries.sheets import hindrances
from charlton_intranet.sites.rules import Closing, SiteState
from charlton_intranet.sites.service.proofs import ProofFacts, keep_proof
from charlton_intranet.sites.service.requests import begin, move, subject

ACTIVATED = audit.declare("site.activated", "before", "after")
SUSPENDED = audit.declare("site.suspended", "reason", "before", "after")
REACTIVATED = audit.declare("site.reactivated", "before", "after")
CLOSING_SHOWN = audit.declare("site.closing_shown", "step", "proof", "impossible")
DEACTIVATED = audit.declare("site.deactivated", "reason", "before", "after")


def activate(actor: Actor, site_id: int, version: int, *, clock: Clock) -> None:
    """Put an approved site in use, once nothing hinders it."""
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
    with unit_of_work():
        site = begin(actor, site_id, "suspend")
        _stop(actor, site, version, SiteState.SUSPENDED, SUSPENDED, reason=reason, clock=clock)


def show_closing(
    actor: Actor, site_id: int, version: int, step: Closing, facts: ProofFacts, *, impossible: str = "", clock: Clock
) -> None:
    """Show that a step before the deactivation is done, or say why it can not be; it may be shown anew."""
    with unit_of_work():
        site = begin(actor, site_id, "show_closing")
        if facts.given and impossible.strip():
            raise Invalid({"impossible": "Either show that it is done, or say why it can not be, not both."})
        update_current(Site, site.id, version)
        proof_id = None if impossible.strip() else keep_proof(actor, site.id, facts, clock=clock)
        DeactivationStep.delete().where((DeactivationStep.site == site.id) & (DeactivationStep.step == step)).execute()
        DeactivationStep.insert(
            site=site.id,
            step=step,
            proof=proof_id,
            impossible=impossible.strip(),
            done_by=actor.person_id,
            done_at=clock.now(),
        ).execute()
        audit.record(
            CLOSING_SHOWN, actor, subject(site.id), clock=clock,
            step=step, proof=proof_id, impossible=audit.digest_of(impossible.strip()),
        )  # fmt: skip


def deactivate(actor: Actor, site_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """End the site for good, once every closing step is shown; its record stays (3.7-1)."""
    with unit_of_work():
        site = begin(actor, site_id, "deactivate")
        if missing := not_shown(site.id):
            words = "; ".join(step.label.lower() for step in missing)
            raise Invalid({"steps": f"Show these steps first, or say why one can not be done: {words}."})
        _stop(actor, site, version, SiteState.DEACTIVATED, DEACTIVATED, reason=reason, clock=clock)


def _stop(actor: Actor, site: Site, version: int, after: SiteState, tag: str, *, reason: str, clock: Clock) -> None:
    if not reason.strip():
        raise Invalid({"reason": "Say why; the department reads it on the record sheet."})
    move(
        actor, site, version, after, tag, clock=clock,
        changes={"stop_reason": reason.strip(), "stopped_by": actor.person_id, "stopped_on": today(clock)},
        words=reason.strip(), reason=audit.digest_of(reason.strip()),
    )  # fmt: skip


def _must_be_ready(site: Site, *, clock: Clock) -> None:
    if found := hindrances(site, today(clock)):
        raise Invalid({"site": " ".join(found)})
