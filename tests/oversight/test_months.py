"""How the clauses stood month by month: kept once, true, and shown to who sees the whole town."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.calendar import last_months
from charlton_intranet.core.clock import town_midnight
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.duties import Register
from charlton_intranet.core.permissions import SYSTEM
from charlton_intranet.incidents.models import Incident
from charlton_intranet.oversight.models.months import ClauseMonth
from charlton_intranet.oversight.queries.met import met_within
from charlton_intranet.oversight.queries.months import Stand, kept_months
from charlton_intranet.oversight.rules.clauses import CLAUSES, MEASURED, MET_BY, NOT_MEASURED, sources_of
from charlton_intranet.oversight.rules.trend import columns, months_from
from charlton_intranet.oversight.service.months import keep_months
from charlton_intranet.sites.rules.checklists import ChecklistKind
from tests.conftest import Town
from tests.incidents import factories as incidents
from tests.oversight.factories import Ledger, duty
from tests.sites import factories as sites

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def event(town: Town, tag: str, at: datetime, subject: str = "site:1", **details: Any) -> None:
    """An event of the trail at a moment of the past."""
    here, town.clock.at = town.clock.at, at
    with unit_of_work():
        audit.record(tag, SYSTEM, subject, clock=town.clock, **details)
    town.clock.at = here


def keep(town: Town, *duties: Any) -> str:
    return keep_months(Register([Ledger(*duties).owed]), clock=town.clock)


def stand(clause: str, month: date) -> Stand:
    return next(one for one in kept_months(month)[clause] if one.month == month)


# --- the rules ------------------------------------------------------------------------------------------


def test_every_clause_is_measured_by_events_or_says_why_not() -> None:
    assert {*MEASURED} | NOT_MEASURED.keys() == CLAUSES.keys()
    assert not MEASURED & NOT_MEASURED.keys()
    assert all(sources_of(clause) for clause in MEASURED)
    assert all(reason.endswith(".") for reason in NOT_MEASURED.values())


def test_bars_are_as_long_as_their_months_and_what_is_not_known_has_none() -> None:
    first, last = columns([10, None, 0, 5])
    assert (first.y, first.height) == (0, 100)
    assert (last.y, last.height) == (50, 50)
    assert last.x > 75
    assert columns([1, 1000])[0].height == 5
    assert columns([]) == []


def test_months_are_counted_over_the_turn_of_a_year() -> None:
    assert last_months(date(2026, 2, 1), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert months_from(date(2025, 12, 1), date(2026, 1, 1)) == [date(2025, 12, 1), date(2026, 1, 1)]
    assert months_from(date(2026, 2, 1), date(2026, 1, 1)) == []


# --- counting -------------------------------------------------------------------------------------------


def test_the_two_checklists_meet_a_clause_each(town: Town) -> None:
    for kind in ChecklistKind:
        details: dict[str, Any] = {"checklist": kind, "number": 1, "edition": 1, "answers": {}}
        event(town, "site.checklist_completed", town.clock.at, **details)
    (met,) = met_within([(town.today, town.today + timedelta(days=1))])
    assert (met["3.5"], met["3.6-5"]) == (1, 1)
    page = text_of(town.client("administrator").get("/oversight/clauses/3.6-5"))
    assert page.count("Site checklist completed") == 1


def test_a_month_ends_at_midnight_in_the_town_also_when_the_clocks_change(town: Town) -> None:
    midnight = town_midnight(NOVEMBER)
    assert midnight == datetime(2026, 11, 1, 4, tzinfo=UTC)
    event(town, "site.reviewed", midnight - timedelta(seconds=1))
    event(town, "site.reviewed", midnight)
    october, november = met_within([(OCTOBER, NOVEMBER), (NOVEMBER, date(2026, 12, 1))])
    assert (october["3.6-1"], november["3.6-1"]) == (1, 1)


# --- keeping --------------------------------------------------------------------------------------------


def test_what_was_owed_is_kept_on_the_first_day_of_the_next_month_and_once(town: Town) -> None:
    event(town, "site.reviewed", datetime(2026, 11, 20, 15, tzinfo=UTC))
    town.clock.at = town_midnight(date(2026, 12, 1)) + timedelta(minutes=1)
    owed = [duty(date(2026, 11, 29)), duty(date(2026, 11, 30), number=2), duty(date(2026, 12, 20), number=3)]
    assert keep(town, *owed) == "Kept 1 month, up to November 2026."
    assert stand("3.6-1", NOVEMBER) == Stand(NOVEMBER, met=1, due=3, overdue=1)
    assert stand("3.8", NOVEMBER) == Stand(NOVEMBER, met=0, due=0, overdue=0)
    assert stand("3.4-3", NOVEMBER).met is None
    rows = ClauseMonth.select().count()
    assert keep(town) == ""
    assert ClauseMonth.select().count() == rows == len(CLAUSES)


def test_a_month_whose_end_nobody_saw_has_what_met_it_and_not_what_was_owed(town: Town) -> None:
    event(town, "site.reviewed", datetime(2026, 9, 20, 15, tzinfo=UTC))
    assert keep(town, duty(date(2026, 9, 1))) == "Kept 2 months, up to October 2026."
    assert stand("3.6-1", date(2026, 9, 1)) == Stand(date(2026, 9, 1), met=1)
    assert stand("3.6-1", OCTOBER) == Stand(OCTOBER, met=0)


def test_a_month_that_was_missed_is_made_up_beside_the_one_that_is_seen(town: Town) -> None:
    event(town, "site.reviewed", datetime(2026, 10, 20, 15, tzinfo=UTC))
    town.clock.at = town_midnight(date(2026, 12, 1)) + timedelta(hours=3)
    keep(town, duty(date(2026, 11, 1)))
    assert stand("3.6-1", OCTOBER) == Stand(OCTOBER, met=1)
    assert stand("3.6-1", NOVEMBER) == Stand(NOVEMBER, met=0, due=1, overdue=1)


def test_a_town_that_began_this_month_keeps_nothing(town: Town) -> None:
    event(town, "site.reviewed", town.clock.at)
    assert keep(town) == ""
    assert not ClauseMonth.select().exists()


def test_what_is_kept_leaves_an_event_with_its_digest(town: Town) -> None:
    event(town, "site.reviewed", datetime(2026, 10, 20, 15, tzinfo=UTC))
    keep(town)
    kept = AuditEvent.select().where(AuditEvent.tag == "clauses.month_kept").get()
    assert kept.subject == "month:2026-10"
    assert '"met":1' in kept.detail
    assert "sha256:" in kept.detail


# --- the pages ------------------------------------------------------------------------------------------


def test_the_board_shows_twelve_months_and_what_is_not_measured(town: Town) -> None:
    event(town, "site.reviewed", datetime(2026, 10, 20, 15, tzinfo=UTC))
    keep(town)
    page = text_of(town.client("administrator").get("/oversight"))
    row = page[page.index("Regular review of site activity") :]
    said = "not kept, " * 10 + "1, 0"
    assert f"Met in each of the last twelve months, oldest first: {said}." in row
    assert "Not measured, and why" in page
    assert NOT_MEASURED["3.4-2"] in page


def test_a_clause_page_has_its_months_and_what_met_it(town: Town) -> None:
    site_id = sites.site(town).id
    event(town, "site.reviewed", datetime(2026, 10, 20, 15, tzinfo=UTC), f"site:{site_id}")
    keep(town)
    page = text_of(town.client("administrator").get("/oversight/clauses/3.6-1"))
    october = page[page.index("October 2026") :]
    assert october[october.index('class="num">') :].startswith('class="num">1</td>')
    assert "not kept" in october
    assert "November 2026, so far" in page
    assert f'href="/sites/{site_id}"' in page[page.index("What met it") :]


def test_what_met_a_clause_comes_in_pages_and_each_once(town: Town) -> None:
    for number in range(60):
        event(town, "site.reviewed", town.clock.at, f"site:{number + 1}")
    client, url, seen = town.client("auditor"), "/oversight/clauses/3.6-1", list[str]()
    while url:
        page = text_of(client.get(url))
        seen += [part.split("<")[0] for part in page.split('">Site ')[1:] if part.split("<")[0].isdigit()]
        more = page.partition('rel="next" href="')[2].partition('"')[0]
        url = more.replace("&amp;", "&")
    assert sorted(map(int, seen)) == list(range(1, 61))


def test_a_key_of_a_page_that_is_none_is_the_first_page(town: Town) -> None:
    event(town, "site.reviewed", town.clock.at)
    assert "Site reviewed" in text_of(town.client("auditor").get("/oversight/clauses/3.6-1?before=x"))


def test_what_met_the_clause_of_incidents_names_none_to_who_may_not_know(town: Town) -> None:
    incident = Incident.get(Incident.reference == incidents.report(town))
    for box, told in (("administrator", True), ("auditor", False), ("records", False)):
        page = text_of(town.client(box).get("/oversight/clauses/3.8"))
        assert "Incident reported" in page
        assert (f"Incident {incident.id}<" in page) is told


def test_a_head_is_told_that_the_trail_does_not_know_departments(town: Town) -> None:
    event(town, "site.reviewed", town.clock.at)
    client = town.client("head.library")
    for url in ("/oversight", "/oversight/clauses/3.6-1"):
        page = text_of(client.get(url))
        assert "for the town as a whole, not by department" in page
        assert "Site reviewed" not in page
        assert "Twelve months" not in page


@pytest.mark.parametrize("url", ["/oversight", "/oversight/clauses/3.6-1"])
def test_the_board_costs_the_same_at_any_length_of_the_trail(town: Town, url: str) -> None:
    client = town.client("administrator")

    def cost(size: int) -> int:
        for tag in sorted(MET_BY)[:size]:
            event(town, tag, town.clock.at)
            event(town, tag, town.clock.at - timedelta(days=60))
        keep(town)
        client.get(url)
        with count_queries() as counter:
            assert client.get(url).status_code == 200
        return int(counter.count)

    assert cost(2) == cost(40)
