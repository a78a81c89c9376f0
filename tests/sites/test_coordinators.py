"""Coordinators hand over without a gap, and an appointment never outlives the role or the account."""

from datetime import timedelta
from typing import Any

import pytest

from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import Person, RoleAssignment
from charlton_intranet.core import database
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Role
from charlton_intranet.parts import Parts
from charlton_intranet.sites.jobs import start_appointments
from charlton_intranet.sites.models import Appointment, HandOver, HandOverNote
from charlton_intranet.sites.queries.appointments import appointment_sheet, appointments_page, vacancies
from charlton_intranet.sites.rules import AppointmentState
from charlton_intranet.sites.service import appointments
from tests.conftest import Town
from tests.security.test_races import press_together
from tests.sites import factories


def appointed(town: Town, box: str = "coordinator.library") -> int:
    """An active appointment of somebody for the library."""
    head = town.actor("head.library")
    made = appointments.propose(
        head, department_id=head.department_id or 0, person_id=town.person_id(box), letter="I appoint you.",
        starts_on=town.today, clock=town.clock,
    )  # fmt: skip
    appointments.file(town.actor("administrator"), made, 1, clock=town.clock)
    return made


def letter(appointment_id: int) -> Appointment:
    found: Appointment = Appointment.get_by_id(appointment_id)
    return found


def hand_over(
    town: Town, appointment_id: int, box: str = "user.library", actor: str = "head.library", **more: Any
) -> int:
    given: dict[str, Any] = {
        "letter": "I appoint you next.",
        "starts_on": town.today + timedelta(days=5),
        "last_day": town.today + timedelta(days=7),
        "notes": "Ask the archive before posting old pictures.",
    }
    return appointments.hand_over(
        town.actor(actor), appointment_id, letter(appointment_id).version,
        person_id=town.person_id(box), **{**given, **more}, clock=town.clock,
    )  # fmt: skip


def coordinates(town: Town, box: str) -> bool:
    return town.actor(box).holds(Role.COORDINATOR, town.department_id("Library"))


# --- hand-over --------------------------------------------------------------------------------------------


def test_a_hand_over_overlaps_and_leaves_no_day_without_a_coordinator(town: Town) -> None:
    factories.site(town)
    leaving = appointed(town)
    coming = hand_over(town, leaving)
    appointments.file(town.actor("administrator"), coming, 1, clock=town.clock)
    both = []
    for _ in range(10):
        both.append((coordinates(town, "coordinator.library"), coordinates(town, "user.library")))
        assert vacancies(town.today) == []
        town.clock.advance(days=1)
        start_appointments(town.parts)
    assert both == [(True, False)] * 5 + [(True, True)] * 3 + [(False, True)] * 2
    assert letter(leaving).state is AppointmentState.ENDED
    assert letter(coming).state is AppointmentState.ACTIVE


def test_who_leaves_stays_until_the_next_letter_is_filed(town: Town) -> None:
    leaving = appointed(town)
    coming = hand_over(town, leaving)
    town.clock.advance(days=20)
    assert start_appointments(town.parts) == ""
    assert coordinates(town, "coordinator.library")
    appointments.file(town.actor("administrator"), coming, 1, clock=town.clock)
    assert start_appointments(town.parts) == "1 appointment of a Social Media Coordinator ended."
    assert (coordinates(town, "coordinator.library"), coordinates(town, "user.library")) == (False, True)


def test_a_withdrawn_successor_ends_the_hand_over(town: Town) -> None:
    leaving = appointed(town)
    coming = hand_over(town, leaving)
    with pytest.raises(Invalid, match="appointed already"):
        hand_over(town, leaving, "employee")
    appointments.end(town.actor("head.library"), coming, 1, clock=town.clock)
    town.clock.advance(days=20)
    assert start_appointments(town.parts) == ""
    assert coordinates(town, "coordinator.library")
    assert hand_over(town, leaving, "employee") != coming


def test_who_comes_and_leaves_at_once_gives_the_place_back_to_nobody_but_keeps_the_old_one(town: Town) -> None:
    leaving = appointed(town)
    coming = hand_over(town, leaving, starts_on=town.today, last_day=town.today)
    appointments.file(town.actor("administrator"), coming, 1, clock=town.clock)
    person = Person.get_by_id(town.person_id("user.library"))
    accounts.disable(town.actor("it"), person.id, person.version, clock=town.clock)
    town.clock.advance(days=2)
    assert start_appointments(town.parts) == "1 appointment of a Social Media Coordinator ended."
    assert coordinates(town, "coordinator.library")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_day": 3}, "last_day"),
        ({"starts_on": -1}, "starts_on"),
        ({"letter": " "}, "letter"),
        ({"box": "coordinator.library"}, "person"),
    ],
)
def test_what_a_hand_over_is_refused_for(town: Town, changes: dict[str, Any], field: str) -> None:
    leaving = appointed(town)
    given: dict[str, Any] = {
        name: town.today + timedelta(days=value) if isinstance(value, int) else value for name, value in changes.items()
    }
    with pytest.raises(Invalid) as refusal:
        hand_over(town, leaving, **given)
    assert refusal.value.problems.keys() == {field}
    assert (letter(leaving).version, HandOver.select().count(), Appointment.select().count()) == (3, 0, 1)


