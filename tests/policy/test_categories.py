"""Editions of the categories: shown, compared, published by the Town Administrator, never changed."""

from datetime import date
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core import audit
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.models import CategoryEdition
from charlton_intranet.policy.rules import CATEGORIES, Category, Risk, check_edition, differences
from tests.conftest import Town

WHY = "Counsel's advice of November 20, after a judgment."
URL = "/policy/categories/new"


def changed(letter: str = "A", **other: Any) -> dict[str, Category]:
    """The edition in force with one category judged differently."""
    entries = dict(queries.categories().by_letter)
    facts = {name: getattr(entries[letter], name) for name in Category.__slots__}
    return entries | {letter: Category(**(facts | other))}


def publish(town: Town, entries: dict[str, Category], **other: Any) -> int:
    facts: dict[str, Any] = {"why": WHY}
    return service.publish_edition(
        town.actor("administrator"), queries.categories().number, entries, clock=town.clock, **(facts | other)
    )


def posted(**other: Any) -> dict[str, Any]:
    """The form of the edition in force, as a browser would send it."""
    sent: dict[str, Any] = {"number": str(queries.categories().number), "why": WHY}
    for letter, category in queries.categories().by_letter.items():
        sent |= {f"test_{letter}": category.test, f"risk_{letter}": category.risk, f"guard_{letter}": category.guard}
        sent |= {f"{name}_{letter}": "y" for name in ("alone", "counsel", "hide_at_once") if getattr(category, name)}
    return sent | other


def test_the_first_edition_is_what_the_app_shipped_with(town: Town) -> None:
    present = queries.categories()
    assert (present.number, dict(present.by_letter)) == (1, CATEGORIES)
    with count_queries() as counted:
        queries.categories()
    assert counted.count == 1


def test_another_edition_counts_from_now_on_and_the_one_before_stays(town: Town) -> None:
    assert publish(town, changed("D", counsel=True, test="Does it sell something?")) == 2
    present, before = queries.categories(), queries.categories_at(1)
    assert (present.by_letter["D"].counsel, present.by_letter["D"].test) == (True, "Does it sell something?")
    assert dict(before.by_letter) == CATEGORIES
    assert [(one.number, one.published_by) for one in queries.editions()] == [(2, "Ruth Okafor"), (1, "")]
    assert audit.verify().fault is None


def test_the_words_are_the_policys(town: Town) -> None:
    publish(town, changed("A", words="Anything rude", test="Is it rude?"))
    assert queries.categories().by_letter["A"].words == CATEGORIES["A"].words


