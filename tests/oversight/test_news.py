"""Since my last visit: what others did that concerns the reader, in sentences, and nothing confidential."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import RoleAssignment
from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.permissions import Role
from charlton_intranet.moderation import service as moderation
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.rules import Position
from charlton_intranet.moderation.rules.worksheet import ReferredTo
from charlton_intranet.moderation.service import referring
from charlton_intranet.oversight.models.visits import Visit
from charlton_intranet.oversight.queries.news import TELLINGS, news
from charlton_intranet.oversight.service.visits import mark_seen, visit
from charlton_intranet.sites.rules import SiteState
from charlton_intranet.sites.service import requests
from tests.conftest import Town
from tests.grants import factories as grants
from tests.incidents import factories as incidents
from tests.moderation import factories as cases
from tests.moderation import worksheet_factories as worksheets
from tests.policy import factories as policy
from tests.sites import factories as sites


def page(town: Town, box: str) -> str:
    return " ".join(town.client(box).get("/").get_data(as_text=True).split())


Told = Callable[[str], list[str]]


@pytest.fixture
def told(town: Town) -> Told:
    """The sentences for somebody whose last visit was before the test began."""
    before = audit.head()[0]
    return lambda box: [row.text for row in news(town.actor(box), before).rows]


def advise(town: Town, case: Case) -> None:
    moderation.give_advice(
        town.actor("head.library"), case.id, case.version, position=Position.VIOLATION, text="Yes.", clock=town.clock
    )


# --- what is told, and to whom ------------------------------------------------------------------------------


def test_who_asked_hears_of_the_answer_with_the_way_to_it(town: Town, told: Told) -> None:
    case = cases.consulting(town)
    page(town, "coordinator.library")
    advise(town, case)
    head = town.actor("head.library").name
    shown = page(town, "coordinator.library")
    assert 'Since your last visit <span class="count">1</span>' in shown
    assert f'<a href="/triage/{case.id}">{head} advised on case {case.id}, Charlton Library (' in shown
    for other in ("coordinator.police", "employee", "it"):
        assert told(other) == []


def test_nobody_is_told_what_they_did_themselves(town: Town, told: Told) -> None:
    advise(town, cases.consulting(town))
    assert not any("advised" in words for words in told("head.library"))
    assert any("asked for the head's advice" in words for words in told("head.library"))


def test_the_administrator_hears_of_the_case_they_decided_and_of_no_other(town: Town, told: Told) -> None:
    decided, other = cases.determined(town), cases.consulting(town, "Another threat against that branch.")
    moderation.carry_out(
        cases.coordinator(town), decided.id, decided.version, upload=cases.upload(town, "white"), clock=town.clock
    )
    sentences = told("administrator")
    assert any(f"carried out the order on case {decided.id}," in words for words in sentences)
    assert not any(f"case {other.id}," in words for words in sentences)


def test_a_role_given_and_taken_and_a_request_decided_are_told_to_whom_they_concern(town: Town, told: Told) -> None:
    administrator = town.actor("administrator")
    accounts.give_role(
        administrator, town.person_id("employee"), Role.AUDITOR, department_id=None, starts=town.today, clock=town.clock
    )
    assert told("employee") == [f"{administrator.name} gave you a role: Auditor."]
    assert told("records") == []
    site = sites.site(town, state=SiteState.REQUESTED)
    requests.advise(town.actor("it"), site.id, site.version, recommended=True, text="", clock=town.clock)
    assert told("head.library") == [f"{town.actor('it').name} advised on {site.title} ({site.network.name})."]
    assert told("head.police") == []


def test_a_new_policy_and_ones_own_grant_are_told(town: Town, told: Told) -> None:
    site = sites.site(town)
    grants.approved(town, "user.library", site)
    name = town.actor("administrator").name
    assert told("user.library") == [
        f"{name} approved your grant on {site.title}.",
        f"{town.actor('head.library').name} designated: your grant on {site.title}.",
    ]
    policy.publish(town)
    assert any("published version" in words for words in told("user.library"))


def test_incidents_are_left_out_even_for_who_may_read_them(town: Town, told: Told) -> None:
    reference = incidents.report(town, "employee")
    for box in ("it", "administrator", "employee"):
        assert not any(reference in words or "ncident" in words for words in told(box))
    assert not any(telling.record == "incident" for telling in TELLINGS)


def test_a_record_that_is_not_the_readers_any_more_is_not_told(town: Town, told: Told) -> None:
    """They asked while they were coordinator; what became of it is not theirs to know now."""
    case = cases.consulting(town)
    advise(town, case)
    assert told("coordinator.library") != []
    bare = town.actor("coordinator.library")
    employee = replace(bare, held=town.actor("employee").held)
    assert not any("advised" in row.text for row in news(employee, 0).rows)


def test_who_only_stood_in_hears_no_more_of_a_personnel_matter(town: Town, told: Told) -> None:
    standing_in = RoleAssignment.create(
        person=town.person_id("coordinator.library"), role=Role.ADMINISTRATOR, starts_on=town.today
    )
    made = worksheets.referral(town, cases.consulting(town), ReferredTo.HR, by="coordinator.library")
    standing_in.delete_instance()
    referring.withdraw(town.actor("administrator"), made.id, made.version, why="It is over", clock=town.clock)
    assert not [words for words in told("coordinator.library") if "handed on" in words]


def test_every_sentence_is_of_a_tag_that_is_recorded() -> None:
    tags = {tag for telling in TELLINGS for tag in telling.sentences}
    assert tags <= set(audit.declared())


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{what} {who} {0}"])
def test_names_are_shown_as_they_are(town: Town, words: str) -> None:
    site = sites.site(town, state=SiteState.REQUESTED, title=words)
    page(town, "head.library")
    requests.advise(town.actor("it"), site.id, site.version, recommended=True, text="", clock=town.clock)
    shown = page(town, "head.library")
    assert words.replace("<", "&lt;").replace(">", "&gt;") in shown


# --- when it is no longer new ---------------------------------------------------------------------------------


def test_news_stay_for_the_day_and_go_with_the_first_visit_of_the_day_after_they_were_shown(town: Town) -> None:
    case = cases.consulting(town)
    assert "Since your last visit" not in page(town, "coordinator.library")
    advise(town, case)
    for _ in range(3):
        assert "advised on case" in page(town, "coordinator.library")
    town.clock.advance(days=1)
    # Came after the first visit of yesterday, so nobody can say that it was seen.
    assert "advised on case" in page(town, "coordinator.library")
    town.clock.advance(days=1)
    assert "advised on case" not in page(town, "coordinator.library")


def test_marking_takes_away_what_the_page_showed_and_nothing_that_came_since(town: Town) -> None:
    case = cases.consulting(town)
    other = cases.consulting(town, "Another threat against that branch.")
    client = town.client("coordinator.library")
    client.get("/")
    advise(town, case)
    shown = " ".join(client.get("/").get_data(as_text=True).split())
    upto = shown.split('name="upto" value="')[1].split('"')[0]
    advise(town, other)
    answer = client.submit("/work/seen", {"upto": upto})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    shown = page(town, "coordinator.library")
    assert f"advised on case {other.id}," in shown
    assert f"advised on case {case.id}," not in shown
    before = Visit.get(Visit.person == town.person_id("coordinator.library")).seen
    client.submit("/work/seen", {"upto": upto})
    assert Visit.get(Visit.person == town.person_id("coordinator.library")).seen == before


@pytest.mark.parametrize("upto", ["", "x", "-5", "99999999999999999999", "0"])
def test_no_number_takes_away_what_has_not_happened_yet(town: Town, upto: str) -> None:
    actor = town.actor("coordinator.library")
    visit(actor, clock=town.clock)
    case = cases.consulting(town)
    assert town.client("coordinator.library").submit("/work/seen", {"upto": upto}).status_code == 303
    advise(town, case)
    assert "advised on case" in page(town, "coordinator.library")


def test_the_newest_three_lines_stand_open_and_the_others_open_on_a_press(town: Town) -> None:
    page(town, "coordinator.library")
    made = [cases.consulting(town) for _ in range(5)]
    for case in made:
        town.clock.advance(minutes=1)
        advise(town, case)
    shown = page(town, "coordinator.library").partition("Since your last visit")[2]
    opened, _, folded = shown.partition("<summary>Show 2 more lines</summary>")
    told_of = [f"advised on case {case.id}," for case in reversed(made)]
    assert [words in opened for words in told_of] == [True, True, True, False, False]
    assert folded.index(told_of[3]) < folded.index(told_of[4])


def test_each_has_seen_their_own(town: Town) -> None:
    case = cases.consulting(town)
    for box in ("coordinator.library", "head.library"):
        visit(town.actor(box), clock=town.clock)
    advise(town, case)
    cases.determine(town, Case.get_by_id(case.id))
    mark_seen(town.actor("coordinator.library"), audit.head()[0], clock=town.clock)
    assert "Since your last visit" not in page(town, "coordinator.library")
    assert "decided on case" in page(town, "head.library")


# --- size -----------------------------------------------------------------------------------------------------


def test_it_costs_the_same_queries_whatever_the_length_of_the_trail(town: Town) -> None:
    case, actor = cases.consulting(town), town.actor("coordinator.library")
    advise(town, case)
    _advised(case.id, 10)
    with count_queries() as of_ten:
        found = news(actor, 0)
    assert found.total >= 10
    start = audit.head()[0]
    _advised(case.id, 40)
    _noise(town, 300)
    with count_queries() as of_many:
        found = news(actor, start)
    assert found.total == 40
    assert len(found.rows) == 20
    assert of_many.count == of_ten.count == 3


def _advised(case_id: int, count: int) -> None:
    """The head's advice again and again, as the trail would hold it."""
    for _ in range(count):
        _copy(AuditEvent.get(AuditEvent.tag == "case.advised"), f"case:{case_id}")


def _noise(town: Town, count: int) -> None:
    site = sites.site(town, "Police", handle="noise", title="Noise")
    head, last = audit.head()[0], AuditEvent.select().order_by(AuditEvent.number.desc()).get()
    rows = [
        {
            "number": head + 1 + n, "at": last.at, "tag": "site.advised", "actor_id": None,
            "subject": f"site:{site.id}", "detail": last.detail, "previous": last.digest, "digest": last.digest,
        }
        for n in range(count)
    ]  # fmt: skip
    AuditEvent.insert_many(rows).execute()
    _head(head + count)


def _copy(event: AuditEvent, subject: str) -> None:
    number = audit.head()[0] + 1
    AuditEvent.insert(
        number=number, at=event.at, tag=event.tag, actor_id=event.actor_id, subject=subject, detail=event.detail,
        previous=event.previous, digest=event.digest,
    ).execute()  # fmt: skip
    _head(number)


def _head(number: int) -> None:
    audit.AuditHead.update(number=number).execute()