def test_a_hand_over_pressed_many_times_at_once_appoints_one(own_town: Parts) -> None:
    with database.connection():
        town = Town(own_town, own_town.clock, None)  # type: ignore[arg-type] # no page is opened here
        leaving, head, coming = appointed(town), town.actor("head.library"), town.person_id("user.library")

    def press(_number: int) -> None:
        appointments.hand_over(
            head, leaving, 3, person_id=coming, letter="You next.", starts_on=town.today, last_day=town.today,
            clock=town.clock,
        )  # fmt: skip

    refused = press_together(press)
    assert (refused[0], set(refused[1:])) == ("", {"Invalid"})
    with database.connection():
        assert (HandOver.select().count(), Appointment.select().count()) == (1, 2)


def test_who_hands_over_and_who_leaves_a_note(town: Town) -> None:
    leaving = appointed(town)
    for box, refusal in (
        ("administrator", Forbidden), ("coordinator.library", Forbidden), ("head.police", NotFound),
        ("employee", NotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            hand_over(town, leaving, actor=box)
    with pytest.raises(StaleState):
        appointments.hand_over(
            town.actor("head.library"), leaving, 1, person_id=town.person_id("user.library"), letter="x",
            starts_on=town.today, last_day=town.today, clock=town.clock,
        )  # fmt: skip
    appointments.add_note(town.actor("coordinator.library"), leaving, text="Mind the tone", clock=town.clock)
    for box, refusal in (("administrator", Forbidden), ("auditor", Forbidden), ("coordinator.police", NotFound)):
        with pytest.raises(refusal):
            appointments.add_note(town.actor(box), leaving, text="Mine", clock=town.clock)
    coming = hand_over(town, leaving)
    sheet = appointment_sheet(town.actor("head.library"), coming, town.today)
    assert [(note.text, note.by) for note in sheet.notes] == [
        ("Mind the tone", "Cody Barnes"),
        ("Ask the archive before posting old pictures.", "Helen Marsh"),
    ]
    assert HandOverNote.select().count() == 2


# --- what ends by itself ----------------------------------------------------------------------------------


def states(town: Town, box: str = "auditor") -> list[tuple[AppointmentState, str]]:
    rows, _ = appointments_page(town.actor(box), town.today)
    return [(row.state, row.ended_on.isoformat() if row.ended_on else "") for row in rows]


def test_ending_the_role_under_people_ends_the_appointment(town: Town) -> None:
    made = appointed(town)
    assert states(town) == [(AppointmentState.ACTIVE, "")]
    held = RoleAssignment.get_by_id(letter(made).assignment_id)
    accounts.end_role(
        town.actor("administrator"), town.person_id("coordinator.library"), held.id, held.version, clock=town.clock
    )
    # The pages say so at once, the timetable writes it down.
    assert states(town) == [(AppointmentState.ENDED, "2026-11-23")]
    page = town.client("head.library").get(f"/sites/coordinators/{made}").text
    assert "Without effect since Mon, Nov 23, 2026" in page
    assert "End the appointment" not in page
    assert start_appointments(town.parts) == "1 appointment of a Social Media Coordinator ended."
    assert start_appointments(town.parts) == ""
    assert (letter(made).state, letter(made).ended_on) == (AppointmentState.ENDED, town.today)


@pytest.mark.parametrize("filed", [True, False])
def test_closing_the_account_ends_the_appointment_in_whatever_state(town: Town, *, filed: bool) -> None:
    head = town.actor("head.library")
    made = appointments.propose(
        head, department_id=head.department_id or 0, person_id=town.person_id("user.library"), letter="You.",
        starts_on=town.today + timedelta(days=9), clock=town.clock,
    )  # fmt: skip
    if filed:
        appointments.file(town.actor("administrator"), made, 1, clock=town.clock)
    person = Person.get_by_id(town.person_id("user.library"))
    accounts.disable(town.actor("it"), person.id, person.version, clock=town.clock)
    assert [state for state, _ in states(town)] == [AppointmentState.ENDED]
    start_appointments(town.parts)
    assert letter(made).state is AppointmentState.ENDED


def test_a_letter_on_its_way_to_a_closed_account_fills_no_vacancy(town: Town) -> None:
    factories.site(town)
    made = appointed(town)
    coming = hand_over(town, made)
    for box in ("coordinator.library", "user.library"):
        person = Person.get_by_id(town.person_id(box))
        accounts.disable(town.actor("it"), person.id, person.version, clock=town.clock)
    assert [found.department for found in vacancies(town.today)] == ["Library"]
    start_appointments(town.parts)
    assert {letter(made).state, letter(coming).state} == {AppointmentState.ENDED}


def test_an_acting_coordinator_by_date_keeps_the_department_covered(town: Town) -> None:
    factories.site(town)
    made = appointed(town)
    accounts.give_role(
        town.actor("administrator"), town.person_id("user.library"), Role.COORDINATOR,
        department_id=town.department_id("Library"), starts=town.today, ends=town.today + timedelta(days=5),
        acting=True, reason="Leave", clock=town.clock,
    )  # fmt: skip
    appointments.end(town.actor("head.library"), made, 3, clock=town.clock)
    start_appointments(town.parts)
    assert vacancies(town.today) == []
    town.clock.advance(days=6)
    assert [found.since.isoformat() for found in vacancies(town.today)] == ["2026-11-29"]


def test_who_acts_and_is_appointed_meanwhile_holds_the_role_in_their_own_right_from_then_on(town: Town) -> None:
    head, person = town.actor("head.library"), town.person_id("user.library")
    made = appointments.propose(
        head, department_id=town.department_id("Library"), person_id=person, letter="I appoint Uma.",
        starts_on=town.today + timedelta(days=3), clock=town.clock,
    )  # fmt: skip
    appointments.file(town.actor("administrator"), made, 1, clock=town.clock)
    accounts.give_role(
        town.actor("administrator"), person, Role.COORDINATOR, department_id=town.department_id("Library"),
        starts=town.today, ends=town.today + timedelta(days=9), acting=True, reason="Leave", clock=town.clock,
    )  # fmt: skip
    town.clock.advance(days=3)
    assert "1 appointment" in start_appointments(town.parts)
    assert letter(made).state is AppointmentState.ACTIVE
    assert town.actor("user.library").role_labels == ["Authorized user", "Social Media Coordinator"]
    town.clock.advance(days=30)
    assert "Social Media Coordinator" in town.actor("user.library").role_labels


# --- pages ------------------------------------------------------------------------------------------------


def test_the_hand_over_page_says_what_goes_over_and_appoints_in_one_press(town: Town) -> None:
    site = factories.site(town)
    made = appointed(town)
    head, url = town.client("head.library"), f"/sites/coordinators/{made}/hand-over"
    page = head.get(url).text
    assert "Charlton Public Library" in page
    assert f"/sites/{site.id}" in page
    data = {
        "person": str(town.person_id("user.library")),
        "starts_on": town.today.isoformat(),
        "last_day": (town.today - timedelta(days=4)).isoformat(),
        "letter": "I appoint Uma.",
        "notes": "Mind the tone",
        "version": "3",
    }
    refused = head.submit(url, data)
    assert refused.status_code == 422
    assert "never without one" in refused.text
    assert "Mind the tone" in refused.text
    answer = head.submit(url, {**data, "last_day": town.today.isoformat()})
    assert answer.status_code == 303
    again = head.submit(url, {**data, "last_day": town.today.isoformat()})
    assert again.status_code == 422
    assert "Takes over from" in head.get(answer.location).text
    assert "hands over to" in head.get(f"/sites/coordinators/{made}").text
    for box, status in (("administrator", 403), ("coordinator.library", 403), ("head.police", 404), ("employee", 403)):
        assert town.client(box).get(url).status_code == status
        assert town.client(box).submit(url, data).status_code == status
    assert head.get("/sites/coordinators/999999/hand-over").status_code == 404
    appointments.end(town.actor("head.library"), made, 4, clock=town.clock)
    assert head.get(url).status_code == 409


def test_the_last_coordinator_is_not_ended_unawares(town: Town) -> None:
    factories.site(town)
    made = appointed(town)
    assert (
        "1 site is left without one: hand over instead"
        in town.client("head.library").get(f"/sites/coordinators/{made}").text
    )
    appointed(town, "user.library")
    assert "hand over instead" not in town.client("head.library").get(f"/sites/coordinators/{made}").text


def test_notes_are_kept_from_the_page(town: Town) -> None:
    made = appointed(town)
    url = f"/sites/coordinators/{made}/notes"
    browser = town.client("coordinator.library")
    assert browser.submit(url, {"text": ""}).status_code == 422
    assert browser.submit(url, {"text": "Mind the <b>tone</b>"}).status_code == 303
    page = town.client("auditor").get(f"/sites/coordinators/{made}").text
    assert "Mind the &lt;b&gt;tone&lt;/b&gt;" in page
    assert 'name="text"' not in page
    assert town.client("auditor").submit(url, {"text": "x"}).status_code == 403
    assert town.client("head.police").submit(url, {"text": "x"}).status_code == 404
    assert browser.get(url).status_code == 405


def test_filing_a_letter_of_ones_own_takes_a_recorded_reason(town: Town) -> None:
    head = town.actor("head.library")
    made = appointments.propose(
        head, department_id=head.department_id or 0, person_id=town.person_id("administrator"), letter="You.",
        starts_on=town.today, clock=town.clock,
    )  # fmt: skip
    browser, url = town.client("administrator"), f"/sites/coordinators/{made}"
    assert 'name="exception"' in browser.get(url).text
    assert browser.submit(f"{url}/file", {"version": "1"}).status_code == 403
    refused = browser.submit(f"{url}/file", {"version": "1", "exception": "Short"})
    assert refused.status_code == 422
    assert "Short" in refused.text
    why = "I look after the library's page until somebody is hired."
    assert browser.submit(f"{url}/file", {"version": "1", "exception": why}).status_code == 303
