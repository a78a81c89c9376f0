"""What changed between two versions, and who is shown it."""

import re
import time
from typing import Any

import pytest

from charlton_intranet.policy.comparing import Kind, Piece, compare, words
from charlton_intranet.policy.models import PolicyDocument
from charlton_intranet.policy.rules import Change
from tests.conftest import Town
from tests.policy import factories

NEW = factories.TEXT.replace("profane words;", "profane or vulgar words;").replace(
    "3.6 Site Content", "3.5 Authenticity\n\nEach page says that it is the town's.\n\n3.6 Site Content"
)


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def marked(pieces: list[Piece]) -> str:
    marks = {Kind.SAME: "{}", Kind.ADDED: "+{}+", Kind.REMOVED: "-{}-"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


def changes(before: str, after: str) -> list[tuple[str, str, list[str]]]:
    return [(one.title, one.kind.value, [marked(line) for line in one.lines]) for one in compare(before, after).changes]


def test_words_within_a_line_are_told_apart() -> None:
    assert changes(factories.TEXT, NEW) == [
        ("3.5 Authenticity", "added", ["+Each page says that it is the town's.+"]),
        ("3.6 Site Content", "same", ["A. profane +or vulgar +words;"]),
    ]
    assert compare(factories.TEXT, NEW).unchanged == 2


def test_going_back_reads_the_other_way_round() -> None:
    assert changes(NEW, factories.TEXT) == [
        ("3.5 Authenticity", "removed", ["-Each page says that it is the town's.-"]),
        ("3.6 Site Content", "same", ["A. profane -or vulgar -words;"]),
    ]


def test_a_section_with_another_title_is_the_same_section() -> None:
    assert changes("3.6 Content\n\nOne.", "3.6 Site Content\n\nOne.") == [
        ("3.6 Site Content", "same", ["3.6 +Site +Content"])
    ]


def test_a_line_put_in_is_no_change_of_the_others() -> None:
    assert changes("3.6 Content\n\n1. One.\n2. Three.", "3.6 Content\n\n1. One.\n\nTwo.\n\n2. Three.") == [
        ("3.6 Content", "same", ["+Two.+"])
    ]


def test_the_same_text_has_no_changes() -> None:
    assert compare(factories.TEXT, factories.TEXT).changes == []


@pytest.mark.parametrize("before", [factories.TEXT, NEW, "", "One two  three\n\nfour"])
@pytest.mark.parametrize("after", [factories.TEXT, NEW, "", "One three\n\nfive four"])
def test_both_texts_can_be_read_out_of_the_pieces(before: str, after: str) -> None:
    pieces = list(words(before, after))
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.REMOVED) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 100_000, "b a " * 50_000),
        ("x y\n\n" * 30_000, "y\n\nx y\n\n" * 15_000),
        ("1.1 T\n\nw\n\n" * 9_000, "1.1 T\n\nv\n\n" * 9_000),
        ("a b " * 490, "b a " * 490),
    ],
)
def test_texts_made_to_be_slow_are_compared_in_seconds(before: str, after: str) -> None:
    start = time.process_time()
    assert compare(before, after).changes
    assert time.process_time() - start < 10


# --- on the pages


def test_two_versions_are_compared_word_by_word(town: Town) -> None:
    old = factories.publish(town)
    new = factories.publish(town, Change.MINOR, text=NEW)
    page = text_of(town.client("employee").get(f"/policy/changes?before={old}&after={new}"))
    assert re.search(r"<ins>.*or vulgar", page)
    assert "put in: </span>" in page
    assert "New section" in page
    back = text_of(town.client("employee").get(f"/policy/changes?before={new}&after={old}"))
    assert re.search(r"<del>.*or vulgar", back)
    assert f"/policy/changes?before={old}&amp;after={new}" in text_of(town.client("employee").get("/policy/documents"))


def test_without_a_choice_the_last_change_is_shown(town: Town) -> None:
    factories.publish(town)
    factories.publish(town, Change.MINOR, text=NEW)
    assert "from version 1.0 to 1.1" in text_of(town.client("employee").get("/policy/changes"))


def test_one_version_alone_has_nothing_to_compare(town: Town) -> None:
    factories.publish(town)
    assert town.client("employee").get("/policy/changes").status_code == 404


@pytest.mark.parametrize("box", ["employee", "it", "head.library"])
def test_a_draft_is_compared_by_who_drafts_it(town: Town, box: str) -> None:
    old = factories.publish(town)
    factories.publish(town, Change.MINOR)
    draft = factories.draft(town, text=NEW)
    for url in (f"/policy/changes?before={old}&after={draft}", f"/policy/changes?before={draft}&after={old}"):
        assert town.client(box).get(url).status_code == 404
        assert town.client("administrator").get(url).status_code == 200


@pytest.mark.parametrize("query", ["before=999&after=999", "before=x&after=y", "after=99999999999999999999"])
def test_nonsense_in_the_address_breaks_nothing(town: Town, query: str) -> None:
    factories.publish(town)
    factories.publish(town, Change.MINOR)
    assert town.client("employee").get(f"/policy/changes?{query}").status_code in {200, 404}


def test_everybody_is_led_to_what_changed(town: Town) -> None:
    first = factories.publish(town)
    browser = town.client("employee")
    assert "What changed" not in text_of(browser.get("/policy"))
    factories.sign(town, "employee")
    second = factories.publish(town, Change.MINOR, text=NEW)
    third = factories.publish(town, Change.MAJOR)
    page = text_of(browser.get("/policy"))
    assert f"/policy/changes?before={second}&amp;after={third}" in page
    assert f"/policy/changes?before={first}&amp;after={third}" in page


def test_the_sign_page_shows_what_changed_since_one_signed(town: Town) -> None:
    factories.publish(town)
    assert "What changed since" not in text_of(town.client("employee").get("/policy/sign"))
    factories.sign(town, "employee")
    assert "What changed since" not in text_of(town.client("employee").get("/policy/sign"))
    factories.publish(town, Change.MAJOR, text=NEW)
    page = text_of(town.client("employee").get("/policy/sign"))
    assert "What changed since version 1.0, which you signed" in page
    assert re.search(r"<ins>.*or vulgar", page)


def test_the_words_of_a_change_are_never_markup(town: Town) -> None:
    factories.publish(town)
    factories.publish(town, Change.MINOR, text=factories.TEXT + "\n<img src=x onerror=alert(1)>\n")
    page = text_of(town.client("employee").get("/policy/changes"))
    assert "<img src=x" not in page
    assert "&lt;img" in page
    assert PolicyDocument.select().count() == 2
