"""Table of visits to My work."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "visit" (
        "person_id" INTEGER NOT NULL PRIMARY KEY,
        "day" DATE NOT NULL,
        "opened" INTEGER NOT NULL,
        "seen" INTEGER NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE)""",
)
POSTGRESQL = (
    """CREATE TABLE "visit" (
        "person_id" INTEGER NOT NULL PRIMARY KEY,
        "day" DATE NOT NULL,
        "opened" BIGINT NOT NULL,
        "seen" BIGINT NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE)""",
)
TABLES = ("visit",)


def up(_migrator: Any, db: Any) -> None:
    """Make the table."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the table with all it holds."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
