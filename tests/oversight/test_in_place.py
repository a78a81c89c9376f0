"""Duties done in their row of My work: by who owes them, with everything the feature's own page would refuse."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.access.models import ReviewedGrant
from charlton_intranet.access.rules import Asked
from charlton_intranet.access.service import reviews
from charlton_intranet.core import audit
from charlton_intranet.moderation.models import Case, Consultation
from charlton_intranet.moderation.rules import CaseState, Position
from charlton_intranet.reviews.models import Review
from charlton_intranet.reviews.rules import Result
from charlton_intranet.sites.models import Site, YearlyAnswer
from charlton_intranet.sites.rules import SiteState
from charlton_intranet.web.in_place import all_offered
from tests.conftest import Town
from tests.grants import factories as grants
from tests.moderation import factories as cases
from tests.sites import factories as sites

PART = {"HX-Request": "true"}


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


@dataclass(frozen=True)
class Kind:
    """A kind that is done in place: ``build`` returns the record and its version.

    ``stale`` is what a press carries that was made from an older page. ``comes_back``: the next one is owed at once.
    """

    owner: str
    build: Callable[[Town], tuple[int, int]]
    press: dict[str, str]
    wrong: dict[str, str]
    is_done: Callable[[int], bool]
    reader: str
    stranger: str
    stale: dict[str, str] = field(default_factory=lambda: {"version": "977"})
    comes_back: bool = False


def _consulting(town: Town) -> tuple[int, int]:
    case = cases.consulting(town)
    return case.id, case.version


def _requested(town: Town) -> tuple[int, int]:
    site = sites.site(town, state=SiteState.REQUESTED)
    return site.id, site.version


def _year_over(town: Town) -> tuple[int, int]:
    site = sites.site(town)
    town.clock.advance(days=350)
    return site.id, site.version


def _question(town: Town) -> tuple[int, int]:
    grant = grants.approved(town, "user.library", sites.site(town))
    reviews.open_now(town.actor("administrator"), pressed="2026-Q4", clock=town.clock)
    row = ReviewedGrant.get(ReviewedGrant.grant == grant)
    reviews.ask(
        town.actor("head.library"), row.id, row.version, asked=Asked.PERSON, question="Still needed?", clock=town.clock
    )
    return row.id, ReviewedGrant.get_by_id(row.id).version


def _look(town: Town) -> tuple[int, int]:
    site = sites.site(town)
    town.clock.advance(days=7)
    return site.id, 0


KINDS = {
    "review_site": Kind(
        "coordinator.library", _look, {"due_on": "2026-11-30"}, {"due_on": ""},
        lambda n: Review.select().where((Review.site == n) & (Review.result == Result.CLEAN)).exists(),
        "auditor", "coordinator.police", {"due_on": "2026-11-23"}, comes_back=True,
    ),
    "advise_case": Kind(
        "head.library", _consulting, {"position": "violation", "text": "A reasonable person would fear this."},
        {"position": "violation", "text": ""}, lambda n: Case.get_by_id(n).state is CaseState.ADVISED,
        "auditor", "head.police",
    ),
    "site.advise": Kind(
        "it", _requested, {"recommended": "no", "text": "The mailbox is private."},
        {"recommended": "no", "text": ""}, lambda n: Site.get_by_id(n).state is SiteState.ADVISED,
        "auditor", "coordinator.police",
    ),
    "site.answer_need": Kind(
        "head.library", _year_over, {"decision": "needed", "text": ""}, {"decision": "over", "text": ""},
        lambda n: YearlyAnswer.select().where(YearlyAnswer.site == n).exists(), "auditor", "head.police",
    ),
    "access.reply": Kind(
        "user.library", _question, {"reply": "Yes, for the weekly program."}, {"reply": ""},
        lambda n: ReviewedGrant.get_by_id(n).reply != "", "auditor", "employee",
    ),
}  # fmt: skip
EACH = pytest.mark.parametrize("name", sorted(KINDS))


def url(name: str, record_id: int) -> str:
    return f"/work/{name}/{record_id}"


@EACH
def test_a_row_opens_says_what_it_leaves_and_is_done_in_place(town: Town, name: str) -> None:
    kind = KINDS[name]
    record_id, version = kind.build(town)
    client = town.client(kind.owner)
    assert f'hx-get="{url(name, record_id)}"' in text_of(client.get("/"))
    opened = client.part(url(name, record_id))
    assert opened.status_code == 200
    assert 'class="leaves"' in text_of(opened)
    assert f'name="version" value="{version}"' in text_of(opened)
    assert not kind.is_done(record_id)

    answer = client.submit(url(name, record_id), {**kind.press, "version": str(version)}, headers=PART)
    assert answer.status_code == 200
    assert kind.is_done(record_id)
    page = text_of(answer)
    assert "is-done" in page
    assert 'hx-swap-oob="true"><b>0</b> ' in page
    assert 'id="flash"' in page
    assert (url(name, record_id) in text_of(client.get("/"))) == kind.comes_back


@EACH
def test_without_javascript_the_same_form_stands_on_a_page_of_its_own(town: Town, name: str) -> None:
    kind = KINDS[name]
    record_id, version = kind.build(town)
    client = town.client(kind.owner)
    assert "<html" in text_of(client.get(url(name, record_id)))
    answer = client.submit(url(name, record_id), {**kind.press, "version": str(version)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert kind.is_done(record_id)


@EACH
def test_what_is_missing_comes_back_with_what_was_typed(town: Town, name: str) -> None:
    kind = KINDS[name]
    record_id, version = kind.build(town)
    answer = town.client(kind.owner).submit(url(name, record_id), {**kind.wrong, "version": str(version)}, headers=PART)
    assert answer.status_code == 422
    assert 'id="error-summary"' in text_of(answer)
    assert f'name="version" value="{version}"' in text_of(answer)
    assert not kind.is_done(record_id)


@EACH
def test_nobody_else_opens_or_presses_it_and_nothing_is_left_behind(town: Town, name: str) -> None:
    kind = KINDS[name]
    record_id, version = kind.build(town)
    before = audit.head()
    for box, statuses in ((kind.reader, {403}), (kind.stranger, {403, 404})):
        client = town.client(box)
        assert client.get(url(name, record_id)).status_code in statuses
        assert client.submit(url(name, record_id), {**kind.press, "version": str(version)}).status_code in statuses
    assert town.client(kind.owner).get(url(name, 999_999)).status_code == 404
    assert audit.head() == before
    assert not kind.is_done(record_id)


@EACH
def test_a_second_press_and_a_stale_one_change_nothing(town: Town, name: str) -> None:
    kind = KINDS[name]
    record_id, version = kind.build(town)
    client = town.client(kind.owner)
    stale = client.submit(url(name, record_id), {**kind.press, **kind.stale}, headers=PART)
    assert stale.status_code == 409
    assert not kind.is_done(record_id)
    press = {**kind.press, "version": str(version)}
    assert client.submit(url(name, record_id), press, headers=PART).status_code == 200
    before = audit.head()
    assert client.submit(url(name, record_id), press, headers=PART).status_code == (200 if kind.comes_back else 409)
    assert client.get(url(name, record_id)).status_code == (200 if kind.comes_back else 409)
    assert audit.head() == before


@EACH
def test_closing_a_row_shows_it_as_it_was(town: Town, name: str) -> None:
    kind = KINDS[name]
    record_id, _ = kind.build(town)
    shut = text_of(town.client(kind.owner).part(url(name, record_id) + "?shut=yes"))
    assert "<form" not in shut
    assert f'hx-get="{url(name, record_id)}"' in shut


def test_the_advice_given_in_its_row_is_the_advice_of_the_case_page(town: Town) -> None:
    case = cases.consulting(town)
    opened = text_of(town.client("head.library").part(url("advise_case", case.id)))
    assert "burn that branch down tonight" in opened
    assert "A threat to set fire to the branch." in opened
    town.client("head.library").submit(
        url("advise_case", case.id), {**KINDS["advise_case"].press, "version": str(case.version)}, headers=PART
    )
    given = Consultation.get(Consultation.case == case.id)
    assert (given.position, given.text, given.given_by_id) == (
        Position.VIOLATION, "A reasonable person would fear this.", town.person_id("head.library"),
    )  # fmt: skip


def test_what_asks_for_a_fresh_password_is_not_done_in_its_row(town: Town) -> None:
    """The row has no view of its own with the mark, so such a kind must not be offered."""
    assert all_offered() == set(KINDS)
    grants.designated(town, "employee", sites.site(town))
    page = text_of(town.client("administrator").get("/"))
    assert "Decide on a designation" in page
    assert "hx-get=" not in page[page.index("Decide on a designation") : page.index('id="waits"')]


def test_opening_a_row_costs_the_same_whatever_else_is_owed(town: Town) -> None:
    case, client = cases.consulting(town), town.client("head.library")
    cases.copies(case, 9)
    client.part(url("advise_case", case.id))
    with count_queries() as of_ten:
        client.part(url("advise_case", case.id))
    cases.copies(case, 290)
    with count_queries() as of_many:
        client.part(url("advise_case", case.id))
    assert of_many.count == of_ten.count
