"""Reviews of named sites in a colleague's hands for some days."""

from datetime import date, timedelta
from typing import Any

import pytest

from charlton_intranet.accounts.models import RoleAssignment
from charlton_intranet.assembly import REGISTER
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.duties import Duty, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.reviews import queries
from charlton_intranet.reviews.models import HandedOver, Review
from charlton_intranet.reviews.rules import Result
from tests.conftest import Town
from tests.reviews.factories import make_site
from tests.reviews.test_service import MONDAY, record

PAGE = "/reviews/hand-overs"
FRIDAY = date(2026, 11, 27)


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def typed(town: Town, *site_ids: int, to: str = "head.library", **changes: Any) -> dict[str, Any]:
    return {
        "department": str(town.department_id("Library")), "sites": [str(site_id) for site_id in site_ids],
        "person": str(town.person_id(to)), "starts_on": str(MONDAY), "ends_on": str(FRIDAY), "note": "Mind the spam",
        **changes,
    }  # fmt: skip


def hand_over(town: Town, *site_ids: int, box: str = "coordinator.library", **changes: Any) -> Any:
    return town.client(box).submit(PAGE, typed(town, *site_ids, **changes))


def reviews_of(town: Town, box: str) -> list[Duty]:
    owed = REGISTER.owed(Scope(today=town.today, actor=town.actor(box)))
    return [duty for duty in owed if duty.kind.name == "review_site"]


def test_a_site_handed_over_is_the_colleagues_and_the_giver_sees_who_has_it(town: Town) -> None:
    handed, kept = make_site(town, title="Handed page"), make_site(town, title="Kept page")
    assert hand_over(town, handed).status_code == 303
    assert [duty.subject for duty in reviews_of(town, "head.library")] == [f"site:{handed}"]
    assert [duty.subject for duty in reviews_of(town, "coordinator.library")] == [f"site:{kept}"]
    (awaited,) = REGISTER.waited_for(town.actor("coordinator.library"), town.today)
    assert (awaited.subject, awaited.owner.person_id) == (f"site:{handed}", town.person_id("head.library"))
    for box in ("head.library", "coordinator.library"):
        page = text_of(town.client(box).get(PAGE))
        assert "Handed page" in page
        assert "Mind the spam" in page
    assert AuditEvent.select().order_by(AuditEvent.number.desc()).get().tag == "site.reviews_handed_over"


def test_the_colleague_records_it_and_both_may(town: Town) -> None:
    handed, other = make_site(town), make_site(town)
    hand_over(town, handed)
    assert record(town, handed, "head.library")
    page = town.client("head.library").submit(
        f"/reviews/sites/{other}", {"due_on": str(MONDAY), "result": "clean", "note": ""}
    )
    assert page.status_code == 403, "only what was handed over"
    third = make_site(town)
    hand_over(town, third)
    assert record(town, third, "coordinator.library")


def test_it_begins_and_ends_by_itself(town: Town) -> None:
    site_id = make_site(town)
    hand_over(town, site_id, starts_on="2026-11-24", ends_on="2026-11-25")
    owners = []
    for _ in range(4):
        owners.append(queries.in_force(town.today).get(site_id, (None, None))[0])
        town.clock.at += timedelta(days=1)
    head = town.person_id("head.library")
    assert owners == [None, head, head, None]


def test_a_colleague_who_left_the_office_has_it_no_more(town: Town) -> None:
    site_id = make_site(town)
    hand_over(town, site_id)
    RoleAssignment.update(ends_on=town.today - timedelta(days=1)).where(
        (RoleAssignment.person == town.person_id("head.library")) & (RoleAssignment.role == Role.DEPARTMENT_HEAD)
    ).execute()
    assert [duty.subject for duty in reviews_of(town, "coordinator.library")] == [f"site:{site_id}"]


