"""Nobody settles a matter of their own; in a town this small the way out is recorded, never silent."""

from charlton_intranet.accounts.models import RecordedException
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.errors import Forbidden, Invalid
from charlton_intranet.core.permissions import Actor

RECORDED = audit.declare("exception.recorded", "step", "reason")

OWN = (
    "This is a matter of your own, so somebody else settles it: an acting Town Administrator. "
    "If nobody can act, record an exception with its reason; it is listed for the auditor."
)
MIN_REASON, MAX_REASON = 15, 2000
# Records in which nobody is judge in their own cause, whatever the reason.
NEVER = frozenset({"conduct"})


def must_not_be_own(actor: Actor, *, own: bool, exception: str, step: str, subject: str, clock: Clock) -> None:
    """Refuse a step on one's ``own`` matter, or record the exception inside the caller's unit of work.

    ``exception`` is the reason as typed, empty when none is claimed, and kept to the letter; ``step`` names what is
    done in plain words, ``subject`` the record as ``kind:id``. The caller has checked that the actor may take the
    step at all, so only whoever could decide records one.
    """
    if not own:
        return
    said = len(" ".join(exception.split()))
    if not said or actor.person_id is None or subject.partition(":")[0] in NEVER:
        raise Forbidden(OWN)
    if said < MIN_REASON:
        raise Invalid({"exception": "Say in a sentence why nobody else can settle this; the auditor reads it."})
    if len(exception) > MAX_REASON:
        raise Invalid({"exception": f"Use at most {MAX_REASON:,} characters."})
    RecordedException.insert(
        subject=subject,
        step=step,
        person=actor.person_id,
        reason=exception,
        at=clock.now(),
    ).execute()
    audit.record(RECORDED, actor, subject, clock=clock, step=step, reason=audit.digest_of(exception))
