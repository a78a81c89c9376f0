import pytest

from charlton_intranet.core import search
from charlton_intranet.core.database import rows, unit_of_work
from charlton_intranet.core.search import SearchDocument
from tests.conftest import Town

TEXTS = {
    1: "The road near the library is closed for the parade",
    2: "Roads were closed; nobody told the residents!",
    3: "Summer reading at the library, café afterwards",
    4: "50% off sneakers at my-shop.example",
}


@pytest.fixture
def documents(town: Town) -> Town:
    search.put_many("case", list(TEXTS.items()))
    search.put("site", 1, "The library's page")
    return town


def found(words: str, kind: str = "case") -> set[int] | None:
    query = search.matching(kind, words)
    return None if query is None else {subject_id for (subject_id,) in rows(query)}


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("library", {1, 3}),
        ("LIBRARY parade", {1}),
        ("closed", {1, 2}),
        ('"summer reading"', {3}),
        ('"reading summer"', set()),
        ("library -parade", {3}),
        ("sneakers", {4}),
        ("nothing-like-this", set()),
    ],
)
def test_words_phrases_and_exclusions(documents: Town, words: str, ids: set[int]) -> None:
    assert found(words) == ids


@pytest.mark.parametrize("words", ["", "   "])
def test_without_words_there_is_nothing_to_search(documents: Town, words: str) -> None:
    assert found(words) is None


@pytest.mark.parametrize(
    "words", ['"', "'; DROP TABLE person; --", "AND OR NOT", "qz*", "body:x", "(((", "\\", "%_", "-"]
)
def test_what_people_type_never_breaks_the_query(documents: Town, words: str) -> None:
    assert found(words) in (None, set())
    assert found("sneakers") == {4}


def test_kinds_do_not_meet(documents: Town) -> None:
    assert found("library", "site") == {1}
    assert found("parade", "site") == set()


def test_putting_again_replaces_what_is_found(documents: Town) -> None:
    search.put("case", 1, "The bridge is open again")
    assert found("parade") == set()
    assert found("bridge") == {1}
    assert SearchDocument.select().where(SearchDocument.kind == "case").count() == len(TEXTS)


def test_a_deleted_document_is_not_found(documents: Town) -> None:
    SearchDocument.delete().where(SearchDocument.subject_id == 4).execute()
    assert found("sneakers") == set()


def test_a_refused_use_case_leaves_nothing_to_find(town: Town) -> None:
    def fail() -> None:
        with unit_of_work():
            search.put("case", 9, "ephemeral")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert found("ephemeral") == set()
    assert not SearchDocument.select().exists()


def test_a_record_that_grew_long_can_still_be_written(documents: Town) -> None:
    letters = [chr(0x20000 + number * 7919 % 40_000) for number in range(400_000)]
    words = (
        "-".join("".join(letters[at + part : at + part + 4]) for part in (0, 4, 8)) for at in range(0, 390_000, 12)
    )
    search.put("case", 1, "asphalt " + " ".join(words))
    assert found("asphalt") == {1}
    search.put_many("case", [(9, "gravel " + "\U0001f600 " * 400_000)])
    assert found("gravel") == {9}
