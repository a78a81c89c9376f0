"""Which helpers that point at words the town has turned off."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "suggestion_choice" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "enabled" INTEGER NOT NULL,
        "off" VARCHAR(1000) NOT NULL,
        "chosen_by_id" INTEGER NOT NULL,
        "chosen_at" DATETIME NOT NULL, FOREIGN KEY ("chosen_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
)
POSTGRESQL = (
    """CREATE TABLE "suggestion_choice" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "enabled" BOOLEAN NOT NULL,
        "off" VARCHAR(1000) NOT NULL,
        "chosen_by_id" INTEGER NOT NULL,
        "chosen_at" TIMESTAMP NOT NULL, FOREIGN KEY ("chosen_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
)
TABLES = ("suggestion_choice",)


def up(_migrator: Any, db: Any) -> None:
    """Make the table."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the table with all it holds."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
