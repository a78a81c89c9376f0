"""A restriction after its determination (3.7-4): carried out with proof, looked at again, over with proof."""

from datetime import date, timedelta

from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.evidence import service as evidence
from charlton_intranet.evidence.models import PieceKind
from charlton_intranet.moderation.models import Restriction, RestrictionGround, RestrictionReview
from charlton_intranet.moderation.queries.restrictions import reversed_among
from charlton_intranet.moderation.rules import check_reason, clean
from charlton_intranet.moderation.rules.contributors import RestrictionState, check_restriction_move
from charlton_intranet.moderation.service._cases import due
from charlton_intranet.moderation.service._restrictions import (
    begin,
    check_still,
    grounds_of,
    move,
    open_grounds_of,
    subject,
    tell,
)
from charlton_intranet.policy.queries import default

STARTED = audit.declare("restriction.started", "before", "after", "starts_on", "ends_on", "proof", "seal")
REVIEWED = audit.declare("restriction.reviewed", "before", "after", "stays", "reason", "fallen")
OVER = audit.declare("restriction.over", "before", "after", "proof", "seal")

S = RestrictionState


def carry_out(actor: Actor, restriction_id: int, version: int, *, proof: tuple[Upload, Stored], clock: Clock) -> None:
    """Prove that the writer is kept away on the network; from today the days run, and not one longer."""
    with unit_of_work():
        found = begin(actor, Permission.CARRY_OUT_CASE, restriction_id, version)
        check_restriction_move(found.state, S.IN_FORCE)
        if reversed_among(open_grounds_of(found.id)):
            raise Invalid(
                {"screenshots": "A decision it rests on was reversed. The Town Administrator looks at it first."}
            )
        check_still(found, field="screenshots")
        starts_on = today(clock)
        ends_on = _business_day_up_to(starts_on + timedelta(days=found.days or 0))
        piece, seal_id = _prove(actor, found, proof, clock=clock)
        move(
            found, S.IN_FORCE, starts_on=starts_on, ends_on=ends_on, due_on=ends_on, proof=piece,
            review_on=ends_on - timedelta(days=default("restriction_review.days")),
            started_by=actor.person_id, started_at=clock.now(),
        )  # fmt: skip
        audit.record(
            STARTED, actor, subject(found.id), clock=clock, before=found.state, after=S.IN_FORCE,
            starts_on=starts_on, ends_on=ends_on, proof=piece, seal=seal_id,
        )  # fmt: skip


def review(actor: Actor, restriction_id: int, version: int, *, stays: bool, reason: str, clock: Clock) -> None:
    """Look at a restriction again: it stays until its end, or goes at once. It never gets longer.

    When a reversal left it without what it must rest on, it can only go.
    """
    reason = clean(reason).strip()
    with unit_of_work():
        found = begin(actor, Permission.DECIDE_RESTRICTION, restriction_id, version)
        if found.state not in {S.APPROVED, S.IN_FORCE}:
            raise StaleState(f"The restriction is “{found.state.label.lower()}” now. Nothing was saved.")
        check_reason(reason)
        fallen = reversed_among(grounds_of(found.id))
        if stays and fallen:
            check_still(found, field="stays")
        review_id = int(
            RestrictionReview.insert(
                restriction=found.id, stays=stays, reason=reason,
                reviewed_by=actor.person_id, reviewed_at=clock.now(),
            ).execute()
        )  # fmt: skip
        RestrictionGround.update(reviewed=review_id).where(
            (RestrictionGround.restriction == found.id) & RestrictionGround.determination.in_(fallen)
        ).execute()
        after = found.state if stays else S.WITHDRAWN if found.state is S.APPROVED else S.LIFTING
        if stays:
            update_current(Restriction, found.id, found.version)
        else:
            over = {"over_by": actor.person_id, "over_at": clock.now()} if after is S.WITHDRAWN else {}
            due_on = None if after is S.WITHDRAWN else due(clock, "removal.business_days")
            move(found, after, over_reason=reason, due_on=due_on, **over)
        audit.record(
            REVIEWED, actor, subject(found.id), clock=clock, before=found.state, after=after,
            stays=stays, reason=audit.digest_of(reason), fallen=sorted(fallen),
        )  # fmt: skip
        if after is S.LIFTING:
            tell(Role.COORDINATOR, "restriction_lift", found, clock=clock)


def take_off(actor: Actor, restriction_id: int, version: int, *, proof: tuple[Upload, Stored], clock: Clock) -> None:
    """Prove that the writer can write again: on the day it ends, or because it was lifted early."""
    with unit_of_work():
        found = begin(actor, Permission.CARRY_OUT_CASE, restriction_id, version)
        after = S.LIFTED if found.state is S.LIFTING else S.ENDED
        check_restriction_move(found.state, after)
        if after is S.ENDED and found.ends_on is not None and today(clock) < found.ends_on:
            raise Invalid({"screenshots": "It has not ended yet. The Town Administrator can lift it early."})
        piece, seal_id = _prove(actor, found, proof, clock=clock)
        move(found, after, over_by=actor.person_id, over_at=clock.now(), over_proof=piece, due_on=None)
        audit.record(
            OVER, actor, subject(found.id), clock=clock, before=found.state, after=after, proof=piece, seal=seal_id
        )


def _prove(actor: Actor, found: Restriction, proof: tuple[Upload, Stored], *, clock: Clock) -> tuple[int, int]:
    upload, stored = proof
    piece = evidence.record_piece(
        actor, site_id=found.site_id, kind=PieceKind.SCREENSHOT, stored=stored, media_type=upload.media_type,
        file_name=upload.file_name, source_address="", clock=clock,
    )  # fmt: skip
    return piece, evidence.seal(actor, [piece], about=subject(found.id), clock=clock)


def _business_day_up_to(day: date) -> date:
    """The day itself or the last business day before it: a restriction never lasts longer than was decided."""
    calendar = business_calendar()
    while not calendar.is_business_day(day):
        day -= timedelta(days=1)
    return day
