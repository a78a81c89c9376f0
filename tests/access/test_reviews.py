"""The quarter's access review: opened once, answered with flags in view, closed with its figures."""

import json
import threading
from datetime import date, timedelta

import pytest

from charlton_intranet.access.duties import owed
from charlton_intranet.access.duties.reviews import REPLY, REVIEW
from charlton_intranet.access.jobs import follow_reviews
from charlton_intranet.access.models import AccessReview, ReviewedGrant
from charlton_intranet.access.queries import reviews as queries
from charlton_intranet.access.queries.reviews import Figures, ReviewRow
from charlton_intranet.access.rules import Answer, Asked, Flag, Quarter, coming, quarter_of
from charlton_intranet.access.service import reviews as service
from charlton_intranet.accounts import service as accounts
from charlton_intranet.accounts.models import Person, RecordedException
from charlton_intranet.core import database
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.duties import Duty, Owner, Register, Scope
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, Refusal, StaleState
from charlton_intranet.core.permissions import Role
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import Capability, GrantState
from charlton_intranet.parts import Parts
from tests.access.factories import TWO_ADMINS, allowed, enter, page_with_admins, take_off
from tests.access.test_differences import closed, revoked
from tests.conftest import START, Town
from tests.grants.factories import approved
from tests.sites.factories import site


def opened(town: Town) -> int:
    return service.open_now(town.actor("administrator"), clock=town.clock)


def rows(town: Town, review_id: int) -> dict[str, ReviewRow]:
    """The grants of a review by the person's name."""
    found = queries.rows_page(town.actor("administrator"), review_id, town.today).rows
    return {row.person: row for row in found}


def flags(row: ReviewRow) -> set[Flag]:
    return {flag for flag, _ in row.flags}


def duties(town: Town, box: str | None = None) -> list[Duty]:
    found = Register([owed]).owed(Scope(today=town.today, actor=town.actor(box) if box else None))
    return [duty for duty in found if duty.kind in {REVIEW, REPLY}]


@pytest.mark.parametrize(
    ("day", "quarter"), [(date(2026, 1, 1), "2026-Q1"), (date(2026, 3, 31), "2026-Q1"), (date(2026, 12, 31), "2026-Q4")]
)
def test_a_day_lies_in_its_quarter(day: date, quarter: str) -> None:
    assert str(quarter_of(day)) == quarter
    assert quarter_of(day).starts <= day < quarter_of(day).next.starts


def test_the_coming_review_is_this_quarters_or_the_next_ones() -> None:
    today = date(2026, 11, 23)
    assert coming("", today) == coming("2026-Q3", today) == Quarter(2026, 4)
    assert coming("2026-Q4", today) == Quarter(2027, 1)
    assert coming("2027-Q1", today) is None


def test_the_timetable_opens_one_on_the_first_business_day_and_only_one(town: Town) -> None:
    where = page_with_admins(town)
    allowed(town, "user.library", where)
    assert follow_reviews(town.parts) == ""  # the grants are younger than the quarter
    town.clock.at = START.replace(year=2027, month=1, day=1)  # a holiday
    assert follow_reviews(town.parts) == ""
    town.clock.advance(days=3)
    assert follow_reviews(town.parts) == "Opened the access review 2027-Q1."
    assert follow_reviews(town.parts) == ""
    review = AccessReview.get()
    assert (review.quarter, str(review.due_on), review.opened_by_id) == ("2027-Q1", "2027-01-19", None)
    assert ReviewedGrant.select().where(ReviewedGrant.review == review).count() == 2


def test_only_the_town_administrator_opens_one_ahead_of_time(town: Town) -> None:
    page_with_admins(town)
    for box in ("head.library", "coordinator.library", "it", "auditor"):
        with pytest.raises(Forbidden):
            service.open_now(town.actor(box), clock=town.clock)
    first, second = opened(town), opened(town)
    assert [review.quarter for review in queries.reviews()] == ["2027-Q1", "2026-Q4"]
    assert queries.review(first).closed_at is not None
    assert queries.review(second).closed_at is None
    with pytest.raises(StaleState):
        opened(town)


def test_without_a_grant_there_is_nothing_to_review(town: Town) -> None:
    with pytest.raises(Invalid):
        opened(town)


