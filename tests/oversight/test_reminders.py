"""Reminders that people put off or switch off: what they then hear, who sees it, and what can not be silenced."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.duties import Duty, Kind, Owner, Register
from charlton_intranet.core.permissions import Role
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.oversight.jobs import send_digests
from charlton_intranet.oversight.models import ReminderPause, SwitchedOff
from charlton_intranet.parts import Parts
from charlton_intranet.web.context import EXTENSION
from tests.conftest import Town
from tests.oversight.factories import REVIEW, Ledger, duty
from tests.oversight.test_digest import MONDAY, at, told

CLOCK = Kind("clock", "3.6-4", "Decide", label="Decide", by="Coordinator", legal_clock=True)
KIND = Kind("nicety", "3.3-3", "Look", label="Look at it", by="Coordinator", courtesy=True)
THURSDAY = date(2026, 12, 3)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Owing:
    """The app of the test in which these duties are owed and no others, for its pages and its jobs."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.ledger = Ledger()

    def __call__(self, *duties: Duty) -> Parts:
        self.ledger.duties = list(duties)
        return self.parts

    @property
    def parts(self) -> Parts:
        parts = self.town.parts
        register = Register([self.ledger.owed], [REVIEW, CLOCK, KIND])
        return type(parts)(**{name: getattr(parts, name) for name in parts.__slots__} | {"register": register})


@pytest.fixture
def owing(town: Town) -> Iterator[Owing]:
    given = town.app.extensions[EXTENSION]
    made = Owing(town)
    town.app.extensions[EXTENSION] = made.parts
    yield made
    town.app.extensions[EXTENSION] = given


def page_of(owed: Duty) -> str:
    return f"/reminders/pause?kind={owed.kind.name}&subject={owed.subject}&due={owed.due}"


def put_off(town: Town, owed: Duty, *, until: date = THURSDAY, box: str = "coordinator.library") -> Any:
    typed = {"until": until.isoformat(), "reason": "Waiting for the printer"}
    return town.client(box).submit(page_of(owed), typed)


def tags() -> list[str]:
    return [event.tag for event in AuditEvent.select().order_by(AuditEvent.number.desc()).limit(2)]


def test_who_puts_a_reminder_off_hears_of_it_again_on_the_day_and_the_due_date_stays(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY)
    parts = owing(owed)
    answer = put_off(town, owed)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/reminders")
    heard = []
    for days in range(15):
        town.clock.at = at(MONDAY + timedelta(days=days), 9)
        told(clear=True)
        send_digests(parts)
        if "coordinator.library" in told():
            heard.append(days)
            assert "Overdue since Mon, Nov 23" in told()["coordinator.library"]
    assert heard == [10, 14]  # the day chosen, then the ladder's next step


def test_the_head_still_hears_when_it_is_late_and_is_told_who_put_it_off(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY - timedelta(days=3))
    parts = owing(owed)
    put_off(town, owed)
    send_digests(parts)
    found = told()
    assert found.keys() == {"head.library"}
    assert (
        "Owed by Cody Barnes (Social Media Coordinator, Library), who put the reminder off until Thu, Dec 3"
        in (found["head.library"])
    )


def test_a_head_who_owes_and_listens_is_silent_too(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY - timedelta(days=4), role=Role.DEPARTMENT_HEAD)
    parts = owing(owed)
    assert put_off(town, owed, box="head.library").status_code == 303
    send_digests(parts)
    assert told() == {}


