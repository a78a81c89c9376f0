"""What grants make people owe: a decision on what waits (3.3-3), and a signature for a scope not signed for (3.3-4)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Person, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.authority import newest_signatures, present_major
from charlton_intranet.grants.queries.scopes import scopes
from charlton_intranet.grants.rules import OPEN, GrantState, signature_lapse
from charlton_intranet.policy import queries as policy
from charlton_intranet.policy.queries.signatures import SIGNERS
from charlton_intranet.sites.models import Network, Site

APPROVE = Kind("grant.approve", "3.3-3", "Decide", label="Decide on designations", by="Town Administrator")
SIGN_SCOPE = Kind(
    "policy.sign_scope",
    "3.3-4",
    "Read and sign",
    ladder=(7, 1, 0),
    label="Sign for what one may do on a site",
    by="Authorized user",
    legal_clock=True,
)
KINDS = (APPROVE, SIGN_SCOPE)

_ADMINISTRATOR = Owner(role=Role.ADMINISTRATOR)


def owed(scope: Scope) -> Iterable[Duty]:
    """Every duty around grants within ``scope``."""
    if scope.actor is None or _ADMINISTRATOR.is_held_by(scope.actor):
        yield from _decisions(scope.asker)
    if scope.asker is None:
        yield from _signatures(scope)


def _decisions(asker: int | None) -> Iterator[Duty]:
    """One for each site with designations that wait (``asker``: that this person made), due with the oldest."""
    query = (
        Site.select(
            Site.id, Site.title, Network.name, Site.department,
            peewee.fn.COUNT(Grant.id), peewee.fn.MIN(Grant.designated_at),
        )
        .join_from(Site, Network)
        .join_from(Site, Grant)
        .where(Grant.state == GrantState.DESIGNATED)
        .group_by(Site.id, Site.title, Network.name, Site.department)
        .order_by(Site.id)
    )  # fmt: skip
    found = rows(query if asker is None else query.where(Grant.designated_by == asker))
    if not found:
        return
    calendar, days = accounts.business_calendar(), policy.default("site_approval.business_days")
    for site_id, title, network, department_id, number, since in found:
        what = "a designation" if number == 1 else f"{number} designations"
        yield Duty(
            kind=APPROVE,
            subject=f"site:{site_id}",
            title=f"Decide on {what} for “{title}” on {network}",
            owner=_ADMINISTRATOR,
            due=calendar.add(_day(since), days),
            url=f"/grants/waiting?site={site_id}",
            department_id=department_id,
            asked_by=asker,
            since=_day(since),
        )


def _day(value: Any) -> date:
    """A day in the town, out of an aggregate, to which SQLite gives no type."""
    moment: datetime = Grant.designated_at.python_value(value)
    return town_time(moment).date()


def _signatures(scope: Scope) -> Iterator[Duty]:
    """From people whose good signature is not for what they are given, or whom no role asks to sign at all."""
    person_ids = None if scope.actor is None else [scope.actor.person_id or 0]
    wanted = scopes(person_ids, scope.today)
    if not wanted:
        return
    signatures, major = newest_signatures(wanted), present_major()
    asked_already = _signers(scope.today)
    uncovered = {}
    for person_id, lines in wanted.items():
        signature = signatures.get(person_id)
        lapsed = bool(signature_lapse(signature, major, scope.today))
        missing = lapsed or signature is None or any(not signature.covers(line.subject, line.level) for line in lines)
        if missing and major is not None and not (lapsed and person_id in asked_already):
            uncovered[person_id] = len(lines)
    if not uncovered:
        return
    calendar, days = accounts.business_calendar(), policy.default("acknowledgement.business_days")
    for person_id, department_id, since in _since(uncovered, scope.today):
        yield Duty(
            kind=SIGN_SCOPE,
            subject=f"person:{person_id}",
            title="Sign the policy for what you may do on the town's sites; until then you may not",
            owner=Owner(person_id=person_id),
            due=calendar.add(since, days),
            url="/policy/sign",
            department_id=department_id,
        )


def _signers(day: date) -> frozenset[int]:
    """Whom the policy's own duty asks for a signature because of a role."""
    held = RoleAssignment
    query = held.select(held.person).where(
        held.role.in_(SIGNERS) & (held.starts_on <= day) & (held.ends_on.is_null() | (held.ends_on >= day))
    )
    return frozenset(person_id for (person_id,) in rows(query))


def _since(person_ids: Iterable[int], today: date) -> list[tuple[int, int | None, date]]:
    """Active ones of these people with their department and the day of their newest grant or office."""
    newest, office = peewee.fn.MAX(Grant.designated_at), peewee.fn.MAX(RoleAssignment.starts_on)
    query = (
        Person.select(Person.id, Person.department, newest, office)
        .join_from(Person, Grant, peewee.JOIN.LEFT_OUTER, on=(Grant.person == Person.id) & Grant.state.in_(OPEN))
        .join_from(
            Person, RoleAssignment, peewee.JOIN.LEFT_OUTER,
            on=(RoleAssignment.person == Person.id)
            & (RoleAssignment.role == Role.DEPARTMENT_HEAD)
            & (RoleAssignment.starts_on <= today),
        )
        .where(Person.id.in_(list(person_ids)) & (Person.state == PersonState.ACTIVE))
        .group_by(Person.id, Person.department)
        .order_by(Person.id)
    )  # fmt: skip
    return [
        (
            person_id,
            department_id,
            max(
                [
                    *([_day(granted)] if granted else []),
                    *([RoleAssignment.starts_on.python_value(held)] if held else []),
                ],
                default=today,
            ),
        )
        for person_id, department_id, granted, held in rows(query)
    ]
