"""Evidence that comes to a case later: more of it, what took the place of what failed, looks at the live post."""

import io
import json
from typing import Any

import pytest
from playhouse.test_utils import count_queries
from werkzeug.test import TestResponse

from charlton_intranet.core.errors import Invalid
from charlton_intranet.evidence.models import Act, CustodyEvent, FailedCapture, Failing, Piece, PieceKind, Seal
from charlton_intranet.evidence.service import custody
from charlton_intranet.moderation.models import Case, CasePiece, LaterLook
from charlton_intranet.moderation.queries.looks import last_seen
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.moderation.rules.looks import COMPARED_MAX, Part, Seen, check_look, compare
from tests.conftest import Town
from tests.evidence.archives import bomb, wacz, warc
from tests.moderation import factories
from tests.policy import pdfs

LETTER = pdfs.drawn(b"BT /F1 12 Tf 72 700 Td (To the Town) Tj ET")
LATER = "Somebody ought to paint that branch tonight, and I have the brushes."
POSTS = ("evidence", "failed", "look-again")


def file(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def press(client: Any, case: Case, step: str, **data: Any) -> TestResponse:
    """Post one of the forms of the evidence as the case page shows it now."""
    answer: TestResponse = client.submit(f"/triage/{case.id}/{step}", {"version": case.version, **data})
    return answer


def full(case: Case, step: str) -> dict[str, Any]:
    """What each form asks for."""
    shot = CasePiece.select().where(CasePiece.case == case.id).order_by(CasePiece.piece).first()
    return {
        "evidence": {"evidence": [file(factories.picture("red"), "more.png")]},
        "failed": {"piece": shot.piece_id, "why": "blank", "reason": "It shows nothing."},
        "look-again": {"seen": "same"},
    }[step]


def kinds(case: Case) -> list[tuple[str, str]]:
    pieces = Piece.select(Piece, CasePiece).join(CasePiece).where(CasePiece.case == case.id).order_by(Piece.id)
    return [(piece.kind.value, piece.media_type) for piece in pieces]


def test_files_of_every_kind_come_to_an_open_case_unsealed(town: Town) -> None:
    case = factories.case(town)
    client = town.client("coordinator.library")
    files = [file(factories.picture("red"), "a.png"), file(LETTER, "letter.pdf"), file(warc(), "page.warc.gz"),
             file(wacz(), "page.wacz")]  # fmt: skip
    assert press(client, case, "evidence", evidence=files).status_code == 303
    assert kinds(case) == [
        ("screenshot", "image/png"), ("document", "application/pdf"), ("archive", "application/warc"),
        ("archive", "application/wacz"),
    ]  # fmt: skip
    page = client.get(f"/triage/{case.id}").text
    assert page.count("Not sealed yet</span>") == 4
    archive = Piece.get(Piece.media_type == "application/wacz")
    records = client.get(f"/evidence/{archive.id}/records")
    assert "https://facebook.com/CharltonLibrary/posts/7" in records.text
    assert "<script>alert" not in records.text
    saved = client.get(f"/evidence/{archive.id}")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/evidence/{archive.id}/picture").status_code == 404


def test_what_comes_after_the_seal_is_sealed_under_a_further_manifest(town: Town) -> None:
    case = factories.consulting(town)
    before = Seal.get()
    assert press(town.client("coordinator.library"), case, "evidence", **full(case, "evidence")).status_code == 303
    further = Seal.get(Seal.id != before.id)
    told = json.loads(further.manifest)
    assert (told["about"], [one["name"] for one in told["pieces"]]) == (f"case:{case.id}", ["more.png"])
    assert Seal.get_by_id(before.id).manifest == before.manifest
    assert factories.again(case).seal_id == before.id
    assert not Piece.select().where(Piece.seal.is_null()).exists()


def test_a_file_that_is_not_taken_is_named_and_nothing_is_kept(town: Town) -> None:
    case = factories.case(town)
    files = [file(factories.picture(), "good.png"), file(bomb(100_000_000), "page.warc.gz")]
    answer = press(town.client("coordinator.library"), case, "evidence", evidence=files)
    assert answer.status_code == 422
    assert "page.warc.gz is not a whole WARC" in answer.text
    assert kinds(case) == []
    none = press(town.client("coordinator.library"), case, "evidence")
    assert (none.status_code, "Choose at least one file" in none.text) == (422, True)
    many = [file(factories.picture(), f"{n}.png") for n in range(11)]
    assert press(town.client("coordinator.library"), case, "evidence", evidence=many).status_code == 422


def test_a_failed_capture_stays_and_points_to_the_one_in_its_place(town: Town) -> None:
    case = factories.consulting(town)
    [first] = Piece.select().where(Piece.kind == PieceKind.SCREENSHOT)
    manifest = Seal.get().manifest
    client = town.client("coordinator.library")
    data = {"piece": first.id, "why": "cut_off", "reason": "The last line is missing.",
            "replacement": file(factories.picture("red"), "whole.png")}  # fmt: skip
    assert press(client, case, "failed", **data).status_code == 303
    second = Piece.get(Piece.file_name == "whole.png")
    mark = FailedCapture.get()
    assert (mark.piece_id, mark.replaced_by_id, mark.why) == (first.id, second.id, Failing.CUT_OFF)
    assert second.kind is PieceKind.SCREENSHOT
    assert Seal.get_by_id(first.seal_id).manifest == manifest
    assert first.id in {one["id"] for one in json.loads(manifest)["pieces"]}
    assert second.seal_id not in {None, first.seal_id}
    assert client.get(f"/evidence/{first.id}").data == factories.picture("navy")
    assert CustodyEvent.select().where((CustodyEvent.piece == first.id) & (CustodyEvent.act == Act.SUPERSEDED)).exists()
    page = client.get(f"/triage/{case.id}").text
    assert 'Cut off: <span hx-disable dir="auto">The last line is missing.' in page
    assert f'href="/evidence/{second.id}/about">Replaced</a>' in page
    about = client.get(f"/evidence/{first.id}/about").text
    assert "Marked as failed: Cut off" in about
    assert press(client, factories.again(case), "failed", **full(case, "failed")).status_code == 409


def test_a_replacement_may_come_later_but_only_one(town: Town) -> None:
    case = factories.case(town, uploads=[factories.upload(town)])
    client = town.client("coordinator.library")
    assert press(client, case, "failed", **full(case, "failed")).status_code == 303
    assert FailedCapture.get().replaced_by_id is None
    assert press(client, factories.again(case), "failed", **full(case, "failed")).status_code == 409
    for status in (303, 409):
        data = {**full(case, "failed"), "replacement": file(factories.picture("red"), "whole.png")}
        assert press(client, factories.again(case), "failed", **data).status_code == status
    assert Piece.select().count() == 2


def test_words_do_not_fail_and_pieces_of_others_are_not_there(town: Town) -> None:
    case, other = factories.consulting(town), factories.consulting(town, "Other words")
    client = town.client("coordinator.library")
    words = Piece.get((Piece.kind == PieceKind.TEXT) & (Piece.seal == case.seal_id))
    answer = press(client, case, "failed", piece=words.id, why="wrong", reason="It is another text.")
    assert (answer.status_code, "Look again to record" in answer.text) == (422, True)
    theirs = Piece.get((Piece.kind == PieceKind.SCREENSHOT) & (Piece.seal == other.seal_id))
    for piece_id in (theirs.id, 999_999):
        answer = press(client, case, "failed", piece=piece_id, why="wrong", reason="It is another post.")
        assert answer.status_code == 404
    assert not FailedCapture.select().exists()


def test_changed_words_are_kept_and_shown_word_by_word(town: Town) -> None:
    case = factories.consulting(town)
    client = town.client("coordinator.library")
    data = {"seen": "changed", "words": LATER, "picture": file(factories.picture("red"), "now.png")}
    assert press(client, case, "look-again", **data).status_code == 303
    assert kinds(case)[-2:] == [("later", "text/plain"), ("later", "image/png")]
    assert not Piece.select().where(Piece.seal.is_null()).exists()
    text = Piece.get((Piece.kind == PieceKind.LATER) & (Piece.media_type == "text/plain"))
    assert client.get(f"/evidence/{text.id}").data == LATER.encode()
    page = client.get(f"/triage/{case.id}").text
    assert '<del><span class="usa-sr-only">taken out: </span>burn<' in page
    assert '<ins><span class="usa-sr-only">put in: </span>brushes<' in page
    assert "It has changed since it was captured." in page
    assert last_seen([case.id, 999]) == {case.id: Seen.CHANGED}
    assert "Changed since</span>" in client.get("/triage?state=consulting").text
    assert factories.again(case).state is CaseState.CONSULTING


def test_a_later_text_with_markup_is_shown_as_text(town: Town) -> None:
    case = factories.case(town)
    client = town.client("coordinator.library")
    press(
        client,
        case,
        "look-again",
        seen="changed",
        words="<script>alert(1)</script>",
        remark="<img src=x onerror=alert(1)>",
    )
    page = client.get(f"/triage/{case.id}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_what_is_gone_can_be_closed_as_vanished_in_one_press(town: Town) -> None:
    case = factories.consulting(town)
    client = town.client("coordinator.library")
    assert (
        press(client, case, "look-again", seen="gone", remark="The page says it is not available.").status_code == 303
    )
    page = client.get(f"/triage/{case.id}").text
    assert "It was gone." in page
    assert page.index("Looked again</span>") < page.index("Decided</span>"), "done before to come"
    assert "Close as vanished before action" in page
    note = "Looked again and it was gone. The page says it is not available."
    assert f'name="note" value="{note}"' in page
    assert press(client, factories.again(case), "vanished", note=note).status_code == 303
    assert factories.again(case).state is CaseState.VANISHED
    assert "Close as vanished before action" not in client.get(f"/triage/{case.id}").text


def test_a_closed_case_can_be_looked_at_but_not_closed_again(town: Town) -> None:
    case = factories.closed(town)
    client = town.client("coordinator.library")
    assert press(client, case, "look-again", seen="gone", remark="Still gone.").status_code == 303
    assert "Close as vanished before action" not in client.get(f"/triage/{case.id}").text


@pytest.mark.parametrize(
    ("seen", "words", "remark", "picture", "field"),
    [
        ("changed", "", "", False, "words"),
        ("changed", "Same  words", "", False, "words"),
        ("gone", "Words", "", False, "words"),
        ("gone", "", "", False, "remark"),
        ("same", "Other words", "", False, "words"),
    ],
)
def test_a_look_shows_what_it_says(*, seen: str, words: str, remark: str, picture: bool, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_look(Seen(seen), "Same words", words, remark, picture=picture)
    assert refusal.value.problems.keys() == {field}


@pytest.mark.parametrize(
    ("seen", "words", "remark", "picture"),
    [("changed", "", "", True), ("changed", "New", "", False), ("gone", "", "Gone", False), ("gone", "", "", True),
     ("same", "", "", False), ("same", "Same words", "", False)],
)  # fmt: skip
def test_a_look_that_shows_it_is_taken(*, seen: str, words: str, remark: str, picture: bool) -> None:
    check_look(Seen(seen), "Same words", words, remark, picture=picture)


def test_texts_are_compared_word_by_word_and_nothing_is_lost() -> None:
    assert compare("a b c", "a d c") == (Part("same", "a "), Part("taken", "b"), Part("added", "d"), Part("same", " c"))
    assert compare("x", "x") == (Part("same", "x"),)
    for before, after in (("", "new"), ("one two", ""), ("A, b! " * 400, "b! A? " * 400), ("é 図\n書", "図 é")):
        parts = compare(before, after)
        assert "".join(part.text for part in parts if part.kind != "added") == before
        assert "".join(part.text for part in parts if part.kind != "taken") == after
    long = "a " * COMPARED_MAX
    assert compare(long, "b") == (Part("taken", long), Part("added", "b"))


@pytest.mark.parametrize("step", POSTS)
def test_a_second_press_adds_nothing(town: Town, step: str) -> None:
    case = factories.case(town, uploads=[factories.upload(town)])
    client = town.client("coordinator.library")
    assert press(client, case, step, **full(case, step)).status_code == 303
    before = (Piece.select().count(), LaterLook.select().count(), FailedCapture.select().count())
    assert press(client, case, step, **full(case, step)).status_code == 409
    assert (Piece.select().count(), LaterLook.select().count(), FailedCapture.select().count()) == before


@pytest.mark.parametrize("step", POSTS)
@pytest.mark.parametrize(
    ("box", "status"),
    [("coordinator.police", 404), ("head.library", 403), ("records", 403), ("user.library", 403), ("it", 403),
     (None, 401)],
)  # fmt: skip
def test_only_who_preserves_evidence_of_the_department_adds_to_it(
    town: Town, step: str, box: str | None, status: int
) -> None:
    case = factories.case(town, uploads=[factories.upload(town)])
    assert press(town.client(box), case, step, **full(case, step)).status_code == status
    assert (Piece.select().count(), LaterLook.select().count(), FailedCapture.select().count()) == (1, 0, 0)


@pytest.mark.parametrize("step", POSTS)
def test_nothing_is_read_here_and_a_case_that_is_not_there_is_not_found(town: Town, step: str) -> None:
    case = factories.case(town, uploads=[factories.upload(town)])
    client = town.client("administrator")
    assert client.get(f"/triage/{case.id}/{step}").status_code == 405
    assert client.submit(f"/triage/999999/{step}", {"version": 1, **full(case, step)}).status_code == 404
    assert client.submit(f"/triage/x/{step}", {}).status_code == 404


def test_what_was_typed_comes_back_with_what_is_wrong(town: Town) -> None:
    case = factories.case(town, uploads=[factories.upload(town)])
    client = town.client("coordinator.library")
    look = press(client, case, "look-again", seen="gone", words="It says something", remark="A remark")
    assert look.status_code == 422
    assert all(words in look.text for words in ("It says something", "A remark", "What is gone has no words"))
    failed = press(client, case, "failed", piece=Piece.get().id, reason="It shows nothing.")
    assert (failed.status_code, "Choose what is wrong with it." in failed.text) == (422, True)
    assert "It shows nothing." in failed.text


def test_the_evidence_costs_the_same_however_much_there_is(town: Town) -> None:
    case = factories.case(town, uploads=[factories.upload(town)])
    client = town.client("coordinator.library")
    client.get(f"/triage/{case.id}")
    with count_queries() as few:
        client.get(f"/triage/{case.id}")
    for colour in ("red", "green", "blue", "black"):
        press(client, factories.again(case), "evidence", evidence=[file(factories.picture(colour), f"{colour}.png")])
        press(client, factories.again(case), "look-again", seen="changed", words=f"Now {colour}")
    with count_queries() as many:
        client.get(f"/triage/{case.id}")
    assert many.count == few.count


def test_a_download_costs_one_insert(town: Town) -> None:
    factories.case(town, uploads=[factories.upload(town)])
    reader, shot = town.actor("records"), Piece.get()
    with count_queries() as counter:
        custody.hand_out(reader, shot.id, Act.DOWNLOADED, town.clock)
    asked = [query.msg[0] for query in counter.get_queries()]
    assert [sql.partition(" ")[0] for sql in asked if "SAVEPOINT" not in sql and "advisory" not in sql] == ["INSERT"]
