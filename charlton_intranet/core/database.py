"""One database behind one proxy, on SQLite or PostgreSQL, and the unit of work every use case runs in.

Nothing here knows a table of any feature. Statements that may violate a constraint go into their own
``database.atomic()`` so that PostgreSQL can go on with the outer transaction.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import peewee
from playhouse.db_url import parse as parse_url
from playhouse.pool import PooledPostgresqlDatabase

from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.sql import Context

database = peewee.DatabaseProxy()
_unit_open: ContextVar[bool] = ContextVar("unit_of_work_open", default=False)

# The lock of PostgreSQL that a unit of work holds: any number that nothing else in this database uses.
WRITER = 1760

# SQLite below this version can corrupt a WAL database on reset; see the operator's guide.
FIRST_SAFE_WAL = (3, 51, 3)


class Model(peewee.Model):
    """Base of all tables; names are the class names in snake case."""

    if TYPE_CHECKING:
        id: peewee.AutoField[int]

    class Meta:
        database = database
        legacy_table_names = False


class Versioned(Model):
    """A record that people change: ``version`` moves on with every change (see :func:`update_current`)."""

    version = peewee.IntegerField(default=1)


def wal_is_safe() -> bool:
    """Whether the SQLite library at hand carries the fix of the WAL-reset corruption."""
    return tuple(peewee.SqliteDatabase.server_version) >= FIRST_SAFE_WAL


def sqlite_pragmas() -> dict[str, Any]:
    """Durable settings for the library at hand; every acknowledged write survives a crash."""
    durable = (
        {"journal_mode": "WAL", "synchronous": "FULL"}
        if wal_is_safe()
        else {"journal_mode": "DELETE", "synchronous": "EXTRA"}
    )
    return {**durable, "foreign_keys": "ON", "busy_timeout": 5000, "trusted_schema": "OFF"}


def connect(url: str, *, max_connections: int = 20) -> peewee.Database:
    """Build the database for ``url`` (``sqlite:///path`` or ``postgresql://...``).

    ``max_connections`` must be at least the number of web threads. Raises ``ValueError`` for another scheme.
    """
    real = _driver(url, max_connections)
    real.context_class = Context
    return real


def _driver(url: str, max_connections: int) -> peewee.Database:
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        path = url.removeprefix("sqlite:///")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        # IMMEDIATE: a read-then-write transaction under the default BEGIN fails under load.
        return peewee.SqliteDatabase(path, pragmas=sqlite_pragmas(), lock_type="IMMEDIATE")
    if scheme in {"postgresql", "postgres"}:
        options = parse_url(url)
        name = options.pop("database")
        return PooledPostgresqlDatabase(
            name,
            max_connections=max_connections,
            timeout=10,
            stale_timeout=300,
            prefer_psycopg3=True,
            # Prepared, a query gets one plan for whatever is asked, which for the queue's counts is a bad one.
            prepare_threshold=None,
            **options,
        )
    raise ValueError(f"the database address starts with {scheme!r}; it must be sqlite or postgresql")


def bind(real: peewee.Database) -> None:
    """Point every model at ``real``."""
    database.initialize(real)


def disconnect(real: peewee.Database) -> None:
    """Close this thread's connection and every idle one of the pool."""
    real.close()
    if isinstance(real, PooledPostgresqlDatabase):
        real.close_all()


def engine() -> str:
    """``"sqlite"`` or ``"postgresql"``."""
    return "sqlite" if isinstance(database.obj, peewee.SqliteDatabase) else "postgresql"


@contextlib.contextmanager
def connection() -> Iterator[None]:
    """Hold a connection for the length of a request or a job, unless one is held already."""
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            database.close()


@contextlib.contextmanager
def unit_of_work() -> Iterator[None]:
    """One use case, one transaction: all of it is written, with its audit events, or nothing.

    One unit runs at a time, on both engines: what it has read stays true until it is over, and no two can wait for
    each other. Units do not nest: a use case that needs another calls a function that leaves the transaction to it.
    """
    if _unit_open.get():
        raise RuntimeError("a unit of work is open already; one use case owns one transaction")
    token = _unit_open.set(True)
    try:
        with connection(), database.atomic():
            if engine() == "postgresql":  # SQLite's IMMEDIATE has taken its turn already
                database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (WRITER,))
            yield
    finally:
        _unit_open.reset(token)


def in_unit_of_work() -> bool:
    """Whether a unit of work is open in this thread of work."""
    return _unit_open.get()


def update_current(model: type[Versioned], record_id: int, version: int, **changes: Any) -> None:
    """Change one row if it is still at ``version``, and move the version on.

    Raises ``StaleState`` when somebody else was first, so that no press overwrites another's.
    """
    changed = (
        model.update(version=version + 1, **changes)
        .where((model.id == record_id) & (model.version == version))
        .execute()
    )
    if changed != 1:
        raise StaleState


def rows(query: Any) -> list[tuple[Any, ...]]:
    """All rows of ``query`` as plain tuples: what pages are made of."""
    return list(query.tuples())


def first_row(query: Any) -> tuple[Any, ...] | None:
    """The first row of ``query`` as a plain tuple."""
    row = query.tuples().first()
    return tuple(row) if row is not None else None


def is_unreadable(trouble: Exception) -> bool:
    """Whether an error of :func:`rows` says that what is stored is no text, as SQLite lets any bytes be stored.

    Told by its words: an error that comes while rows are fetched is the driver's own and passes Peewee by.
    """
    return isinstance(trouble, UnicodeDecodeError) or "UTF-8" in str(trouble)
