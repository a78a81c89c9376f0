"""The migrated database is the database that the models describe, on both engines, up and down, with rows."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peewee
import pytest

import charlton_intranet
from charlton_intranet.core import database, migration
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.database import Model, Versioned
from charlton_intranet.core.search import SearchText
from charlton_intranet.demo import cast
from tests.conftest import SINCE, START

NOT_TABLES = {Model, Versioned, SearchText}


@pytest.fixture
def empty(engine: str, request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[peewee.Database]:
    """An empty database of its own, bound for the length of the test."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres_url")(f"charlton_empty_{worker_id}")
    real = database.connect(url)
    before = database.database.obj
    database.bind(real)
    yield real
    database.disconnect(real)
    if before is not None:
        database.bind(before)


def tables() -> list[type[Model]]:
    """Every model of the app."""
    for module in pkgutil.walk_packages(charlton_intranet.__path__, "charlton_intranet."):
        if module.name.endswith((".models", ".audit", ".files", ".jobs", ".search")):
            importlib.import_module(module.name)
    found: list[type[Model]] = []
    queue: list[Any] = [Model]
    while queue:
        model = queue.pop()
        queue += model.__subclasses__()
        if model not in NOT_TABLES and model.__module__.startswith("charlton_intranet."):
            found.append(model)
    return sorted(found, key=lambda model: str(model._meta.table_name))


def shape(real: peewee.Database) -> dict[str, Any]:
    """Everything the engine knows of the tables, but for what the first step adds by hand."""
    if isinstance(real, peewee.SqliteDatabase):
        query = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        rows = real.execute_sql(query).fetchall()
        return {
            name: re.sub(r"\s+", " ", sql).replace("( ", "(")
            for name, sql in rows
            if not name.startswith(("search_text", "schema_migration", "sqlite_"))
        }
    columns = real.execute_sql(
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable"
        " FROM information_schema.columns WHERE table_schema = current_schema()"
    ).fetchall()
    constraints = real.execute_sql(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = current_schema()::regnamespace"
    ).fetchall()
    indexes = real.execute_sql(
        "SELECT tablename, regexp_replace(indexdef, ' ON [^.]*[.]', ' ON ')"
        " FROM pg_indexes WHERE schemaname = current_schema()"
    ).fetchall()
    facts = [*columns, *constraints, *indexes]
    return {str(fact): fact for fact in facts if fact[0] != "schema_migration" and "search_vector" not in str(fact)}


def test_migrated_tables_equal_the_models(empty: peewee.Database) -> None:
    migration.upgrade()
    migrated = shape(empty)
    if isinstance(empty, peewee.SqliteDatabase):
        empty.execute_sql("PRAGMA foreign_keys = OFF")  # a table with rows goes whatever it points to
    with empty.atomic() as transaction:
        for name in sorted(empty.get_tables(), reverse=True):  # a category before its edition: both have rows
            cascade = "" if isinstance(empty, peewee.SqliteDatabase) else " CASCADE"
            if not name.startswith("search_text_"):
                empty.execute_sql(f'DROP TABLE "{name}"{cascade}')
        empty.create_tables(tables())
        described = shape(empty)
        transaction.rollback()
    assert migrated == described


def test_numbers_are_unique_and_without_gap() -> None:
    names = sorted(path.stem for path in migration.DIRECTORY.glob("[0-9]*.py"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_every_step_goes_up_and_down_with_rows_in_place(empty: peewee.Database) -> None:
    names = migration.upgrade()
    with database.connection():
        cast.load_cast(FixedClock(START), SINCE)
    for name in reversed(names[2:]):
        assert migration.downgrade() == [name]
        assert migration.upgrade(name) == [name]
        assert migration.downgrade() == [name]
    assert migration.downgrade(names[0]) == [names[1], names[0]]
    left = set(empty.get_tables()) - {"schema_migration"}
    assert left == set()


def test_a_failing_step_leaves_nothing_behind(empty: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("charlton_intranet.core.migration.run_statements", broken)
    with pytest.raises(ZeroDivisionError):
        migration.upgrade()
    assert [t for t in empty.get_tables() if t != "schema_migration"] == []
