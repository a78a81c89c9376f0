"""Handing out evidence: to those who may read it, and never as a page of the app."""

import logging

import pytest

from charlton_intranet.evidence.models import Piece, PieceKind
from tests.conftest import Town
from tests.moderation import factories


def piece(town: Town, kind: PieceKind, department: str = "Library") -> Piece:
    case = factories.consulting(town, "<script>alert(1)</script> burn it", department=department)
    return Piece.get((Piece.kind == kind) & (Piece.seal == case.seal_id))


@pytest.mark.parametrize("box", ["coordinator.library", "head.library", "administrator", "records", "auditor"])
def test_readers_get_the_original_bytes_as_a_file(town: Town, box: str) -> None:
    words = piece(town, PieceKind.TEXT)
    answer = town.client(box).get(f"/evidence/{words.id}")
    assert (answer.status_code, answer.data) == (200, b"<script>alert(1)</script> burn it")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=case-")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_picture_is_shown_in_place_with_nothing_it_could_run(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    answer = town.client("head.library").get(f"/evidence/{shot.id}/picture")
    assert (answer.status_code, answer.data) == (200, factories.picture("navy"))
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers.get("Content-Disposition", "inline").startswith("inline")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_words_are_never_shown_in_place(town: Town) -> None:
    words = piece(town, PieceKind.TEXT)
    assert town.client("head.library").get(f"/evidence/{words.id}/picture").status_code == 404


@pytest.mark.parametrize("ending", ["", "/picture"])
@pytest.mark.parametrize(
    ("box", "status"),
    [
        ("coordinator.police", 404),
        ("head.police", 404),
        ("user.library", 403),
        ("it", 403),
        ("employee", 403),
        (None, 303),
    ],
)
def test_others_learn_nothing(town: Town, box: str | None, status: int, ending: str) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    assert town.client(box).get(f"/evidence/{shot.id}{ending}").status_code == status


@pytest.mark.parametrize("ending", ["", "/picture"])
def test_what_is_not_there_is_not_found_and_nothing_is_posted_here(town: Town, ending: str) -> None:
    client = town.client("administrator")
    assert client.get(f"/evidence/999999{ending}").status_code == 404
    assert client.get(f"/evidence/x{ending}").status_code == 404
    shot = piece(town, PieceKind.SCREENSHOT)
    assert client.submit(f"/evidence/{shot.id}{ending}", {}).status_code == 405


def test_a_damaged_copy_is_not_handed_out_and_the_log_says_so(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    path = town.parts.store.path_of(shot.sha256)
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(whole + b"!")
    with caplog.at_level(logging.CRITICAL):
        answer = town.client("head.library").get(f"/evidence/{shot.id}")
    path.write_bytes(whole)
    path.chmod(0o440)
    assert answer.status_code == 503
    assert "no longer matches" in answer.text
    assert f"Piece {shot.id}: " in caplog.text
