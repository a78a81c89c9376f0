"""Claim, snooze, kept views and marked searches as a coordinator sees and presses them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries
from werkzeug.test import TestResponse

from charlton_intranet.mail.messages import long_day
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.models import Case, SavedView, Snooze
from charlton_intranet.moderation.rules import AuthorKind, CaseState, Source
from charlton_intranet.moderation.rules.desk import Claimed
from charlton_intranet.moderation.web.place import Place
from tests.conftest import Town
from tests.moderation import factories
from tests.moderation.test_web_queue import chosen, html, listed, press

BOX = "coordinator.library"


def ticked(*cases: Case) -> list[str]:
    return [f"{case.id}:{case.version}" for case in cases]


def whose(town: Town, case: Case) -> str:
    found = queries.claim_of(case.id, town.clock.now())
    return found.name if found else ""


def tab_count(page: str, label: str) -> str:
    found = re.search(rf'{label}\s*<span class="count">([^<]+)</span>', page)
    assert found, label
    return found.group(1)


def in_days(town: Town, days: int) -> str:
    return (town.today + timedelta(days=days)).isoformat()


@pytest.fixture
def three(town: Town) -> list[Case]:
    return [factories.case(town, f"Words number {n}", handle=f"@writer{n}") for n in (1, 2, 3)]


# --- claim ------------------------------------------------------------------------------------------------


def test_claim_and_release_in_place(town: Town, three: list[Case]) -> None:
    client, place = town.client(BOX), Place(tab="open", case=three[1].id)
    answer = press(client, three[1], "claim", place)
    assert answer.location == place.url
    page = html(client.get(answer.location))
    assert f"Case {three[1].id} is yours." in page
    assert page.count("Yours") == 2, "in the row and beside the words"
    assert "Claimed by Cody Barnes" in html(town.client("head.library").get(f"/triage/{three[1].id}"))
    press(client, three[1], "release", place)
    assert whose(town, three[1]) == ""


def test_another_ones_claim_asks_before_it_is_taken_over(town: Town, three: list[Case]) -> None:
    press(town.client(BOX), three[0], "claim")
    admin = town.client("administrator")
    pages = [html(admin.get(f"/triage{path}")) for path in (f"/{three[0].id}", f"?state=open&case={three[0].id}")]
    for page in pages:
        assert "Take over from Cody Barnes" in page
        assert "Words number 1" in page, "reading is nobody's alone"
    late = press(admin, three[0], "claim")
    assert late.status_code == 409
    assert "Cody Barnes has claimed this case meanwhile" in html(late)
    seen = re.search(r'name="version_claim" value="(\d+)"', pages[0])
    assert seen is not None
    assert press(admin, three[0], "claim", version_claim=seen.group(1)).status_code == 303
    assert whose(town, three[0]) == town.actor("administrator").name


def test_claims_on_the_case_page_stay_there(town: Town, three: list[Case]) -> None:
    client = town.client(BOX)
    answer = client.submit(f"/triage/{three[0].id}/claim", {"version": 1, "back": "state=open"})
    assert answer.location == f"/triage/{three[0].id}?back=state=open"
    assert "Release" in html(client.get(answer.location))


# --- snooze -----------------------------------------------------------------------------------------------


def test_a_snooze_goes_on_to_the_next_and_leaves_undo_in_the_row(town: Town, three: list[Case]) -> None:
    client = town.client(BOX)
    page = html(client.get("/triage?state=open"))
    assert f'value="{in_days(town, 7)}"' in page, "a day is proposed"
    assert f"It still counts as work that is due on {long_day(town.today + timedelta(days=1))}" in page
    onward = Place(tab="open", case=three[1].id)
    answer = press(client, three[0], "snooze", onward, until=in_days(town, 3), reason="Asked the poster")
    then = client.get(answer.location)
    assert listed(then) == [case.id for case in three]
    assert chosen(then) == three[1].id
    assert (tab_count(html(then), "Open"), tab_count(html(then), "Snoozed")) == ("2", "1")
    assert f"Case {three[0].id} is out of this list." in html(then)
    assert listed(client.get("/triage?state=open")) == [three[1].id, three[2].id]
    snoozed = client.get("/triage?state=snoozed")
    assert listed(snoozed) == [three[0].id]
    assert "Asked the poster" in html(snoozed)
    undone = client.submit(f"/triage/{three[0].id}/wake", {"board": Place.read(dict(_query(answer))).packed})
    assert chosen(client.get(undone.location)) == three[0].id
    assert listed(client.get("/triage?state=open")) == [case.id for case in three]


def _query(answer: TestResponse) -> dict[str, str]:
    place = Place.unpack(answer.location.partition("?")[2])
    return {"state": place.tab, "answered": ",".join(map(str, place.answered))}


def test_a_snooze_without_a_day_keeps_the_reason(town: Town, three: list[Case]) -> None:
    answer = town.client(BOX).submit(f"/triage/{three[1].id}/snooze", {"version": 1, "until": "", "reason": "Asked"})
    assert answer.status_code == 422
    assert "Choose the day of its return." in html(answer)
    assert 'value="Asked"' in html(answer)
    assert not re.search(r"Back on\s*<span[^>]*>\(optional\)", html(answer))
    assert not Snooze.select().exists()


@pytest.mark.parametrize("board", [True, False])
def test_a_snooze_without_a_reason_keeps_the_day(town: Town, three: list[Case], *, board: bool) -> None:
    client, until = town.client(BOX), in_days(town, 5)
    fields = {"version": 1, "until": until, "reason": " "} | ({"board": Place(tab="open").packed} if board else {})
    answer = client.submit(f"/triage/{three[1].id}/snooze", fields)
    assert answer.status_code == 422
    assert "Say in a few words what it waits for." in html(answer)
    assert f'value="{until}"' in html(answer)
    assert chosen(answer) == (three[1].id if board else None)
    assert not Snooze.select().exists()


def test_a_stale_snooze_keeps_the_reason(town: Town, three: list[Case]) -> None:
    client = town.client(BOX)
    press(client, three[0], "dismiss")
    answer = press(client, three[0], "snooze", until=in_days(town, 2), reason="Typed with care")
    assert answer.status_code == 409
    assert "Typed with care" in html(answer)


def test_a_later_step_offers_no_snooze_and_refuses_one(town: Town) -> None:
    case = factories.consulting(town)
    client = town.client(BOX)
    assert "Snooze it" not in html(client.get(f"/triage/{case.id}"))
    answer = press(client, case, "snooze", until=in_days(town, 2), reason="x")
    assert answer.status_code == 422
    assert not Snooze.select().exists()


# --- the ticked -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("claim", "Claimed: 2 cases"),
        ("dismiss", "No concern: 2 cases"),
        ("release", "Released: 2 cases"),
        ("snooze", "Snoozed: 2 cases"),
        ("wake", "Back in the queue: 2 cases"),
    ],
)
def test_the_ticked_together_with_one_undo(town: Town, three: list[Case], action: str, told: str) -> None:
    client, board = town.client(BOX), Place(tab="open", case=three[0].id).packed
    facts: dict[str, Any] = {"board": board, "until": in_days(town, 3), "reason": "Asked"}
    first = {"release": "claim", "wake": "snooze"}.get(action)
    if first:
        client.submit(f"/triage/{first}", {"cases": ticked(*three[:2]), **facts})
    before = _standing(town, three)
    answer = client.submit(f"/triage/{action}", {"cases": ticked(*three[:2]), **facts})
    page = html(client.get(answer.location))
    assert told in page
    assert _standing(town, three) != before
    batch = re.search(r'name="batch" value="([^"]+)"', page)
    assert batch is not None
    undone = client.submit("/triage/undo", {"batch": batch.group(1), "board": board})
    assert "2 cases are" in html(client.get(undone.location))
    assert _standing(town, three) == before
    assert "Undo all of them" not in html(client.get(answer.location)), "nothing is left to undo"


def _standing(town: Town, cases: list[Case]) -> list[tuple[CaseState, str, bool]]:
    now = town.clock.now()
    return [
        (factories.again(case).state, whose(town, case), queries.snooze_of(case.id, now) is not None) for case in cases
    ]


def test_a_bulk_snooze_without_a_reason_keeps_ticks_and_day(town: Town, three: list[Case]) -> None:
    client, until = town.client(BOX), in_days(town, 4)
    fields = {"cases": ticked(*three[:2]), "until": until, "reason": "", "board": Place(tab="open").packed}
    answer = client.submit("/triage/snooze", fields)
    assert answer.status_code == 422
    assert re.findall(r'value="(\d+):1" form="bulk" checked', html(answer)) == [str(case.id) for case in three[:2]]
    assert f'id="ticked-until" name="until" required type="date" value="{until}"' in html(answer)
    assert not Snooze.select().exists()


def test_ticked_cases_of_somebody_else_are_left_and_named(town: Town, three: list[Case]) -> None:
    press(town.client("administrator"), three[0], "claim")
    client = town.client(BOX)
    answer = client.submit("/triage/claim", {"cases": ticked(*three), "board": Place(tab="open").packed})
    assert f"Case {three[0].id} is taken already" in html(client.get(answer.location))
    assert [whose(town, case) for case in three[1:]] == ["Cody Barnes", "Cody Barnes"]


@pytest.mark.parametrize("action", ["claim", "dismiss", "release", "snooze", "undo", "wake"])
def test_presses_on_many_are_for_who_triages(town: Town, three: list[Case], action: str) -> None:
    fields = {"cases": ticked(*three), "until": in_days(town, 3), "reason": "x"}
    assert town.client("auditor").submit(f"/triage/{action}", fields).status_code == 403
    assert town.client("head.library").submit(f"/triage/{action}", fields).status_code == 403
    if action != "undo":
        assert town.client("coordinator.police").submit(f"/triage/{action}", fields).status_code == 404
    assert town.client(BOX).get(f"/triage/{action}").status_code == 405
    assert _standing(town, three) == [(CaseState.OPEN, "", False)] * 3


def test_enter_in_the_bulk_form_presses_nothing(town: Town, three: list[Case]) -> None:
    """A form's first submit button answers Enter; a disabled one lets nothing go out."""
    page = html(town.client(BOX).get("/triage?state=open"))
    form = page[page.index('id="bulk"') :]
    assert form.index('<button type="submit" disabled hidden>') == form.index("<button")


