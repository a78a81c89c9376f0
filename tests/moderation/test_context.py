"""What the words answer: captured with them, shown apart from them, and sealed with them."""

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core.errors import Invalid
from charlton_intranet.evidence.models import Piece, PieceKind
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.models import CaseContext, CaseNote, Contributor
from charlton_intranet.moderation.queries import context_of
from charlton_intranet.moderation.rules import AuthorKind, CaseState, Context
from tests.conftest import Town
from tests.moderation import factories

POST = Context(
    text="We are closed on Friday.", handle="Charlton Library", permalink="https://facebook.com/CharltonLibrary/posts/1",
    title="Charlton Library | Facebook",
)  # fmt: skip
LINK = "https://facebook.com/CharltonLibrary/posts/1?comment_id=2"


def test_the_post_replied_to_is_kept_and_shown_apart_from_the_words(town: Town) -> None:
    case = factories.case(town, "Again?!", context=POST)
    assert context_of(case.id) == POST
    for path in (f"/triage/{case.id}", f"/triage?state=open&case={case.id}"):
        page = town.client("coordinator.library").get(path).get_data(as_text=True)
        assert "In answer to <bdi hx-disable>Charlton Library</bdi>" in page
        assert page.index("We are closed on Friday.") < page.index("Again?!</blockquote>")
        assert "Page: Charlton Library | Facebook" in page


def test_a_case_without_it_shows_nothing_of_it(town: Town) -> None:
    case = factories.case(town, context=Context(text=" ", title="\n"))
    assert not CaseContext.select().exists()
    assert "In answer to" not in town.client("coordinator.library").get(f"/triage/{case.id}").get_data(as_text=True)


def test_it_costs_the_queue_one_query_whatever_it_holds(town: Town) -> None:
    client = town.client("coordinator.library")
    plain = factories.case(town, "Plain")
    client.get(f"/triage?state=open&case={plain.id}")
    with count_queries() as without:
        client.get(f"/triage?state=open&case={plain.id}")
    case = factories.case(town, context=POST)
    with count_queries() as with_it:
        client.get(f"/triage?state=open&case={case.id}")
    assert with_it.count == without.count


def test_a_concern_seals_it_as_a_piece_of_its_own(town: Town) -> None:
    case = factories.consulting(town, context=POST)
    pieces = {piece.kind: piece for piece in Piece.select()}
    sealed = pieces[PieceKind.CONTEXT]
    assert sealed.seal_id == pieces[PieceKind.TEXT].seal_id == case.seal_id
    kept = town.parts.store.get(sealed.sha256).decode()
    assert kept == (
        "Page: Charlton Library | Facebook\nWritten by: Charlton Library\n"
        "Link: https://facebook.com/CharltonLibrary/posts/1\n\nWe are closed on Friday."
    )
    assert town.parts.store.get(pieces[PieceKind.TEXT].sha256).decode() == factories.WORDS


def test_a_later_capture_brings_what_was_missing_and_never_overwrites(town: Town) -> None:
    case = factories.case(town, permalink=LINK)
    factories.case(town, permalink=LINK, context=POST)
    assert context_of(case.id) == POST
    factories.case(town, permalink=LINK, context=POST)
    assert not CaseNote.select().exists()
    for _ in range(2):
        factories.case(town, permalink=LINK, context=Context(text="We are open on Friday."))
    assert context_of(case.id) == POST
    assert [note.text for note in CaseNote.select()] == ["Captured again, in answer to:\nWe are open on Friday."]


def test_after_the_seal_it_is_a_note(town: Town) -> None:
    case = factories.consulting(town, permalink=LINK)
    factories.case(town, permalink=LINK, context=POST)
    assert context_of(case.id) is None
    assert "We are closed on Friday." in CaseNote.get(CaseNote.case == case.id).text


@pytest.mark.parametrize(("field", "most"), [("handle", 150), ("permalink", 1000), ("text", 50_000), ("title", 300)])
def test_what_does_not_fit_is_refused_with_its_field(town: Town, field: str, most: int) -> None:
    factories.case(town, context=Context(**{field: "x" * most}))
    with pytest.raises(Invalid, match=f"there is room for {most:,}") as refusal:
        factories.case(town, context=Context(**{field: "x" * (most + 1)}))
    assert list(refusal.value.problems) == [f"context_{field}"]


def test_staff_writing_for_the_town_are_no_contributors(town: Town) -> None:
    case = factories.case(town, "lol no comment", author_kind=AuthorKind.STAFF, handle="Charlton Library")
    assert not Contributor.select().exists()
    view = queries.case_view(town.actor("coordinator.library"), case.id)
    assert (view.handle, view.author_kind) == ("Charlton Library", AuthorKind.STAFF)
    found = town.client("coordinator.library").get("/triage?state=open&words=charlton+library+lol")
    assert f"Case {case.id}" in found.get_data(as_text=True), "found by the account"
    page = town.client("coordinator.library").get(f"/triage/{case.id}").get_data(as_text=True)
    assert "Earlier decisions on this writer" not in page
    assert "For the town, with the account" in page


def test_a_staff_case_is_closed_like_any_other(town: Town) -> None:
    case = factories.case(town, author_kind=AuthorKind.STAFF, handle="Charlton Library")
    service.dismiss(town.actor("coordinator.library"), case.id, case.version, clock=town.clock)
    assert factories.again(case).state is CaseState.DISMISSED