def test_each_flag_is_what_is_known(town: Town) -> None:
    where = page_with_admins(town)
    for box in ("user.library", "employee", "records"):
        allowed(town, box, where)
    approved(town, "user.police", where)
    last = allowed(town, "auditor", where, Capability.VIEW)
    town.clock.advance(minutes=5)
    enter(town, where, f"{TWO_ADMINS}\nUma Reyes, Analyst\nUmar Dietz\nPriya Natarajan\nJonas Weld\nEdith Lowe")
    Grant.update(until=town.today - timedelta(days=1)).where(Grant.id == last.id).execute()
    person = Person.get_by_id(town.person_id("records"))
    closed_grant = Grant.get(Grant.person == person.id)
    assert closed_grant.state is GrantState.APPROVED
    Person.update(state="disabled", disabled_at=town.clock.now()).where(Person.id == person.id).execute()
    found = rows(town, opened(town))
    assert {name: flags(row) for name, row in found.items()} == {
        "Cody Barnes": set(),
        "Uma Reyes": {Flag.MORE_THAN_NEEDED},
        "Umar Dietz": {Flag.OTHER_DEPARTMENT, Flag.NOT_ACKNOWLEDGED},
        "Edith Lowe": {Flag.OTHER_DEPARTMENT},
        "Priya Natarajan": {Flag.OTHER_DEPARTMENT, Flag.LEFT},
        "Jonas Weld": {Flag.OTHER_DEPARTMENT, Flag.EXPIRED},
    }
    enter_shared = f"{TWO_ADMINS}\nHarbor Media Agency"
    town.clock.advance(minutes=5)
    enter(town, where, enter_shared)
    assert flags(rows(town, AccessReview.get().id)["Uma Reyes"]) == {Flag.SHARED_ACCOUNT, Flag.MORE_THAN_NEEDED}


def test_keeping_and_revoking_ends_the_review_with_its_figures(town: Town) -> None:
    where = page_with_admins(town)
    grant = allowed(town, "user.library", where)
    allowed(town, "employee", where)
    review_id = opened(town)
    found, head = rows(town, review_id), town.actor("head.library")
    service.answer(head, found["Cody Barnes"].id, 1, keep=True, note="Coordinates.", clock=town.clock)
    with pytest.raises(Invalid):
        service.answer(head, found["Uma Reyes"].id, 1, keep=False, clock=town.clock)
    service.answer(head, found["Uma Reyes"].id, 1, keep=False, note="Other work now.", clock=town.clock)
    assert Grant.get_by_id(grant.id).state is GrantState.REVOKED
    with pytest.raises(StaleState):
        service.answer(head, found["Uma Reyes"].id, 2, keep=True, note="No.", clock=town.clock)
    assert queries.review(review_id).closed_at is None
    with pytest.raises(Invalid, match="Say why it stays"):  # works for another department
        service.answer(head, found["Edith Lowe"].id, 1, keep=True, clock=town.clock)
    service.answer(head, found["Edith Lowe"].id, 1, keep=True, note="Helps with the fair.", clock=town.clock)
    assert queries.review(review_id).closed_at is not None
    assert "Access review: kept" in town.client("head.library").get(f"/grants/{found['Cody Barnes'].grant_id}").text
    assert queries.figures([review_id]) == {review_id: {"Library": Figures(kept=2, revoked=1)}}
    event = AuditEvent.select().where(AuditEvent.tag == "access_review.closed").get()
    told = json.loads(event.detail)["details"]
    assert told == {"quarter": "2026-Q4", "kept": 2, "revoked": 1, "asked": 0, "open": 0, "over": 0}
    assert duties(town) == []


def test_a_grant_that_ends_otherwise_needs_no_answer(town: Town) -> None:
    where = page_with_admins(town)
    grant = allowed(town, "user.library", where)
    review_id = opened(town)
    found = rows(town, review_id)
    revoked(town, grant, where)
    with pytest.raises(StaleState):
        service.answer(town.actor("head.library"), found["Uma Reyes"].id, 1, keep=True, note="x", clock=town.clock)
    service.answer(town.actor("head.library"), found["Cody Barnes"].id, 1, keep=True, note="Yes.", clock=town.clock)
    assert queries.review(review_id).closed_at is not None
    assert queries.figures([review_id])[review_id]["Library"] == Figures(kept=1, over=1)


