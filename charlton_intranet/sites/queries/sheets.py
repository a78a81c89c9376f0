"""The list of sites, and one site's record sheet (3.7)."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from peewee import JOIN

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.models import Attestation, Network, Site, SiteWords
from charlton_intranet.sites.queries import SiteRef, coordinators, holder_of, network_of, visible
from charlton_intranet.sites.queries.approvals import Approval, approval_of
from charlton_intranet.sites.queries.checklists import standing_of
from charlton_intranet.sites.queries.steps import SITE_STEPS, open_steps
from charlton_intranet.sites.rules import (
    LIVE,
    Cadence,
    NetworkState,
    SiteState,
    address_key,
    handle_of,
    is_redirect,
    known_network_of,
)
from charlton_intranet.sites.rules.checklists import ChecklistKind, ChecklistStanding, hindrance

# What the audit trail's tags say on a record sheet, where the tag itself does not read well.
EVENTS = {
    "site.requested": "Asked for",
    "site.asked_again": "Changed and asked for again",
    "site.withdrawn": "Request withdrawn",
    "site.advised": "IT's advice given",
    "site.reactivated": "Active again",
    "site.record_changed": "Record changed",
    "site.change_confirmed": "Change of the record confirmed",
    "site.change_refused": "Asked to set the record back",
    "site.record_set_back": "Record set back to what was approved",
    "site.need_answered": "Answered whether the site is still needed",
    "site.renewed": "Approved for another year",
    "site.closing_shown": "Step before the deactivation shown",
}
# The sheet shows this many steps; the audit trail holds all.
HISTORY = 20


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """What the list is narrowed to; None and empty mean all."""

    state: SiteState | None = None
    department_id: int | None = None
    network_id: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One line of the list."""

    id: int
    title: str
    address: str
    handle: str
    network: str
    department_id: int
    department: str
    state: SiteState
    cadence: Cadence
    coordinators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a site, from the audit trail."""

    when: datetime
    who: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A site's record. ``full`` is False for somebody who may only ask whether the page is the town's.

    ``names`` are those of the people in the record, ``open`` the steps its reader could take now; a site with
    ``hindrances`` can not be active. ``attested`` are the sentences ticked with the request, empty for one from
    before they were kept one by one; ``overdue`` says that the yearly approval is.
    """

    site: Site
    network: Network
    department: Department
    full: bool
    open: frozenset[str]
    coordinators: tuple[str, ...]
    names: dict[int, str]
    history: list[Event]
    own_request: bool
    hindrances: list[str]
    approval: Approval | None
    overdue: bool
    attested: list[str]

    @property
    def history_cut(self) -> bool:
        """Whether there may be earlier steps than the ones shown."""
        return len(self.history) == HISTORY

    @property
    def live(self) -> bool:
        return self.site.state in LIVE


def sites_page(
    actor: Actor, wanted: SiteFilter, day: date, *, after: int | None = None, size: int = 25
) -> tuple[list[SiteRow], int | None]:
    """Sites that ``actor`` may know about by title, in two queries; ``after`` is the last page's last id.

    Returns the rows and the key of the next page, None on the last.
    """
    query = (
        Site.select(
            Site.id, Site.title, Site.address, Site.handle, Network.name, Site.department, Department.name,
            Site.state, Site.cadence,
        )
        .join_from(Site, Network)
        .join_from(Site, Department)
        .where(visible(actor))
        .order_by(Site.title, Site.id)
        .limit(size + 1)
    )  # fmt: skip
    for field, value in (
        (Site.state, wanted.state),
        (Site.department, wanted.department_id),
        (Site.network, wanted.network_id),
    ):
        if value is not None:
            query = query.where(field == value)
    if wanted.words:
        # A pasted link is looked up by the account it names.
        words = handle_of(wanted.words) or wanted.words
        query = query.where(Site.title.contains(words) | Site.handle.contains(words))
    if after is not None:
        last = Site.alias()
        title = last.select(last.title).where(last.id == after)
        query = query.where((Site.title > title) | ((Site.title == title) & (Site.id > after)))
    found = [SiteRow(*row) for row in rows(query)]
    shown, more = found[:size], len(found) > size
    by_department = coordinators({row.department_id for row in shown}, day)
    shown = [replace(row, coordinators=by_department.get(row.department_id, ())) for row in shown]
    return shown, (shown[-1].id if more else None)


def load(actor: Actor, site_id: int) -> Site:
    """A site with its network and department, or ``NotFound`` when it is not this actor's to know about."""
    site: Site | None = (
        Site.select(Site, Network, Department)
        .join_from(Site, Network)
        .join_from(Site, Department)
        .where((Site.id == site_id) & visible(actor))
        .first()
    )
    if site is None:
        raise NotFound
    return site


