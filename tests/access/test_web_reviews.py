"""The pages of access reviews and of questions about grants."""

from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.access.models import AccessReview, ReviewedGrant
from charlton_intranet.access.queries import reviews as queries
from charlton_intranet.access.rules import Answer
from charlton_intranet.access.service import reviews as service
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import GrantState
from tests.access.factories import TWO_ADMINS, allowed, enter, page_with_admins
from tests.access.test_web_admins import words
from tests.conftest import Town


@pytest.fixture
def review(town: Town) -> int:
    """A review with two grants in order (Cody, Uma) and one with a flag (Edith)."""
    where = page_with_admins(town)
    allowed(town, "user.library", where)
    allowed(town, "employee", where)
    town.clock.advance(minutes=1)
    enter(town, where, f"{TWO_ADMINS}\nUma Reyes, Editor\nEdith Lowe, Editor")
    return service.open_now(town.actor("administrator"), clock=town.clock)


def row_of(town: Town, name: str) -> Any:
    page = queries.rows_page(town.actor("administrator"), AccessReview.get().id, town.today)
    return next(row for row in page.rows if row.person == name)


def test_the_list_says_how_far_each_review_is(town: Town, review: int) -> None:
    page = words(town.client("auditor").get("/access/reviews"))
    assert "2026-Q4 Open" in page
    assert "0 of 3" in page
    assert "Open the review of" not in page
    assert "Open the review of 2027-Q1 now" in words(town.client("administrator").get("/access/reviews"))
    assert review


def test_the_administrator_opens_one_and_a_second_press_of_the_next_is_stale(town: Town, review: int) -> None:
    browser, pressed = town.client("administrator"), {"quarter": "2027-Q1"}
    assert 'name="quarter" value="2027-Q1"' in browser.get("/access/reviews").get_data(as_text=True)
    answer = browser.submit("/access/reviews", pressed, follow_redirects=True)
    assert "Access review 2027-Q1" in words(answer)
    assert browser.submit("/access/reviews", pressed).status_code == 409
    assert town.client("head.library").submit("/access/reviews", pressed).status_code == 403
    assert review != AccessReview.select().order_by(AccessReview.id.desc()).get().id


def test_a_second_press_does_not_open_the_quarter_after_the_one_it_names(town: Town) -> None:
    page_with_admins(town)
    browser, pressed = town.client("administrator"), {"quarter": "2026-Q4"}
    assert browser.submit("/access/reviews", pressed).status_code == 303
    assert browser.submit("/access/reviews", pressed).status_code == 409
    assert browser.submit("/access/reviews").status_code == 409
    assert AccessReview.get().closed_at is None


def test_the_head_keeps_many_and_is_told_of_each_that_was_not(town: Town, review: int) -> None:
    browser = town.client("head.library")
    page = browser.get(f"/access/reviews/{review}")
    cody, uma, edith = (row_of(town, name) for name in ("Cody Barnes", "Uma Reyes", "Edith Lowe"))
    html = page.get_data(as_text=True)
    assert f'value="{uma.id}.1"' in html
    assert f'value="{edith.id}.1"' not in html
    assert "Other department" in words(page)
    ticked = {"grant": [f"{cody.id}.1", f"{uma.id}.9", f"{edith.id}.1", "junk", "9999999999999.1"]}
    answer = browser.submit(f"/access/reviews/{review}/keep", ticked, follow_redirects=True)
    said = words(answer)
    assert "1 kept." in said
    assert "Somebody changed this record" in said
    assert "it has a flag, so answer it by itself" in said
    assert [row.answer for row in ReviewedGrant.select().order_by(ReviewedGrant.id)].count(Answer.KEPT) == 1
    assert "Nothing was ticked." in words(browser.submit(f"/access/reviews/{review}/keep", follow_redirects=True))


def test_htmx_gets_the_grants_alone(town: Town, review: int) -> None:
    part = town.client("head.library").part(f"/access/reviews/{review}?open=yes").get_data(as_text=True)
    assert part.startswith('<div id="review">')
    assert "<html" not in part


