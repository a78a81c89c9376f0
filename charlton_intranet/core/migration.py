"""Bring the database's tables to the shape this version of the app expects, all of it or nothing.

Steps are frozen SQL for both engines in ``charlton_intranet/migrations``; the whole upgrade is one transaction
under a lock, so two machines that start at once upgrade once.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playhouse.migrations import Runner

from charlton_intranet.core.database import connection, database, engine

DIRECTORY = Path(__file__).resolve().parent.parent / "migrations"
_LOCK = 0x43484152  # "CHAR": the key of PostgreSQL's advisory lock


def _runner() -> Runner:
    return Runner(database.obj, str(DIRECTORY))


def pending() -> list[str]:
    """Names of the steps this database lacks, in order."""
    with connection():
        return [step.name for step in _runner().status() if step.path is not None and step.applied is None]


def upgrade(target: str | None = None) -> list[str]:
    """Apply every pending step (up to ``target``) and return their names."""
    with connection(), _locked():
        return list(_runner().up(target))


def downgrade(target: str | None = None) -> list[str]:
    """Take back the newest step (or all through ``target``) and return their names."""
    with connection(), _locked():
        return list(_runner().down(target))


def _locked() -> Any:
    if engine() == "sqlite":
        return database.atomic("EXCLUSIVE")
    return _AdvisoryLock()


class _AdvisoryLock:
    """A transaction that first waits for the other machine's upgrade to end."""

    def __enter__(self) -> None:
        self._transaction = database.atomic()
        self._transaction.__enter__()
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))

    def __exit__(self, *exception: Any) -> Any:  # noqa: PYI036 - handed on as it comes
        return self._transaction.__exit__(*exception)


def run_statements(db: Any, *, sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    """Execute a step's statements for the engine at hand."""
    for statement in sqlite if engine() == "sqlite" else postgresql:
        db.execute_sql(statement)


def replace_choices(db: Any, table: str, column: str, before: Sequence[str], after: Sequence[str]) -> None:
    """Let a column of choices hold ``after`` instead of ``before``; rows stay as they are.

    SQLite can not change a CHECK: as its manual advises for constraints (lang_altertable, "making other kinds of
    table schema changes"), the text of the table is edited, which touches no row.
    """

    def check(values: Sequence[str]) -> str:
        listed = ", ".join(f"'{value}'" for value in values)
        return f'CHECK ("{column}" IN ({listed}))'

    if engine() == "postgresql":
        constraint = f"{table}_{column}_check"
        db.execute_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint}"')
        db.execute_sql(f'ALTER TABLE "{table}" ADD CONSTRAINT "{constraint}" {check(after)}')
        return
    (version,) = db.execute_sql("PRAGMA schema_version").fetchone()
    db.execute_sql("PRAGMA writable_schema = ON")
    changed = db.execute_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
        (check(before), check(after), table, check(before)),
    )
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = RESET")
    if changed.rowcount != 1:
        raise RuntimeError(f"{table}.{column} does not hold the choices {', '.join(before)}")