# --- filters and views ------------------------------------------------------------------------------------


def test_filters_narrow_by_what_stands_in_the_address(town: Town, three: list[Case]) -> None:
    staff = factories.case(town, "Written for the town", author_kind=AuthorKind.STAFF)
    police = factories.case(town, "Police words", department="Police")
    asked = factories.consulting(town)
    town.clock.advance(days=2)
    late = factories.case(town, "Seen later")
    press(town.client("administrator"), late, "claim")
    admin = town.client("administrator")
    for query, expected in (
        ("author=staff", [staff.id]),
        (f"department={town.department_id('Police')}", [police.id]),
        ("claimed=me", [late.id]),
        (f"seen_from={in_days(town, -1)}", [late.id]),
        (f"seen_to={in_days(town, -1)}&author=public&department={town.department_id('Library')}",
         [case.id for case in three]),
        ("source=import", []),
        ("state=consulting&category=J", [asked.id]),
        ("state=consulting&category=A", []),
    ):  # fmt: skip
        assert listed(admin.get(f"/triage?state=open&{query}".replace("state=open&state", "state"))) == expected, query


def test_nonsense_in_filters_is_left_out(town: Town, three: list[Case]) -> None:
    query = "claimed=you&author=x&source=1&category=Z&seen_from=soon&seen_to=&department=x&words=%00"
    assert listed(town.client(BOX).get(f"/triage?state=open&{query}")) == [case.id for case in three]


