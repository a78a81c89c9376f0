"""The proof of the audit trail."""

from charlton_intranet.core import audit
from charlton_intranet.core.audit import Verification
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.oversight.rules.trail import TRAIL_VERIFIED

VERIFIED = audit.declare(TRAIL_VERIFIED, "events", "head", "fault")


def verify_trail(actor: Actor, *, clock: Clock) -> Verification:
    """Walk the whole chain of the audit trail; that it was walked, and what was found, is recorded too."""
    actor.must_have(Permission.READ_AUDIT)
    found = audit.verify()
    with unit_of_work():
        audit.record(
            VERIFIED,
            actor,
            "trail:whole",
            clock=clock,
            events=found.events,
            head=found.head,
            fault=f"event {found.fault.number}: {found.fault.reason}" if found.fault else None,
        )
    return found
