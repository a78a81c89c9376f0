"""Who had a piece in hands, and the page that tells."""

import json

import peewee
import pytest

from charlton_intranet.core.audit import digest_of
from charlton_intranet.core.database import database, unit_of_work
from charlton_intranet.evidence.models import Act, CustodyEvent, Piece, PieceKind, Seal
from charlton_intranet.evidence.service import custody
from charlton_intranet.moderation.models import Case
from tests.conftest import Town
from tests.evidence.test_web import piece
from tests.moderation import factories


def log_of(piece_id: int) -> list[tuple[Act, str]]:
    lines = CustodyEvent.select().where(CustodyEvent.piece == piece_id).order_by(CustodyEvent.id)
    return [(line.act, line.by.email.partition("@")[0]) for line in lines if line.by is not None]


def test_every_hand_that_a_piece_goes_through_leaves_a_line(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    head, officer = town.client("head.library"), town.client("records")
    for ending in ("/thumbnail", "/picture", "/about"):
        assert head.get(f"/evidence/{shot.id}{ending}").status_code == 200
    assert officer.get(f"/evidence/{shot.id}").status_code == 200
    assert officer.submit(f"/evidence/{shot.id}/check").status_code == 303
    assert log_of(shot.id) == [
        (Act.CAPTURED, "coordinator.library"),
        (Act.SEALED, "coordinator.library"),
        (Act.VIEWED, "head.library"),
        (Act.DOWNLOADED, "records"),
        (Act.CHECKED, "records"),
    ]
    page = officer.get(f"/evidence/{shot.id}/about").text
    for words in ("Downloaded", "Helen Marsh", "127.0.0.1", shot.sha256, f"case {Case.get().id}</a>"):
        assert words in page


def test_who_may_not_have_a_piece_leaves_no_line(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    before = log_of(shot.id)
    for box in ("coordinator.police", "it", "employee"):
        for ending in ("", "/picture", "/about", "/manifest", "/records", "/thumbnail"):
            assert town.client(box).get(f"/evidence/{shot.id}{ending}").status_code in {403, 404}
        assert town.client(box).submit(f"/evidence/{shot.id}/check").status_code in {403, 404}
    assert log_of(shot.id) == before


@pytest.mark.parametrize("sql", ["UPDATE custody_event SET address = 'elsewhere'", "DELETE FROM custody_event"])
def test_the_log_only_grows(town: Town, sql: str) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    before = log_of(shot.id)
    with pytest.raises(peewee.DatabaseError, match="append-only"), database.atomic():
        database.execute_sql(sql)
    assert log_of(shot.id) == before


def test_a_line_belongs_in_the_transaction_of_what_was_done(town: Town) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        custody.note(town.actor("records"), [1], Act.EXPORTED, town.clock)
    with unit_of_work():
        custody.note(town.actor("records"), [], Act.EXPORTED, town.clock)
    assert not CustodyEvent.select().where(CustodyEvent.act == Act.EXPORTED).exists()


def test_the_log_goes_on_page_by_page(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    with unit_of_work():
        for _ in range(60):
            custody.note(town.actor("records"), [shot.id], Act.EXPORTED, town.clock)
    client = town.client("auditor")
    first = client.get(f"/evidence/{shot.id}/about").text
    assert (first.count(">Exported</td>"), first.count(">Captured</td>")) == (50, 0)
    onward = first.split('rel="next" href="')[1].split('"')[0].partition("#")[0]
    second = client.get(onward).text
    assert (second.count(">Exported</td>"), second.count(">Captured</td>")) == (10, 1)


def test_the_manifest_is_handed_out_to_the_letter(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    answer = town.client("auditor").get(f"/evidence/{shot.id}/manifest")
    assert digest_of(answer.data) == f"sha256:{Seal.get().sha256}"
    assert shot.sha256 in {told["sha256"] for told in json.loads(answer.data)["pieces"]}
    assert answer.headers["Content-Disposition"] == f"attachment; filename=manifest-{shot.seal_id}.json"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_what_is_not_sealed_has_no_manifest(town: Town) -> None:
    factories.case(town, uploads=[factories.upload(town)])
    shot = Piece.get()
    client = town.client("head.library")
    assert client.get(f"/evidence/{shot.id}/manifest").status_code == 404
    assert "Not sealed yet" in client.get(f"/evidence/{shot.id}/about").text


@pytest.mark.parametrize("ending", ["/about", "/check", "/manifest", "/records", "/thumbnail"])
def test_what_is_not_there_is_not_found(town: Town, ending: str) -> None:
    client = town.client("administrator")
    answer = client.submit if ending == "/check" else client.get
    for number in ("999999", "99999999999", "x"):
        assert answer(f"/evidence/{number}{ending}").status_code == 404
    words = piece(town, PieceKind.TEXT)
    if ending in {"/records", "/thumbnail"}:
        assert client.get(f"/evidence/{words.id}{ending}").status_code == 404
