import re

import pytest

from charlton_intranet.policy.rules import CATEGORIES
from tests.conftest import Town


def test_anybody_reads_the_guideline_without_signing_in_and_without_a_cookie(town: Town) -> None:
    answer = town.client().get("/guideline")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert "Content-Security-Policy" in answer.headers


def test_every_letter_stands_there_in_the_policys_words_with_an_address_of_its_own(town: Town) -> None:
    page = town.client().get("/guideline").text
    found = dict(re.findall(r'<li id="([A-Z])"><strong>[A-Z]\.</strong> ([^<]+)</li>', page))
    assert found == {letter: category.words for letter, category in CATEGORIES.items()}
    assert list(found) == list("ABCDEFGHIJK")
    for anchor in ("removal", "what-happens", "reconsideration", "public-records"):
        assert f'id="{anchor}"' in page
    for words in ("Massachusetts Public Records Law", "Records Access Officer", "mailto:social-media@charlton.example"):
        assert words in page


@pytest.mark.parametrize("box", ["administrator", "it", "employee"])
def test_who_is_signed_in_reads_the_very_same_page(town: Town, box: str) -> None:
    reader = town.client(box)
    before = reader.get("/").text
    assert "Sign out" in before
    answer = reader.get("/guideline")
    assert answer.data == town.client().get("/guideline").data
    assert "Set-Cookie" not in answer.headers


def test_nothing_internal_is_on_it(town: Town) -> None:
    page = town.client().get("/guideline").text
    for category in CATEGORIES.values():
        assert category.test not in page
        assert category.guard not in page
    for internal in ("csrf", "Intranet", "/sites", "/policy", "counsel", "<form", "<script", "Sign in"):
        assert internal not in page


def test_it_is_read_only(town: Town) -> None:
    browser = town.client()
    assert browser.submit("/guideline").status_code == 405
    assert browser.get("/guideline/").status_code == 404
    assert browser.head("/guideline").status_code == 200