def site_sheet(actor: Actor, site_id: int, day: date) -> Sheet:
    """Everything the record sheet shows; the full one costs a fixed number of queries more."""
    site = load(actor, site_id)
    full = actor.may(Permission.READ_SITE_RECORDS, site.department_id)
    named = coordinators([site.department_id], day).get(site.department_id, ())
    approval = approval_of([site_id]).get(site_id) if full else None
    people = {
        site.requested_by_id, site.advised_by_id, site.decided_by_id, site.stopped_by_id,
        *((approval.approved_by_id, approval.changed_by_id) if approval else ()),
    }  # fmt: skip
    return Sheet(
        site=site,
        network=site.network,
        department=site.department,
        full=full,
        open=open_steps(SITE_STEPS, actor, site.state, site.department_id),
        coordinators=named,
        names=accounts.names_of(people) if full else {},
        history=_history(site_id) if full else [],
        own_request=actor.person_id == site.requested_by_id,
        # What is wrong with its security is for those who read the records.
        hindrances=_hindrances(site, named, standing_of([site_id], day)[site_id] if full else {}),
        approval=approval,
        overdue=approval is not None and site.state in LIVE and approval.renew_by < day,
        attested=_attested(site_id) if full else [],
    )


def full_sheet(actor: Actor, site_id: int, day: date) -> Sheet:
    """The sheet for readers of the site's records; ``NotFound`` for those who may only know that it exists."""
    found = site_sheet(actor, site_id, day)
    if not found.full:
        raise NotFound
    return found


def _attested(site_id: int) -> list[str]:
    """The sentences of the latest attestation."""
    query = Attestation.select(Attestation.sentences).where(Attestation.site == site_id)
    row = first_row(query.order_by(Attestation.id.desc()))
    return list(json.loads(row[0])) if row else []


def hindrances(site: Site, day: date) -> list[str]:
    """Why the site can not be active on ``day``, however it was decided; one sentence each."""
    return hindrances_of([site], day)[site.id]


def hindrances_of(sites: Collection[Site], day: date) -> dict[int, list[str]]:
    """The hindrances of many sites, which come with network and department, in a fixed number of queries."""
    named = coordinators({site.department_id for site in sites}, day)
    standings = standing_of([site.id for site in sites], day)
    return {site.id: _hindrances(site, named.get(site.department_id, ()), standings[site.id]) for site in sites}


def _hindrances(site: Site, named: tuple[str, ...], standings: Mapping[ChecklistKind, ChecklistStanding]) -> list[str]:
    found = []
    if site.network.state is not NetworkState.APPROVED:
        found.append(f"{site.network.name} is not an approved network (policy 1.3).")
    if not named:
        found.append(f"{site.department.name} has no active Social Media Coordinator (policy 3.2).")
    return found + [hindrance(kind, standing) for kind, standing in standings.items() if not standing.in_order]


def _history(site_id: int) -> list[Event]:
    """The latest steps in the site's life with what was said; its reviews and the rest have pages of their own."""
    query = (
        AuditEvent.select(AuditEvent.at, AuditEvent.tag, AuditEvent.detail, SiteWords.text)
        .join(SiteWords, JOIN.LEFT_OUTER, on=(SiteWords.event == AuditEvent.number))
        .where(
            (AuditEvent.subject == f"site:{site_id}")
            & AuditEvent.tag.startswith("site.")
            & (AuditEvent.tag != "site.reviewed")
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.number.desc())
        .limit(HISTORY)
    )
    return [_event(at, tag, json.loads(detail), said or "") for at, tag, detail, said in rows(query)]


def _event(at: datetime, tag: str, detail: dict[str, Any], said: str) -> Event:
    words, told = EVENTS.get(tag) or tag.partition(".")[2].replace("_", " ").capitalize(), detail["details"]
    if tag == "site.decided":
        words += f": {SiteState(told['after']).label.lower()}"
    if tag == "site.advised":
        words += f": {'recommended' if told['recommended'] else 'concerns'}"
    return Event(at, detail["actor"]["name"], words, said)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a pasted address was read as; ``problem`` says why no site can be asked for there, with the mend.

    ``known`` is a common network that the catalogue does not have yet, ``site_id`` the site that has the account
    already, when its reader may know of it.
    """

    network: Network | None
    handle: str
    problem: str = ""
    known: str = ""
    site_id: int | None = None


def recognise(actor: Actor, address: str, *, besides: int | None = None) -> Recognised:
    """Read the network and the account out of a pasted address. ``besides`` is the site being changed."""
    if is_redirect(address):
        return Recognised(None, "", "This address only leads on to another page. Paste the page's own address.")
    network, handle = network_of(address), handle_of(address)
    if network is None:
        known = known_network_of(address)
        which = f"{known.name} is not in the catalogue." if known else "No network of the catalogue has this address."
        return Recognised(
            None, handle, f"{which} Check it, or propose the network (policy 1.3).", known.name if known else ""
        )
    if network.state is not NetworkState.APPROVED:
        state = network.state.label.lower()
        return Recognised(
            network, handle, f"{network.name} is “{state}”: only approved networks may be used (policy 1.3)."
        )
    if not handle:
        return Recognised(network, "", f"Paste the address of the page itself, as {network.name} shows it at its top.")
    held = holder_of(address_key(network.slug, handle), besides=besides)
    return _taken(actor, Recognised(network, handle), held) if held else Recognised(network, handle)


def _taken(actor: Actor, read: Recognised, held: SiteRef) -> Recognised:
    seen = Site.select().where((Site.id == held.id) & visible(actor)).exists()
    which = f"“{held.title}” ({held.department_name}, {held.state.label.lower()})" if seen else "another department's"
    problem = f"This account is on record already: it is {which}."
    return replace(read, problem=problem, site_id=held.id if seen else None)
