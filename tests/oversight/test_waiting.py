"""What I wait for from others: whoever asked sees who has it, since when and until when, and nobody else does."""

from datetime import date
from typing import Any

import peewee
from playhouse.test_utils import count_queries

from charlton_intranet.core.duties import Duty
from charlton_intranet.moderation.models import Case, Consultation
from charlton_intranet.sites.rules import SiteState
from tests.conftest import Town
from tests.grants import factories as grants
from tests.incidents import factories as incidents
from tests.moderation import factories as cases
from tests.sites import factories as sites


def waited_for(town: Town, box: str) -> list[Duty]:
    return town.parts.register.waited_for(town.actor(box), town.today)


def section(town: Town, box: str) -> str:
    page = " ".join(town.client(box).get("/").get_data(as_text=True).split())
    return page[page.index('id="waits"') :]


def test_who_asked_for_advice_sees_the_head_then_the_administrator_then_nothing(town: Town) -> None:
    asked = cases.consulting(town)
    [wait] = waited_for(town, "coordinator.library")
    assert (wait.kind.name, wait.subject, wait.since, wait.due) == (
        "advise_case", f"case:{asked.id}", town.today, date(2026, 11, 24),
    )  # fmt: skip
    page = section(town, "coordinator.library")
    assert f"Advise on case {asked.id}, Charlton Library" in page
    assert "(Department Head, Library)" in page
    assert "Overdue" not in page

    advised = cases.advised(town, "Another threat to burn that branch down.")
    assert {wait.kind.name for wait in waited_for(town, "coordinator.library")} == {"advise_case", "determine_case"}
    cases.determine(town, advised)
    assert [wait.kind.name for wait in waited_for(town, "coordinator.library")] == ["advise_case"]
    assert [wait.kind.name for wait in waited_for(town, "administrator")] == ["carry_out_case"]
    for other in ("head.library", "coordinator.police", "it", "employee"):
        assert waited_for(town, other) == []
        assert "Nothing. What you ask of others stands here" in section(town, other)


def test_what_is_late_says_so(town: Town) -> None:
    cases.consulting(town)
    town.clock.advance(days=2)
    page = section(town, "coordinator.library")
    assert "Overdue" in page
    assert "Mon, Nov 23, 2026" in page


def test_a_request_for_a_site_waits_for_it_and_then_for_the_administrator(town: Town) -> None:
    sites.site(town, state=SiteState.REQUESTED)
    sites.site(town, state=SiteState.ADVISED, handle="second")
    found = [(wait.kind.name, wait.since) for wait in waited_for(town, "head.library")]
    assert found == [("site.advise", town.today), ("site.decide", town.today)]
    assert waited_for(town, "it") == []


def test_a_designation_waits_for_the_administrator_and_each_head_sees_their_own(town: Town) -> None:
    grants.designated(town, "employee", sites.site(town))
    [wait] = waited_for(town, "head.library")
    assert (wait.kind.name, wait.asked_by) == ("grant.approve", town.person_id("head.library"))
    assert waited_for(town, "head.police") == []


def test_who_reported_an_incident_sees_that_it_has_it_without_a_word_of_what_happened(town: Town) -> None:
    reference = incidents.report(town, "employee", what="The password was on a note.")
    page = section(town, "employee")
    assert f'<a href="/incidents/{reference}">Take up incident {reference}</a>' in page
    assert "(IT Technician)" in page
    assert "password" not in page


def test_three_hundred_waits_cost_the_queries_of_ten(town: Town) -> None:
    first, client = cases.consulting(town), town.client("coordinator.library")
    more(first, 9)
    client.get("/")
    with count_queries() as of_ten:
        page = client.get("/").get_data(as_text=True)
    assert page.count("Advise on case") == 10
    more(first, 290)
    with count_queries() as of_many:
        page = client.get("/").get_data(as_text=True)
    assert 'What you wait for from others <span class="count">300</span>' in page
    assert page.count("Advise on case") == 50
    assert "And 250 more" in page
    assert of_many.count == of_ten.count


def more(case: Case, count: int) -> None:
    """As many cases more whose head was asked by the same person."""
    last = Case.select(peewee.fn.MAX(Case.id)).scalar()
    cases.copies(case, count)
    facts: dict[str, Any] = Consultation.select().where(Consultation.case == case.id).dicts().get()  # type: ignore[assignment]
    same = {name: value for name, value in facts.items() if name not in {"id", "case"}}
    made = Case.select(Case.id).where(Case.id > last).order_by(Case.id)
    Consultation.insert_many([{**same, "case": one.id} for one in made]).execute()
