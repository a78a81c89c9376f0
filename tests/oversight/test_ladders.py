"""The town's own ladders: who hears of what and when, tried before they are saved."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Ladder, Register, Scope
from charlton_intranet.core.errors import Invalid
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.oversight import service
from charlton_intranet.oversight.jobs import send_digests
from charlton_intranet.oversight.models import LadderSetting, Reminder
from charlton_intranet.oversight.queries.preview import preview
from charlton_intranet.oversight.rules.ladders import check_ladder, parse_days
from charlton_intranet.oversight.service.ladders import Proposal
from charlton_intranet.parts import Parts
from charlton_intranet.reviews.duties import REVIEW_SITE
from tests.conftest import Town
from tests.oversight.factories import REVIEW, Ledger, duty
from tests.oversight.test_digest import MONDAY, at, told

PAGE = "/settings/reminders/review_site"
TYPED = {
    "before": "14, 7, 0", "repeat_days": "2", "head_after": "4", "administrator_after": "9",
    "day": "2026-11-23", "reason": "The Board asked for it.", "version": "0", "press": "save",
}  # fmt: skip


def with_kinds(town: Town, *duties: Duty) -> Parts:
    """The app in which these duties are owed, and no others."""
    ledger = Ledger(*duties)
    parts = ledger.parts(town.parts)
    register = Register([ledger.owed], [REVIEW])
    return type(parts)(**{name: getattr(parts, name) for name in parts.__slots__} | {"register": register})


def choose(town: Town, parts: Parts, **changes: Any) -> None:
    values = {"before": (3, 0), "repeat_days": 1, "head_after": 1, "administrator_after": 2, "courtesy": False}
    proposal = Proposal(**{**values, "reason": "Because", **changes})
    service.change_ladder(town.actor("administrator"), parts.register.kinds, REVIEW.name, proposal, 0, clock=town.clock)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("14, 7, 1, 0", (14, 7, 1, 0)),
        ("0,7;14", (14, 7, 0)),
        ("7, 7, 0", (7, 0)),
        ("", ()),
        ("seven, 0", None),
        ("-1, 0", None),
        ("1.5, 0", None),
        ("9999, 0", None),
        ("\u0663, 0", None),
    ],
)
def test_days_are_read_as_people_write_them(words: str, days: tuple[int, ...] | None) -> None:
    assert parse_days(words) == days


@pytest.mark.parametrize(
    ("values", "clock", "wrong"),
    [
        (((14, 7, 0), 7, 3, 6), False, set()),
        (((7, 1), 7, 3, 6), False, {"before"}),
        ((None, 7, 3, 6), False, {"before"}),
        ((tuple(range(8, -1, -1)), 7, 3, 6), False, {"before"}),
        (((91, 0), 7, 3, 6), False, {"before"}),
        (((0,), 0, 3, 6), False, {"repeat_days"}),
        (((0,), 8, 3, 6), False, set()),
        (((0,), 8, 3, 6), True, {"repeat_days"}),
        (((0,), 7, 7, 14), True, set()),
        (((0,), 7, 8, 14), True, {"head_after"}),
        (((0,), 7, 3, 2), False, {"administrator_after"}),
        (((0,), 7, 3, 15), True, {"administrator_after"}),
    ],
)
def test_no_ladder_is_silent(values: Any, *, clock: bool, wrong: set[str]) -> None:
    try:
        check_ladder(*values, courtesy=False, legal_clock=clock)
        found: set[str] = set()
    except Invalid as refusal:
        found = set(refusal.problems)
    assert found == wrong


def test_a_legal_clock_is_never_a_courtesy() -> None:
    check_ladder((0,), 1, 1, 2, courtesy=True, legal_clock=False)
    with pytest.raises(Invalid, match="nobody can switch its reminders off"):
        check_ladder((0,), 1, 1, 2, courtesy=True, legal_clock=True)


def test_every_kind_says_what_is_owed_and_by_whom(parts: Parts) -> None:
    kinds = parts.register.kinds
    assert len({kind.name for kind in kinds}) == len(kinds) > 50
    assert [kind.name for kind in kinds if not kind.label or not kind.by] == []
    for kind in kinds:
        ladder = kind.shipped
        check_ladder(
            ladder.before, ladder.repeat_days, ladder.head_after, ladder.administrator_after,
            courtesy=ladder.courtesy, legal_clock=kind.legal_clock,
        )  # fmt: skip


def test_what_anybody_owes_is_of_a_listed_kind(town: Town) -> None:
    """A duty of a kind that the register does not know could be neither seen in the settings nor changed."""
    register = town.parts.register
    assert {owed.kind for owed in register.owed(Scope(town.today))} <= set(register.kinds)


def test_a_chosen_ladder_counts_from_the_next_digest_and_the_reset_one_again(town: Town) -> None:
    parts = with_kinds(town, duty(MONDAY + timedelta(days=7)))
    choose(town, parts)
    assert send_digests(parts) == "Queued 0 digests."  # shipped, seven days before is a step
    town.clock.at = at(MONDAY + timedelta(days=4), 9)
    assert send_digests(parts) == "Queued 1 digest."
    row = LadderSetting.get()
    service.reset_ladder(
        town.actor("administrator"), parts.register.kinds, REVIEW.name, "It was better", row.version, clock=town.clock
    )
    town.clock.at = at(MONDAY + timedelta(days=7), 9)
    told(clear=True)
    send_digests(parts)
    assert set(told()) == {"coordinator.library"}
    town.clock.at = at(MONDAY + timedelta(days=8), 9)
    told(clear=True)
    assert send_digests(parts) == "Queued 0 digests."  # every seven days as shipped, not every day


def test_head_and_administrator_hear_when_the_town_wants_them_to(town: Town) -> None:
    parts = with_kinds(town, duty(MONDAY - timedelta(days=1)))
    choose(town, parts, head_after=1, administrator_after=1)
    send_digests(parts)
    assert told().keys() == {"coordinator.library", "head.library", "administrator"}


def test_a_change_is_in_the_trail_with_the_ladder_before_it(town: Town) -> None:
    parts = with_kinds(town)
    choose(town, parts)
    ((tag, detail),) = rows(
        AuditEvent.select(AuditEvent.tag, AuditEvent.detail).where(AuditEvent.subject == "ladder:review")
    )
    assert tag == "ladder.changed"
    assert '"before":[7,1,0]' in detail
    assert '"before":[3,0]' in detail
    assert audit.digest_of("Because") in detail
    assert "Because" not in detail


def test_the_preview_is_what_then_goes_out(town: Town) -> None:
    """Several days ahead, with the digests of the days between: what is told by then is not told again."""
    duties = [duty(MONDAY + timedelta(days=days), number=days) for days in range(-9, 16)]
    parts, day = with_kinds(town, *duties), MONDAY + timedelta(days=4)
    proposed = Ladder((9, 4, 0), 3, 2, 5)
    seen = preview(parts.register, REVIEW, proposed, day, town.today)
    expected = {one.person: (len(one.now), len(one.proposed)) for one in seen.people}

    def lines_of(text: str) -> int:
        return len(re.findall(r"^- Review", text, re.MULTILINE))

    with_old: dict[str, int] = {}
    with town.parts.database.atomic() as going:
        for days in range(5):
            town.clock.at = at(MONDAY + timedelta(days=days), 9)
            told(clear=True)
            send_digests(parts)
        with_old = {m.recipient_name: lines_of(m.text) for m in OutboxMessage.select()}
        going.rollback()
    town.clock.at = at(MONDAY, 7)
    choose(town, parts, before=(9, 4, 0), repeat_days=3, head_after=2, administrator_after=5)
    for days in range(5):
        town.clock.at = at(MONDAY + timedelta(days=days), 9)
        told(clear=True)
        send_digests(parts)
    with_new = {m.recipient_name: lines_of(m.text) for m in OutboxMessage.select()}
    assert expected == {name: (with_old.get(name, 0), with_new.get(name, 0)) for name in with_old | with_new}
    assert len(expected) == 3
    assert seen.lines_now == sum(with_old.values()) > 0
    assert seen.lines_proposed == sum(with_new.values())


def test_the_preview_leaves_no_trace_and_asks_no_more_for_more_duties(town: Town) -> None:
    asked = []
    for number in (5, 60):
        duties = [duty(MONDAY + timedelta(days=n % 10), number=n) for n in range(number)]
        parts = with_kinds(town, *duties)
        with count_queries() as counter:
            preview(parts.register, REVIEW, REVIEW.shipped, MONDAY + timedelta(days=30), town.today)
        asked.append(counter.count)
    assert asked[0] == asked[1] <= 10
    assert OutboxMessage.select().count() == Reminder.select().count() == 0


def test_the_list_shows_every_kind_and_only_the_administrator_may_change_one(town: Town) -> None:
    page = town.client("administrator").get("/settings/reminders").text
    assert page.count("Change<span") == len(town.parts.register.kinds)
    assert "Review a site" in page
    for box in ("it", "auditor"):
        page = town.client(box).get("/settings/reminders").text
        assert "Review a site" in page
        assert "Change<span" not in page
        assert town.client(box).get(PAGE).status_code == 403
        assert town.client(box).submit(PAGE, TYPED).status_code == 403
    assert town.client("head.library").get("/settings/reminders").status_code == 403


def test_the_administrator_tries_saves_and_sets_back(town: Town) -> None:
    browser = town.client("administrator")
    answer = browser.submit(PAGE, {**TYPED, "press": "preview"})
    assert answer.status_code == 200
    assert "Who would get what on Mon, Nov 23, 2026" in answer.text
    assert 'value="14, 7, 0"' in answer.text
    assert LadderSetting.select().count() == 0
    answer = browser.submit(PAGE, TYPED)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings/reminders")
    row = LadderSetting.get()
    assert (row.kind, row.before, row.repeat_days, row.head_after, row.administrator_after) == (
        "review_site", "14,7,0", 2, 4, 9,
    )  # fmt: skip
    page = browser.get(PAGE).text
    assert "The Board asked for it." in page
    assert "Changed" in browser.get("/settings/reminders").text
    assert browser.submit(f"{PAGE}/reset", {"reset-reason": "Back", "reset-version": "1"}).status_code == 303
    assert "Changed" not in browser.get("/settings/reminders").text
    assert LadderSetting.get().shipped


def test_two_who_change_the_same_ladder_do_not_overwrite_each_other(town: Town) -> None:
    browser = town.client("administrator")
    assert browser.submit(PAGE, TYPED).status_code == 303
    assert browser.submit(PAGE, {**TYPED, "repeat_days": "5"}).status_code == 409
    assert browser.submit(f"{PAGE}/reset", {"reset-reason": "Back", "reset-version": "0"}).status_code == 409
    assert LadderSetting.get().repeat_days == 2
    assert browser.submit(PAGE, {**TYPED, "version": "x"}).status_code == 409


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"before": "seven"}, "whole numbers of days"),
        ({"before": "7, 1"}, "Keep 0 in the list"),
        ({"repeat_days": "0"}, "from 1 to 60"),
        ({"head_after": "9", "administrator_after": "3"}, "when the head hears"),
        ({"reason": " "}, "Say why"),
        ({"press": "preview", "day": "2026-11-22"}, "from today on"),
        ({"press": "preview", "day": "2027-06-01"}, "at most 60 days ahead"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(town: Town, typed: dict[str, str], said: str) -> None:
    answer = town.client("administrator").submit(PAGE, {**TYPED, **typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed.get("before", "14, 7, 0")}"' in answer.text
    assert LadderSetting.select().count() == 0


def test_there_is_no_ladder_of_a_kind_that_does_not_exist(town: Town) -> None:
    browser = town.client("administrator")
    assert browser.get("/settings/reminders/none").status_code == 404
    assert browser.submit("/settings/reminders/none", TYPED).status_code == 404
    assert browser.submit("/settings/reminders/none/reset", {"reset-version": "1"}).status_code == 404


def test_a_rung_told_before_the_change_is_not_told_again(town: Town) -> None:
    parts = with_kinds(town, duty(MONDAY))
    send_digests(parts)
    choose(town, parts)
    told(clear=True)
    town.clock.at = at(date(2026, 11, 24), 9)
    # A day late, by the new ladder: the head hears too, and the day itself is not told twice.
    assert send_digests(parts) == "Queued 2 digests."
    assert "Overdue since Mon, Nov 23" in told()["coordinator.library"]


def test_the_review_of_a_site_is_no_legal_clock_and_the_hide_is_one(parts: Parts) -> None:
    kinds = {kind.name: kind for kind in parts.register.kinds}
    assert not REVIEW_SITE.legal_clock
    assert kinds["decide_emergency"].legal_clock
    assert kinds["incident.take_up"].legal_clock
    assert not any(kind.legal_clock and kind.courtesy for kind in kinds.values())
