"""Ten grants or ten thousand: the same number of queries."""

from typing import Any

from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.duties import Scope
from charlton_intranet.grants.duties import owed
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.authority import standings
from charlton_intranet.grants.queries.history import who_could
from charlton_intranet.grants.rules import Capability, GrantState
from charlton_intranet.policy.models import AcknowledgedScope, Acknowledgement, PolicyDocument
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.queries import site_ref
from tests.conftest import Town
from tests.policy import factories as policy
from tests.sites.factories import site as make_site

SITES = 20
PAGES = (
    "/grants", "/grants?lapsed=y", "/grants?q=Person&capability=publish", "/sites/{site}/people", "/grants/waiting",
    "/grants/mine", "/grants/people/{person}", "/grants/{grant}", "/grants/designate?site={site}",
    "/grants/ask?person={person}&site={site}&capability=publish", "/grants/history?site={site}&day={day}",
    "/",
)  # fmt: skip


def fill(town: Town, people: int, sites: list[Site]) -> None:
    """So many people more, each with a grant on every site and signed for two; straight into the tables."""
    now, head = town.clock.now(), town.person_id("head.library")
    document = PolicyDocument.get()
    first = Person.select().count()
    library = town.department_id("Library")
    Person.insert_many(
        {
            "email": f"person{first + n}@charlton.example", "name": f"Person {first + n:05}", "department": library,
            "state": PersonState.ACTIVE, "created_at": now,
        }
        for n in range(people)
    ).execute()  # fmt: skip
    ids = [
        p.id
        for p in Person.select(Person.id).where(Person.name.startswith("Person ")).order_by(-Person.id).limit(people)
    ]
    signature = {
        "document": document.id, "major": document.major, "scope": "", "typed_name": "x", "signed_at": now,
        "signed_on": town.today, "expires_on": town.today.replace(year=2027), "address": "", "agent": "",
        "method": "", "text_sha256": "0" * 64, "record": "{}",
    }  # fmt: skip
    Acknowledgement.insert_many({**signature, "person": one, "seal": f"{one:064}"} for one in ids).execute()
    made = list(
        Acknowledgement.select(Acknowledgement.id, Acknowledgement.person).where(Acknowledgement.person.in_(ids))
    )
    scopes = [
        {"acknowledgement": kept.id, "subject": f"site:{site.id}", "level": 4, "words": "x"}
        for kept in made
        for site in sites[:2]
    ]
    grants = [
        {
            "person": one, "site": site.id, "capability": Capability.PUBLISH, "purpose": "News", "limits": "",
            "state": GrantState.APPROVED if one % 10 else GrantState.DESIGNATED, "designated_by": head,
            "designated_at": now, "decided_at": now if one % 10 else None,
        }
        for one in ids
        for site in sites
    ]  # fmt: skip
    for model, rows in ((AcknowledgedScope, scopes), (Grant, grants)):
        for start in range(0, len(rows), 2000):
            model.insert_many(rows[start : start + 2000]).execute()


def queries_of(browser: Any, path: str) -> int:
    browser.get(path)
    with count_queries() as counter:
        assert browser.get(path).status_code == 200
    return int(counter.count)


def test_the_pages_ask_as_much_of_ten_thousand_grants_as_of_ten(town: Town) -> None:
    policy.publish(town)
    sites = [make_site(town, handle=f"Site{n}", title=f"Site {n:02}") for n in range(SITES)]
    browser = town.client("head.library")

    def figures() -> dict[str, int]:
        grant = Grant.select().where(Grant.state == GrantState.APPROVED).first()
        names = {"site": sites[0].id, "grant": grant.id, "person": grant.person_id, "day": town.today}
        return {path: queries_of(browser, path.format(**names)) for path in PAGES}

    fill(town, 10, sites[:1])
    few = figures()
    fill(town, 500, sites)
    assert Grant.select().count() == 10_010
    many = figures()
    assert many == few


def test_everything_at_once_takes_a_fixed_number_of_queries(town: Town) -> None:
    policy.publish(town)
    sites = [make_site(town, handle=f"Site{n}", title=f"Site {n:02}") for n in range(3)]
    counts = []
    for people in (10, 40):
        fill(town, people, sites)
        with count_queries() as counter:
            standings(day=town.today)
            who_could(site_ref(sites[0].id), Capability.PUBLISH, town.today)
            list(owed(Scope(town.today)))
        counts.append(counter.count)
    assert counts[0] == counts[1]
