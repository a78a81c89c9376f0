"""Leavers: their checklist is opened ahead of time or by the records, and their authority ends by itself."""

import json
from collections.abc import Callable
from datetime import date, datetime

from charlton_intranet.access.models import AdminEntry, Departure, DepartureStep, Identification
from charlton_intranet.access.queries import departures as queries
from charlton_intranet.access.queries.departures import DepartureRow
from charlton_intranet.access.rules import DepartureKind, DepartureState, StepKind, check_opening
from charlton_intranet.access.rules.departures import NOTE_MAX
from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Person, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.accounts.service.people import MOVED
from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.clock import Clock, today, town_time
from charlton_intranet.core.database import rows, unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission
from charlton_intranet.grants import service as grants
from charlton_intranet.grants.models import Grant
from charlton_intranet.sites.service.proofs import ProofFacts, keep_proof

OPENED = audit.declare("departure.opened", "person", "kind", "last_day", "department", "note")
GRANTS_ENDED = audit.declare("departure.grants_ended", "grants")
WIDENED = audit.declare("departure.widened", "before", "after", "last_day")
SHOWN = audit.declare("departure.shown", "step", "site", "proof", "note")
SETTLED = audit.declare("departure.settled", "before", "after")
CALLED_OFF = audit.declare("departure.called_off", "before", "after")

CLOSED = "This checklist is closed. Nothing was saved."


def open_departure(
    actor: Actor, *, person_id: int, kind: DepartureKind, last_day: date, note: str = "", clock: Clock
) -> int:
    """Say ahead of time that somebody leaves or moves; returns the checklist's id."""
    with unit_of_work():
        person = accounts.person(person_id)
        actor.must_have(Permission.SETTLE_DEPARTURE, person.department_id)
        check_opening(last_day, today(clock))
        if kind is DepartureKind.MOVES and person.department_id is None:
            raise Invalid({"kind": f"{person.name} belongs to no department, so there is none to move from."})
        if (
            Departure.select()
            .where((Departure.person == person_id) & (Departure.state == DepartureState.OPEN))
            .exists()
        ):
            raise Invalid({"person": f"There is an open checklist for {person.name} already."})
        return _open(
            actor, person_id, kind, last_day, department_id=person.department_id, note=_checked(note), clock=clock
        )


def end_grants(actor: Actor, departure_id: int, version: int, *, clock: Clock) -> int:
    """End everything that is granted or designated, at one press; returns how many."""
    with unit_of_work():
        found = _begin(actor, departure_id)
        update_current(Departure, departure_id, version)
        return _end_grants(actor, found, clock=clock)


def show_password(actor: Actor, departure_id: int, site_id: int, *, proof: ProofFacts, clock: Clock) -> None:
    """Show that the password of a shared account on a page was changed."""
    with unit_of_work():
        found = _begin(actor, departure_id)
        place = next((p for p in queries.checklist(found, today(clock)).places if p.site_id == site_id), None)
        if place is None or not place.shared or place.password_proof is not None:
            raise StaleState("This was shown already, or the page has no shared account any more.")
        proof_id = keep_proof(actor, site_id, proof, clock=clock)
        _show(actor, found, StepKind.PASSWORD, site_id=site_id, proof_id=proof_id, clock=clock)


def hand_over(actor: Actor, departure_id: int, version: int, *, note: str, clock: Clock) -> None:
    """Say in words what became of devices, drafts and what only this person knew."""
    with unit_of_work():
        found = _begin(actor, departure_id)
        note = _checked(note)
        if not note:
            raise Invalid({"note": "Say what was handed over, and to whom; “nothing” is an answer, too."})
        update_current(Departure, departure_id, version)
        earlier = (DepartureStep.departure == departure_id) & (DepartureStep.kind == StepKind.HANDOVER)
        if DepartureStep.select().where(earlier).exists():
            raise StaleState("The hand-over was noted already.")
        _show(actor, found, StepKind.HANDOVER, note=note, clock=clock)


def settle(actor: Actor, departure_id: int, version: int, *, exception: str = "", clock: Clock) -> None:
    """Close a checklist on which everything is done. Nobody closes their own but by ``exception``."""
    with unit_of_work():
        found = _begin(actor, departure_id)
        left = queries.checklist(found, today(clock)).left
        if left:
            raise Invalid({"left": f"{left} {'step is' if left == 1 else 'steps are'} left on this checklist."})
        must_not_be_own(
            actor, own=actor.person_id == found.person_id, exception=exception,
            step="settle their own departure", subject=_subject(found.id), clock=clock,
        )  # fmt: skip
        _close(actor, found, version, DepartureState.SETTLED, SETTLED, clock=clock)


def call_off(actor: Actor, departure_id: int, version: int, *, clock: Clock) -> None:
    """The person stays after all. What was ended stays ended."""
    with unit_of_work():
        found = _begin(actor, departure_id)
        if accounts.person(found.person_id).state is PersonState.DISABLED:
            raise Invalid({"left": "The account is closed, so the checklist stays open until everything is done."})
        _close(actor, found, version, DepartureState.CALLED_OFF, CALLED_OFF, clock=clock)


def open_due(*, clock: Clock) -> int:
    """Open the checklists of people whose account was closed or whose department changed; returns how many."""
    with unit_of_work():
        return _open_of_closed(clock) + _open_of_moved(clock)


def end_due(*, clock: Clock) -> int:
    """End what is still granted after somebody's last day; returns how many grants ended."""
    with unit_of_work():
        day = today(clock)
        return sum(
            _end_grants(SYSTEM, found, clock=clock) for found in queries.open_departures() if found.last_day < day
        )


