"""Recorded exceptions: who may record one, what is kept, and who reads them where."""

from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import RecordedException
from charlton_intranet.accounts.service.exceptions import MAX_REASON, must_not_be_own
from charlton_intranet.core.audit import AuditEvent, digest_of
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Forbidden, Invalid
from charlton_intranet.core.permissions import SYSTEM, Actor
from tests.conftest import Town

REASON = "  Nobody else is in office\nbefore Friday, and the mailing can not wait. "


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def settle(
    town: Town, reason: str = REASON, *, own: bool = True, subject: str = "site:12", actor: Actor | None = None
) -> None:
    with unit_of_work():
        must_not_be_own(
            actor or town.actor("administrator"), own=own, exception=reason, step="decide on the site", subject=subject,
            clock=town.clock,
        )  # fmt: skip


def test_the_reason_is_kept_to_the_letter_and_told_in_the_trail(town: Town) -> None:
    settle(town)
    kept = RecordedException.get()
    assert (kept.reason, kept.step, kept.subject) == (REASON, "decide on the site", "site:12")
    assert kept.person_id == town.person_id("administrator")
    event = AuditEvent.get(AuditEvent.tag == "exception.recorded")
    assert digest_of(REASON) in event.detail
    assert "Friday" not in event.detail


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [
        ("", Forbidden),
        (" \n\t ", Forbidden),
        ("I may.", Invalid),
        ("I   " + " " * 40 + "may.", Invalid),
        ("x" * (MAX_REASON + 1), Invalid),
    ],
)
def test_a_reason_is_a_sentence(town: Town, reason: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        settle(town, reason)
    assert not RecordedException.select().exists()


def test_conduct_knows_no_exception_and_the_app_itself_has_no_own_matter(town: Town) -> None:
    with pytest.raises(Forbidden):
        settle(town, subject="conduct:3")
    with pytest.raises(Forbidden):
        settle(town, actor=SYSTEM)
    assert not RecordedException.select().exists()


def test_a_matter_of_somebody_else_needs_and_leaves_none(town: Town) -> None:
    settle(town, own=False)
    assert not RecordedException.select().exists()


@pytest.mark.parametrize("box", ["administrator", "auditor"])
def test_the_list_says_who_what_why_and_leads_to_the_record(town: Town, box: str) -> None:
    settle(town)
    settle(town, "<b>Only I</b> am in the town hall today.", subject="unknown:7")
    browser = town.client(box)
    page = text_of(browser.get("/oversight/exceptions"))
    assert "Ruth Okafor" in page
    assert 'Decide on the site: <a href="/sites/12">site 12</a>' in page
    assert "before Friday, and the mailing can not wait." in page
    assert "&lt;b&gt;Only I&lt;/b&gt; am in the town hall today." in page
    assert "unknown 7" in page
    settle(town, subject=f"person:{town.person_id('user.library')}")
    assert f'<a href="/people/{town.person_id("user.library")}">Uma Reyes</a>' in text_of(
        browser.get("/oversight/exceptions")
    )
    assert page.index("town hall") < page.index("before Friday"), "newest first"
    board = text_of(browser.get("/oversight"))
    assert '<a href="/oversight/exceptions">Exceptions <span class="count">3</span></a>' in board


@pytest.mark.parametrize("box", ["it", "records", "head.library", "coordinator.library", "employee"])
def test_nobody_else_reads_them(town: Town, box: str) -> None:
    settle(town)
    browser = town.client(box)
    assert browser.get("/oversight/exceptions").status_code == 403
    assert "/oversight/exceptions" not in browser.get("/oversight").get_data(as_text=True)


def test_nothing_recorded_says_so_and_it_is_read_only(town: Town) -> None:
    browser = town.client("auditor")
    assert "No exception was recorded" in text_of(browser.get("/oversight/exceptions"))
    assert browser.submit("/oversight/exceptions").status_code == 405


def test_they_come_in_pages_at_the_same_cost(town: Town) -> None:
    browser, costs, first = town.client("auditor"), [], ""
    for number in (1, 60):
        for n in range(number):
            settle(town, f"Nobody else could settle number {n} of these.")
        with count_queries() as counted:
            first = browser.get("/oversight/exceptions").get_data(as_text=True)
        costs.append(counted.count)
    assert costs == [5, 5]
    assert first.count('id="exception-') == 50
    url = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert browser.get(url).get_data(as_text=True).count('id="exception-') == 11
