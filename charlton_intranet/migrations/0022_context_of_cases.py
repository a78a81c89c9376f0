"""What the words of a case answer, and the accounts that write for the town."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "case_context" (
        "case_id" INTEGER NOT NULL PRIMARY KEY,
        "text" TEXT NOT NULL,
        "handle" VARCHAR(150) NOT NULL,
        "permalink" VARCHAR(1000) NOT NULL,
        "title" VARCHAR(300) NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
    """CREATE TABLE "staff_post" (
        "case_id" INTEGER NOT NULL PRIMARY KEY,
        "account" VARCHAR(150) NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
)
POSTGRESQL = (
    """CREATE TABLE "case_context" (
        "case_id" INTEGER NOT NULL PRIMARY KEY,
        "text" TEXT NOT NULL,
        "handle" VARCHAR(150) NOT NULL,
        "permalink" VARCHAR(1000) NOT NULL,
        "title" VARCHAR(300) NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
    """CREATE TABLE "staff_post" (
        "case_id" INTEGER NOT NULL PRIMARY KEY,
        "account" VARCHAR(150) NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
)
TABLES = (
    "staff_post",
    "case_context",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
