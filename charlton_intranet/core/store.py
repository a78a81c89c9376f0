"""The content-addressed store: each file lies under the SHA-256 of its bytes and is never rewritten.

Order of a write: temporary file on the same file system, fsync, read-only, rename, fsync of the folder, and only
then may a row point to it. A file without a row is an orphan that :meth:`EvidenceStore.sweep` takes away after a
day; a row without a file can not happen.
"""

import hashlib
import os
import tempfile
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ORPHAN_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stored:
    """What a write left: the SHA-256 in hex and the size in bytes."""

    sha256: str
    size: int


class Damaged(Exception):
    """The bytes on disk are not those that were sealed, or are missing."""


class EvidenceStore:
    """Files by digest below one folder: ``ab/cd/<sha256>``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, sha256: str) -> Path:
        """Where the content with this digest lies; refuses anything that is not a digest."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256 digest in hex")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def put(self, data: bytes) -> Stored:
        """Keep ``data`` for good; the same content is kept once."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path_of(sha256)
        if target.exists():
            os.utime(target)  # it may be an old orphan: young again, the sweep leaves it until its row is committed
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.root, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).chmod(0o440)
                Path(name).replace(target)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            for folder in (target.parent, target.parent.parent, self.root):
                _sync_folder(folder)
        return Stored(sha256, len(data))

    def get(self, sha256: str) -> bytes:
        """The content, checked against its digest; raises :class:`Damaged` when it is not what was sealed."""
        try:
            data = self.path_of(sha256).read_bytes()
        except FileNotFoundError as missing:
            raise Damaged(f"{sha256} is missing from the store") from missing
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(f"{sha256} does not match its digest any more")
        return data

    def kept(self) -> Iterator[str]:
        """Every digest in the store."""
        for path in sorted(self.root.glob("??/??/*")):
            yield path.name

    def sweep(self, known: Container[str], *, now: datetime) -> list[str]:
        """Take away files that no row points to and that are older than a day; returns their names."""
        swept = []
        for path in [*self.root.glob("??/??/*"), *self.root.glob(".new-*")]:
            old = now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > ORPHAN_AGE
            if old and path.name not in known:
                path.unlink()
                swept.append(path.name)
        return swept


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
