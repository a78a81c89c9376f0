"""Steps of requests, networks and appointments that somebody waits for, and vacancies."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import peewee

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.sites.models import Appointment, Network, Site
from charlton_intranet.sites.queries import Deadlines, deadlines
from charlton_intranet.sites.queries.appointments import vacancies
from charlton_intranet.sites.queries.sheets import hindrances_of
from charlton_intranet.sites.rules import AppointmentState, NetworkState, SiteState

ADVISE_SITE = Kind("site.advise", "1.3", "Give advice", label="Advise on a site", by="IT")
DECIDE_SITE = Kind("site.decide", "2.2", "Decide", label="Decide on a site", by="Town Administrator")
CHANGE_REQUEST = Kind(
    "site.change", "2.2", "Make the changes", label="Change a request for a site", by="Department Head", courtesy=True
)
PUT_IN_USE = Kind(
    "site.activate", "2.2", "Put it in use", label="Put an approved site in use", by="Department Head", courtesy=True
)
ASSESS_NETWORK = Kind("network.assess", "1.3", "Assess it", label="Assess a network", by="IT")
DECIDE_NETWORK = Kind("network.decide", "1.3", "Decide", label="Decide on a network", by="Town Administrator")
FILE_APPOINTMENT = Kind(
    "appointment.file", "3.2", "File the letter", label="File a letter of appointment", by="Town Administrator"
)
FILL_VACANCY = Kind(
    "coordinator.appoint", "3.2", "Appoint a coordinator", label="Appoint a coordinator", by="Department Head"
)
KINDS = (
    ADVISE_SITE,
    DECIDE_SITE,
    CHANGE_REQUEST,
    PUT_IN_USE,
    ASSESS_NETWORK,
    DECIDE_NETWORK,
    FILE_APPOINTMENT,
    FILL_VACANCY,
)


@dataclass(frozen=True, slots=True)
class _Wait:
    """A state in which a record waits for somebody: for whom, since when, until when, in which words; who asked."""

    kind: Kind
    state: SiteState | NetworkState
    role: Role
    since: peewee.Field
    until: Callable[[Deadlines, date], date]
    words: str
    asker: peewee.ForeignKeyField


SITES = (
    _Wait(
        ADVISE_SITE, SiteState.REQUESTED, Role.IT, Site.requested_on, Deadlines.advice,
        "Advise on the site “{0}” on {1}", Site.requested_by,
    ),
    _Wait(
        DECIDE_SITE, SiteState.ADVISED, Role.ADMINISTRATOR, Site.advised_on, Deadlines.decision,
        "Decide on the site “{0}” on {1}", Site.requested_by,
    ),
    _Wait(
        CHANGE_REQUEST, SiteState.CHANGES_ASKED, Role.DEPARTMENT_HEAD, Site.decided_on, Deadlines.decision,
        "Change the request for “{0}” on {1}", Site.decided_by,
    ),
)  # fmt: skip
NETWORKS = (
    _Wait(
        ASSESS_NETWORK, NetworkState.PROPOSED, Role.IT, Network.proposed_on, Deadlines.advice,
        "Assess the network {0}", Network.proposed_by,
    ),
    _Wait(
        DECIDE_NETWORK, NetworkState.ASSESSED, Role.ADMINISTRATOR, Network.assessed_on, Deadlines.decision,
        "Decide on the network {0}", Network.proposed_by,
    ),
)  # fmt: skip


def owed(scope: Scope) -> Iterable[Duty]:
    """Steps that somebody waits for, and departments without a coordinator."""
    if not any(_concerns(scope, role) for role in (Role.IT, Role.ADMINISTRATOR, Role.DEPARTMENT_HEAD)):
        return
    due = deadlines()
    for wait in SITES:
        if _concerns(scope, wait.role):
            yield from _sites(scope, wait, due)
    for wait in NETWORKS:
        if _concerns(scope, wait.role):
            yield from _networks(scope, wait, due)
    if _concerns(scope, Role.ADMINISTRATOR):
        yield from _letters(scope, due)
    if scope.asker is None and _concerns(scope, Role.DEPARTMENT_HEAD):
        yield from _ready(scope, due)
        yield from _vacancies(scope, due)


def _concerns(scope: Scope, role: Role) -> bool:
    return scope.actor is None or any(held.role is role for held in scope.actor.held)


def _headed(scope: Scope) -> list[int] | None:
    """The departments that the actor heads; None when everybody's duties are asked for."""
    return None if scope.actor is None else sorted(scope.actor.departments_as(Role.DEPARTMENT_HEAD))


