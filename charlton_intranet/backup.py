"""Backups: one file that holds database, evidence, configuration and the proof that it is whole.

A backup is a tar file with a manifest of digests (the idea of RFC 8493, one file). The database is copied first
by the engine's own means while people work, the evidence after it: content is on disk before its row exists, so
every row of the copy finds its file. The copy is opened and verified before the file gets its name.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peewee

from charlton_intranet.core import audit, database
from charlton_intranet.core.errors import Invalid
from charlton_intranet.parts import Parts
from charlton_intranet.settings import CONFIG_FILE, KEY_FILE

MANIFEST = "manifest.json"
SQLITE_COPY = "database.sqlite3"
POSTGRESQL_COPY = "database.pgdump"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: the file, its members, the audit head and the events up to it."""

    path: Path
    members: int
    events: int
    head: str


def make(parts: Parts, target: Path) -> Backup:
    """Write a verified backup to ``target``; refuses to replace a file."""
    if target.exists():
        raise Invalid({"file": f"{target} exists already; choose another name."})
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=target.parent, prefix=".backup-")
    os.close(handle)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as folder:
            copy = _copy_database(parts, Path(folder))
            found = _verify_copy(parts, copy)
            members = _pack(parts, copy, Path(partial), found)
        check(Path(partial))
        Path(partial).replace(target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    return Backup(target, members, found.events, found.head)


def _copy_database(parts: Parts, folder: Path) -> Path:
    if database.engine() == "sqlite":
        copy = folder / SQLITE_COPY
        with database.connection():
            database.database.execute_sql("VACUUM INTO ?", (str(copy),))
        return copy
    copy = folder / POSTGRESQL_COPY
    _postgres_tool("pg_dump", "--format=custom", "--no-owner", f"--file={copy}", parts.settings.database)
    return copy


def _postgres_tool(name: str, *arguments: str) -> None:
    """Run PostgreSQL's own program."""
    program = shutil.which(name)
    if program is None:
        raise Invalid({"database": f"{name} is not installed on this machine; install PostgreSQL's client programs."})
    done = subprocess.run([program, *arguments], check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise Invalid({"database": f"{name} failed: {done.stderr.strip()[:500]}"})


def _verify_copy(parts: Parts, copy: Path) -> audit.Verification:
    """Open the copy by itself and walk its audit chain; a dump is judged by the live chain."""
    if copy.name == POSTGRESQL_COPY:
        with database.connection():
            found = audit.verify()
    else:
        with _opened(copy):
            problem = database.database.execute_sql("PRAGMA integrity_check").fetchone()[0]
            if problem != "ok":
                raise Invalid({"database": f"the copy is damaged: {problem}"})
            found = audit.verify()
        database.bind(parts.database)
    if found.fault is not None:
        raise Invalid({"audit": f"the audit trail does not hold at event {found.fault.number}: {found.fault.reason}."})
    return found


@contextmanager
def _opened(copy: Path) -> Iterator[None]:
    """Point the models at a copy for a moment."""
    before = database.database.obj
    other = peewee.SqliteDatabase(str(copy), pragmas={"query_only": "ON"})
    database.bind(other)
    try:
        yield
    finally:
        other.close()
        database.bind(before)


def _pack(parts: Parts, copy: Path, partial: Path, found: audit.Verification) -> int:
    """Write the tar file; returns how many members it has besides the manifest."""
    digests: dict[str, str] = {}
    instance = parts.settings.instance
    with tarfile.open(partial, "w") as archive:
        for path, name in _members(copy, instance, parts.settings.evidence):
            digests[name] = _digest(path)
            archive.add(path, name, recursive=False)
        manifest = {"format": 1, "audit": {"events": found.events, "head": found.head}, "sha256": digests}
        data = json.dumps(manifest, indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(data), 0o600
        archive.addfile(info, io.BytesIO(data))
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    return len(digests)


def _members(copy: Path, instance: Path, evidence: Path) -> Iterator[tuple[Path, str]]:
    yield copy, copy.name
    for name in (CONFIG_FILE, KEY_FILE):
        if (instance / name).is_file():
            yield instance / name, name
    for path in sorted(evidence.glob("??/??/*")):
        yield path, f"evidence/{path.relative_to(evidence).as_posix()}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(path: Path) -> dict[str, Any]:
    """Read a backup through and compare every member with the manifest; returns the manifest."""
    seen: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                file = archive.extractfile(member)
                if file is None or not _is_ours(member.name):
                    raise Invalid({"file": f"the backup holds something that is not ours: {member.name!r}."})
                if member.name == MANIFEST:
                    manifest = json.loads(file.read())
                else:
                    seen[member.name] = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except (tarfile.TarError, OSError, ValueError) as broken:
        raise Invalid({"file": f"{path} is not a readable backup: {broken}"}) from broken
    if not manifest or seen != manifest.get("sha256"):
        raise Invalid({"file": f"{path} is not whole: its members do not match its manifest."})
    return manifest


def _is_ours(name: str) -> bool:
    if name in {SQLITE_COPY, POSTGRESQL_COPY, CONFIG_FILE, KEY_FILE, MANIFEST}:
        return True
    parts = name.split("/")
    return len(parts) == 4 and parts[0] == "evidence" and all(part.isalnum() for part in parts[1:])


def restore(path: Path, instance: Path, *, database_url: str = "") -> dict[str, Any]:
    """Bring a verified backup back into an empty instance folder; returns the manifest.

    A PostgreSQL dump goes into the empty database ``database_url``.
    """
    manifest = check(path)
    if instance.exists() and any(instance.iterdir()):
        raise Invalid({"instance": f"{instance} is not empty; restore into a new folder and then exchange the two."})
    instance.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=instance.parent, prefix=".restore-") as folder:
        unpacked = Path(folder) / "instance"
        unpacked.mkdir(mode=0o700)
        with tarfile.open(path) as archive:
            archive.extractall(unpacked, filter="data")
        (unpacked / MANIFEST).unlink()
        if (unpacked / SQLITE_COPY).exists():
            (unpacked / SQLITE_COPY).rename(unpacked / "charlton.sqlite3")
        dump = unpacked / POSTGRESQL_COPY
        if dump.exists():
            if not database_url:
                raise Invalid({"database_url": "this backup is of PostgreSQL; name an empty database to restore into."})
            _postgres_tool("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={database_url}", str(dump))
            dump.unlink()
        if instance.exists():
            instance.rmdir()
        unpacked.replace(instance)
    return manifest
