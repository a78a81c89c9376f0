"""Small pictures: made when asked for, thrown away at will, and no evidence."""

import io
import shutil

from PIL import Image

from charlton_intranet import backup
from charlton_intranet.evidence import fixity
from charlton_intranet.evidence.models import Piece, PieceKind
from charlton_intranet.evidence.queries import known_digests
from charlton_intranet.evidence.thumbnails import FOLDER, SIZE, thumbnail
from tests.conftest import Town
from tests.evidence.test_pictures import picture
from tests.evidence.test_web import piece


def small(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_picture_is_made_small_anew_and_only_once(town: Town) -> None:
    with_gps = picture("JPEG", exif=Image.Exif(), comment=b"41.98 N 71.97 W")
    stored = town.parts.store.put(with_gps)
    first = thumbnail(town.parts.store, stored.sha256)
    assert small(first).format == "WEBP"
    assert all(side <= limit for side, limit in zip(small(first).size, SIZE, strict=True))
    assert b"71.97" not in first
    kept = [path for path in (town.parts.store.root.parent / FOLDER).rglob("*.webp") if stored.sha256 in path.name]
    [path] = kept
    path.write_bytes(b"from the folder")
    assert thumbnail(town.parts.store, stored.sha256) == b"from the folder"
    path.unlink()
    assert thumbnail(town.parts.store, stored.sha256) == first


def test_the_folder_may_go_at_any_time_and_is_no_evidence(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    client = town.client("head.library")
    answer = client.get(f"/evidence/{shot.id}/thumbnail")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    read = fixity.check(town.parts.store)
    assert (read.pieces, read.faults) == (Piece.select().count(), [])
    assert not any(FOLDER in str(path) for path in town.parts.store.root.rglob("*"))
    assert FOLDER not in backup.__doc__
    shutil.rmtree(town.parts.store.root.parent / FOLDER)
    assert client.get(f"/evidence/{shot.id}/thumbnail").data == answer.data
    assert town.parts.store.sweep(known_digests(), now=town.clock.now()) == []


def test_a_damaged_picture_has_no_small_one(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    path = town.parts.store.path_of(shot.sha256)
    whole = path.read_bytes()
    shutil.rmtree(town.parts.store.root.parent / FOLDER, ignore_errors=True)
    path.unlink()
    answer = town.client("head.library").get(f"/evidence/{shot.id}/thumbnail")
    path.write_bytes(whole)
    assert answer.status_code == 503


def test_a_folder_that_can_not_be_written_hides_no_picture(town: Town) -> None:
    """A file stands where the folder should be: as with a full disk, it is made anew each time."""
    stored = town.parts.store.put(picture("PNG"))
    folder = town.parts.store.root.parent / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way")
    try:
        assert small(thumbnail(town.parts.store, stored.sha256)).format == "WEBP"
    finally:
        folder.unlink()