@pytest.mark.parametrize("box", ["coordinator.library", "head.library", "administrator"])
def test_it_is_taken_back_or_given_back(town: Town, box: str) -> None:
    site_id = make_site(town)
    hand_over(town, site_id)
    found = HandedOver.get()
    client = town.client(box)
    assert client.submit(f"{PAGE}/{found.id}/end", {"version": found.version}).status_code == 303
    assert [duty.subject for duty in reviews_of(town, "coordinator.library")] == [f"site:{site_id}"]
    assert "Nobody stands in" in text_of(client.get(PAGE))
    assert client.submit(f"{PAGE}/{found.id}/end", {"version": found.version + 1}).status_code == 409


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sites": []}, "Choose at least one site."),
        ({"person": "0"}, "Choose a colleague."),
        ({"starts_on": "2026-11-20"}, "Enter today or a later day."),
        ({"starts_on": "9990-01-01", "ends_on": "9990-01-02"}, "Enter a day within a year from today."),
        ({"ends_on": "2026-11-22"}, "it is not before the first"),
        ({"ends_on": "2027-11-22"}, "at most 92 days"),
        ({"ends_on": ""}, "Enter the last day."),
        ({"note": "x" * 501}, "below 500 characters"),
    ],
)
def test_what_can_not_be_handed_over_comes_back(town: Town, changes: dict[str, Any], sentence: str) -> None:
    answer = hand_over(town, make_site(town), **{"note": "Mind the spam"} | changes)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert changes.get("note", "Mind the spam") in text_of(answer)
    assert not HandedOver.select().exists()


def test_the_same_press_twice_is_once_and_other_days_that_overlap_are_refused(town: Town) -> None:
    site_id = make_site(town, title="Library page")
    for _ in range(2):
        assert hand_over(town, site_id).status_code == 303
    assert HandedOver.select().count() == 1
    answer = hand_over(town, site_id, starts_on=str(FRIDAY), ends_on="2026-11-30")
    assert answer.status_code == 422
    assert "Handed over on some of these days already: Library page." in text_of(answer)


@pytest.mark.parametrize("to", ["coordinator.police", "user.library", "employee"])
def test_nobody_without_an_office_in_the_department_is_offered_or_taken(town: Town, to: str) -> None:
    answer = hand_over(town, make_site(town), to=to)
    assert answer.status_code == 422
    assert not HandedOver.select().exists()


@pytest.mark.parametrize(
    ("box", "status"), [("coordinator.police", 403), ("auditor", 403), ("employee", 403), ("it", 403)]
)
def test_others_hand_nothing_over(town: Town, box: str, status: int) -> None:
    site_id = make_site(town)
    assert hand_over(town, site_id, box=box).status_code == status
    assert not HandedOver.select().exists()


@pytest.mark.parametrize(("box", "status"), [("coordinator.police", 404), ("auditor", 403), ("employee", 403)])
def test_others_take_nothing_back(town: Town, box: str, status: int) -> None:
    hand_over(town, make_site(town))
    found = HandedOver.get()
    answer = town.client(box).submit(f"{PAGE}/{found.id}/end", {"version": found.version})
    assert answer.status_code == status
    assert HandedOver.get().ended_on is None


def test_a_site_of_another_department_is_not_taken(town: Town) -> None:
    theirs = make_site(town, "Police", title="Police page")
    assert hand_over(town, theirs).status_code == 422
    assert not HandedOver.select().exists()


def test_the_administrator_chooses_the_department_first(town: Town) -> None:
    site_id = make_site(town, title="Library page")
    client = town.client("administrator")
    assert "Choose the department:" in text_of(client.get(PAGE))
    library = town.department_id("Library")
    assert "Library page" in text_of(client.get(f"{PAGE}?department={library}"))
    assert hand_over(town, site_id, box="administrator").status_code == 303
    assert client.submit(PAGE, {"department": "999999"}).status_code == 403


def test_missing_and_unknown_addresses(town: Town) -> None:
    client = town.client("coordinator.library")
    assert client.submit(f"{PAGE}/999999/end", {"version": "1"}).status_code == 404
    assert client.submit(f"{PAGE}/99999999999/end", {"version": "1"}).status_code == 404
    assert client.get(f"{PAGE}/1/end").status_code == 405


def test_the_board_offers_the_colleague_what_was_handed_over(town: Town) -> None:
    site_id = make_site(town, title="Handed page")
    hand_over(town, site_id)
    client = town.client("head.library")
    assert f'action="/reviews/sites/{site_id}"' in text_of(client.get("/reviews"))
    form = {"site": str(site_id), f"due_{site_id}": str(MONDAY), f"clean_{site_id}": "y"}
    assert client.submit("/reviews/together", form).status_code == 303
    assert Review.get().result is Result.CLEAN
