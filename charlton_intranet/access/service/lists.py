"""The network's real list is entered, its names are identified, changes at the network are shown (3.3-3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from charlton_intranet.access import queries
from charlton_intranet.access.models import AdminEntry, AdminList, Identification, PageChange
from charlton_intranet.access.queries.lists import Entry, LastList
from charlton_intranet.access.rules import EntryKind, Line, PageRole
from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.queries import SiteRef, site_ref
from charlton_intranet.sites.rules import LIVE, not_open
from charlton_intranet.sites.service.proofs import ProofFacts, keep_proof

SAVED = audit.declare("page.listed", "list", "entries", "proof")
IDENTIFIED = audit.declare("page.identified", "entry", "kind", "person", "before")
CHANGED = audit.declare("page.changed", "person", "entry", "proof", "before", "after")

NEWER = "A newer list of this page was entered while you had this one open. Nothing of yours was saved."
SHOWN = "This was settled while you had it open. Nothing of yours was saved."


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """A line of the list as it was confirmed: what it lets do, and whom it is taken for."""

    line: Line
    role: PageRole
    kind: EntryKind
    person_id: int | None = None


def save_list(
    actor: Actor, site_id: int, entries: Sequence[EntryFacts], proof: ProofFacts, *, after: int, clock: Clock
) -> int:
    """Keep a list, which is always the whole one; returns its id. ``after`` is the list before it, 0 for none.

    The same press twice leaves one list. Raises ``StaleState`` when somebody else entered one meanwhile.
    """
    with unit_of_work():
        begin(actor, site_id)
        last = queries.last_admin_list([site_id]).get(site_id)
        if last is not None and last.id != after:
            if _is_same(last, actor, entries):
                return last.id
            raise StaleState(NEWER)
        _check(entries)
        proof_id = keep_proof(actor, site_id, proof, clock=clock) if proof.given else None
        list_id = int(
            AdminList.insert(site=site_id, taken_by=actor.person_id, taken_at=clock.now(), proof=proof_id).execute()
        )
        AdminEntry.insert_many(
            {
                "admin_list": list_id,
                "place": place,
                "text": facts.line.text,
                "name": facts.line.name,
                "key": facts.line.key,
                "email": facts.line.email,
                "role_words": facts.line.role_words,
                "role": facts.role,
                "kind": facts.kind,
                "person": facts.person_id,
            }
            for place, facts in enumerate(entries, start=1)
        ).execute()
        content = audit.canonical([[facts.line.text, facts.role, facts.kind, facts.person_id] for facts in entries])
        audit.record(
            SAVED, actor, f"site:{site_id}", clock=clock,
            list=list_id, entries=audit.digest_of(content), proof=proof_id,
        )  # fmt: skip
    return list_id


def identify(
    actor: Actor, site_id: int, entry_id: int, *, kind: EntryKind, person_id: int | None = None, clock: Clock
) -> None:
    """Say whom an entry of the present list turned out to be. Saying the same again changes nothing."""
    with unit_of_work():
        begin(actor, site_id)
        entry = present_entry(site_id, entry_id)
        if kind is EntryKind.UNKNOWN:
            raise Invalid({"who": "Say whom it turned out to be; until then it stays a name that nobody knows."})
        if (entry.kind, entry.person_id) == (kind, person_id):
            return
        if (kind is EntryKind.PERSON) != (person_id is not None) or (person_id and not accounts.names_of([person_id])):
            raise Invalid({"who": "Choose the person, or type their official address."})
        Identification.insert(
            entry=entry_id, kind=kind, person=person_id, made_by=actor.person_id, made_at=clock.now()
        ).execute()
        audit.record(
            IDENTIFIED, actor, f"site:{site_id}", clock=clock,
            entry=entry_id, kind=kind, person=person_id, before=entry.kind,
        )  # fmt: skip


def show_change(actor: Actor, site_id: int, *, person_id: int, role: PageRole, proof: ProofFacts, clock: Clock) -> None:
    """Show with proof what the page gives a person from now on; ``NOTHING``: they were taken off."""
    with unit_of_work():
        begin(actor, site_id)
        page = queries.on_page(site_id, today(clock))
        found = page.person(person_id) if page else None
        if found is None:
            raise NotFound
        before = found.seen.role if found.seen else PageRole.NOTHING
        if before is role:
            raise StaleState(SHOWN)
        if role is PageRole.UNKNOWN:
            raise Invalid({"role": "Say what the page gives them now."})
        _keep_change(actor, site_id, role, proof, person_id=person_id, before=before, clock=clock)


def show_stranger_off(actor: Actor, site_id: int, entry_id: int, *, proof: ProofFacts, clock: Clock) -> None:
    """Show with proof that a name nobody knows, or a shared account, is off the page."""
    with unit_of_work():
        begin(actor, site_id)
        before = present_entry(site_id, entry_id).role
        page = queries.on_page(site_id, today(clock))
        if page is None or entry_id not in {stranger.entry_id for stranger in page.strangers}:
            raise StaleState(SHOWN)
        _keep_change(actor, site_id, PageRole.NOTHING, proof, entry_id=entry_id, before=before, clock=clock)


def begin(actor: Actor, site_id: int) -> SiteRef:
    """The site, for those who reconcile its page; one at a time, so that nothing is settled twice."""
    site = site_ref(site_id)
    actor.must_see(Permission.READ_SITE_RECORDS, site.department_id)
    actor.must_have(Permission.RECONCILE_ACCESS, site.department_id)
    if site.state not in LIVE:
        raise not_open(site.state)
    return site


def present_entry(site_id: int, entry_id: int) -> Entry:
    """An entry of the site's newest list; ``StaleState`` when it is on an older one, otherwise ``NotFound``."""
    last = queries.last_admin_list([site_id]).get(site_id)
    for entry in last.entries if last else ():
        if entry.id == entry_id:
            return entry
    older = AdminEntry.select().join(AdminList).where((AdminEntry.id == entry_id) & (AdminList.site == site_id))
    raise StaleState(NEWER) if older.exists() else NotFound()