def test_the_timetable_closes_a_review_in_which_nothing_waits(town: Town) -> None:
    where = page_with_admins(town)
    opened(town)
    revoked(town, Grant.get(), where)
    assert follow_reviews(town.parts) == "Closed the access review 2026-Q4."


def test_many_are_kept_at_once_but_none_with_a_flag(town: Town) -> None:
    where = page_with_admins(town)
    allowed(town, "user.library", where)
    allowed(town, "employee", where)
    enter(town, where, f"{TWO_ADMINS}\nUma Reyes\nEdith Lowe")
    found = rows(town, opened(town))
    chosen = [(row.id, 1) for row in found.values()] + [(999_999, 1)]
    refused = service.keep_many(town.actor("head.library"), chosen, clock=town.clock)
    assert set(refused) == {found["Edith Lowe"].id, 999_999}
    assert "has a flag" in refused[found["Edith Lowe"].id]
    now = {row.person: row.answer for row in queries.rows_of([row.id for row in found.values()], town.today)}
    assert now == {"Cody Barnes": Answer.KEPT, "Uma Reyes": Answer.KEPT, "Edith Lowe": Answer.OPEN}
    again = service.keep_many(town.actor("head.library"), [(found["Uma Reyes"].id, 2)], clock=town.clock)
    assert "answered" in again[found["Uma Reyes"].id]


def acts_as_head(town: Town, box: str, department: str) -> None:
    accounts.give_role(
        town.actor("administrator"), town.person_id(box), Role.DEPARTMENT_HEAD,
        department_id=town.department_id(department), starts=town.today, ends=town.today + timedelta(days=9),
        acting=True, reason="Leave", clock=town.clock,
    )  # fmt: skip


def test_nobody_answers_for_their_own_grant_but_by_an_exception_on_record(town: Town) -> None:
    where = page_with_admins(town)
    allowed(town, "user.library", where)
    acts_as_head(town, "user.library", "Library")
    row = rows(town, opened(town))["Uma Reyes"]
    actor = town.actor("user.library")
    with pytest.raises(Forbidden):
        service.answer(actor, row.id, 1, keep=True, note="Needed.", clock=town.clock)
    assert set(service.keep_many(actor, [(row.id, 1)], clock=town.clock)) == {row.id}
    why = "The head is on leave and nobody acts for her."
    service.answer(actor, row.id, 1, keep=True, note="Needed.", exception=why, clock=town.clock)
    assert RecordedException.get().reason == why


def test_a_question_stays_open_and_is_a_duty_of_who_is_asked(town: Town) -> None:
    where = page_with_admins(town)
    allowed(town, "user.library", where)
    found = rows(town, opened(town))
    head = town.actor("head.library")
    row_id = found["Uma Reyes"].id
    with pytest.raises(Invalid):
        service.ask(head, row_id, 1, asked=Asked.PERSON, question=" ", clock=town.clock)
    service.ask(head, row_id, 1, asked=Asked.PERSON, question="Do you still post?", clock=town.clock)
    (duty,) = [duty for duty in duties(town, "user.library") if duty.kind is REPLY]
    assert duty.owner == Owner(person_id=town.person_id("user.library"))
    assert [duty.kind for duty in duties(town, "head.library")] == [REVIEW]
    with pytest.raises(NotFound):
        service.reply(town.actor("employee"), row_id, 2, text="Me too", clock=town.clock)
    with pytest.raises(Forbidden):
        service.reply(head, row_id, 2, text="For her", clock=town.clock)
    service.reply(town.actor("user.library"), row_id, 2, text="Every week.", clock=town.clock)
    assert [duty for duty in duties(town) if duty.kind is REPLY] == []
    service.ask(head, row_id, 3, asked=Asked.COORDINATOR, question="Is that so?", clock=town.clock)
    (duty,) = [duty for duty in duties(town) if duty.kind is REPLY]
    assert duty.owner == Owner(role=Role.COORDINATOR, department_id=where.department_id)
    service.answer(head, row_id, 4, keep=True, note="She posts every week.", clock=town.clock)
    with pytest.raises(StaleState):
        service.reply(town.actor("coordinator.library"), row_id, 5, text="Yes", clock=town.clock)


