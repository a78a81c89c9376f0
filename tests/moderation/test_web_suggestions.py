"""Marks in the words of a case, and the page that turns helpers off."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.moderation.models import Case, SuggestionChoice
from charlton_intranet.moderation.suggestions import NAMES
from tests.conftest import Town
from tests.moderation import factories

URL = "/settings/suggestions"
LOUD = "I will kill you, <b>Bob</b>. Call 508-555-0123."


def page(town: Town, path: str, box: str = "coordinator.library") -> str:
    answer = town.client(box).get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def marks(html: str) -> list[tuple[str, str]]:
    """What is marked in the words, and for what."""
    return [(unescape(words), unescape(why)) for why, words in re.findall(r'<mark title="([^"]*)">(.*?)</mark>', html)]


def choose(town: Town, box: str = "administrator", **form: Any) -> Any:
    return town.client(box).submit(URL, {"version": "0", "enabled": "y", "on": list(NAMES), **form})


@pytest.mark.parametrize("path", ["/triage/{}", "/triage?case={}"])
def test_the_words_are_marked_and_stay_words(town: Town, path: str) -> None:
    case = factories.case(town, LOUD)
    html = page(town, path.format(case.id))
    assert marks(html) == [
        ("I will kill you", "says what the writer will do to somebody (J)"),
        ("508-555-0123", "a telephone number: whose is it? (K)"),
    ]
    words = re.search(r'<blockquote class="quote__words"[^>]*>(.*?)</blockquote>', html, re.DOTALL)
    assert words is not None
    assert unescape(re.sub(r"</?mark[^>]*>", "", words[1])) == LOUD
    assert "&lt;b&gt;Bob" in words[1]
    listed = html[html.index('id="suggestions"') : html.index("</details>", html.index('id="suggestions"'))]
    assert "Words that may matter (2); you decide" in listed
    assert listed.index("I will kill you") < listed.index("508-555-0123")


def test_nothing_is_chosen_by_a_mark(town: Town) -> None:
    case = factories.case(town, LOUD)
    html = page(town, f"/triage/{case.id}")
    boxes = re.findall(r'<input[^>]*name="categories"[^>]*>', html)
    assert len(boxes) == 11
    assert not any("checked" in box for box in boxes)


def test_a_press_fills_the_words_in_question_and_a_second_adds_to_them(town: Town) -> None:
    case = factories.advised(town, LOUD)
    html = page(town, f"/triage/{case.id}", "administrator")
    links = [unescape(link) for link in re.findall(r'<a href="([^"]*)" data-uses=', html)]
    assert links == [f"/triage/{case.id}?use=0-15#now", f"/triage/{case.id}?use=34-46#now"]
    html = page(town, links[0].removesuffix("#now"), "administrator")
    assert quoted(html) == "I will kill you"
    links = [unescape(link) for link in re.findall(r'<a href="([^"]*)" data-uses=', html)]
    assert quoted(page(town, links[1].removesuffix("#now"), "administrator")) == "I will kill you\n\n508-555-0123"


@pytest.mark.parametrize("place", ["5-5", "9-2", "0-999999", "x", "1-2-3", "%00"])
def test_a_place_that_is_none_fills_nothing(town: Town, place: str) -> None:
    case = factories.advised(town, LOUD)
    assert quoted(page(town, f"/triage/{case.id}?use={place}", "administrator")) == ""


def quoted(html: str) -> str:
    """What stands in the field of the words in question."""
    found = re.search(r'<textarea[^>]*name="quote"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert found is not None
    return unescape(found[1]).replace("\r", "").strip()


def test_words_that_say_nothing_have_no_list(town: Town) -> None:
    html = page(town, f"/triage/{factories.case(town, 'Thank you for the new benches.').id}")
    assert marks(html) == []
    assert 'id="suggestions"' not in html


def test_a_text_full_of_marks_shows_the_first_hundred(town: Town) -> None:
    html = page(town, f"/triage/{factories.case(town, 'fuck ' * 3000).id}")
    assert len(marks(html)) == 100
    assert "Words that may matter (1 or more); you decide" in html


def test_the_same_words_on_the_site_within_days_are_named(town: Town) -> None:
    words = "Buy two and get three, thanks."
    first, other = factories.case(town, words), factories.case(town, words, department="Police")
    second = factories.case(town, words)
    html = page(town, f"/triage/{second.id}")
    assert f'The same words stand in <a href="/triage/{first.id}">case {first.id}</a> of this site' in html
    assert f"/triage/{other.id}" not in html
    Case.update(seen_at=town.clock.now() - timedelta(days=8)).where(Case.id == first.id).execute()
    assert "The same words stand" not in page(town, f"/triage/{second.id}")


def test_one_helper_or_all_can_be_turned_off_and_the_trail_knows(town: Town) -> None:
    case = factories.case(town, LOUD)
    assert choose(town, on=[name for name in NAMES if name != "threat"]).status_code == 303
    assert [words for words, _ in marks(page(town, f"/triage/{case.id}"))] == ["508-555-0123"]
    assert choose(town, version="1", enabled="").status_code == 303
    assert marks(page(town, f"/triage/{case.id}")) == []
    assert choose(town, version="2").status_code == 303
    assert len(marks(page(town, f"/triage/{case.id}"))) == 2
    events = AuditEvent.select().where(AuditEvent.tag == "suggestions.chosen").order_by(AuditEvent.number)
    told = [event.detail for event in events]
    assert len(told) == 3
    assert '"off":"threat"' in told[0]
    assert '"off_before":"threat"' in told[1]
    shown = page(town, URL, "administrator")
    assert "Chosen by Ruth Okafor" in shown


def test_the_page_says_what_each_helper_looks_for_and_where_that_comes_from(town: Town) -> None:
    html = page(town, URL, "auditor")
    assert "POMS RM 10201.035" in html
    assert html.count('data-label="State"') == len(NAMES)
    assert "Save this choice" not in html


@pytest.mark.parametrize("box", ["auditor", "coordinator.library", "head.library", "it", "records"])
def test_only_the_administrator_chooses(town: Town, box: str) -> None:
    assert choose(town, box).status_code == 403
    assert not SuggestionChoice.select().exists()


def test_a_choice_from_an_old_page_changes_nothing(town: Town) -> None:
    assert choose(town, on=[]).status_code == 303
    assert choose(town, version="0").status_code == 409
    assert choose(town, version="x").status_code == 409
    assert SuggestionChoice.get().version == 1


def test_an_unknown_helper_is_refused_and_the_ticks_stay(town: Town) -> None:
    answer = choose(town, on=["profanity", "mind_reading"])
    assert answer.status_code == 422
    assert not SuggestionChoice.select().exists()
    assert re.search(r'<input[^>]*checked[^>]*value="profanity"', answer.get_data(as_text=True))
