"""Sharing the queue: claim and release, snooze and wake, the one Undo of a press, and views that are kept.

None of it moves a case: what somebody has typed into its form stays good.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import peewee

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import database, unit_of_work
from charlton_intranet.core.errors import Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import Case, Claim, SavedView, Snooze
from charlton_intranet.moderation.queries.desk import claim_of
from charlton_intranet.moderation.rules import Batch, CaseState, clean
from charlton_intranet.moderation.rules.desk import VIEWS_MAX, Press, check_clock, check_snooze, check_view
from charlton_intranet.moderation.service._cases import at, subject, visible
from charlton_intranet.moderation.service.triage import may_triage, new_batch, ticked, undo_dismissals
from charlton_intranet.policy.queries import default

CLAIMED = audit.declare("case.claimed", "batch", "from_person")
RELEASED = audit.declare("case.released", "batch")
SNOOZED = audit.declare("case.snoozed", "batch", "until", "reason")
WOKEN = audit.declare("case.woken", "batch")
TAKEN_BACK = audit.declare("case.press_taken_back", "batch")

Ticked = Sequence[tuple[int, int]]

# One press at a time: an undo brings back what others may be ending at the same moment.
DESK = "desk"


def claim(actor: Actor, case_id: int, version: int, *, seen: int | None, clock: Clock) -> None:
    """Take a case. ``seen`` is the claim of somebody else that the actor takes over, None when there was none.

    Raises ``StaleState`` when somebody has claimed it since: nobody loses a case without being asked about.
    """
    with unit_of_work():
        case = at(actor, Permission.TRIAGE_CASE, case_id, version)
        standing = claim_of(case.id, clock.now())
        if standing is not None and standing.person_id != actor.person_id and standing.id != seen:
            raise StaleState(f"{standing.name} has claimed this case meanwhile. Take it over if you need to.")
        _claim(actor, case, batch=new_batch(Press.CLAIM), clock=clock)


def release(actor: Actor, case_id: int, *, clock: Clock) -> None:
    """Give back one's own claim; without one there is nothing to do."""
    with unit_of_work():
        case = visible(actor, case_id)
        actor.must_have(Permission.TRIAGE_CASE, case.department_id)
        _release(actor, case, batch=new_batch(Press.RELEASE), clock=clock)


def snooze(actor: Actor, case_id: int, version: int, *, until: date | None, reason: str, clock: Clock) -> None:
    """Put an open case out of sight until a day; the duty to look at it stays as it is."""
    reason = clean(reason).strip()
    with unit_of_work():
        case = at(actor, Permission.TRIAGE_CASE, case_id, version)
        check_clock(case.state)
        _check_snooze(until, reason, clock)
        _snooze(actor, case, batch=new_batch(Press.SNOOZE), until=until, reason=reason, clock=clock)


def wake(actor: Actor, case_id: int, *, clock: Clock) -> None:
    """Bring a snoozed case back before its day; one that is back already stays."""
    with unit_of_work():
        case = visible(actor, case_id)
        actor.must_have(Permission.TRIAGE_CASE, case.department_id)
        _wake(actor, case, batch=new_batch(Press.WAKE), clock=clock)


def claim_many(actor: Actor, chosen: Ticked, *, clock: Clock) -> Batch:
    """Take all of these but those that are somebody else's; taking over is asked for one by one."""

    def act(case: Case, batch: str) -> bool:
        if claim_of(case.id, clock.now()) is not None:
            return False
        _claim(actor, case, batch=batch, clock=clock)
        return True

    return _many(actor, chosen, Press.CLAIM, act)


def release_many(actor: Actor, chosen: Ticked, *, clock: Clock) -> Batch:
    """Give back one's own claims among these."""
    return _many(actor, chosen, Press.RELEASE, lambda case, batch: _release(actor, case, batch=batch, clock=clock))


def snooze_many(actor: Actor, chosen: Ticked, *, until: date | None, reason: str, clock: Clock) -> Batch:
    """Put these out of sight until a day; those that wait for a later step are left and named."""
    reason = clean(reason).strip()

    def act(case: Case, batch: str) -> bool:
        if case.state is not CaseState.OPEN:
            return False
        _snooze(actor, case, batch=batch, until=until, reason=reason, clock=clock)
        return True

    _check_snooze(until, reason, clock)
    return _many(actor, chosen, Press.SNOOZE, act)


def wake_many(actor: Actor, chosen: Ticked, *, clock: Clock) -> Batch:
    """Bring these back before their day."""
    return _many(actor, chosen, Press.WAKE, lambda case, batch: _wake(actor, case, batch=batch, clock=clock))


def undo_batch(actor: Actor, batch: str, *, clock: Clock) -> int:
    """Take one press back wherever nothing has followed it, however long ago it was; returns on how many cases."""
    with unit_of_work():
        undone = undo_dismissals(actor, batch, clock=clock)
        return undone + _take_back(actor, Claim, batch, clock) + _take_back(actor, Snooze, batch, clock)


