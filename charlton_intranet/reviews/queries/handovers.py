"""Who stands in for whom on which sites."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.queries import Contact
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.database import rows
from charlton_intranet.core.once import once
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.reviews.models import HandedOver
from charlton_intranet.sites.models import Site

# Who may stand in: those who read the department's reviews and capture on its sites by their own office.
STAND_INS = (Role.COORDINATOR, Role.DEPARTMENT_HEAD)
GIVER = Person.alias("giver")


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """The reviews of one site in a colleague's hands."""

    id: int
    version: int
    site_id: int
    site: str
    department_id: int
    department: str
    person_id: int
    person: str
    starts_on: date
    ends_on: date
    given_by_id: int
    given_by: str
    note: str


def current(day: date) -> peewee.Expression:
    """The hand-overs that count on ``day``: those that were not taken back, to somebody who still holds an office."""
    still = RoleAssignment.select(RoleAssignment.id).where(
        (RoleAssignment.person == HandedOver.person)
        & (RoleAssignment.department == Site.department)
        & RoleAssignment.role.in_(STAND_INS)
        & accounts.on(day)
    )
    return (
        (HandedOver.starts_on <= day)
        & (HandedOver.ends_on >= day)
        & HandedOver.ended_on.is_null()
        & (Person.state == PersonState.ACTIVE)
        & peewee.fn.EXISTS(still)
    )


@once
def in_force(day: date) -> dict[int, tuple[int, int]]:
    """Who has a site's reviews on ``day`` and who gave them, by site; of several the last; one query."""
    query = (
        HandedOver.select(HandedOver.site, HandedOver.person, HandedOver.given_by)
        .join_from(HandedOver, Site)
        .join_from(HandedOver, Person, on=(HandedOver.person == Person.id))
        .where(current(day))
        .order_by(HandedOver.id)
    )
    return {site_id: (person_id, given_by) for site_id, person_id, given_by in rows(query)}


def handed_to(actor: Actor, day: date) -> frozenset[int]:
    """The sites whose reviews are in ``actor``'s hands on ``day``."""
    return frozenset(site_id for site_id, (person_id, _) in in_force(day).items() if person_id == actor.person_id)


def hand_overs(actor: Actor, day: date) -> list[HandOverRow]:
    """The hand-overs of today and to come that ``actor`` may know of, soonest first; one query."""
    query: Any = (
        HandedOver.select(
            HandedOver.id, HandedOver.version, Site.id, Site.title, Department.id, Department.name,
            Person.id, Person.name, HandedOver.starts_on, HandedOver.ends_on, GIVER.id, GIVER.name, HandedOver.note,
        )
        .join_from(HandedOver, Site)
        .join_from(Site, Department)
        .join_from(HandedOver, Person, on=(HandedOver.person == Person.id))
        .join_from(HandedOver, GIVER, on=(HandedOver.given_by == GIVER.id))
        .where((HandedOver.ends_on >= day) & HandedOver.ended_on.is_null())
        .order_by(HandedOver.starts_on, HandedOver.id)
    )  # fmt: skip
    reach = actor.departments_for(Permission.READ_REVIEWS)
    if reach is not None:
        query = query.where(Site.department.in_(sorted(reach)))
    return [HandOverRow(*row) for row in rows(query)]


def may_hand_over(actor: Actor, department_id: int) -> bool:
    """Whether ``actor`` may hand a department's reviews to a colleague, or take them back."""
    return actor.may(Permission.RECORD_REVIEW, department_id) or actor.may(Permission.NAME_ACTING, department_id)


def stand_ins(department_id: int, day: date) -> list[Contact]:
    """The colleagues who may stand in for a department's coordinator, by name."""
    found = {person for role in STAND_INS for person in accounts.holders(role, day, department_id)}
    return sorted(found, key=lambda person: (person.name, person.person_id))
