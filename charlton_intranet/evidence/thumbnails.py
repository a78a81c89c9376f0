"""Small pictures of captured ones, for lists. They are no evidence: beside the store, made when they are asked for.

The folder can be deleted at any time; no backup holds it and no check reads it.
"""

import contextlib
import io
import os
import tempfile
import threading
from pathlib import Path

from PIL import Image

from charlton_intranet.core.store import EvidenceStore

SIZE = (480, 360)
MEDIA_TYPE = "image/webp"
FOLDER = "thumbnails"
# Each decodes up to 160 MB; one after the other they take no more.
_one_at_a_time = threading.Lock()


def thumbnail(store: EvidenceStore, sha256: str) -> bytes:
    """The small picture of a stored one; raises ``Damaged`` when that is not what was kept."""
    path = store.root.parent / FOLDER / store.path_of(sha256).relative_to(store.root).with_suffix(".webp")
    try:
        return path.read_bytes()
    except OSError:
        with _one_at_a_time:
            small = _shrunk(store.get(sha256))
        # A full disk, or a folder that somebody deletes at this moment, is no reason to show nothing.
        with contextlib.suppress(OSError):
            _keep(path, small)
        return small


def _shrunk(data: bytes) -> bytes:
    """A new picture, without anything of the old file but its colours."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("RGB", SIZE)
        picture.thumbnail(SIZE)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "WEBP", quality=75)
        return out.getvalue()


def _keep(path: Path, data: bytes) -> None:
    """Whole or not at all; not made durable, as it can be made again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).replace(path)