def _is_same(last: LastList, actor: Actor, entries: Sequence[EntryFacts]) -> bool:
    if last.taken_by != actor.name:
        return False
    kept = [(entry.text, entry.role, entry.kind, entry.person_id) for entry in last.entries]
    return kept == [(facts.line.text, facts.role, facts.kind, facts.person_id) for facts in entries]


def _check(entries: Sequence[EntryFacts]) -> None:
    people = accounts.names_of(facts.person_id for facts in entries)
    problems = {
        f"who-{place}": "Choose the person, or type their official address."
        for place, facts in enumerate(entries)
        if (facts.kind is EntryKind.PERSON) != (facts.person_id is not None)
        or (facts.person_id is not None and facts.person_id not in people)
    }
    if not any(facts.kind is not EntryKind.WORDS for facts in entries):
        problems["text"] = "Somebody is on every page. Enter at least one person or account."
    if problems:
        raise Invalid(problems)


def _keep_change(
    actor: Actor,
    site_id: int,
    role: PageRole,
    proof: ProofFacts,
    *,
    before: PageRole,
    person_id: int | None = None,
    entry_id: int | None = None,
    clock: Clock,
) -> None:
    proof_id = keep_proof(actor, site_id, proof, clock=clock)
    PageChange.insert(
        site=site_id, person=person_id, entry=entry_id, role=role, proof=proof_id,
        made_by=actor.person_id, made_at=clock.now(),
    ).execute()  # fmt: skip
    audit.record(
        CHANGED, actor, f"site:{site_id}", clock=clock,
        person=person_id, entry=entry_id, proof=proof_id, before=before, after=role,
    )  # fmt: skip