def save_view(actor: Actor, name: str, query: str) -> int:
    """Keep a view of the queue under a name; a name that is there takes the new view. Returns its id."""
    name = clean(name).strip()
    check_view(name, query)
    with unit_of_work():
        own = SavedView.select().where(SavedView.person == actor.person_id)
        if own.where(SavedView.name != name).count() >= VIEWS_MAX:
            raise Invalid({"name": f"You have {VIEWS_MAX} views already. Remove one first."})
        SavedView.insert(person=actor.person_id, name=name, query=query).on_conflict(
            conflict_target=[SavedView.person, SavedView.name], update={SavedView.query: query}
        ).execute()
        return int(SavedView.get((SavedView.person == actor.person_id) & (SavedView.name == name)).id)


def rename_view(actor: Actor, view_id: int, name: str) -> None:
    """Call one's own view something else."""
    name = clean(name).strip()
    with unit_of_work():
        view = _own_view(actor, view_id)
        check_view(name, view.query)
        try:
            with database.atomic():
                SavedView.update(name=name).where(SavedView.id == view.id).execute()
        except peewee.IntegrityError:
            raise Invalid({"name": f"You have a view “{name}” already."}) from None


def remove_view(actor: Actor, view_id: int) -> None:
    """Forget one's own view; the cases in it stay where they are."""
    with unit_of_work():
        _own_view(actor, view_id).delete_instance()


def _own_view(actor: Actor, view_id: int) -> SavedView:
    view = SavedView.get_or_none((SavedView.id == view_id) & (SavedView.person == actor.person_id))
    if view is None:
        raise NotFound
    return view


def _many(actor: Actor, chosen: Ticked, press: Press, act: Callable[[Case, str], bool]) -> Batch:
    """Do ``act`` to each ticked case that is still as it was seen; it says whether it did anything."""
    batch = new_batch(press)
    with unit_of_work():
        done = {case.id: current and act(case, batch) for case, current in ticked(actor, chosen)}
    return Batch(batch, tuple(one for one in done if done[one]), tuple(one for one in done if not done[one]))


def _claim(actor: Actor, case: Case, *, batch: str, clock: Clock) -> None:
    before = _end(Claim, case, batch, clock)
    _begin(Claim, case=case.id, person=actor.person_id, at=clock.now(), batch=batch)
    audit.record(
        CLAIMED, actor, subject(case.id), clock=clock, batch=batch, from_person=before.person_id if before else None
    )


def _release(actor: Actor, case: Case, *, batch: str, clock: Clock) -> bool:
    if not _end(Claim, case, batch, clock, Claim.person == actor.person_id):
        return False
    audit.record(RELEASED, actor, subject(case.id), clock=clock, batch=batch)
    return True


def _check_snooze(until: date | None, reason: str, clock: Clock) -> None:
    check_snooze(until, reason, today(clock), default("snooze.days"))


def _snooze(actor: Actor, case: Case, *, batch: str, until: date | None, reason: str, clock: Clock) -> None:
    _end(Snooze, case, batch, clock)
    _begin(Snooze, case=case.id, until=until, reason=reason, by=actor.person_id, at=clock.now(), batch=batch)
    audit.record(
        SNOOZED, actor, subject(case.id), clock=clock, batch=batch, until=until, reason=audit.digest_of(reason)
    )


def _wake(actor: Actor, case: Case, *, batch: str, clock: Clock) -> bool:
    if not _end(Snooze, case, batch, clock):
        return False
    audit.record(WOKEN, actor, subject(case.id), clock=clock, batch=batch)
    return True


def _begin(model: Any, **facts: Any) -> None:
    """One claim, one snooze a case: whoever comes second at the same moment is told so."""
    try:
        with database.atomic():
            model.insert(**facts).execute()
    except peewee.IntegrityError:
        raise StaleState from None


def _end(model: Any, case: Case, batch: str, clock: Clock, *conditions: Any) -> Any:
    """End what stands for the case, lapsed or not; returns it, or None when there is nothing."""
    standing = model.get_or_none((model.case == case.id) & model.ended_at.is_null(), *conditions)
    if standing is not None:
        model.update(ended_at=clock.now(), ended_batch=batch).where(model.id == standing.id).execute()
    return standing


def _take_back(actor: Actor, model: Any, batch: str, clock: Clock) -> int:
    """End what the press began and bring back what it ended, where nobody has done anything since."""
    begun = list(model.select().where((model.batch == batch) & model.ended_at.is_null()))
    other = model.alias()
    standing = other.select(other.case).where(other.ended_at.is_null() & (other.batch != batch))
    ended = list(model.select().where((model.ended_batch == batch) & model.case.not_in(standing)))
    cases = {row.case_id for row in (*begun, *ended)}
    for case in Case.select().where(Case.id.in_(sorted(cases))).order_by(Case.id):
        may_triage(actor, case)
        audit.record(TAKEN_BACK, actor, subject(case.id), clock=clock, batch=batch)
    model.update(ended_at=clock.now(), ended_batch=f"undo-{batch}").where(
        model.id.in_([row.id for row in begun])
    ).execute()
    model.update(ended_at=None, ended_batch=None).where(model.id.in_([row.id for row in ended])).execute()
    return len(cases)
