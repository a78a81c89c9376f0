"""What waits for approval, one grant's page, one person's grants, and the quick question."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.authority import Ground, ground
from charlton_intranet.grants.rules import Capability, GrantState, Verdict, authority
from charlton_intranet.sites.models import Network, Site

# Whatever became of them: what the answer to a question names as its reason.
EVERY_STATE = frozenset(GrantState)
_TEXTS = {
    "grant.designated": "Designated",
    "grant.approved": "Approved",
    "grant.declined": "Declined",
    "grant.revoked": "Revoked",
    "grant.ended": "Ended",
    "exception.recorded": "Exception recorded: nobody else could decide",
}


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One grant in a list. ``held`` is what the person may do on the site by an approved grant already."""

    id: int
    version: int
    person_id: int
    person: str
    site_id: int
    site: str
    department: str
    capability: Capability
    state: GrantState
    purpose: str
    limits: str
    until: date | None
    designated_by_id: int
    designated_by: str
    designated_at: datetime
    decided_at: datetime | None
    ended_at: datetime | None
    reason: str
    held: Capability | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a grant, from the audit trail."""

    when: datetime
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class GrantSheet:
    """One grant with its history, and what it is worth today; ``decided_by`` and ``ended_by`` are names."""

    row: GrantRow
    department_id: int
    decided_by: str
    ended_by: str
    verdict: Verdict
    history: list[Event]


def _select(*, reach: frozenset[int] | None) -> Any:
    """Grants on sites of the departments in ``reach`` (None: the town's)."""
    head, held = Person.alias(), Grant.alias()
    present = held.select(held.capability).where(
        (held.person == Grant.person) & (held.site == Grant.site) & (held.state == GrantState.APPROVED)
    )
    query: Any = (
        Grant.select(
            Grant.id, Grant.version, Grant.person, Person.name, Grant.site, Site.title.concat(" (").concat(
                Network.name
            ).concat(")"), Department.name, Grant.capability, Grant.state, Grant.purpose, Grant.limits, Grant.until,
            Grant.designated_by, head.name, Grant.designated_at, Grant.decided_at, Grant.ended_at, Grant.reason,
            present.alias("held"),
        )
        .join_from(Grant, Person, on=(Grant.person == Person.id))
        .join_from(Grant, head, on=(Grant.designated_by == head.id))
        .join_from(Grant, Site)
        .join_from(Site, Network)
        .join_from(Site, Department)
    )  # fmt: skip
    return query if reach is None else query.where(Site.department.in_(reach))


def _row(row: tuple[Any, ...]) -> GrantRow:
    # The type of the last column is lost in the subquery that it comes from.
    return GrantRow(*(*row[:-1], Capability(row[-1]) if row[-1] else None))


def waiting(
    actor: Actor, *, site_id: int | None = None, after: int | None = None, size: int = 25
) -> tuple[list[GrantRow], int | None]:
    """Designations that wait, oldest first, and the key of the next page; one query."""
    query = _select(reach=actor.departments_for(Permission.READ_SITE_RECORDS))
    query = query.where(Grant.state == GrantState.DESIGNATED).order_by(Grant.id).limit(size + 1)
    if site_id is not None:
        query = query.where(Grant.site == site_id)
    if after is not None:
        query = query.where(Grant.id > after)
    found = [_row(row) for row in rows(query)]
    return found[:size], (found[size - 1].id if len(found) > size else None)


def grant_rows(actor: Actor, grant_ids: Collection[int]) -> dict[int, GrantRow]:
    """These grants by id, those that ``actor`` may read; one query."""
    query = _select(reach=actor.departments_for(Permission.READ_SITE_RECORDS))
    return {row[0]: _row(row) for row in rows(query.where(Grant.id.in_(list(grant_ids))))}


def grants_of(actor: Actor, person_id: int) -> list[GrantRow]:
    """Every grant a person has or had, newest first: one's own, or on sites whose records ``actor`` reads."""
    reach = None if person_id == actor.person_id else actor.departments_for(Permission.READ_SITE_RECORDS)
    query = _select(reach=reach).where(Grant.person == person_id).order_by(Grant.id.desc()).limit(500)
    return [_row(row) for row in rows(query)]


def grant_sheet(actor: Actor, grant_id: int, day: date) -> GrantSheet:
    """One grant for those who read the site's records, and for the person it is about."""
    found = rows(_select(reach=None).where(Grant.id == grant_id))
    if not found:
        raise NotFound
    row = _row(found[0])
    kept: Any = (
        Grant.select(Grant.decided_by, Grant.ended_by, Site.department)
        .join(Site)
        .where(Grant.id == grant_id)
        .tuples()
        .get()
    )
    decided_by, ended_by, department_id = kept
    if row.person_id != actor.person_id:
        actor.must_see(Permission.READ_SITE_RECORDS, department_id)
    names = accounts.names_of([decided_by, ended_by])
    return GrantSheet(
        row=row,
        department_id=department_id,
        decided_by=names.get(decided_by, ""),
        ended_by=names.get(ended_by, ""),
        verdict=may(row.person_id, row.site_id, row.capability, day),
        history=_history(grant_id),
    )


def may(person_id: int, site_id: int, asked: Capability, day: date) -> Verdict:
    """May this person do this on this site on ``day``? With every reason against it. The caller checks who asks."""
    found = everything_about([site_id], [person_id], day)
    if person_id not in found.people or site_id not in found.sites:
        raise NotFound
    return authority(found.facts(person_id, site_id), asked)


def everything_about(site_ids: Collection[int], person_ids: Collection[int], day: date) -> Ground:
    """The ground of questions: grants in every state count as reasons."""
    return ground(site_ids, person_ids, day=day, states=EVERY_STATE)


def _history(grant_id: int) -> list[Event]:
    query = (
        AuditEvent.select(AuditEvent.at, AuditEvent.tag, AuditEvent.detail)
        .where(AuditEvent.subject == f"grant:{grant_id}")
        .order_by(AuditEvent.number.desc())
    )
    return [Event(at, json.loads(detail)["actor"]["name"], _words(tag)) for at, tag, detail in rows(query)]


def _words(tag: str) -> str:
    """What a tag says; parts above write events of their own on a grant, such as ``access_review.kept``."""
    noun, _, verb = tag.replace("_", " ").partition(".")
    return _TEXTS.get(tag) or f"{noun.capitalize()}: {verb}"