def test_every_filter_survives_the_address() -> None:
    place = Place(
        tab="snoozed", claimed=Claimed.NOBODY, department=3, author=AuthorKind.STAFF, source=Source.FEED, category="J",
        words="ä " * 100 + "x", answered=tuple(range(100_000, 100_060)), case=7,
    )  # fmt: skip
    assert Place.unpack(place.packed) == place.__class__(
        **{name: getattr(place, name) for name in place.__slots__} | {"words": place.words[:200].strip()}
    )


def test_a_view_is_kept_and_opens_as_a_link(town: Town, three: list[Case]) -> None:
    client = town.client(BOX)
    board = Place(tab="open", words="number", claimed=Claimed.NOBODY, case=three[1].id, answered=(three[0].id,)).packed
    answer = client.submit("/triage/views", {"name": "Free ones", "board": board})
    page = html(client.get(answer.location))
    link = re.search(r'<a href="(/triage\?[^"]+)"[^>]*>Free ones</a>', page)
    assert link is not None
    address = link.group(1).replace("&amp;", "&")
    assert address == "/triage?state=open&words=number&claimed=nobody"
    assert listed(client.get(address)) == [case.id for case in three]
    assert "Free ones" not in html(town.client("administrator").get("/triage")), "another one's list is as it was"
    assert listed(town.client("administrator").get(address)) == [case.id for case in three], "but the address works"