def test_whom_the_review_is_owed_by(town: Town) -> None:
    where = page_with_admins(town)
    police = site(town, "Police", handle="Police", title="Police")
    for box in ("user.police", "coordinator.police"):
        allowed(town, box, police)
    acts_as_head(town, "user.police", "Police")
    opened(town)
    found = {(duty.owner.role, duty.owner.department_id): duty for duty in duties(town)}
    assert set(found) == {
        (Role.DEPARTMENT_HEAD, where.department_id),
        (Role.DEPARTMENT_HEAD, police.department_id),
        (Role.ADMINISTRATOR, None),  # the head's own
    }
    assert [len(duties(town, box)) for box in ("head.library", "administrator", "coordinator.library")] == [1, 1, 0]


@pytest.mark.parametrize(
    ("box", "refusal"),
    [("coordinator.library", Forbidden), ("it", Forbidden), ("auditor", Forbidden), ("head.police", NotFound)],
)
def test_only_the_head_and_the_administrator_answer(town: Town, box: str, refusal: type[Exception]) -> None:
    page_with_admins(town)
    row = rows(town, opened(town))["Cody Barnes"]
    for act in (
        lambda: service.answer(town.actor(box), row.id, 1, keep=True, note="x", clock=town.clock),
        lambda: service.ask(town.actor(box), row.id, 1, asked=Asked.PERSON, question="x", clock=town.clock),
    ):
        with pytest.raises(refusal):
            act()


def test_somebody_whose_account_is_closed_is_not_asked(town: Town) -> None:
    where = page_with_admins(town)
    grant = allowed(town, "user.library", where)
    row = rows(town, opened(town))["Uma Reyes"]
    closed(town, grant, where)
    with pytest.raises(Invalid, match="Ask the coordinator"):
        service.ask(town.actor("head.library"), row.id, 1, asked=Asked.PERSON, question="?", clock=town.clock)
    take_off(town, where, "user.library")


def test_two_people_who_answer_the_same_grant_leave_one_answer(own_town: Parts) -> None:
    town = Town(own_town, own_town.clock, None)  # type: ignore[arg-type] # no pages here
    with database.connection():
        where = page_with_admins(town)
        allowed(town, "user.library", where)
        row = rows(town, opened(town))["Uma Reyes"]
        actors = [town.actor("head.library"), town.actor("administrator")] * 4
    start, came_to = threading.Barrier(len(actors)), []

    def press(number: int) -> None:
        start.wait()
        try:
            with database.connection():
                service.answer(actors[number], row.id, 1, keep=number % 3 == 0, note="Because.", clock=own_town.clock)
        except Refusal as refusal:
            came_to.append(type(refusal).__name__)
        else:
            came_to.append("")

    threads = [threading.Thread(target=press, args=(number,)) for number in range(len(actors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came_to) == ["", *["StaleState"] * (len(actors) - 1)]
    with database.connection():
        kept = ReviewedGrant.get_by_id(row.id)
        state = Grant.get_by_id(row.grant_id).state
        assert kept.version == 2
        assert (kept.answer, state) in {
            (Answer.KEPT, GrantState.APPROVED), (Answer.REVOKED, GrantState.REVOKED),
        }  # fmt: skip
        tags = {"access_review.kept", "access_review.revoked"}
        assert AuditEvent.select().where(AuditEvent.tag.in_(tags)).count() == 1


def test_many_schedulers_open_one_review(own_town: Parts) -> None:
    town = Town(own_town, own_town.clock, None)  # type: ignore[arg-type] # no pages here
    with database.connection():
        page_with_admins(town)
    own_town.clock.at = START.replace(year=2027, month=1, day=4)  # type: ignore[attr-defined]
    start, said = threading.Barrier(4), []

    def run() -> None:
        start.wait()
        with database.connection():
            said.append(follow_reviews(own_town))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["", "", "", "Opened the access review 2027-Q1."]
    with database.connection():
        assert AccessReview.select().count() == 1
