"""Reads of whole records: each in a fixed number of queries, whatever is on record.

A section appears for who may read what it is made of; the others are named as left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.access.queries import pages
from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.records.queries import account, activity, approval, checks, page, people, trail
from charlton_intranet.records.queries.about import About
from charlton_intranet.records.queries.order import not_in_order
from charlton_intranet.records.rules import Kind, Record, Section
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.queries import coordinators, site_ref
from charlton_intranet.sites.queries.approvals import approval_of
from charlton_intranet.sites.rules import LIVE

P = Permission

# The parts of a sheet that not everybody who reads site records may read.
_ACTIVITY: tuple[tuple[str, Permission, Callable[[About], Section]], ...] = (
    ("Regular reviews", P.READ_REVIEWS, activity.reviews),
    ("Captured evidence", P.READ_EVIDENCE, activity.evidence),
    ("Cases", P.READ_CASES, activity.cases),
    ("Incidents", P.READ_INCIDENTS, activity.incidents),
)


def site_record(actor: Actor, site_id: int, day: date, *, newest: int | None = None) -> Record:
    """Everything on record about one site; ``newest`` limits the history. ``NotFound`` for who may not read it."""
    ref = site_ref(site_id)
    actor.must_see(P.READ_SITE_RECORDS, ref.department_id)
    about = _about(actor, ref.department_id, day, Site.id == site_id)
    on_pages, approvals = pages(about.ids, day), approval_of(about.ids)
    names = accounts.names_of((*account.people_of(about), *approval.people_of(approvals)))
    sections = [
        account.account(about),
        not_in_order(about, on_pages, approvals),
        account.life(about, names),
        approval.approval(about, approvals, names),
        approval.changes(about, approvals),
        approval.approvals_so_far(about),
        approval.closing(about),
        account.network(about, names),
        people.coordinators(about),
        people.authority(about),
        page.listed(about, on_pages),
        page.differences(about, on_pages),
        checks.checklists(about),
        checks.answers(about),
        *_readable(about),
        trail.history(about, newest),
    ]
    lead = f"{ref.department_name} on {ref.network_name}"
    return Record(Kind.SITE, site_id, ref.department_id, ref.title, lead, tuple(sections), _left_out(about))


def department_record(actor: Actor, department_id: int, day: date, *, newest: int | None = None) -> Record:
    """The record of a department's sites in short; ``newest`` limits the history."""
    department = accounts.department(department_id)
    actor.must_see(P.READ_SITE_RECORDS, department_id)
    about = _about(actor, department_id, day, Site.department == department_id, whole=True)
    on_pages, approvals = pages(about.ids, day), approval_of(about.ids)
    names = accounts.names_of(approval.people_of(approvals))
    sections = [
        account.sites(about),
        not_in_order(about, on_pages, approvals),
        approval.approval(about, approvals, names),
        people.coordinators(about),
        people.authority(about),
        page.differences(about, on_pages),
        checks.checklists(about),
        *_readable(about),
        trail.history(about, newest),
    ]
    lead = f"Social media of the department: {len(about.sites)} on record"
    return Record(
        Kind.DEPARTMENT, department_id, department_id, department.name, lead, tuple(sections), _left_out(about)
    )


def _about(actor: Actor, department_id: int, day: date, chosen: peewee.Expression, *, whole: bool = False) -> About:
    query = (
        Site.select(Site, Network, Department)
        .join_from(Site, Network)
        .join_from(Site, Department)
        .where(chosen)
        .order_by(Site.title, Site.id)
    )
    named = coordinators([department_id], day).get(department_id, ())
    return About(actor, day, department_id, tuple(query), named, whole)


def _readable(about: About) -> list[Section]:
    return [make(about) for _, permission, make in _ACTIVITY if about.actor.may(permission, about.department_id)]


def _left_out(about: About) -> tuple[str, ...]:
    return tuple(name for name, permission, _ in _ACTIVITY if not about.actor.may(permission, about.department_id))


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """One line of the list: a department, its sites in use and on record, and who coordinates them."""

    id: int
    name: str
    live: int
    sites: int
    coordinators: tuple[str, ...]


def departments(actor: Actor, day: date) -> list[DepartmentLine]:
    """The departments whose records ``actor`` reads, by name; those that are over as long as they have sites."""
    live = peewee.fn.SUM(peewee.Case(None, [(Site.state.in_(LIVE), 1)], 0))
    query = (
        Department.select(Department.id, Department.name, live, peewee.fn.COUNT(Site.id))
        .join(Site, peewee.JOIN.LEFT_OUTER, on=(Site.department == Department.id))
        .where(Department.active | Site.id.is_null(False))
        .group_by(Department.id, Department.name)
        .order_by(Department.name)
    )
    reach = actor.departments_for(P.READ_SITE_RECORDS)
    if reach is not None:
        query = query.where(Department.id.in_(sorted(reach)))
    found = rows(query)
    named = coordinators((department_id for department_id, *_ in found), day)
    return [
        DepartmentLine(department_id, name, in_use, sites, named.get(department_id, ()))
        for department_id, name, in_use, sites in found
    ]
