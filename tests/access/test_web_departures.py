"""The pages of leavers."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.access.models import Departure
from charlton_intranet.access.rules import DepartureState
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import GrantState
from tests.access.factories import allowed, page_with_admins, take_off
from tests.access.test_departures import checklist, end_roles, leaver_on_two_pages, opened
from tests.access.test_web_admins import words
from tests.conftest import Town


def test_a_checklist_is_opened_ahead_of_time(town: Town) -> None:
    browser = town.client("head.library")
    person_id = town.person_id("user.library")
    assert "user.library@charlton.example" in browser.get(f"/access/departures/open?person={person_id}").get_data(
        as_text=True
    )
    day = (town.today + timedelta(days=9)).isoformat()
    sent = {"email": "user.library@charlton.example", "kind": "leaves", "last_day": day, "note": "Moves away."}
    for wrong in (
        {"email": "nobody@charlton.example"}, {"kind": "vanishes"}, {"last_day": "2020-01-01"}, {"last_day": "soon"},
    ):  # fmt: skip
        answer = browser.submit("/access/departures/open", sent | wrong)
        assert answer.status_code == 422, wrong
        assert "Moves away." in words(answer)
    answer = browser.submit("/access/departures/open", sent, follow_redirects=True)
    assert "Uma Reyes leaves" in words(answer)
    assert "Moves away." in words(answer)
    assert browser.submit("/access/departures/open", sent).status_code == 422  # there is one already
    found = browser.get(f"/people/{person_id}").get_data(as_text=True)
    assert f"/access/departures/open?person={person_id}" in found
    assert browser.get(f"/access/departures/open?person={person_id}").location.endswith(str(Departure.get().id))
    assert "Uma Reyes" in words(browser.get("/access/departures"))
    assert Departure.select().count() == 1


def test_the_checklist_is_worked_off_page_by_page(town: Town) -> None:
    library, police = leaver_on_two_pages(town)
    departure_id = opened(town)
    root = f"/access/departures/{departure_id}"
    browser = town.client("coordinator.library")
    page = words(browser.get(root))
    assert "Publish on Charlton Public Library" in page
    assert "6 steps left" in page
    assert browser.submit(f"{root}/settle", {"version": "1"}).status_code == 422
    assert browser.submit(f"{root}/grants", {"version": "9"}).status_code == 409
    assert "1 ended." in words(browser.submit(f"{root}/grants", {"version": "1"}, follow_redirects=True))
    assert Grant.get(Grant.person == town.person_id("user.library")).state is GrantState.ENDED
    take_off(town, library, "user.library")
    take_off(town, police, "user.library", by="head.police")
    end_roles(town, "user.library")
    url = f"{root}/passwords/{library.id}"
    assert browser.get(url).status_code == 200
    assert browser.submit(url, {"note": ""}).status_code == 422
    assert "The proof is on record." in words(browser.submit(url, {"note": "Changed."}, follow_redirects=True))
    assert browser.submit(url, {"note": "Changed."}).status_code == 409
    assert browser.get(f"{root}/passwords/{police.id}").status_code == 404
    answer = browser.submit(f"{root}/handover", {"version": "2", "note": ""})
    assert answer.status_code == 422
    browser.submit(f"{root}/handover", {"version": "2", "note": "Phone to <i>Helen</i>."})
    assert "&lt;i&gt;Helen" in browser.get(root).get_data(as_text=True)
    assert checklist(town, departure_id).left == 0
    assert "Settled." in words(browser.submit(f"{root}/settle", {"version": "3"}, follow_redirects=True))
    assert browser.submit(f"{root}/settle", {"version": "3"}).status_code == 409
    assert "Uma Reyes" not in words(browser.get("/access/departures"))
    assert "Uma Reyes" in words(browser.get("/access/departures?all=yes"))


def test_a_departure_is_called_off(town: Town) -> None:
    departure_id = opened(town)
    browser = town.client("head.library")
    url = f"/access/departures/{departure_id}/call-off"
    assert browser.submit(url, {"version": "5"}).status_code == 409
    assert browser.submit(url, {"version": "1"}).status_code == 303
    assert Departure.get().state is DepartureState.CALLED_OFF


@pytest.mark.parametrize(
    ("box", "read", "write"),
    [
        ("administrator", 200, 303), ("it", 200, 303), ("head.library", 200, 303), ("auditor", 200, 403),
        ("records", 200, 403), ("head.police", 404, 404), ("coordinator.police", 404, 404),
        ("user.library", 403, 403), ("employee", 403, 403),
    ],
)  # fmt: skip
def test_who_reads_and_who_settles(town: Town, box: str, read: int, write: int) -> None:
    departure_id = opened(town, "coordinator.library", by="administrator")
    browser, root = town.client(box), f"/access/departures/{departure_id}"
    assert browser.get(root).status_code == read
    assert ("Cody Barnes" in words(browser.get("/access/departures"))) == (read == 200)
    for step in ("grants", "handover"):
        version = str(Departure.get().version)
        assert browser.submit(f"{root}/{step}", {"version": version, "note": "Keys."}).status_code == write, step


def test_what_is_not_there_is_404(town: Town) -> None:
    browser = town.client("administrator")
    assert browser.get("/access/departures/999999").status_code == 404
    assert browser.get("/access/departures/999999/passwords/1").status_code == 404
    assert browser.submit("/access/departures/999999/settle", {"version": "1"}).status_code == 404
    assert browser.get("/access/departures/open?person=999999").status_code == 200


def test_the_list_costs_the_same_with_more_departures(town: Town) -> None:
    opened(town)
    with count_queries() as one:
        town.client("administrator").get("/access/departures")
    for box in ("employee", "records", "auditor", "user.police"):
        opened(town, box, by="administrator")
    with count_queries() as more:
        town.client("administrator").get("/access/departures")
    assert one.count == more.count


def test_the_page_of_a_move_says_what_ends_and_readers_of_records_meet_no_closed_door(town: Town) -> None:
    where = page_with_admins(town)
    allowed(town, "user.library", where)
    person_id = town.person_id("user.library")
    page = words(town.client("administrator").get(f"/people/{person_id}/move"))
    assert "may do on sites of Library goes on a leaver's checklist and ends after today" in page
    assert "Publish on Charlton Public Library" in page
    sent = {"email": "user.library@charlton.example", "kind": "leaves", "last_day": str(town.today), "note": ""}
    opened = town.client("head.library").submit("/access/departures/open", sent).location
    assert f'href="/people/{person_id}"' in town.client("head.library").get(opened).text
    assert f'href="/people/{person_id}"' not in town.client("records").get(opened).text