def test_one_grant_is_revoked_with_a_reason(town: Town, review: int) -> None:
    browser, edith = town.client("head.library"), row_of(town, "Edith Lowe")
    url = f"/access/reviews/grants/{edith.id}"
    assert "Works for Highway today." in words(browser.get(url))
    for sent in (
        {},
        {"answer": "revoke"},
        {"answer": "keep"},
        {"answer": "ask"},
        {"answer": "keep", "note": "x" * 3000},
    ):
        assert browser.submit(url, {"version": "1", **sent}).status_code == 422, sent
    answer = browser.submit(url, {"version": "1", "answer": "nonsense", "note": "typed words"})
    assert answer.status_code == 422
    assert "typed words" in words(answer)
    assert browser.submit(url, {"version": "7", "answer": "revoke", "note": "Left."}).status_code == 409
    sent = {"version": "1", "answer": "revoke", "note": "The fair is over."}
    assert "Edith Lowe on Charlton Public Library: revoked." in words(browser.submit(url, sent, follow_redirects=True))
    assert Grant.get_by_id(edith.grant_id).state is GrantState.REVOKED
    assert browser.submit(url, sent).status_code == 409
    assert "The fair is over." in words(browser.get(url))
    assert review


def test_a_question_is_asked_and_replied_to(town: Town, review: int) -> None:
    head, uma = town.client("head.library"), row_of(town, "Uma Reyes")
    sent = {"version": "1", "answer": "ask", "asked": "person", "note": "Do you still post?"}
    assert head.submit(f"/access/reviews/grants/{uma.id}", sent).status_code == 303
    url = f"/access/questions/{uma.id}"
    browser = town.client("user.library")
    assert "Do you still post?" in words(browser.get(url))
    assert browser.submit(url, {"version": "2", "reply": ""}).status_code == 422
    assert browser.submit(url, {"version": "1", "reply": "Yes."}).status_code == 409
    answer = browser.submit(url, {"version": "2", "reply": "Every <b>week</b>."}, follow_redirects=True)
    assert "Your reply is on record." in words(answer)
    assert "&lt;b&gt;week" in head.get(f"/access/reviews/grants/{uma.id}").get_data(as_text=True)
    for box, status in (("employee", 404), ("head.police", 404), ("auditor", 200), ("coordinator.library", 200)):
        assert town.client(box).get(url).status_code == status, box
    assert town.client("auditor").submit(url, {"version": "3", "reply": "x"}).status_code == 403
    assert town.client("user.library").get(f"/access/questions/{row_of(town, 'Edith Lowe').id}").status_code == 404
    assert review


@pytest.mark.parametrize(
    ("box", "read", "write"),
    [
        ("administrator", 200, 303), ("it", 200, 403), ("auditor", 200, 403), ("records", 200, 403),
        ("coordinator.library", 200, 403), ("head.police", 404, 404), ("coordinator.police", 404, 403),
        ("user.library", 403, 403), ("employee", 403, 403),
    ],
)  # fmt: skip
def test_who_reads_and_who_answers(town: Town, review: int, box: str, read: int, write: int) -> None:
    browser, row = town.client(box), row_of(town, "Cody Barnes")
    assert browser.get(f"/access/reviews/grants/{row.id}").status_code == read
    sent = {"version": "1", "answer": "keep", "note": "Needed."}
    assert browser.submit(f"/access/reviews/grants/{row.id}", sent).status_code == write
    listed = browser.get(f"/access/reviews/{review}")
    assert listed.status_code == (403 if read == 403 else 200)
    assert ("Cody Barnes" in words(listed)) == (read == 200)


def test_what_is_not_there_is_404(town: Town, review: int) -> None:
    browser = town.client("administrator")
    for path in ("/access/reviews/999999", "/access/reviews/grants/999999", "/access/questions/999999"):
        assert browser.get(path).status_code == 404
    assert browser.submit("/access/reviews/999999/keep").status_code == 404
    assert browser.get(f"/access/reviews/{review}/keep").status_code == 405


def test_a_page_of_a_review_costs_the_same_with_more_grants(town: Town, review: int) -> None:
    with count_queries() as few:
        assert queries.rows_page(town.actor("head.library"), review, town.today, size=1).next_key
    with count_queries() as many:
        assert len(queries.rows_page(town.actor("head.library"), review, town.today).rows) == 3
    assert few.count == many.count
    with count_queries() as page:
        town.client("head.library").get(f"/access/reviews/{review}")
    assert page.count <= 20
