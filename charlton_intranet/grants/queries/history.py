"""Reading the past of a site's authority back out of the record: the audit trail and dated rows."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from charlton_intranet.accounts.models import Person, RoleAssignment
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.clock import town_midnight, town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Role
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import OPEN, Capability, Granted, GrantState, Signature
from charlton_intranet.grants.rules.history import Interval, Past, Spell, Track, intervals
from charlton_intranet.policy import queries as policy
from charlton_intranet.sites.models import Network
from charlton_intranet.sites.queries import SiteRef
from charlton_intranet.sites.rules import NetworkState, SiteState


@dataclass(frozen=True, slots=True)
class PersonsDay:
    """One person's day on a site, in intervals that fill it."""

    person_id: int
    person: str
    intervals: list[Interval]

    @property
    def allowed(self) -> list[Interval]:
        return [interval for interval in self.intervals if interval.verdict.allowed]


@dataclass(frozen=True, slots=True)
class _Event:
    """One event of the trail, as far as states depend on it."""

    at: datetime
    tag: str
    details: dict[str, Any]


def who_could(site: SiteRef, asked: Capability, day: date) -> list[PersonsDay]:
    """Everybody who had a grant or the office for ``site`` on the town's ``day``, by name; eight queries.

    Every state is known to the moment, but the first day of a role given with an earlier date: that one counts
    from its midnight, as it was written down.
    """
    start, end = town_midnight(day), town_midnight(day + timedelta(days=1))
    assignments = _assignments(site.department_id)
    grants = _grants(site.id)
    people = _people({*(row[1] for row in assignments), *grants})
    events = _events([f"site:{site.id}", f"network:{site.network_id}", *(f"person:{one}" for one in people)])
    offices = _offices(assignments, events)
    signatures = policy.signatures_of(list(people))
    majors: Track[int | None] = Track(None, tuple((at, major) for major, at in policy.majors()))
    site_track = _states(SiteState, site.state, events[f"site:{site.id}"], SiteState.ACTIVE)
    network = Network.get_by_id(site.network_id)
    network_track = _states(NetworkState, network.state, events[f"network:{network.id}"], NetworkState.APPROVED)
    found = []
    for person_id, (name, password) in sorted(people.items(), key=lambda item: (item[1][0], item[0])):
        past = Past(
            site_id=site.id,
            department_id=site.department_id,
            network=site.network_name,
            site=site_track,
            network_states=network_track,
            person=_open_account(password=password, events=events[f"person:{person_id}"]),
            offices=tuple(offices.get(person_id, ())),
            grants=tuple(grants.get(person_id, ())),
            signatures=Track(
                None,
                tuple(
                    (signed.signed_at, Signature(signed.major, signed.expires_on, frozenset(signed.scope)))
                    for signed in signatures[person_id]
                ),
            ),
            majors=majors,
        )
        if _concerned(past, start, end):
            cut = intervals(past, asked, day=day, start=start, end=end)
            found.append(PersonsDay(person_id, name, cut))
    return found


def _concerned(past: Past, start: datetime, end: datetime) -> bool:
    """Whether a person had the office or an approved grant at some moment of the day."""
    spells = (*past.offices, *(spell for spell, grant in past.grants if grant.state is GrantState.APPROVED))
    return any(
        (spell.since is None or spell.since < end) and (spell.until is None or spell.until > start) for spell in spells
    )


def _people(person_ids: Collection[int]) -> dict[int, tuple[str, bool]]:
    """Their names, and whether they have a password."""
    query = Person.select(Person.id, Person.name, Person.password_hash.is_null(False)).where(
        Person.id.in_(list(person_ids))
    )
    return {person_id: (name, bool(password)) for person_id, name, password in rows(query)}


def _events(subjects: list[str]) -> dict[str, list[_Event]]:
    """The events about these records, oldest first; in one query, an index lookup a record."""
    query = (
        AuditEvent.select(AuditEvent.subject, AuditEvent.at, AuditEvent.tag, AuditEvent.detail)
        .where(AuditEvent.subject.in_(subjects) & AuditEvent.tag.not_in(["person.signed_in", "person.signed_out"]))
        .order_by(AuditEvent.number)
    )
    found: dict[str, list[_Event]] = defaultdict(list)
    for subject, at, tag, detail in rows(query):
        found[subject].append(_Event(at, tag, json.loads(detail)["details"]))
    return found