def _sites(scope: Scope, wait: _Wait, due: Deadlines) -> Iterator[Duty]:
    query = (
        Site.select(Site.id, Site.title, Network.name, Site.department, wait.since, wait.asker)
        .join(Network)
        .where(Site.state == wait.state)
    )
    headed = _headed(scope)
    if not wait.role.town_wide and headed is not None:
        query = query.where(Site.department.in_(headed))
    for site_id, title, network, department_id, since, asked_by in rows(_asked(query, wait.asker, scope)):
        yield Duty(
            kind=wait.kind,
            subject=f"site:{site_id}",
            title=wait.words.format(title, network),
            owner=Owner(role=wait.role, department_id=None if wait.role.town_wide else department_id),
            due=wait.until(due, since),
            url=f"/sites/{site_id}#line",
            department_id=department_id,
            asked_by=asked_by,
            since=since,
        )


def _asked(query: peewee.Query, asker: peewee.ForeignKeyField, scope: Scope) -> peewee.Query:
    return query if scope.asker is None else query.where(asker == scope.asker)


def _ready(scope: Scope, due: Deadlines) -> Iterator[Duty]:
    """Approved sites that nothing hinders: their head puts them in use, or withdraws them."""
    query = Site.select(Site, Network, Department).join_from(Site, Network).join_from(Site, Department)
    query = query.where(Site.state == SiteState.APPROVED)
    if (headed := _headed(scope)) is not None:
        query = query.where(Site.department.in_(headed))
    sites = list(query)
    hindered = hindrances_of(sites, scope.today) if sites else {}
    for site in sites:
        if not hindered[site.id]:
            yield Duty(
                kind=PUT_IN_USE,
                subject=f"site:{site.id}",
                title=f"Put “{site.title}” on {site.network.name} in use, or withdraw it",
                owner=Owner(role=Role.DEPARTMENT_HEAD, department_id=site.department_id),
                due=due.decision(site.decided_on or site.requested_on),
                url=f"/sites/{site.id}#line",
                department_id=site.department_id,
            )


def _networks(scope: Scope, wait: _Wait, due: Deadlines) -> Iterator[Duty]:
    query = Network.select(Network.id, Network.name, wait.since, wait.asker).where(Network.state == wait.state)
    for network_id, name, since, asked_by in rows(_asked(query, wait.asker, scope)):
        yield Duty(
            kind=wait.kind,
            subject=f"network:{network_id}",
            title=wait.words.format(name),
            owner=Owner(role=wait.role),
            due=wait.until(due, since),
            url=f"/sites/networks/{network_id}#step",
            asked_by=asked_by,
            since=since,
        )


def _letters(scope: Scope, due: Deadlines) -> Iterator[Duty]:
    query = (
        Appointment.select(
            Appointment.id, Person.name, Department.name, Appointment.department,
            Appointment.proposed_on, Appointment.starts_on, Appointment.proposed_by,
        )
        .join_from(Appointment, Person, on=(Appointment.person == Person.id))
        .join_from(Appointment, Department)
        .where(Appointment.state == AppointmentState.PROPOSED)
    )  # fmt: skip
    found = rows(_asked(query, Appointment.proposed_by, scope))
    for appointment_id, person, department, department_id, proposed, starts, asked_by in found:
        yield Duty(
            kind=FILE_APPOINTMENT,
            subject=f"appointment:{appointment_id}",
            title=f"File the letter that appoints {person} as coordinator, {department}",
            owner=Owner(role=Role.ADMINISTRATOR),
            # Filed in advance (3.2): by the first day, however near that is.
            due=min(due.decision(proposed), starts),
            url=f"/sites/coordinators/{appointment_id}",
            department_id=department_id,
            asked_by=asked_by,
            since=proposed,
        )


def _vacancies(scope: Scope, due: Deadlines) -> Iterator[Duty]:
    for vacancy in vacancies(scope.today, _headed(scope)):
        yield Duty(
            kind=FILL_VACANCY,
            subject=f"department:{vacancy.department_id}",
            title=f"{vacancy.department} has an active site and no active Social Media Coordinator",
            owner=Owner(role=Role.DEPARTMENT_HEAD, department_id=vacancy.department_id),
            due=due.calendar.on_or_after(vacancy.since),
            url=f"/sites/coordinators/propose?department={vacancy.department_id}",
            department_id=vacancy.department_id,
        )
