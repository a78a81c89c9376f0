"""Small requests that would make the app work for a long time."""

import io
import time

import pytest

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.search import mark
from charlton_intranet.core.uploads import MAX_PICTURES
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.rules.looks import COMPARED_MAX, compare
from charlton_intranet.policy.models import PolicyDocument
from tests.conftest import Town
from tests.moderation import factories
from tests.policy.pdfs import misnamed
from tests.sites.test_registry import hand_in


def test_more_pictures_than_can_be_looked_at_in_time_are_refused_at_once(town: Town) -> None:
    site = factories.site(town)
    pictures = [(io.BytesIO(factories.picture()), f"{number}.png") for number in range(MAX_PICTURES + 1)]
    answer = town.client("coordinator.library").submit(
        "/triage/capture",
        {"site_id": site.id, "text": "What somebody wrote", "author_kind": "public", "screenshots": pictures},
    )
    assert answer.status_code == 422
    assert "Add at most 10 files at a time" in answer.get_data(as_text=True)
    assert not Case.select().exists()


@pytest.mark.parametrize("long", ["profile.php?" + "id=1&" * 6_000, "%2F" * 10_000, "a." * 16_000 + "com/"])
def test_a_long_address_is_read_at_once(town: Town, long: str) -> None:
    began = time.process_time()
    import_id = hand_in(town, f"Department,Address\nLibrary,https://facebook.com/{long}\n".encode())
    assert town.client("administrator").get(f"/sites/registry/import/{import_id}").status_code == 200
    assert time.process_time() - began < 3, "the time to read an address grows with the square of its length"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a," * 1_000_000 + b"\nb\n", "Row 1 has more than 1,000 cells"),
        (b"Department,Address\nLibrary," + b"a." * 9_000_000, "A cell of row 2 is longer"),
        (b",;\t|" * 4_000_000, "Row 1 has more than 1,000 cells"),
    ],
    ids=["columns", "cell", "delimiters"],
)
def test_a_list_wider_than_any_spreadsheet_is_refused_at_once(town: Town, data: bytes, said: str) -> None:
    began = time.process_time()
    with pytest.raises(Invalid, match=said):
        hand_in(town, data)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("unread", ["D800", "0000"])
def test_characters_that_no_text_has_do_not_come_out_of_a_pdf(town: Town, unread: str) -> None:
    """A font says which character each of its shapes is, and may say what is none."""
    document = misnamed("Heads say who uses which site and how far it goes.", unread)
    answer = town.client("administrator").submit(
        "/policy/documents/new",
        {"title": "Social Media Policy", "change": "major", "summary": "", "text": "",
         "file": (io.BytesIO(document), "policy.pdf")},
    )  # fmt: skip
    assert answer.status_code == 303
    text = PolicyDocument.get().text
    assert "\N{REPLACEMENT CHARACTER}" in text
    assert "eads say who uses" in text


def test_a_page_of_posts_full_of_what_is_searched_is_marked_at_once() -> None:
    """Twenty-five posts of the longest kind, every word of them a hit: each used to take the square of its hits."""
    text = ("burn it " * 6_250)[:50_000]
    began = time.process_time()
    found = mark([text] * 25, "burn it")
    assert time.process_time() - began < 5
    assert all("".join(part for part, _hit in one) == text and any(hit for _part, hit in one) for one in found)


def test_two_texts_of_the_same_few_words_are_compared_at_once() -> None:
    """Numbers in whatever order: the most that comparing word by word can cost."""
    words = [str(number * number % 61) for number in range(6_000)]
    one, other = (" ".join(order)[:COMPARED_MAX] for order in (words, [*reversed(words)]))
    began = time.process_time()
    assert compare(one, other)
    assert time.process_time() - began < 1
