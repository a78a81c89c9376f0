"""Proving the chain of the audit trail, in stretches that the timetable takes up one after the other."""

from datetime import timedelta

from charlton_intranet.core import audit
from charlton_intranet.core.audit import BATCH, Place
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission
from charlton_intranet.oversight.models import TrailCheck
from charlton_intranet.oversight.queries.chain import handed_out
from charlton_intranet.oversight.rules.trail import TRAIL_VERIFIED
from charlton_intranet.policy.queries import default

STARTED = audit.declare("trail.check_started", "total")
VERIFIED = audit.declare(TRAIL_VERIFIED, "events", "head", "fault")

# Events that one tick of the timetable reads: some seconds' work, so that reminders and mail need not wait.
STRETCH = 200_000


def start_check(actor: Actor, *, clock: Clock) -> TrailCheck:
    """Begin a walk along the whole chain and read its first stretch; ``StaleState`` while one is under way.

    A small trail is done at once, the rest of a long one is the timetable's.
    """
    actor.must_have(Permission.READ_AUDIT)
    with unit_of_work():
        if not _begin(actor, clock):
            raise StaleState("A check is under way already; this page shows how far it is.")
    work_on_check(clock=clock, stretch=BATCH)
    return TrailCheck.select().order_by(TrailCheck.id.desc()).get()


def check_when_due(*, clock: Clock) -> None:
    """Begin a walk when the last one was begun long enough ago."""
    since = clock.now() - timedelta(days=default("trail.days"))
    if not TrailCheck.select().where((TrailCheck.started_at > since) | TrailCheck.ended_at.is_null()).exists():
        with unit_of_work():
            _begin(SYSTEM, clock)


def _begin(actor: Actor, clock: Clock) -> bool:
    if TrailCheck.select().where(TrailCheck.ended_at.is_null()).exists():
        return False
    total, head = audit.head()
    TrailCheck.insert(started_at=clock.now(), started_by=actor.person_id, total=total, head=head).execute()
    audit.record(STARTED, actor, "trail:whole", clock=clock, total=total)
    return True


def work_on_check(*, clock: Clock, stretch: int = STRETCH) -> str:
    """Walk on in the check that is under way, for one stretch; what came of it in a sentence, empty without one."""
    check = TrailCheck.get_or_none(TrailCheck.ended_at.is_null())
    if check is None:
        return ""
    place, anchors = Place(check.reached, check.digest), handed_out()
    stop = min(check.total, place.number + stretch)
    while place.fault is None and place.number < stop:
        further = audit.walk(place, stop, anchors)
        if not _reach(check.id, place, further):
            return ""  # somebody else walks it
        place = further
    if place.fault is None and place.number < check.total:
        return f"Proved {place.number:,} of {check.total:,} events of the trail so far"
    return _end(check, place, anchors, clock)


def _reach(check_id: int, before: Place, after: Place) -> bool:
    with unit_of_work():
        moved = TrailCheck.update(reached=after.number, digest=after.digest).where(
            (TrailCheck.id == check_id) & (TrailCheck.reached == before.number) & TrailCheck.ended_at.is_null()
        )
        return bool(moved.execute())


def _end(check: TrailCheck, place: Place, anchors: list[audit.Anchor], clock: Clock) -> str:
    fault = place.fault or audit.fault_at_end(place, (check.total, check.head), anchors)
    words = f"event {fault.number}: {fault.reason}" if fault else None
    with unit_of_work():
        ended = TrailCheck.update(
            ended_at=clock.now(), anchors=len(anchors), fault_number=fault.number if fault else None,
            fault=fault.reason if fault else "",
        ).where((TrailCheck.id == check.id) & TrailCheck.ended_at.is_null())  # fmt: skip
        if ended.execute():
            audit.record(
                VERIFIED, SYSTEM, "trail:whole", clock=clock, events=place.number, head=place.digest, fault=words
            )
    return f"The trail is broken at {words}" if fault else f"The trail is whole: {place.number:,} events"