def _open_of_closed(clock: Clock) -> int:
    """Closed accounts with anything to settle that have no checklist of since then."""
    day = today(clock)
    in_force = RoleAssignment.ends_on.is_null() | (RoleAssignment.ends_on >= day)
    concerned = (
        Person.id.in_(Grant.select(Grant.person))
        | Person.id.in_(AdminEntry.select(AdminEntry.person).where(AdminEntry.person.is_null(False)))
        | Person.id.in_(Identification.select(Identification.person).where(Identification.person.is_null(False)))
        | Person.id.in_(RoleAssignment.select(RoleAssignment.person).where(in_force))
    )
    query = Person.select(Person.id, Person.department, Person.disabled_at).where(
        (Person.state == PersonState.DISABLED) & Person.disabled_at.is_null(False) & concerned
    )
    closed = rows(query)
    dealt_with = _dealt_with([person_id for person_id, _, _ in closed])
    opened = 0
    for person_id, department_id, closed_at in closed:
        state = dealt_with(person_id, closed_at)
        if state is None:
            last_day = town_time(closed_at).date()
            _open(SYSTEM, person_id, DepartureKind.LEAVES, last_day, department_id=department_id, clock=clock)
            opened += 1
        elif state.kind is DepartureKind.MOVES and state.state is DepartureState.OPEN:
            _widen(state, town_time(closed_at).date(), clock=clock)
            opened += 1
    return opened


def _open_of_moved(clock: Clock) -> int:
    """People who were moved, unless their checklist was open at the time or has been opened since."""
    moved = rows(
        AuditEvent.select(AuditEvent.subject, AuditEvent.at, AuditEvent.detail)
        .where(AuditEvent.tag == MOVED)
        .order_by(AuditEvent.number)
    )
    moves = [(int(about.partition(":")[2]), at, json.loads(detail)["details"]["before"]) for about, at, detail in moved]
    dealt_with = _dealt_with([person_id for person_id, _, _ in moves])
    opened: set[int] = set()
    for person_id, at, left in moves:
        if left is not None and person_id not in opened and dealt_with(person_id, at) is None:
            _open(SYSTEM, person_id, DepartureKind.MOVES, town_time(at).date(), department_id=left, clock=clock)
            opened.add(person_id)
    return len(opened)


def _dealt_with(person_ids: list[int]) -> Callable[[int, datetime], Departure | None]:
    """Finds a person's checklist that was open at a moment or later; one query for all of them."""
    known = list(Departure.select().where(Departure.person.in_(person_ids)).order_by(Departure.id))

    def find(person_id: int, since: datetime) -> Departure | None:
        for found in known:
            lasts = found.state is DepartureState.OPEN or max(found.opened_at, found.closed_at) >= since
            if found.person_id == person_id and lasts:
                return found
        return None

    return find


def _open(
    actor: Actor,
    person_id: int,
    kind: DepartureKind,
    last_day: date,
    *,
    department_id: int | None,
    note: str = "",
    clock: Clock,
) -> int:
    departure_id = int(
        Departure.insert(
            person=person_id, kind=kind, last_day=last_day, from_department=department_id, note=note,
            opened_by=actor.person_id, opened_at=clock.now(),
        ).execute()
    )  # fmt: skip
    audit.record(
        OPENED, actor, _subject(departure_id), clock=clock, person=person_id, kind=kind, last_day=last_day,
        department=department_id, note=audit.digest_of(note),
    )  # fmt: skip
    return departure_id


def _widen(found: Departure, last_day: date, *, clock: Clock) -> None:
    """Who was to move has left: the open checklist becomes that of a leaver."""
    update_current(Departure, found.id, found.version, kind=DepartureKind.LEAVES, last_day=last_day)
    audit.record(
        WIDENED, SYSTEM, _subject(found.id), clock=clock,
        before=found.kind, after=DepartureKind.LEAVES, last_day=last_day,
    )  # fmt: skip


def _begin(actor: Actor, departure_id: int) -> DepartureRow:
    found = queries.departure(actor, departure_id)
    actor.must_have(Permission.SETTLE_DEPARTURE, found.department_id)
    if found.state is not DepartureState.OPEN:
        raise StaleState(CLOSED)
    return found


def _end_grants(actor: Actor, found: DepartureRow, *, clock: Clock) -> int:
    left = [(grant.id, grant.version) for grant in queries.grants_left(found)]
    if left:
        grants.end_grants(actor, left, reason=f"{found.kind.label}.", clock=clock)
        ended = [grant_id for grant_id, _ in left]
        audit.record(GRANTS_ENDED, actor, _subject(found.id), clock=clock, grants=ended)
    return len(left)


def _show(
    actor: Actor,
    found: DepartureRow,
    kind: StepKind,
    *,
    site_id: int | None = None,
    proof_id: int | None = None,
    note: str = "",
    clock: Clock,
) -> None:
    DepartureStep.insert(
        departure=found.id, kind=kind, site=site_id, proof=proof_id, note=note,
        made_by=actor.person_id, made_at=clock.now(),
    ).execute()  # fmt: skip
    audit.record(
        SHOWN, actor, _subject(found.id), clock=clock,
        step=kind, site=site_id, proof=proof_id, note=audit.digest_of(note),
    )  # fmt: skip


def _close(actor: Actor, found: DepartureRow, version: int, after: DepartureState, tag: str, *, clock: Clock) -> None:
    update_current(Departure, found.id, version, state=after, closed_by=actor.person_id, closed_at=clock.now())
    audit.record(tag, actor, _subject(found.id), clock=clock, before=found.state, after=after)


def _subject(departure_id: int) -> str:
    return f"departure:{departure_id}"


def _checked(note: str) -> str:
    note = note.strip()
    if len(note) > NOTE_MAX:
        raise Invalid({"note": f"Use at most {NOTE_MAX:,} characters; this has {len(note):,}."})
    return note
