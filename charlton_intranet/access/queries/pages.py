"""Who is on the pages of sites, by the newest lists and what was shown since, and what differs from authority.

Everything is computed for many sites at once: the number of queries is the same for one site and for a thousand.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import peewee

from charlton_intranet.access.models import PageChange
from charlton_intranet.access.queries.lists import LastList, last_admin_list
from charlton_intranet.access.rules import (
    Authority,
    Difference,
    EntryKind,
    How,
    PagePerson,
    PageRole,
    PageStranger,
    Seen,
    differences_of,
)
from charlton_intranet.access.rules import on_page as last_word
from charlton_intranet.accounts.models import Person
from charlton_intranet.core.clock import town_midnight, town_time
from charlton_intranet.core.database import rows
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.authority import Standing, standings
from charlton_intranet.grants.rules import Capability, GrantState
from charlton_intranet.policy.queries import Signed, majors, signatures_of
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.rules import NetworkState, SiteState

NOBODY_DESIGNATED = "Nobody designated them for this site (policy 3.3-3)."


@dataclass(frozen=True, slots=True)
class Page:
    """One site's page: its newest list, everybody known with reason to be on it, the strangers, the differences."""

    site_id: int
    department_id: int
    last: LastList | None
    people: tuple[PagePerson, ...] = ()
    strangers: tuple[PageStranger, ...] = ()
    differences: tuple[Difference, ...] = ()

    def person(self, person_id: int) -> PagePerson | None:
        return next((person for person in self.people if person.person_id == person_id), None)

    def about_person(self, person_id: int) -> Difference | None:
        return next((found for found in self.differences if found.person_id == person_id), None)


@dataclass(frozen=True, slots=True)
class _Granted:
    """A grant that was approved once; ``ends`` is the moment it stopped counting, None while it may count."""

    capability: Capability
    decided_at: datetime
    ends: datetime | None
    last_words: str


@dataclass(slots=True)
class _Records:
    """What was read of some sites, by site or by site and person."""

    day: date
    lists: dict[int, LastList] = field(default_factory=dict)
    shown: dict[tuple[int, int], Seen] = field(default_factory=dict)
    entries_off: set[int] = field(default_factory=set)
    grants: dict[tuple[int, int], list[_Granted]] = field(default_factory=lambda: defaultdict(list))
    standings: dict[tuple[int, int], Standing] = field(default_factory=dict)
    signed: dict[int, list[Signed]] = field(default_factory=dict)
    majors: list[tuple[int, datetime]] = field(default_factory=list)
    people: dict[int, tuple[str, datetime | None]] = field(default_factory=dict)


def pages(site_ids: Collection[int], day: date) -> dict[int, Page]:
    """The pages of these sites on ``day``, by site."""
    query = (
        Site.select(Site.id, Site.department, Site.state, Network.state)
        .join(Network)
        .where(Site.id.in_(list(site_ids)))
    )  # fmt: skip
    found = _read(site_ids, day)
    by_site = defaultdict(set)
    for site_id, person_id in [*found.shown, *found.grants, *found.standings, *_listed(found)]:
        by_site[site_id].add(person_id)
    told = {}
    for site_id, department_id, state, network in rows(query):
        last, out = found.lists.get(site_id), _out_of_use(state, network)
        people = tuple(_people(found, site_id, by_site[site_id], out))
        strangers = tuple(_strangers(last, found.entries_off)) if last else ()
        differences = differences_of(people, strangers, listed_at=last.taken_at if last and not out else None)
        told[site_id] = Page(site_id, department_id, last, people, strangers, tuple(differences))
    return told


def on_page(site_id: int, day: date) -> Page | None:
    """One site's page, None when there is no such site."""
    return pages([site_id], day).get(site_id)


def _read(site_ids: Collection[int], day: date) -> _Records:
    found = _Records(day, lists=last_admin_list(site_ids), majors=majors())
    _read_changes(found, site_ids)
    _read_grants(found, site_ids)
    found.standings = {(one.site_id, one.person_id): one for one in standings(site_ids, day=found.day)}
    wanted = {person_id for _, person_id in [*found.shown, *found.grants, *found.standings, *_listed(found)]}
    found.signed = signatures_of(wanted)
    query = Person.select(Person.id, Person.name, Person.disabled_at).where(Person.id.in_(wanted))
    found.people = {person_id: (name, closed) for person_id, name, closed in rows(query)}
    return found


def _read_changes(found: _Records, site_ids: Collection[int]) -> None:
    newest = (
        PageChange.select(peewee.fn.MAX(PageChange.id))
        .where(PageChange.site.in_(list(site_ids)))
        .group_by(PageChange.site, PageChange.person, PageChange.entry)
    )
    query = PageChange.select(
        PageChange.site, PageChange.person, PageChange.entry, PageChange.role, PageChange.made_at
    ).where(PageChange.id.in_(newest))
    for site_id, person_id, entry_id, role, made_at in rows(query):
        if person_id is not None:
            found.shown[site_id, person_id] = Seen(made_at, role, How.SHOWN)
        elif role is PageRole.NOTHING:
            found.entries_off.add(entry_id)


