"""The pages of oversight: who may open which, what they show, and what a press leaves behind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import Closure, Department
from charlton_intranet.core import audit, database
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.database import engine, unit_of_work
from charlton_intranet.core.jobs import Job, JobRun, Lease
from charlton_intranet.core.permissions import Role
from charlton_intranet.mail import service as mail
from charlton_intranet.mail.models import MailState, OutboxMessage
from charlton_intranet.oversight.queries.met import met_lately, met_within
from charlton_intranet.policy import queries as policy
from charlton_intranet.policy.models import ChangedDefault
from charlton_intranet.web.context import EXTENSION
from tests.conftest import Town
from tests.moderation import contributors_factories as contributors
from tests.oversight.factories import Ledger, duty

MONDAY = date(2026, 11, 23)
HTMX = {"HX-Request": "true"}
THING = audit.declare("test.thing_done", "before", "after", "letters", "urgent")


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


Use = Callable[..., None]


@pytest.fixture
def use(town: Town, monkeypatch: pytest.MonkeyPatch) -> Use:
    """Changes the parts of the running app for one test: ``use(ledger, settings=..., jobs=...)``."""

    def change(ledger: Ledger | None = None, **changes: Any) -> None:
        settings = replace(town.parts.settings, **changes.pop("settings", {}))
        parts = replace(town.parts, settings=settings, **changes)
        monkeypatch.setitem(town.app.extensions, EXTENSION, ledger.parts(parts) if ledger else parts)

    return change


# --- who may open what ----------------------------------------------------------------------------------

EVERYBODY = {"administrator", "it", "records", "auditor", "head.library", "coordinator.library", "employee"}
OPEN_TO = {
    "/": EVERYBODY,
    "/oversight": {"administrator", "records", "auditor", "head.library"},
    "/oversight/clauses/3.6-1": {"administrator", "records", "auditor", "head.library"},
    "/oversight/audit": {"administrator", "auditor"},
    "/settings": {"administrator", "it", "auditor"},
    "/settings/departments": {"administrator", "it", "auditor"},
    "/settings/closures": {"administrator", "it", "auditor"},
    "/settings/defaults": {"administrator", "it", "auditor"},
    "/settings/defaults/advice.business_days": {"it"},
    "/settings/mail": EVERYBODY,
    "/settings/jobs": {"administrator", "it", "auditor"},
}


@pytest.mark.parametrize("url", OPEN_TO)
def test_each_page_opens_for_its_readers_and_for_nobody_else(town: Town, url: str) -> None:
    for box in EVERYBODY:
        client = town.client(box)
        expected = 200 if box in OPEN_TO[url] else 403
        assert (box, client.get(url).status_code) == (box, expected)
        assert client.part(url).status_code == expected
    assert town.client().get(url).status_code == 303


@pytest.mark.parametrize("url", [url for url in OPEN_TO if url != "/settings/defaults/advice.business_days"])
def test_htmx_gets_the_part_alone(town: Town, url: str) -> None:
    client = town.client("it" if "it" in OPEN_TO[url] else "administrator")
    answer = client.part(url)
    assert "<html" not in text_of(answer)
    assert "HX-Request" in answer.headers["Vary"]


POSTS = {
    "/oversight/audit/verify": {"administrator", "auditor"},
    "/settings/departments": {"it"},
    "/settings/closures": {"it"},
    "/settings/closures/1/remove": {"it"},
    "/settings/defaults/advice.business_days": {"it"},
    "/settings/jobs/digests/run": {"it"},
}


@pytest.mark.parametrize("url", POSTS)
def test_a_press_is_refused_to_readers_and_needs_the_token(town: Town, url: str) -> None:
    for box in EVERYBODY - POSTS[url]:
        assert (box, town.client(box).submit(url).status_code) == (box, 403)
    allowed = town.client(next(iter(POSTS[url])))
    assert allowed.post(url).status_code == 400
    assert town.client().post(url).status_code == 401  # nobody is signed in: said before anything of the form
    if url not in OPEN_TO:
        assert allowed.get(url).status_code == 405


@pytest.mark.parametrize(
    "url",
    [
        "/oversight/clauses/77.7",
        "/settings/defaults/no.such",
        "/settings/mail/999999",
        "/settings/mail/999999/html",
        "/settings/mail/x",
    ],
)
def test_what_is_not_there_answers_404(town: Town, url: str) -> None:
    box = "administrator" if url.startswith("/oversight") else "it"
    assert town.client(box).get(url).status_code == 404


# --- my work --------------------------------------------------------------------------------------------


def test_my_work_shows_what_i_owe_by_urgency_with_the_thing_to_press(town: Town, use: Use) -> None:
    use(
        Ledger(
            duty(MONDAY - timedelta(days=1), title="Late one"),
            duty(MONDAY, number=2, title="Todays one"),
            duty(MONDAY + timedelta(days=3), number=3, title="Soon one"),
            duty(MONDAY + timedelta(days=9), number=4, title="Later one"),
            duty(MONDAY, number=5, title="Not mine", department="Police"),
        )
    )
    page = text_of(town.client("coordinator.library").get("/"))
    order = [page.index(words) for words in ("Late one 1", "Todays one 2", "Soon one 3", "Later one 4")]
    assert order == sorted(order)
    assert 'href="/sites/1"' in page
    assert "Review the site" in page
    assert "#clause-3.6-1" in page
    assert "Not mine" not in page
    assert "<b>1</b> overdue" in page


def test_nothing_due_says_when_the_next_thing_is(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY + timedelta(days=9), title="Later one")))
    page = text_of(town.client("coordinator.library").get("/"))
    assert "Nothing is due this week" in page
    assert "The next thing is due Wed, Dec 2, 2026: Later one 1." in page


def test_nothing_at_all_says_so(town: Town, use: Use) -> None:
    use(Ledger())
    assert "Nothing is coming up either" in text_of(town.client("employee").get("/"))


def test_a_long_list_is_cut_and_says_so(town: Town, use: Use) -> None:
    use(Ledger(*[duty(MONDAY, number=n) for n in range(53)]))
    page = text_of(town.client("coordinator.library").get("/"))
    assert page.count('class="duty duty--today"') == 50
    assert "And 3 more" in page


# --- the clause board -----------------------------------------------------------------------------------


def test_the_board_counts_by_clause_and_leads_to_the_duties(town: Town, use: Use) -> None:
    late, later = MONDAY - timedelta(days=1), MONDAY + timedelta(days=20)
    use(Ledger(duty(late), duty(MONDAY, number=2), duty(later, number=3, department="Police")))
    client = town.client("administrator")
    page = text_of(client.get("/oversight"))
    row = page[page.index("Regular review of site activity") :]
    assert [part.split("<")[0] for part in row.split('class="num">')[1:4]] == ["1", "1", "1"]
    assert page.count("<svg viewBox") >= 1
    assert "/oversight/clauses/3.6-1" in row
    detail = text_of(client.get("/oversight/clauses/3.6-1"))
    assert "Cody Barnes (Social Media Coordinator, Library)" in detail
    assert "Police" in detail
    assert 'href="/sites/1"' in detail


def test_steps_around_a_restriction_are_met_under_its_clause(town: Town) -> None:
    contributors.in_force(town)
    assert met_within([met_lately(town.today)])[0]["3.7-4"] == 3  # the head's view, decided, set


def test_a_head_sees_the_own_department_alone(town: Town, use: Use) -> None:
    use(
        Ledger(
            duty(MONDAY, title="Ours"),
            duty(MONDAY, number=2, title="Theirs", department="Police"),
            duty(MONDAY, number=3, title="The towns", department=None, role=Role.IT),
        )
    )
    client = town.client("head.library")
    page, detail = text_of(client.get("/oversight")), text_of(client.get("/oversight/clauses/3.6-1"))
    assert "<b>1</b> due within a week" in page
    assert "for the town as a whole, not by department" in page
    assert "Ours" in detail
    assert "Theirs" not in detail
    assert "The towns" not in detail


def test_a_confidential_duty_is_counted_but_not_told(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY, subject="incident", title="Page taken over", role=Role.IT, department=None)))
    for box, told in (("administrator", True), ("auditor", False), ("records", False)):
        page = text_of(town.client(box).get("/oversight/clauses/3.6-1"))
        assert (box, "Page taken over" in page) == (box, told)
        assert ("/sites/1" in page) is told
        assert "IT Technician" in page


def test_somebody_elses_own_duty_is_named_but_has_nothing_to_open(town: Town, use: Use) -> None:
    use(Ledger(duty(MONDAY, title="Sign the policy", person=town.person_id("user.library"))))
    page = text_of(town.client("administrator").get("/oversight/clauses/3.6-1"))
    assert "Uma Reyes" in page
    assert 'href="/sites/1"' not in page


def test_a_clause_of_the_policy_without_duties_is_a_page_that_says_so(town: Town, use: Use) -> None:
    use(Ledger())
    assert "Nothing is owed under this clause" in text_of(town.client("administrator").get("/oversight/clauses/3.8"))


def test_the_duties_of_a_clause_come_in_pages_and_each_once(town: Town, use: Use) -> None:
    use(Ledger(*[duty(MONDAY + timedelta(days=n % 4), number=n, title="Number") for n in range(120)]))
    client, url, seen = town.client("administrator"), "/oversight/clauses/3.6-1", []
    while url:
        page = text_of(client.get(url))
        seen += [part.split("<")[0] for part in page.split('">Number ')[1:]]
        url = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert sorted(map(int, seen)) == list(range(120))


# --- the audit trail ------------------------------------------------------------------------------------


def record(town: Town, number: int = 1, box: str = "it", **details: Any) -> int:
    with unit_of_work():
        return audit.record(THING, town.actor(box), f"thing:{number}", clock=town.clock, **details)


def test_events_show_who_what_and_the_details_in_words(town: Town) -> None:
    number = record(town, before="open", after="closed", letters=["A", "J"], urgent=True)
    page = text_of(town.client("auditor").get("/oversight/audit"))
    row = page[page.index(f'id="event-{number}"') :]
    for words in (
        "Sam Ellery",
        "Test thing done",
        "thing:1",
        'Before</span> <span dir="auto">open<',
        ">A, J<",
        ">yes<",
    ):
        assert words in row
    assert AuditEvent.get_by_id(number).digest in row
    assert audit.head()[1] in page


def test_an_incident_shows_in_the_trail_without_its_details_to_who_may_not_read_incidents(town: Town) -> None:
    with unit_of_work():
        audit.record(THING, town.actor("it"), "incident:7", clock=town.clock, before="phishing")
    for box, told in (("administrator", True), ("auditor", False)):
        page = text_of(town.client(box).get("/oversight/audit?subject=incident:7"))
        assert "incident:7" in page
        assert (box, "phishing" in page) == (box, told)


def test_what_people_typed_is_text_and_never_markup(town: Town) -> None:
    record(town, before="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in text_of(town.client("auditor").get("/oversight/audit"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tag=test.thing_done", {1, 2, 3}),
        ("subject=thing:2", {2}),
        ("subject=thing", {1, 2, 3}),
        ("subject=thin", set()),
        ("person=ellery", {1, 3}),
        ("person=HEAD.LIBRARY@", {2}),
        ("person=%25", set()),
        ("since=2026-11-24", {2, 3}),
        ("until=2026-11-24", {1, 2}),
        ("since=2026-11-24&until=2026-11-24&tag=test.thing_done", {2}),
    ],
)
def test_the_trail_is_filtered_by_what_stands_in_the_address(town: Town, query: str, found: set[int]) -> None:
    for number, box in ((1, "it"), (2, "head.library"), (3, "it")):
        record(town, number, box)
        town.clock.advance(days=1)
    page = text_of(town.client("auditor").get(f"/oversight/audit?{query}"))
    assert {number for number in (1, 2, 3) if f">thing:{number}</a>" in page} == found


@pytest.mark.parametrize("query", ["since=yesterday", "tag=no.such", "until=2026-13-01"])
def test_a_filter_that_cannot_be_read_is_shown_again_with_the_mend(town: Town, query: str) -> None:
    answer = town.client("auditor").get(f"/oversight/audit?{query}")
    assert answer.status_code == 422
    assert "Please check what you entered" in text_of(answer)


def test_the_trail_comes_in_pages_and_keeps_its_filter(town: Town) -> None:
    for number in range(120):
        record(town, number)
    client, url, seen = town.client("auditor"), "/oversight/audit?tag=test.thing_done", []
    while url:
        page = text_of(client.get(url))
        seen += [part.split("<")[0] for part in page.split('">thing:')[1:]]
        url = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert list(map(int, seen)) == list(range(119, -1, -1))


def test_proving_the_chain_tells_what_was_found_and_leaves_an_event(town: Town) -> None:
    events, head = audit.head()
    answer = town.client("auditor").submit("/oversight/audit/verify", follow_redirects=True)
    page = text_of(answer)
    assert f"The trail is whole: {events:,} events, head {head}." in page
    assert "Jonas Weld" in page
    assert audit.head()[0] == events + 2


def test_a_broken_chain_is_told_and_stays_on_the_page(town: Town) -> None:
    number = record(town, before="one")
    record(town, 2)
    if engine() == "sqlite":
        database.database.execute_sql("DROP TRIGGER audit_event_no_update")
    else:
        database.database.execute_sql("DROP TRIGGER audit_event_no_change ON audit_event")
    AuditEvent.update(detail=AuditEvent.get_by_id(number).detail.replace("one", "two")).where(
        AuditEvent.number == number
    ).execute()
    client = town.client("auditor")
    answer = client.submit("/oversight/audit/verify", headers=HTMX)
    page = text_of(client.part(answer.location))
    assert f"The trail is broken at event {number:,}: the text does not match its digest" in page
    assert "The trail is broken" in text_of(client.get("/oversight/audit"))


# --- settings -------------------------------------------------------------------------------------------


def test_settings_show_no_secret(town: Town, use: Use) -> None:
    use(
        settings={
            "smtp_host": "mail.charlton.example", "smtp_username": "social", "smtp_password": "hunter2-hunter2",
            "mail_from": "social@charlton.example", "secret_key": "s3cret" * 12,
        }
    )  # fmt: skip
    page = text_of(town.client("it").get("/settings"))
    assert "mail.charlton.example, port 587, starttls" in page
    for secret in ("hunter2", "s3cret", town.parts.settings.database):
        assert secret not in page


def test_it_adds_a_department_once(town: Town) -> None:
    client = town.client("it")
    page = text_of(client.submit("/settings/departments", {"name": "  Water   and Sewer "}, follow_redirects=True))
    assert "The department is on the list." in page
    assert "Water and Sewer" in page
    again = client.submit("/settings/departments", {"name": "Water and Sewer"})
    assert again.status_code == 422
    assert "There is a department called Water and Sewer already." in text_of(again)
    assert 'value="Water and Sewer"' in text_of(again)
    assert client.submit("/settings/departments", {"name": " "}, headers=HTMX).status_code == 422
    assert Department.select().where(Department.name.startswith("Water")).count() == 1


def test_it_adds_and_removes_a_day_off(town: Town) -> None:
    client = town.client("it")
    page = text_of(
        client.submit("/settings/closures", {"day": "2026-12-24", "reason": "Snow day"}, follow_redirects=True)
    )
    assert "Thu, Dec 24, 2026" in page
    assert "Snow day" in page
    twice = client.submit("/settings/closures", {"day": "2026-12-24", "reason": "Snow day"})
    assert twice.status_code == 422
    assert "This day is on the list already." in text_of(twice)
    row = Closure.get(Closure.day == date(2026, 12, 24))
    assert "The day is off the list." in text_of(
        client.submit(f"/settings/closures/{row.id}/remove", follow_redirects=True)
    )
    assert client.submit(f"/settings/closures/{row.id}/remove").status_code == 404
    assert Closure.select().count() == 0


@pytest.mark.parametrize(
    "typed", [{"day": "", "reason": "Snow"}, {"day": "soon", "reason": "Snow"}, {"day": "2026-12-24"}]
)
def test_a_day_off_that_is_not_one_keeps_what_was_typed(town: Town, typed: dict[str, str]) -> None:
    answer = town.client("it").submit("/settings/closures", typed)
    assert answer.status_code == 422
    assert typed.get("reason", "2026-12-24") in text_of(answer)
    assert Closure.select().count() == 0


def default_form(**changes: Any) -> dict[str, Any]:
    return {"value": "3", "basis": "Vote of the Board", "version": "0", **changes}


URL = "/settings/defaults/advice.business_days"


def test_a_changed_default_counts_at_once_and_is_kept_with_its_basis(town: Town) -> None:
    client = town.client("it")
    assert policy.default("advice.business_days") == 1
    page = text_of(client.submit(URL, default_form(verified="y"), follow_redirects=True))
    assert policy.default("advice.business_days") == 3
    for words in ("3 business days", "(shipped: 1)", "Vote of the Board", "Confirmed", "by Sam Ellery"):
        assert words in page
    event = AuditEvent.select().where(AuditEvent.tag == "default.changed").get()
    assert '"after":3' in event.detail
    assert '"before":1' in event.detail
    assert "Vote of the Board" not in event.detail


def test_a_second_change_needs_the_version_it_was_read_at(town: Town) -> None:
    client = town.client("it")
    client.submit(URL, default_form())
    stale = client.submit(URL, default_form(value="5"))
    assert stale.status_code == 409
    assert "Vote of the Board" in text_of(stale)
    assert 'name="version" type="hidden" value="1"' in text_of(client.get(URL))
    assert client.submit(URL, default_form(value="5", version="1")).status_code == 303
    assert client.submit(URL, default_form(value="6", version="1")).status_code == 409
    assert policy.default("advice.business_days") == 5


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": "0"}, "Enter a whole number of business days from 1 to 1,000."),
        ({"value": "1001"}, "Enter a whole number of business days from 1 to 1,000."),
        ({"value": "two"}, "Not a valid integer value."),
        ({"value": ""}, "Enter a whole number."),
        ({"basis": " "}, "Say on what this value rests."),
        ({"basis": "x" * 301}, "Use at most 300 characters."),
        ({"version": "x"}, "Change the default"),
    ],
)
def test_a_default_that_cannot_be_is_refused_and_kept(town: Town, changes: dict[str, str], sentence: str) -> None:
    answer = town.client("it").submit(URL, default_form(**changes))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert ChangedDefault.select().count() == 0


def test_changing_a_default_asks_for_the_password_again_after_a_while(town: Town) -> None:
    client = town.client("it")
    town.clock.advance(minutes=16)
    assert client.submit(URL, default_form()).status_code == 401
    assert ChangedDefault.select().count() == 0


# --- mail -----------------------------------------------------------------------------------------------


def queue(town: Town, *, kind: str = "account_reset", occasion: str = "1") -> int:
    with unit_of_work():
        mail.queue(
            kind,
            occasion=f"test:{occasion}",
            recipient="employee@charlton.example",
            recipient_name="Edith Lowe",
            clock=town.clock,
            path="/welcome/one-time-token",
            expires=town.clock.now(),
            by="Sam Ellery",
            about="1 thing",
            own=[],
            others=[],
            today=MONDAY,
        )
    return int(OutboxMessage.select(OutboxMessage.id).order_by(OutboxMessage.id.desc()).get().id)


def test_mail_is_listed_and_read_as_text_and_as_html(town: Town) -> None:
    number = queue(town, kind="digest")
    client = town.client("it")
    assert "1 thing" in text_of(client.get("/settings/mail"))
    page = text_of(client.get(f"/settings/mail/{number}"))
    assert "Edith Lowe &lt;employee@charlton.example&gt;" in page
    assert "Everything you owe" in page
    alone = client.get(f"/settings/mail/{number}/html")
    assert alone.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "<h1>1 thing</h1>" in alone.get_data(as_text=True)


def test_a_one_time_link_is_its_recipients_once_it_leaves_by_mail(town: Town, use: Use) -> None:
    number, client = queue(town), town.client("it")
    assert "one-time-token" in text_of(client.get(f"/settings/mail/{number}"))
    use(settings={"smtp_host": "mail.charlton.example", "mail_from": "social@charlton.example"})
    page = text_of(client.get(f"/settings/mail/{number}"))
    assert "one-time-token" not in page
    assert "The words stay closed" in page
    assert client.get(f"/settings/mail/{number}/html").status_code == 404


def test_others_read_the_mail_to_themselves_and_in_the_demo_all(town: Town, use: Use) -> None:
    digest, letter = queue(town, kind="digest"), queue(town, occasion="2")
    own, other = town.client("employee"), town.client("records")
    for client, listed, opened in ((own, 2, 200), (other, 0, 404)):
        page = text_of(client.get("/settings/mail"))
        assert page.count('data-label="State"') == listed
        assert 'href="/settings/jobs"' not in page
        assert client.get(f"/settings/mail/{digest}").status_code == opened
        assert client.get(f"/settings/mail/{digest}/html").status_code == opened
        assert client.get(f"/settings/mail/{letter}/html").status_code == 404
    assert "one-time-token" not in text_of(own.get(f"/settings/mail/{letter}"))
    use(settings={"demo": True})
    assert "one-time-token" in text_of(other.get(f"/settings/mail/{letter}"))
    assert town.client().get("/settings/mail").status_code == 303


def test_mail_is_filtered_by_state_in_pages(town: Town) -> None:
    for number in range(30):
        queue(town, occasion=str(number))
    failed = queue(town, occasion="failed")
    OutboxMessage.update(state=MailState.FAILED, last_error="550 no such mailbox").where(
        OutboxMessage.id == failed
    ).execute()
    client = town.client("it")
    page = text_of(client.get("/settings/mail?state=failed"))
    assert page.count('data-label="State"') == 1
    assert "550 no such mailbox" in page
    first = text_of(client.get("/settings/mail?state=waiting"))
    assert first.count('data-label="State"') == 25
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert text_of(client.get(following)).count('data-label="State"') == 5
    assert text_of(client.get("/settings/mail?state=nonsense")).count('data-label="State"') == 25


# --- jobs and health ------------------------------------------------------------------------------------


def greet(_parts: Any) -> str:
    return "Greeted 3 people."


def fail(_parts: Any) -> str:
    raise ZeroDivisionError("nothing to divide")


JOBS = (
    Job("greet", "Greet everybody", "each morning", greet),
    Job("fail", "Fail", "never", fail),
    Job("idle", "Find nothing", "always", lambda _parts: ""),
)


def test_it_runs_a_job_now_and_sees_how_it_went(town: Town, use: Use) -> None:
    use(jobs=JOBS)
    client = town.client("it")
    assert "none yet" in text_of(client.get("/settings/jobs"))
    assert "Greeted 3 people." in text_of(client.submit("/settings/jobs/greet/run", follow_redirects=True))
    assert "found nothing to do" in text_of(client.submit("/settings/jobs/idle/run", follow_redirects=True))
    page = text_of(client.get("/settings/jobs"))
    assert "Greeted 3 people." in page
    assert "each morning" in page
    assert AuditEvent.select().where(AuditEvent.subject == "job:greet").count() == 1
    assert client.submit("/settings/jobs/other/run").status_code == 404
    assert "Run now" not in text_of(town.client("auditor").get("/settings/jobs"))


def test_a_job_that_fails_says_so(town: Town, use: Use) -> None:
    use(jobs=JOBS)
    client = town.client("it")
    page = text_of(client.submit("/settings/jobs/fail/run", follow_redirects=True))
    assert "The job failed: ZeroDivisionError: nothing to divide" in page
    assert JobRun.get(JobRun.job == "fail").outcome == "failed"


def well(town: Town, client: Any = None) -> tuple[int, dict[str, str]]:
    """Status and body of what a monitor gets."""
    answer = (client or town.client()).get("/healthz")
    assert answer.mimetype == "application/json"
    return answer.status_code, answer.json


ALL_WELL = {"status": "ok", "database": "ok", "scheduler": "ok", "outbox": "ok", "migrations": "ok"}


def tick(town: Town) -> None:
    Lease.insert(name="timetable", holder="test", fence=1, until=town.clock.now()).execute()


def test_health_is_open_to_monitors_and_tells_no_secret(town: Town) -> None:
    tick(town)
    assert well(town) == (200, ALL_WELL)


def test_a_scheduler_that_stopped_degrades_and_warns_it(town: Town) -> None:
    tick(town)
    town.clock.advance(minutes=16)
    assert well(town) == (200, {**ALL_WELL, "status": "degraded", "scheduler": "late"})
    for path in ("/settings", "/settings/mail", "/settings/jobs"):
        assert "The scheduler has not run for a quarter of an hour" in text_of(town.client("it").get(path))


def test_mail_nobody_takes_up_is_stuck_but_mail_that_waits_for_its_next_try_is_not(town: Town) -> None:
    number = queue(town)
    town.clock.advance(minutes=16)
    tick(town)
    assert well(town) == (200, {**ALL_WELL, "status": "degraded", "outbox": "stuck"})
    assert "Mail has been waiting to be sent" in text_of(town.client("it").get("/settings/jobs"))
    later = town.clock.now() + timedelta(hours=4)
    OutboxMessage.update(next_try_at=later).where(OutboxMessage.id == number).execute()
    assert well(town) == (200, ALL_WELL)
    lost = town.clock.now() - timedelta(minutes=20)
    OutboxMessage.update(state=MailState.SENDING, lease_until=lost).where(OutboxMessage.id == number).execute()
    assert well(town)[1]["outbox"] == "stuck"


def test_tables_that_lack_a_step_are_down(town: Town) -> None:
    database.database.execute_sql("DELETE FROM schema_migration WHERE name = '0009_oversight'")
    status, told = well(town)
    assert (status, told["status"], told["migrations"]) == (503, "down", "pending")


def test_a_database_that_is_away_is_down(town: Town) -> None:
    here = database.database.obj
    assert here is not None
    database.bind(database.connect("postgresql://nobody@127.0.0.1:9/away"))
    try:
        status, told = well(town, town.app.test_client())
    finally:
        database.bind(here)
    assert (status, told["status"], told["database"]) == (503, "down", "away")


# --- cost -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [*OPEN_TO, "/oversight/audit?tag=test.thing_done&person=ellery"])
def test_no_page_costs_more_as_the_town_grows(town: Town, use: Use, url: str) -> None:
    box = "it" if url.startswith("/settings") else "administrator"
    client = town.client(box)

    def cost(size: int) -> int:
        use(Ledger(*[duty(MONDAY, number=n, role=Role.ADMINISTRATOR, department=None) for n in range(size)]), jobs=JOBS)
        for number in range(size):
            record(town, number)
            queue(town, occasion=f"{size}-{number}")
            Department.insert(name=f"Department {size} {number}", slug=f"d-{size}-{number}").execute()
            Closure.insert(day=MONDAY + timedelta(days=100 * size + number), reason="Snow").execute()
        client.get(url)
        with count_queries() as counter:
            assert client.get(url).status_code == 200
        return int(counter.count)

    assert cost(2) == cost(30) <= 9