def test_views_are_renamed_and_removed_by_their_owner_alone(town: Town) -> None:
    client, other = town.client(BOX), town.client("administrator")
    client.submit("/triage/views", {"name": "First", "board": "state=open"})
    view = SavedView.get()
    assert other.submit(f"/triage/views/{view.id}/rename", {"name": "Mine now"}).status_code == 404
    assert other.submit(f"/triage/views/{view.id}/remove", {}).status_code == 404
    assert client.submit("/triage/views/999999/remove", {}).status_code == 404
    assert client.get(f"/triage/views/{view.id}/remove").status_code == 405
    refused = client.submit(f"/triage/views/{view.id}/rename", {"name": "x" * 61})
    assert refused.status_code == 422
    assert "x" * 61 in html(refused)
    client.submit(f"/triage/views/{view.id}/rename", {"name": "Second"})
    assert "Second" in html(client.get("/triage/views"))
    client.submit(f"/triage/views/{view.id}/remove", {})
    assert "No views yet" in html(client.get("/triage/views"))


def test_a_view_without_a_name_is_refused_in_place(town: Town, three: list[Case]) -> None:
    answer = town.client(BOX).submit(
        "/triage/views", {"name": " ", "board": Place(tab="open", case=three[1].id).packed}
    )
    assert answer.status_code == 422
    assert "Give the view a name." in html(answer)
    assert chosen(answer) == three[1].id


# --- order, search, counts --------------------------------------------------------------------------------


def test_what_is_due_first_stands_first_and_overdue_says_so(town: Town) -> None:
    late = factories.case(town, "Seen again and dismissed by mistake")
    client = town.client(BOX)
    town.clock.advance(days=3)
    client = town.client(BOX)
    fresh = factories.case(town, "Seen today")
    Case.update(due_on=town.today + timedelta(days=9)).where(Case.id == late.id).execute()
    assert listed(client.get("/triage?state=open")) == [fresh.id, late.id]
    Case.update(due_on=town.today - timedelta(days=2)).where(Case.id == late.id).execute()
    page = client.get("/triage?state=open")
    assert listed(page) == [late.id, fresh.id]
    assert html(page).count(f"Overdue since {long_day(town.today - timedelta(days=2))}") == 1