def _states(
    states: type[SiteState] | type[NetworkState],
    present: SiteState | NetworkState,
    events: Iterable[_Event],
    counts: SiteState | NetworkState,
) -> Track[tuple[str, bool]]:
    """The states that the events moved through; a record without events was always as it is now."""
    known = frozenset(state.value for state in states)

    def told(value: str) -> tuple[str, bool]:
        state = states(value)
        return state.label, state is counts

    moves = [
        (one.at, one.details)
        for one in events
        if one.details.get("after") in known and one.details.get("before") in known | {None}
    ]
    if not moves:
        return Track(told(present))
    before = moves[0][1].get("before")
    first = told(before) if before in known else ("Not asked for", False)
    return Track(first, tuple((at, told(details["after"])) for at, details in moves))


def _open_account(*, password: bool, events: list[_Event]) -> Track[bool]:
    """When a person's account was open: since the password was set, but while it was closed.

    An account made at the set-up had its password from the start. ``password`` tells whether there is one now.
    """
    redeemed = any(one.tag == "person.password_set" and one.details["purpose"] == "invitation" for one in events)
    at_set_up = password and not redeemed
    changes: list[tuple[datetime, bool]] = []
    has_password = at_set_up
    for one in events:
        if one.tag == "person.password_set":
            has_password = True
        if one.tag in {"person.password_set", "person.enabled", "person.disabled"}:
            changes.append((one.at, has_password and one.tag != "person.disabled"))
    return Track(at_set_up, tuple(changes))


def _assignments(department_id: int) -> list[tuple[Any, ...]]:
    query = (
        RoleAssignment.select(
            RoleAssignment.id, RoleAssignment.person, RoleAssignment.starts_on, RoleAssignment.ends_on
        )
        .where((RoleAssignment.role == Role.DEPARTMENT_HEAD) & (RoleAssignment.department == department_id))
        .order_by(RoleAssignment.id)
    )
    return [(*row, department_id) for row in rows(query)]


def _offices(assignments: list[tuple[Any, ...]], events: dict[str, list[_Event]]) -> dict[int, list[Spell]]:
    """When each person headed the department.

    The table keeps whole days; the trail tells the moment at which a role was given or ended on its first or
    last day, and that moment counts.
    """
    found: dict[int, list[Spell]] = defaultdict(list)
    told = {
        person_id: [
            one
            for one in events[f"person:{person_id}"]
            if one.details.get("role") == Role.DEPARTMENT_HEAD.value and one.details["department"] == department_id
        ]
        for _, person_id, _, _, department_id in assignments
    }
    for _, person_id, starts_on, ends_on, _ in assignments:
        since, until = town_midnight(starts_on), None if ends_on is None else town_midnight(ends_on + timedelta(days=1))
        given = _take(told[person_id], "role.given", starts=starts_on)
        if given is not None and town_time(given.at).date() == starts_on:
            since = given.at
        if ends_on is not None and (given is None or given.details["ends"] != ends_on.isoformat()):
            ended = _take(told[person_id], "role.ended", ends=ends_on)
            until = ended.at if ended is not None else until
        if until is None or since < until:
            found[person_id].append(Spell(since, until))
    return found


def _take(told: list[_Event], tag: str, **days: date) -> _Event | None:
    """The first event of this kind and day, taken out of the list: each belongs to one assignment."""
    wanted = {name: day.isoformat() for name, day in days.items()}
    for index, one in enumerate(told):
        if one.tag == tag and wanted.items() <= one.details.items():
            return told.pop(index)
    return None


def _grants(site_id: int) -> dict[int, list[tuple[Spell, Granted]]]:
    """The grants on a site by person, each as it stood in its spells: waiting, approved, over."""
    query = (
        Grant.select(
            Grant.person, Grant.capability, Grant.until, Grant.state,
            Grant.designated_at, Grant.decided_at, Grant.ended_at,
        )
        .where(Grant.site == site_id)
        .order_by(Grant.id)
    )  # fmt: skip
    found: dict[int, list[tuple[Spell, Granted]]] = defaultdict(list)
    for person_id, capability, until, state, designated_at, decided_at, ended_at in rows(query):
        kept = found[person_id]
        waiting = Granted(capability, GrantState.DESIGNATED, until)
        kept.append((Spell(designated_at, decided_at or ended_at), waiting))
        if decided_at is not None and state is not GrantState.DECLINED:
            kept.append((Spell(decided_at, ended_at), Granted(capability, GrantState.APPROVED, until)))
        if state not in OPEN:
            kept.append((Spell(ended_at or decided_at, None), Granted(capability, state, until)))
    return found