def test_under_a_legal_clock_nothing_can_be_put_off(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY, kind=CLOCK)
    parts = owing(owed)
    page = town.client("coordinator.library").get(page_of(owed))
    assert page.status_code == 200
    assert "can not be put off" in page.text
    assert "<textarea" not in page.text
    answer = put_off(town, owed)
    assert answer.status_code == 422
    assert "legal clock" in answer.text
    assert ReminderPause.select().count() == 0
    assert AuditEvent.select().where(AuditEvent.tag == "reminder.put_off").count() == 0
    send_digests(parts)
    assert "coordinator.library" in told()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"until": "2026-11-23"}, "after today"),
        ({"until": "2026-12-24"}, "no later than December 23, 2026"),
        ({"until": ""}, "Choose the day"),
        ({"until": "9999-12-31"}, "no later than"),
        ({"reason": "  "}, "Say why"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    town: Town, owing: Owing, typed: dict[str, str], said: str
) -> None:
    owed = duty(MONDAY)
    owing(owed)
    answer = town.client("coordinator.library").submit(
        page_of(owed), {"until": "2026-12-03", "reason": "The printer", **typed}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert ReminderPause.select().count() == 0
    assert ("The printer" in answer.text) == ("reason" not in typed)


def test_only_who_owes_it_may_put_it_off(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY)
    owing(owed)
    for box in ("coordinator.police", "head.library", "administrator", "employee"):
        assert town.client(box).get(page_of(owed)).status_code == 404
        assert put_off(town, owed, box=box).status_code == 404
    for query in (
        "",
        "?kind=review",
        "?kind=review&subject=site:1&due=soon",
        "?kind=review&subject=site:1&due=2026-11-24",
    ):
        assert town.client("coordinator.library").get(f"/reminders/pause{query}").status_code == 404
    assert ReminderPause.select().count() == 0


def test_a_new_due_date_is_a_new_duty_and_is_heard_of(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY)
    owing(owed)
    put_off(town, owed)
    parts = owing(duty(MONDAY - timedelta(days=1)))
    send_digests(parts)
    assert told().keys() == {"coordinator.library"}


def test_it_is_put_off_anew_and_wanted_again(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY)
    parts = owing(owed)
    put_off(town, owed)
    put_off(town, owed, until=THURSDAY + timedelta(days=1))
    pause = ReminderPause.get()
    assert pause.until == THURSDAY + timedelta(days=1)
    browser = town.client("coordinator.library")
    assert "Waiting for the printer" in browser.get("/reminders").text
    for _ in range(2):
        assert browser.submit(f"/reminders/pauses/{pause.id}/end").status_code == 303
    assert AuditEvent.select().where(AuditEvent.tag == "reminder.wanted_again").count() == 1
    assert "Waiting for the printer" not in browser.get("/reminders").text
    send_digests(parts)
    assert "coordinator.library" in told()


def test_nobody_ends_what_somebody_else_put_off(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY)
    owing(owed)
    put_off(town, owed)
    pause = ReminderPause.get()
    for box in ("head.library", "administrator", "coordinator.police"):
        assert town.client(box).submit(f"/reminders/pauses/{pause.id}/end").status_code == 404
    assert ReminderPause.get().until == THURSDAY


def test_head_and_administrator_see_who_put_off_what_and_why(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY)
    owing(owed)
    put_off(town, owed)
    assert tags()[0] == "reminder.put_off"
    for box, sees in (("head.library", True), ("administrator", True), ("auditor", True), ("head.police", False)):
        page = town.client(box).get("/oversight/reminders").text
        assert ("Waiting for the printer" in page) == sees, box
        assert ("Cody Barnes, Library" in page) == sees, box
    assert town.client("coordinator.library").get("/oversight/reminders").status_code == 403


def test_what_is_confidential_is_put_off_without_words_for_others(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY, subject="personnel", role=Role.ADMINISTRATOR, title="Take to human resources")
    owed = replace(owed, owner=Owner(role=Role.ADMINISTRATOR))
    owing(owed)
    assert put_off(town, owed, box="administrator").status_code == 303
    for box, sees in (("administrator", True), ("head.library", False), ("auditor", False), ("records", False)):
        page = town.client(box).get("/oversight/reminders").text
        assert "Ruth Okafor" in page
        assert ("human resources" in page) == sees, box
        assert ("Waiting for the printer" in page) == sees, box


def test_the_page_of_reminders_put_off_costs_the_same_however_many(town: Town, owing: Owing) -> None:
    asked, page = [], ""
    owing()
    browser = town.client("administrator")
    for number in (2, 60):
        for n in range(number):
            ReminderPause.insert(
                kind="review", subject=f"site:{number}{n:03}", due=MONDAY, person=town.person_id("coordinator.library"),
                until=THURSDAY, title=f"Review {n}", reason="Away", paused_at=town.clock.now(),
            ).execute()  # fmt: skip
        with count_queries() as counter:
            page = browser.get("/oversight/reminders").text
        asked.append(counter.count)
    assert asked[0] == asked[1]
    assert page.count("Cody Barnes") == 50
    after = re.search(r"/oversight/reminders\?after=\d+", page)
    assert after
    assert browser.get(after[0]).text.count("Cody Barnes") == 12


def test_the_digest_says_what_can_be_switched_off_and_only_then_how(town: Town, owing: Owing) -> None:
    send_digests(owing(duty(MONDAY, kind=CLOCK)))
    assert "unsubscribe" not in told()["coordinator.library"]
    message = town.parts.sender().compose(OutboxMessage.get())
    assert message["List-Unsubscribe"] is None
    assert message["Reply-To"]

    told(clear=True)
    town.clock.at = at(MONDAY + timedelta(days=1), 9)
    send_digests(owing(duty(MONDAY, kind=CLOCK, number=2), duty(MONDAY, kind=KIND, number=3)))
    text = told()["coordinator.library"]
    assert text.count("A courtesy: you can switch it off") == 1
    link = re.search(r"http://127\.0\.0\.1:8000(/unsubscribe/\S+)", text)
    assert link
    row = OutboxMessage.get()
    assert link[1] in row.html
    message = town.parts.sender().compose(row)
    assert message["List-Unsubscribe"] == f"<{link[0]}>"
    assert message["List-Unsubscribe-Post"] is None  # RFC 8058 asks for https


def courtesy_mail(town: Town, owing: Owing) -> str:
    """The path of the way out in a digest with a courtesy and a legal clock."""
    send_digests(owing(duty(MONDAY, kind=CLOCK), duty(MONDAY, kind=KIND, number=2)))
    found = re.search(r"(/unsubscribe/\S+)", told(clear=True)["coordinator.library"])
    assert found
    return found[1]


def test_opening_the_link_changes_nothing_and_its_button_switches_off_the_courtesies_alone(
    town: Town, owing: Owing
) -> None:
    path = courtesy_mail(town, owing)
    browser = town.client()
    assert "Switch them off" in browser.get(path).text
    assert SwitchedOff.select().count() == 0
    answer = browser.submit(path)
    assert answer.status_code == 200
    assert "They are switched off" in answer.text
    assert [(row.person_id, row.kind) for row in SwitchedOff.select()] == [
        (town.person_id("coordinator.library"), "nicety")
    ]
    town.clock.at = at(MONDAY + timedelta(days=7), 9)
    send_digests(owing.parts)
    text = told()["coordinator.library"]
    assert "Review of the Library page 1" in text
    assert "Review of the Library page 2" not in text


def test_a_mail_program_presses_without_a_page_a_cookie_or_a_token(town: Town, owing: Owing) -> None:
    path = courtesy_mail(town, owing)
    for _ in range(2):
        assert town.client().post(path, data=ONE_CLICK).status_code == 200
    assert SwitchedOff.select().count() == 1
    assert AuditEvent.select().where(AuditEvent.tag == "courtesies.chosen").count() == 1


def test_without_the_mail_programs_word_or_the_pages_token_nothing_happens(town: Town, owing: Owing) -> None:
    path = courtesy_mail(town, owing)
    assert town.client().post(path).status_code == 400
    assert town.client().post(path, data={"List-Unsubscribe": "All"}).status_code == 400
    assert SwitchedOff.select().count() == 0
    for wrong in ("/unsubscribe/none", path[:-1]):
        assert town.client().get(wrong).status_code == 404
        assert town.client().post(wrong, data=ONE_CLICK).status_code == 404


def test_a_person_switches_single_courtesies_off_and_on_and_nothing_else(town: Town, owing: Owing) -> None:
    owing(duty(MONDAY, kind=KIND))
    browser = town.client("coordinator.library")
    page = browser.get("/reminders").text
    assert "Look at it (clause 3.3-3)" in page
    assert "Decide (clause" not in page
    assert browser.submit("/reminders/courtesies", {"off": "clock"}).status_code == 422
    assert SwitchedOff.select().count() == 0
    assert browser.submit("/reminders/courtesies", {"off": "nicety"}).status_code == 303
    assert "checked" in browser.get("/reminders").text
    assert send_digests(owing.parts) == "Queued 0 digests."
    assert browser.submit("/reminders/courtesies").status_code == 303
    town.clock.at = at(MONDAY + timedelta(days=1), 9)
    assert send_digests(owing.parts) == "Queued 1 digest."


def test_what_the_town_makes_a_legal_clock_again_is_heard_again(town: Town, owing: Owing) -> None:
    """Who switched a courtesy off hears of it once it is a courtesy no more."""
    SwitchedOff.insert(person=town.person_id("coordinator.library"), kind="review", at=town.clock.now()).execute()
    send_digests(owing(duty(MONDAY)))
    assert "coordinator.library" in told()


def test_my_work_leads_to_it_where_it_is_allowed(town: Town, owing: Owing) -> None:
    owing(duty(MONDAY), duty(MONDAY, kind=CLOCK, number=2))
    browser = town.client("coordinator.library")
    page = browser.get("/").text
    links = re.findall(r'href="(/reminders/pause[^"]+)"', page)
    assert len(links) == 1
    assert browser.get(links[0].replace("&amp;", "&")).status_code == 200
    assert 'href="/reminders"' in page


def test_my_work_says_until_when_its_reminder_is_put_off(town: Town, owing: Owing) -> None:
    owed = duty(MONDAY)
    owing(owed, duty(MONDAY, number=2))
    put_off(town, owed)
    page = town.client("coordinator.library").get("/").text
    assert page.count("Reminder put off until") == 1
    assert len(re.findall(r'href="(/reminders/pause[^"]+)"', page)) == 1  # the other one can still be put off
    town.clock.at = at(THURSDAY, 12)
    assert "Reminder put off until" not in town.client("coordinator.library").get("/").text


def test_htmx_leaves_the_form_for_the_list_once_it_is_put_off(town: Town, owing: Owing) -> None:
    """An answer swapped into the form's page would keep its heading and address: a reload would ask again."""
    owed = duty(MONDAY)
    owing(owed)
    typed = {"until": THURSDAY.isoformat(), "reason": "Away"}
    answer = town.client("coordinator.library").submit(page_of(owed), typed, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/reminders")