@pytest.mark.parametrize(
    ("letter", "other", "told", "problem"),
    [
        ("A", {"test": " "}, {}, "test_A"),
        ("A", {"guard": "x" * 501}, {}, "guard_A"),
        ("A", {"hide_at_once": True}, {}, "hide_at_once_A"),
        ("G", {"counsel": False}, {}, "counsel_G"),
        ("I", {"counsel": False}, {}, "counsel_I"),
        ("I", {"alone": True}, {}, "counsel"),
        ("I", {"alone": True}, {"counsel": "Hale"}, "counsel"),
        ("I", {"alone": True}, {"signed_on": date(2026, 11, 20)}, "counsel"),
        ("I", {"alone": True}, {"counsel": "Hale", "signed_on": date(2030, 1, 1)}, "signed_on"),
        ("A", {"counsel": True}, {"why": "  "}, "why"),
        ("A", {}, {}, "why"),
    ],
)
def test_what_an_edition_may_not_say(
    town: Town, letter: str, other: dict[str, Any], told: dict[str, Any], problem: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        publish(town, changed(letter, **other), **told)
    assert refusal.value.problems.keys() == {problem}
    assert queries.categories().number == 1


def test_category_i_may_stand_alone_once_counsel_has_signed(town: Town) -> None:
    publish(town, changed("I", alone=True), counsel="Amara Hale, town counsel", signed_on=town.today)
    assert queries.categories().by_letter["I"].alone
    assert (queries.editions()[0].counsel, queries.editions()[0].signed_on) == ("Amara Hale, town counsel", town.today)


def test_all_problems_are_told_at_once() -> None:
    bad = {letter: Category(letter, "Words", "", Risk.LOW, "", counsel=True) for letter in CATEGORIES}
    with pytest.raises(Invalid) as refusal:
        check_edition(bad, why="", counsel="", signed_on=None, today=date(2026, 1, 1))
    assert len(refusal.value.problems) == 2 * 11 + 2  # each test and guard; why, and counsel for category I


def test_differences_name_category_field_before_and_after() -> None:
    after = CATEGORIES | {"C": Category("C", CATEGORIES["C"].words, "Is it obscene?", Risk.LOW, "Guard", counsel=True)}
    found = [(one.letter, one.what, one.after) for one in differences(CATEGORIES, after)]
    assert found == [
        ("C", "Ask first", "Is it obscene?"), ("C", "Legal risk", "low"), ("C", "Guard", "Guard"),
        ("C", "Counsel first", "Yes"),
    ]  # fmt: skip


@pytest.mark.parametrize("box", ["auditor", "coordinator.library", "head.library", "it", "records"])
def test_only_the_town_administrator_publishes(town: Town, box: str) -> None:
    with pytest.raises(Forbidden):
        service.publish_edition(town.actor(box), 1, changed("A", counsel=True), why=WHY, clock=town.clock)
    assert town.client(box).get(URL).status_code == 403
    assert town.client(box).submit(URL, posted(counsel_A="y")).status_code == 403
    assert not CategoryEdition.select().where(CategoryEdition.number == 2).exists()


def test_two_at_once_make_one_edition(town: Town) -> None:
    entries = changed("A", counsel=True)
    publish(town, entries)
    with pytest.raises(StaleState):
        service.publish_edition(town.actor("administrator"), 1, entries, why=WHY, clock=town.clock)
    assert queries.categories().number == 2


def test_everybody_reads_test_risk_guard_and_law(town: Town) -> None:
    page = town.client("employee").get("/policy/categories").get_data(as_text=True)
    assert "Which law or duty does the disclosure breach?" in page
    assert "Barron v. Kolenda" in page
    assert "Never the only ground until counsel has signed." in page
    assert "Prepare a new edition" not in page
    assert "Prepare a new edition" in town.client("administrator").get("/policy/categories").get_data(as_text=True)


def test_an_older_edition_stays_readable_and_says_so(town: Town) -> None:
    publish(town, changed("D", test="Does it sell something?"))
    browser = town.client("employee")
    old = browser.get("/policy/categories/1").get_data(as_text=True)
    assert "Does it sell or advertise something?" in old
    assert "This edition has been followed by another" in old
    new = browser.get("/policy/categories/2").get_data(as_text=True)
    assert "What edition 2 changed" in new
    assert browser.get("/policy/categories/3").status_code == 404
    assert browser.get("/policy/categories/x").status_code == 404
    with pytest.raises(NotFound):
        queries.categories_at(0)


def test_what_is_published_was_shown_before(town: Town) -> None:
    browser = town.client("administrator")
    first = browser.submit(URL, posted(counsel_A="y"))
    page = first.get_data(as_text=True)
    assert first.status_code == 200
    assert "What edition 2 would change" in page
    assert queries.categories().number == 1
    shown = page.split('name="shown" type="hidden" value="')[1].split('"')[0]
    # Something else than what was shown comes back with its own differences.
    browser.submit(URL, posted(counsel_A="y", counsel_D="y", shown=shown))
    assert queries.categories().number == 1
    assert browser.submit(URL, posted(counsel_A="y", shown=shown)).status_code == 303
    assert queries.categories().by_letter["A"].counsel
    assert not queries.categories().by_letter["D"].counsel


def test_a_refused_edition_keeps_what_was_typed(town: Town) -> None:
    answer = town.client("administrator").submit(URL, posted(alone_I="y", guard_A="Ask counsel twice."))
    assert answer.status_code == 422
    assert "Ask counsel twice." in answer.get_data(as_text=True)
    assert "Name the counsel" in answer.get_data(as_text=True)


def test_a_stale_edition_answers_409(town: Town) -> None:
    sent, browser = posted(counsel_A="y"), town.client("administrator")
    publish(town, changed("B", test="Is there a threat?"))
    stale = browser.submit(URL, sent | {"guard_A": "Ask counsel twice."})
    assert stale.status_code == 409
    assert "Ask counsel twice." in stale.get_data(as_text=True)
    assert queries.categories().number == 2
