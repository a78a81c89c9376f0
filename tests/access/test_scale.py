"""What a town's pages cost does not grow with its grants: the same queries for 10 and for 10,000."""

from collections.abc import Callable
from datetime import UTC, datetime

import peewee
import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.access.duties import owed
from charlton_intranet.access.models import AdminEntry, AdminList
from charlton_intranet.access.queries import departures as departure_queries
from charlton_intranet.access.queries import reviews as review_queries
from charlton_intranet.access.rules import DepartureKind, EntryKind, PageRole
from charlton_intranet.access.service import departures, reviews
from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.duties import Scope
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import Capability, GrantState
from charlton_intranet.sites.models import Site
from tests.conftest import Town
from tests.policy import factories as policy
from tests.sites.factories import site

BEFORE = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


def fill(town: Town, sites: int, grants: int) -> None:
    """Rows written in bulk: ``grants`` approved ones over ``sites`` sites, each with a list of its page."""
    first = site(town, handle="Page0", title="Page 0")
    row = {name: value for name, value in first.__data__.items() if name != "id"}
    rows = [row | {"title": f"Page {n}", "address_key": f"facebook/page{n}"} for n in range(1, sites)]
    for batch in peewee.chunked(rows, 200):
        Site.insert_many(batch).execute()
    people = [
        {"email": f"p{n}@charlton.example", "name": f"Person {n}", "state": PersonState.ACTIVE, "created_at": BEFORE}
        for n in range(max(1, grants // sites))
    ]
    for batch in peewee.chunked(people, 200):
        Person.insert_many(batch).execute()
    person_ids = [row.id for row in Person.select(Person.id).where(Person.email.startswith("p"), Person.id > 11)]
    site_ids = [row.id for row in Site.select(Site.id)]
    granted = {
        "capability": Capability.PUBLISH, "purpose": "News", "state": GrantState.APPROVED,
        "designated_by": town.person_id("head.library"), "designated_at": BEFORE,
        "decided_by": town.person_id("administrator"), "decided_at": BEFORE,
    }  # fmt: skip
    for batch in peewee.chunked(
        ({"person": person_id, "site": site_id, **granted} for person_id in person_ids for site_id in site_ids), 500
    ):
        Grant.insert_many(batch).execute()
    taken = {"taken_by": town.person_id("coordinator.library"), "taken_at": BEFORE}
    for batch in peewee.chunked([{"site": site_id, **taken} for site_id in site_ids], 500):
        AdminList.insert_many(batch).execute()
    said = {"place": 1, "text": "Zed", "name": "Zed", "key": "zed", "role": PageRole.EDIT, "kind": EntryKind.UNKNOWN}
    for batch in peewee.chunked([{"admin_list": row.id, **said} for row in AdminList.select(AdminList.id)], 500):
        AdminEntry.insert_many(batch).execute()


def costs(town: Town) -> dict[str, int]:
    """Queries of each page and of the duties."""
    review_id = reviews.open_now(town.actor("administrator"), clock=town.clock)
    person_id = Person.get(Person.email == "p0@charlton.example").id
    departure_id = departures.open_departure(
        town.actor("administrator"), person_id=person_id, kind=DepartureKind.LEAVES, last_day=town.today,
        clock=town.clock,
    )  # fmt: skip
    found = departure_queries.departure(town.actor("administrator"), departure_id)
    acts: dict[str, Callable[[], object]] = {
        "duties": lambda: list(owed(Scope(today=town.today))),
        "checklist": lambda: departure_queries.checklist(found, town.today),
        "rows": lambda: review_queries.rows_page(town.actor("administrator"), review_id, town.today),
    }
    for path in ("/access/lists", f"/sites/{Site.get().id}/admins", f"/access/reviews/{review_id}", "/access/reviews"):
        acts[path] = lambda path=path: town.client("administrator").get(path)  # type: ignore[misc] # bound now
    counted = {}
    for name, act in acts.items():
        with count_queries() as queries:
            act()
        counted[name] = queries.count
    return counted


@pytest.fixture
def few(town: Town) -> dict[str, int]:
    """What it costs with 10 grants on one site."""
    policy.publish(town)
    with town.parts.database.atomic() as transaction:
        fill(town, 1, 10)
        counted = costs(town)
        transaction.rollback()
    return counted


def test_ten_thousand_grants_on_a_thousand_sites_cost_as_many_queries_as_ten(town: Town, few: dict[str, int]) -> None:
    fill(town, 1000, 10_000)
    assert Grant.select().count() == 10_000
    many = costs(town)
    assert list(many.values()) == list(few.values())
    assert max(many.values()) <= 60
