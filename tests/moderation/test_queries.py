"""The queue and the case page: what they show to whom, and that they cost the same however much there is."""

from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core.errors import NotFound
from charlton_intranet.moderation import importing, queries, service
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.queries import TABS, QueueFilter
from charlton_intranet.moderation.rules import CaseState, Source
from tests.conftest import Town
from tests.moderation import factories


def fill(town: Town, number: int, department: str = "Library") -> None:
    """Many open cases, by the import."""
    data = "text,who\n" + "".join(f"Filler {n},Writer {n % 7}\n" for n in range(number))
    run_id = importing.start_import(
        factories.coordinator(town, department), site_id=factories.site(town, department).id, file_name="x.csv",
        data=data.encode(), mapping={"text": "text", "author": "who"}, clock=town.clock,
    )  # fmt: skip
    importing.run_import(run_id, store=town.parts.store, clock=town.clock)


def ids(town: Town, box: str = "coordinator.library", **wanted: Any) -> list[int]:
    page = queries.queue_page(town.actor(box), QueueFilter(**wanted), now=town.clock.now())
    return [row.id for row in page.rows]


def test_urgent_ones_first_then_the_oldest_page_by_page(town: Town) -> None:
    cases = [factories.case(town, f"Post {n}", urgent=n % 3 == 0).id for n in range(11)]
    expected = cases[::3] + [case for n, case in enumerate(cases) if n % 3]
    seen: list[int] = []
    after = None
    for size in (3, 1, 5, 2, 7):
        page = queries.queue_page(town.actor("coordinator.library"), QueueFilter(), after, size, now=town.clock.now())
        seen += [row.id for row in page.rows]
        after = page.next_key
        if after is None:
            break
    assert seen == expected


def test_a_page_that_is_just_full_has_no_next(town: Town) -> None:
    fill(town, 5)
    page = queries.queue_page(town.actor("coordinator.library"), QueueFilter(), size=5, now=town.clock.now())
    assert (len(page.rows), page.next_key) == (5, None)


@pytest.mark.parametrize(
    "key", ["", "1", "1-", "2-5", "1-20261123", "1-20261123-", "1-20261123-x", "1-x-5", "2-20261123-5", "1-20261123-٣"]
)
def test_a_key_that_we_did_not_hand_out_is_not_found(town: Town, key: str) -> None:
    with pytest.raises(NotFound):
        queries.queue_page(town.actor("coordinator.library"), QueueFilter(), key, now=town.clock.now())


@pytest.mark.parametrize("key", ["", "x", "-5", "1-20261123-5", "٣"])
def test_nor_is_one_of_another_tab(town: Town, key: str) -> None:
    with pytest.raises(NotFound):
        queries.queue_page(town.actor("coordinator.library"), QueueFilter(CaseState.CLOSED), key, now=town.clock.now())


def test_an_endless_key_leads_to_an_empty_page(town: Town) -> None:
    factories.case(town)
    page = queries.queue_page(
        town.actor("coordinator.library"), QueueFilter(), "0-20261124-" + "9" * 60, now=town.clock.now()
    )
    assert page.rows == ()


@pytest.mark.parametrize(
    ("box", "sees"),
    [
        ("coordinator.library", "library"),
        ("head.library", "library"),
        ("head.police", "police"),
        ("administrator", "library police"),
        ("records", "library police"),
        ("auditor", "library police"),
        ("user.library", ""),
        ("it", ""),
        ("employee", ""),
    ],
)
def test_each_sees_the_cases_of_their_departments(town: Town, box: str, sees: str) -> None:
    cases = {"library": factories.case(town), "police": factories.case(town, department="Police")}
    actor = town.actor(box)
    page = queries.queue_page(actor, QueueFilter(), now=town.clock.now())
    assert {row.id for row in page.rows} == {cases[name].id for name in sees.split()}
    assert page.total == len(sees.split())
    for name, case in cases.items():
        if name in sees.split():
            assert queries.case_view(actor, case.id).id == case.id
            assert [row.id for row in queries.queue_rows(actor, [case.id], now=town.clock.now())] == [case.id]
        else:
            assert queries.queue_rows(actor, [case.id], now=town.clock.now()) == ()
            with pytest.raises(NotFound):
                queries.case_view(actor, case.id)