def test_what_is_over_shows_the_newest_first(town: Town, three: list[Case]) -> None:
    client = town.client(BOX)
    for case in three:
        press(client, case, "dismiss")
    assert listed(client.get("/triage?state=dismissed")) == [case.id for case in reversed(three)]


def test_found_words_are_marked_in_row_and_case_with_their_number(town: Town) -> None:
    factories.case(town, "A " * 400 + 'plain <b>bicycle</b> on Main & "bicycles" ' + "B " * 400, handle="@Bicycle Bea")
    factories.case(town, "Nothing of the kind")
    page = html(town.client(BOX).get("/triage?state=open&words=bicycle"))
    assert page.count("<mark>bicycle</mark>") == 2, "in the row and in the case"
    assert page.count("<mark>bicycles</mark>") == 2, "whatever form of the word"
    assert page.count("<mark>Bicycle</mark>") == 1, "in the name in the row"
    assert "plain &lt;b&gt;<mark>bicycle</mark>&lt;/b&gt;" in page
    row = page[page.index('class="row__words"') : page.index('class="row__about"')]
    assert row.count("A ") < 100
    assert ">… A" in row
    assert "1 case with “bicycle” in all tabs together." in page


def test_a_case_found_by_its_notes_says_so(town: Town) -> None:
    shown, noted = factories.case(town, "A bicycle on Main"), factories.case(town, "Nothing of the kind")
    service.add_note(factories.coordinator(town), noted.id, "The bicycle again", clock=town.clock)
    page = town.client(BOX).get("/triage?state=open&words=bicycle")
    assert sorted(listed(page)) == [shown.id, noted.id]
    assert html(page).count("Found by its notes") == 1
    assert "Found by its notes" not in html(town.client(BOX).get("/triage?state=open"))


def test_a_phrase_is_marked_as_a_phrase(town: Town) -> None:
    factories.case(town, "An old bicycle beside an old, plain bicycle")
    page = html(town.client(BOX).get('/triage?state=open&words="plain+bicycle"'))
    assert page.count("<mark>plain bicycle</mark>") == 2
    assert "An old bicycle beside" in page


def test_tabs_count_no_further_than_a_thousand(town: Town) -> None:
    factories.copies(factories.case(town, "Many"), 1001)
    client = town.client(BOX)
    assert tab_count(html(client.get("/triage?state=open")), "Open") == "1,000+"
    assert tab_count(html(client.get("/triage?state=open&urgent=1")), "Open") == "0"


def test_where_they_wait(town: Town, three: list[Case]) -> None:
    factories.consulting(town)
    factories.case(town, department="Police")
    service.snooze(
        town.actor(BOX), three[0].id, three[0].version, until=town.today + timedelta(days=3), reason="x",
        clock=town.clock,
    )  # fmt: skip
    page = html(town.client(BOX).get("/triage/where"))
    assert "Charlton Library" in page
    assert "Charlton Police" not in page
    row = page[page.index("Charlton Library (") :]
    assert re.findall(r'href="/triage\?state=(\w+)&amp;site=\d+">(\d+)<', row) == [("open", "3"), ("consulting", "1")]
    both = html(town.client("administrator").get("/triage/where"))
    assert "Charlton Police" in both
    assert town.client("employee").get("/triage/where").status_code == 403
    for box in ("coordinator.police", "auditor"):
        assert town.client(box).get("/triage/where").status_code == 200


def test_pages_of_the_desk_cost_the_same_however_much_there_is(town: Town) -> None:
    client, case, costs = town.client(BOX), factories.case(town), []
    for more in (5, 200):
        factories.copies(case, more)
        for copy in Case.select().order_by(Case.id).limit(more // 5):
            press(client, copy, "claim")
        client.submit("/triage/views", {"name": f"View {more}", "board": "state=open"})
        for path in ("/triage/where", "/triage/views", "/triage?state=open&claimed=me"):
            client.get(path)
            with count_queries() as counter:
                client.get(path)
            costs.append(counter.count)
    assert costs[:3] == costs[3:]
