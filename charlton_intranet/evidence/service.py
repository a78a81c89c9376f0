"""Taking in captured pieces and sealing them.

Bytes go to the store before the caller's unit of work opens (see ``core.store``); only then may a row name them.
"""

import io
from collections.abc import Sequence

from PIL import Image, UnidentifiedImageError

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import in_unit_of_work
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import Stored
from charlton_intranet.evidence.models import Piece, PieceKind, Seal
from charlton_intranet.evidence.rules import (
    MAX_BYTES,
    MAX_PIXELS,
    PICTURES,
    Upload,
    ends_with_picture,
    max_pixels,
    safe_name,
)

CAPTURED = audit.declare("evidence.captured", "site", "kind", "sha256", "size")
SEALED = audit.declare("evidence.sealed", "about", "manifest", "pieces")

FIELD = "screenshots"

# Pillow's own alarm while it reads a header; the size is checked again below before anything is decoded.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def inspect_upload(data: bytes, file_name: str) -> Upload:
    """Decode a picture for real and say what it is; whatever is none, or could hide something, is refused.

    Raises ``Invalid`` for the field ``screenshots``. The bytes are not changed: they are the evidence.
    """
    name = safe_name(file_name)
    if not data:
        raise Invalid({FIELD: f"{name} is empty. Choose the picture again."})
    if len(data) > MAX_BYTES:
        raise Invalid({FIELD: f"{name} is larger than 20 MB. Save it smaller, or cut it in two."})
    try:
        with Image.open(io.BytesIO(data), formats=tuple(PICTURES)) as picture:
            limit = max_pixels(picture.format)
            if picture.width * picture.height > limit:
                raise Invalid({FIELD: _too_many_pixels(name, limit)})
            picture.load()
            # Some phones write several frames into one JPEG, which Pillow calls MPO.
            picture_format = "JPEG" if picture.format == "MPO" else str(picture.format)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Invalid({FIELD: _too_many_pixels(name, MAX_PIXELS)}) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as broken:
        raise Invalid(
            {FIELD: f"{name} is not a whole PNG, JPEG, WebP or GIF picture. Take the screenshot again."}
        ) from broken
    if not ends_with_picture(picture_format, data):
        raise Invalid({FIELD: f"{name} holds something behind the picture. Take a screenshot of it and add that."})
    media_type, endings = PICTURES[picture_format]
    return Upload(media_type, safe_name(file_name, endings), data)


def _too_many_pixels(name: str, limit: int) -> str:
    return f"{name} has more than {limit // 1_000_000} million pixels. Save it smaller, or cut it in two."


def record_piece(
    actor: Actor,
    *,
    site_id: int,
    kind: PieceKind,
    stored: Stored,
    media_type: str,
    file_name: str,
    source_address: str,
    clock: Clock,
) -> int:
    """Write the row of content that lies in the store, inside the caller's unit of work; returns the piece's id.

    The caller has authorised it for the site's department.
    """
    piece_id = int(
        Piece.insert(
            site=site_id, kind=kind, sha256=stored.sha256, size=stored.size, media_type=media_type,
            file_name=file_name, source_address=source_address, captured_at=clock.now(), captured_by=actor.person_id,
        ).execute()
    )  # fmt: skip
    audit.record(
        CAPTURED, actor, f"piece:{piece_id}", clock=clock,
        site=site_id, kind=kind, sha256=stored.sha256, size=stored.size,
    )  # fmt: skip
    return piece_id


def seal(actor: Actor, piece_ids: Sequence[int], *, about: str, clock: Clock) -> int:
    """Seal pieces under one manifest, inside the caller's unit of work; returns the seal's id.

    ``about`` names the matter as ``kind:id``. A piece is sealed once: ``StaleState`` when one of them is already.
    """
    if not in_unit_of_work():
        raise RuntimeError("a seal belongs in the transaction of what it is for")
    now = clock.now()
    pieces = list(Piece.select().where(Piece.id.in_(list(piece_ids)) & Piece.seal.is_null()).order_by(Piece.id))
    if not pieces or len(pieces) != len(set(piece_ids)):
        raise StaleState("Some of this evidence is sealed already. Nothing was saved.")
    manifest = audit.canonical(
        {
            "about": about,
            "sealed_at": now,
            "sealed_by": {"id": actor.person_id, "name": actor.name},
            "pieces": [
                {
                    "id": piece.id, "sha256": piece.sha256, "size": piece.size, "kind": piece.kind,
                    "type": piece.media_type, "name": piece.file_name, "source": piece.source_address,
                    "captured_at": piece.captured_at, "captured_by": piece.captured_by_id,
                }
                for piece in pieces
            ],
        }
    )  # fmt: skip
    digest = audit.digest_of(manifest)
    seal_id = int(
        Seal.insert(
            manifest=manifest, sha256=digest.removeprefix("sha256:"), sealed_at=now, sealed_by=actor.person_id
        ).execute()
    )
    Piece.update(seal=seal_id).where(Piece.id.in_([piece.id for piece in pieces])).execute()
    audit.record(SEALED, actor, f"seal:{seal_id}", clock=clock, about=about, manifest=digest, pieces=len(pieces))
    return seal_id
