"""Who asked for a new password, until the timetable answers."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "reset_ask" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "email" VARCHAR(254) NOT NULL,
        "address" VARCHAR(45) NOT NULL,
        "at" DATETIME NOT NULL)""",
)
POSTGRESQL = (
    """CREATE TABLE "reset_ask" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "email" VARCHAR(254) NOT NULL,
        "address" VARCHAR(45) NOT NULL,
        "at" TIMESTAMP NOT NULL)""",
)
TABLES = ("reset_ask",)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
