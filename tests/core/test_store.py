import hashlib
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from charlton_intranet.core.store import ORPHAN_AGE, Damaged, EvidenceStore

DATA = b"What the public wrote"
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


def later(path: Path, by: timedelta) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) + by


def test_what_is_put_can_be_got(store: EvidenceStore) -> None:
    stored = store.put(DATA)
    assert (stored.sha256, stored.size) == (DIGEST, len(DATA))
    assert store.get(DIGEST) == DATA
    assert list(store.kept()) == [DIGEST]


def test_the_same_content_is_kept_once_and_never_rewritten(store: EvidenceStore) -> None:
    store.put(DATA)
    path = store.path_of(DIGEST)
    before = path.stat().st_ino
    store.put(DATA)
    assert path.stat().st_ino == before
    assert len([p for p in store.root.rglob("*") if p.is_file()]) == 1


def test_a_kept_file_is_read_only_and_lies_under_its_digest(store: EvidenceStore) -> None:
    store.put(DATA)
    path = store.path_of(DIGEST)
    assert path.relative_to(store.root).parts == (DIGEST[:2], DIGEST[2:4], DIGEST)
    assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH | stat.S_IROTH)


def test_nothing_is_left_when_the_disk_refuses(store: EvidenceStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(DATA)
    assert [p for p in store.root.rglob("*") if p.is_file()] == []


def test_damage_and_loss_show_on_reading(store: EvidenceStore) -> None:
    store.put(DATA)
    path = store.path_of(DIGEST)
    path.chmod(0o640)
    path.write_bytes(DATA.replace(b"public", b"PUBLIC"))
    with pytest.raises(Damaged, match="does not match"):
        store.get(DIGEST)
    path.unlink()
    with pytest.raises(Damaged, match="missing"):
        store.get(DIGEST)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "g" * 64, DIGEST.upper(), DIGEST + "0", DIGEST[:63] + "/"])
def test_only_a_digest_names_a_file(store: EvidenceStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256 digest"):
        store.get(name)


def test_the_sweep_takes_orphans_after_a_day_and_nothing_else(store: EvidenceStore) -> None:
    store.put(DATA)
    known = store.put(b"known").sha256
    half = store.root / ".new-half"
    half.write_bytes(b"half")
    path = store.path_of(DIGEST)
    assert store.sweep({known}, now=later(path, timedelta(hours=23))) == []
    assert set(store.sweep({known}, now=later(path, ORPHAN_AGE + timedelta(minutes=1)))) == {DIGEST, ".new-half"}
    assert list(store.kept()) == [known]
    assert not half.exists()


def test_an_empty_store_has_nothing(store: EvidenceStore) -> None:
    assert list(store.kept()) == []
    assert store.sweep(set(), now=datetime(2026, 11, 23, tzinfo=UTC)) == []