def test_filters_narrow_and_the_tabs_count_what_they_leave(town: Town) -> None:
    urgent = factories.case(town, "An urgent bicycle", urgent=True)
    plain = factories.case(town, "A plain bicycle", handle="Bea Wheeler")
    police = factories.case(town, "A police bicycle", department="Police")
    asked = factories.consulting(town, "A bicycle in question")
    town_wide = "administrator"
    assert ids(town, town_wide, words="bicycle") == [urgent.id, plain.id, police.id]
    assert ids(town, town_wide, words="bicycle", tab=CaseState.CONSULTING) == [asked.id]
    assert ids(town, town_wide, urgent=True) == [urgent.id]
    assert ids(town, town_wide, urgent=False) == [plain.id, police.id]
    assert ids(town, town_wide, site_id=factories.site(town, "Police").id) == [police.id]
    assert ids(town, town_wide, department=town.department_id("Police")) == [police.id]
    assert ids(town, department=town.department_id("Police")) == []
    assert ids(town, town_wide, words="wheeler") == [plain.id]
    assert ids(town, town_wide, words='"plain bicycle"') == [plain.id]
    assert ids(town, town_wide, words="unicorn") == []
    page = queries.queue_page(
        town.actor(town_wide),
        QueueFilter(words="bicycle", department=town.department_id("Library")),
        now=town.clock.now(),
    )
    assert page.counts == dict.fromkeys(TABS, 0) | {CaseState.OPEN: 2, CaseState.CONSULTING: 1}


@pytest.mark.parametrize("words", ['"', "'", "* OR", "a:b", "(", "-", "\\", "%", "🚲", "NEAR(", "x" * 2000])
def test_whatever_is_typed_into_the_search_is_answered(town: Town, words: str) -> None:
    factories.case(town)
    assert ids(town, words=words) == []


def test_a_note_makes_a_case_findable(town: Town) -> None:
    case = factories.case(town)
    service.add_note(factories.coordinator(town), case.id, "Told the custodian.", clock=town.clock)
    assert ids(town, words="custodian") == [case.id]


def test_a_long_text_is_cut_in_the_list_only(town: Town) -> None:
    case = factories.case(town, "word " * 2000, handle="@Jo")
    short = factories.case(town, "short")
    row, other = sorted(
        queries.queue_rows(town.actor("coordinator.library"), [short.id, case.id], now=town.clock.now()),
        key=lambda row: row.id,
    )
    assert row.text == ((("word " * 80), False), ("…", False))
    assert (row.handle, row.source) == ((("@Jo", False),), Source.FORM)
    assert len(queries.case_view(town.actor("coordinator.library"), case.id).text) == 10_000
    assert other.text == (("short", False),)


@pytest.mark.parametrize(
    ("box", "state"),
    [
        ("coordinator.library", CaseState.OPEN),
        ("head.library", CaseState.CONSULTING),
        ("administrator", CaseState.ADVISED),
        ("auditor", CaseState.OPEN),
    ],
)
def test_the_queue_opens_at_what_one_can_act_on(town: Town, box: str, state: CaseState) -> None:
    assert queries.default_state(town.actor(box)) is state


# --- cost -----------------------------------------------------------------------------------------------------


def test_the_queue_costs_the_same_with_ten_cases_and_with_three_hundred(town: Town) -> None:
    actor, wanted = town.actor("coordinator.library"), QueueFilter(words="filler")
    costs = []
    for number in (10, 290):
        fill(town, number)
        with count_queries() as counted:
            page = queries.queue_page(actor, wanted, now=town.clock.now())
        costs.append((counted.count, len(page.rows), page.total))
    assert costs == [(costs[0][0], 10, 10), (costs[0][0], 25, 300)]


def test_the_case_page_costs_the_same_however_much_has_happened(town: Town) -> None:
    actor = town.actor("administrator")
    bare = factories.case(town)
    full = factories.closed(town, handle="@Jo")
    for n in range(12):
        service.add_note(actor, full.id, f"Note {n}", clock=town.clock)
        factories.closed(town, f"{factories.WORDS} {n}", handle="@Jo")
    costs = []
    for case in (bare, full):
        with count_queries() as counted:
            view = queries.case_view(actor, case.id)
        costs.append((counted.count, len(view.notes)))
    assert costs == [(4, 0), (4, 12)]
    assert Case.select().count() == 14
