"""Captured pieces, their seal, and the proof that they are still what they were."""

import json

import pytest

from charlton_intranet.core.audit import digest_of
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import StaleState
from charlton_intranet.evidence import fixity, service
from charlton_intranet.evidence.models import Piece, PieceKind, Seal
from tests.conftest import Town
from tests.moderation import factories


def capture(town: Town, words: bytes = b"What stood there.") -> int:
    stored = town.parts.store.put(words)
    with unit_of_work():
        return service.record_piece(
            factories.coordinator(town), site_id=factories.site(town).id, kind=PieceKind.TEXT, stored=stored,
            media_type="text/plain", file_name="words.txt", source_address="https://facebook.com/x", clock=town.clock,
        )  # fmt: skip


def seal(town: Town, *pieces: int) -> Seal:
    with unit_of_work():
        return Seal.get_by_id(service.seal(factories.coordinator(town), pieces, about="case:7", clock=town.clock))


def test_the_manifest_says_what_was_sealed_when_and_by_whom(town: Town) -> None:
    first, second = capture(town), capture(town, b"And that.")
    sealed = seal(town, second, first)
    told = json.loads(sealed.manifest)
    assert (told["about"], told["sealed_by"]["name"]) == ("case:7", "Cody Barnes")
    assert told["sealed_at"] == "2026-11-23T15:00:00+00:00"
    assert [piece["id"] for piece in told["pieces"]] == [first, second]
    assert told["pieces"][0]["sha256"] == digest_of(b"What stood there.").removeprefix("sha256:")
    assert (told["pieces"][0]["size"], told["pieces"][0]["name"]) == (17, "words.txt")
    assert digest_of(sealed.manifest) == f"sha256:{sealed.sha256}"


def test_a_piece_is_sealed_once(town: Town) -> None:
    piece = capture(town)
    sealed = seal(town, piece)
    with pytest.raises(StaleState):
        seal(town, piece, capture(town, b"Another."))
    assert Seal.select().count() == 1
    assert Piece.get_by_id(piece).seal_id == sealed.id


def test_nothing_is_sealed_out_of_nothing(town: Town) -> None:
    with pytest.raises(StaleState):
        seal(town)
    assert Seal.select().count() == 0


def test_a_seal_belongs_in_the_transaction_of_its_matter(town: Town) -> None:
    piece = capture(town)
    with pytest.raises(RuntimeError, match="transaction"):
        service.seal(factories.coordinator(town), [piece], about="case:7", clock=town.clock)


def test_what_was_touched_afterwards_is_found(town: Town) -> None:
    piece, lost = capture(town), capture(town, b"Soon gone.")
    sealed = seal(town, piece)
    assert fixity.check(town.parts.store).faults == []
    path = town.parts.store.path_of(Piece.get_by_id(piece).sha256)
    path.chmod(0o600)
    path.write_bytes(b"What somebody would rather have had there.")
    town.parts.store.path_of(Piece.get_by_id(lost).sha256).unlink()
    Seal.update(manifest=sealed.manifest.replace("words.txt", "other.txt")).where(Seal.id == sealed.id).execute()
    found = fixity.check(town.parts.store).faults
    path.unlink()
    assert [(which, reason.partition(" ")[2]) for which, reason in found] == [
        (f"piece {piece}", "does not match its digest any more"),
        (f"piece {lost}", "is missing from the store"),
        (f"piece {piece}", f"manifest of seal {sealed.id} is not the one that was sealed"),
    ]
