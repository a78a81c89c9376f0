"""What restrictions and links between names make people owe (3.7-4)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import peewee

from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core.calendar import BusinessCalendar
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Permission, Role
from charlton_intranet.moderation.models import (
    HandleLink,
    Reconsideration,
    Restriction,
    RestrictionGround,
    RestrictionReview,
)
from charlton_intranet.moderation.rules.contributors import OPEN, LinkState, RestrictionState
from charlton_intranet.moderation.rules.reconsidering import ReconsiderationState
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import Network, Site

VIEW = Kind(
    "view_restriction",
    "3.7-4",
    "Give your view",
    ladder=(0,),
    repeat_days=1,
    escalate_after=1,
    label="Give a view on a restriction",
    by="Department Head",
    legal_clock=True,
)
DECIDE = Kind(
    "decide_restriction",
    "3.7-4",
    "Decide",
    ladder=(1, 0),
    repeat_days=1,
    escalate_after=3,
    label="Decide on a restriction",
    by="Town Administrator",
    legal_clock=True,
)
CARRY_OUT = Kind(
    "carry_out_restriction",
    "3.7-4",
    "Set it",
    ladder=(0,),
    repeat_days=1,
    escalate_after=1,
    label="Set a restriction",
    by="Coordinator",
    legal_clock=True,
)
REVIEW = Kind(
    "review_restriction",
    "3.7-4",
    "Look at it again",
    ladder=(7, 1, 0),
    repeat_days=1,
    escalate_after=1,
    label="Look at a restriction again",
    by="Town Administrator",
    legal_clock=True,
)
LIFT = Kind(
    "lift_restriction",
    "3.7-4",
    "Take it off",
    ladder=(1, 0),
    repeat_days=1,
    escalate_after=1,
    label="Take a restriction off",
    by="Coordinator",
    legal_clock=True,
)
CONFIRM = Kind(
    "confirm_link",
    "3.7-4",
    "Answer",
    ladder=(0,),
    repeat_days=7,
    escalate_after=7,
    label="Answer whether two names are one person's",
    by="Town Administrator",
    courtesy=True,
)
KINDS = (VIEW, DECIDE, CARRY_OUT, REVIEW, LIFT, CONFIRM)

S = RestrictionState
_ADMINISTRATOR = Owner(role=Role.ADMINISTRATOR)


def owed(scope: Scope) -> Iterable[Duty]:
    """The next step of each restriction under way, and the links that wait for a second person."""
    yield from _restrictions(scope)
    yield from _links(scope)


class _Row(NamedTuple):
    """A restriction with a step open."""

    id: int
    state: RestrictionState
    department_id: int
    due_on: date
    view_due_on: date
    review_on: date
    ends_on: date
    site: str
    network: str
    viewed: bool
    proposed_by: int
    proposed_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    reviews: int

    @property
    def asked(self) -> tuple[int | None, date]:
        """Who waits for the next step and since when: who proposed it for a decision, who decided for the rest."""
        if self.state is S.PROPOSED or self.decided_at is None:
            return self.proposed_by, town_time(self.proposed_at).date()
        return self.decided_by, town_time(self.decided_at).date()


def _restrictions(scope: Scope) -> Iterator[Duty]:
    found = [_Row(*row) for row in rows(_under_way(scope))]
    if not found:
        return
    calendar, days, fallen = business_calendar(), default("determination.business_days"), _fallen()
    for row in found:
        asked_by, since = row.asked
        for kind, words, role, due in _steps(row, fallen.get(row.id), scope.today, calendar, days):
            yield Duty(
                kind=kind,
                subject=f"restriction:{row.id}",
                title=f"{words} the restriction on {row.site} ({row.network})",
                owner=Owner(role=role, department_id=None if role.town_wide else row.department_id),
                due=due,
                url=f"/contributors/restrictions/{row.id}",
                department_id=row.department_id,
                asked_by=asked_by,
                since=since,
            )


def _steps(
    row: _Row, fallen: datetime | None, today: date, calendar: BusinessCalendar, days: int
) -> Iterator[tuple[Kind, str, Role, date]]:
    """What is owed now, by which role, until when. Late views also give the Town Administrator something to do."""
    if row.state is S.PROPOSED and row.viewed:
        yield DECIDE, "Determine", Role.ADMINISTRATOR, row.due_on
    elif row.state is S.PROPOSED:
        yield VIEW, "Say what you think of", Role.DEPARTMENT_HEAD, row.view_due_on
        if row.view_due_on < today:
            late = calendar.add(row.view_due_on, days)
            yield DECIDE, "Go on without the head's view of", Role.ADMINISTRATOR, late
    elif row.state is S.LIFTING:
        yield LIFT, "Lift", Role.COORDINATOR, row.due_on
    elif fallen is not None:
        reversed_on = town_time(fallen).date()
        yield REVIEW, "A decision was reversed: look again at", Role.ADMINISTRATOR, reversed_on
    elif row.state is S.APPROVED:
        yield CARRY_OUT, "Set", Role.COORDINATOR, row.due_on
    elif not row.reviews:
        yield REVIEW, "Look again at", Role.ADMINISTRATOR, calendar.on_or_after(row.review_on)
    if row.state is S.IN_FORCE:
        yield LIFT, "Take off", Role.COORDINATOR, row.ends_on


def _under_way(scope: Scope) -> Any:
    """Restrictions with a step open, and how often each was looked at again."""
    reviews = RestrictionReview.select(peewee.fn.COUNT(RestrictionReview.id)).where(
        RestrictionReview.restriction == Restriction.id
    )
    query = (
        Restriction.select(
            Restriction.id, Restriction.state, Restriction.department, Restriction.due_on, Restriction.view_due_on,
            Restriction.review_on, Restriction.ends_on, Site.title, Network.name, Restriction.view.is_null(False),
            Restriction.proposed_by, Restriction.proposed_at, Restriction.decided_by, Restriction.decided_at,
            reviews.alias("reviews"),
        )
        .join_from(Restriction, Site)
        .join_from(Site, Network)
        .where(Restriction.state.in_(sorted(OPEN)))
    )  # fmt: skip
    if scope.asker is not None:
        query = query.where(
            ((Restriction.state == S.PROPOSED) & (Restriction.proposed_by == scope.asker))
            | ((Restriction.state != S.PROPOSED) & (Restriction.decided_by == scope.asker))
        )
    reach = None if scope.actor is None else scope.actor.departments_for(Permission.READ_CASES)
    return query if reach is None else query.where(Restriction.department.in_(sorted(reach)))


def _fallen() -> dict[int, datetime]:
    """When a decision that a restriction rests on was reversed, as long as no review took notice of it."""
    query = (
        RestrictionGround.select(RestrictionGround.restriction, peewee.fn.MIN(Reconsideration.answered_at))
        .join(Reconsideration, on=(Reconsideration.determination == RestrictionGround.determination))
        .where(RestrictionGround.reviewed.is_null() & (Reconsideration.state == ReconsiderationState.REVERSED))
        .group_by(RestrictionGround.restriction)
    )
    return dict(rows(query))


def _links(scope: Scope) -> Iterator[Duty]:
    if scope.actor is not None and not scope.actor.holds(Role.ADMINISTRATOR):
        return
    links = HandleLink.select(HandleLink.id, HandleLink.proposed_by, HandleLink.proposed_at).where(
        HandleLink.state == LinkState.PROPOSED
    )
    if scope.asker is not None:
        links = links.where(HandleLink.proposed_by == scope.asker)
    waiting = rows(links)
    if not waiting:
        return
    calendar, days = business_calendar(), default("determination.business_days")
    for number, proposed_by, proposed_at in waiting:
        since = town_time(proposed_at).date()
        yield Duty(
            kind=CONFIRM,
            subject=f"handle_link:{number}",
            title="Answer whether two names are one person's",
            owner=_ADMINISTRATOR,
            due=calendar.add(since, days),
            url=f"/contributors/links/{number}",
            asked_by=proposed_by,
            since=since,
        )