def _read_grants(found: _Records, site_ids: Collection[int]) -> None:
    """Every grant that was approved once, oldest first."""
    query = (
        Grant.select(
            Grant.site, Grant.person, Grant.capability, Grant.decided_at, Grant.ended_at, Grant.until, Grant.state
        )
        .where(
            Grant.site.in_(list(site_ids))
            & Grant.state.in_([GrantState.APPROVED, GrantState.REVOKED, GrantState.ENDED])
            & Grant.decided_at.is_null(False)
        )
        .order_by(Grant.id)
    )  # fmt: skip
    for site_id, person_id, capability, decided_at, ended_at, until, state in rows(query):
        last_day = town_midnight(until + timedelta(days=1)) if until and (ended_at or until < found.day) else None
        ends = min((moment for moment in (ended_at, last_day) if moment), default=None)
        words = f"The grant was {state.label.lower()}." if ended_at else ""
        found.grants[site_id, person_id].append(_Granted(capability, decided_at, ends, words))


def _listed(found: _Records) -> Iterator[tuple[int, int]]:
    """Site and person of every entry that is taken for somebody."""
    for site_id, last in found.lists.items():
        for entry in last.entries:
            if entry.kind is EntryKind.PERSON and entry.person_id is not None:
                yield site_id, entry.person_id


def _out_of_use(state: SiteState, network: NetworkState) -> int:
    """How many of the reasons against authority are the site's own; ``Standing.lapses`` begins with them."""
    return (state is not SiteState.ACTIVE) + (network is not NetworkState.APPROVED)


def _people(found: _Records, site_id: int, person_ids: set[int], out: int) -> Iterator[PagePerson]:
    """Everybody known with reason to be on the page, by name; ``out`` as in :func:`_out_of_use`."""
    for person_id in sorted(person_ids, key=lambda person_id: (found.people[person_id][0].casefold(), person_id)):
        seen, may = _seen(found, site_id, person_id), _authority(found, site_id, person_id, out)
        yield PagePerson(person_id, found.people[person_id][0], seen, may)


def _strangers(last: LastList, off: set[int]) -> Iterator[PageStranger]:
    seen: set[str] = set()
    for entry in last.entries:
        if entry.kind in {EntryKind.UNKNOWN, EntryKind.SHARED} and entry.key not in seen:
            seen.add(entry.key)
            if entry.id not in off:
                yield PageStranger(entry.id, entry.name, entry.kind, Seen(last.taken_at, entry.role, How.LISTED))


def _seen(found: _Records, site_id: int, person_id: int) -> Seen | None:
    """The last word on somebody's place: presumed from when a grant took effect, listed, shown."""
    started = (_took_effect(found, grant, site_id, person_id) for grant in found.grants.get((site_id, person_id), ()))
    events = [event for event in started if event is not None]
    if (last := found.lists.get(site_id)) is not None:
        roles = [entry.role for entry in last.entries if entry.person_id == person_id]
        order = list(PageRole)
        events.append(Seen(last.taken_at, max(roles, key=order.index, default=PageRole.NOTHING), How.LISTED))
    if (shown := found.shown.get((site_id, person_id))) is not None:
        events.append(shown)
    return last_word(events)


def _took_effect(found: _Records, grant: _Granted, site_id: int, person_id: int) -> Seen | None:
    """When the grant first gave authority, approved and signed for, and how much; None when it ended before that."""
    line = f"site:{site_id}"
    for signature in found.signed[person_id]:
        start = max(signature.signed_at, grant.decided_at)
        in_force = [major for major, published_at in found.majors if published_at <= start]
        reach = max((level for subject, level in signature.scope if subject == line), default=0)
        if (
            reach
            and signature.expires_on >= town_time(start).date()
            and in_force[-1:] == [signature.major]
            and (grant.ends is None or start <= grant.ends)
        ):
            # A signature for less lets somebody do less until they sign for the rest.
            allowed = min(reach, grant.capability.level)
            return Seen(start, next(role for role in PageRole if role.level == allowed), How.PRESUMED)
    return None


def _authority(found: _Records, site_id: int, person_id: int, out: int) -> Authority:
    held = found.standings.get((site_id, person_id))
    if held is None:
        earlier = found.grants.get((site_id, person_id), [])
        ended = max((grant.ends for grant in earlier if grant.ends), default=None)
        return Authority(0, why=earlier[-1].last_words if earlier else NOBODY_DESIGNATED, since=ended)
    if held.capability is not None:
        return Authority(held.capability.level, by_office=held.by_office)
    own = held.lapses[out:]
    if not own:
        return Authority(0, held.by_office, why=" ".join(held.lapses), of_site=True)
    renews = len(own) == 1 and _renews(found, held)
    return Authority(0, held.by_office, why=own[0], since=_lapsed(found, held), renews=renews)


def _renews(found: _Records, held: Standing) -> bool:
    """Whether a signature that would count today is only for an earlier version of the policy."""
    newest = found.signed[held.person_id][-1:]
    return (
        bool(newest and found.majors) and newest[0].major != found.majors[-1][0] and newest[0].expires_on >= found.day
    )


def _lapsed(found: _Records, held: Standing) -> datetime | None:
    """When the authority of somebody who still holds a grant or an office ended, as far as the records tell."""
    if not held.person_active:
        return found.people[held.person_id][1]
    granted = found.grants.get((held.site_id, held.person_id), [])
    if granted and granted[-1].ends and not held.by_office:
        return granted[-1].ends
    signed, published = found.signed[held.person_id], found.majors
    if not signed or not published:
        return None
    newest = signed[-1]
    if newest.major != published[-1][0]:
        return published[-1][1]
    return town_midnight(newest.expires_on + timedelta(days=1)) if newest.expires_on < found.day else newest.signed_at
