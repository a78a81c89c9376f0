"""Exceptions: somebody settled a matter of their own because nobody else could."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "recorded_exception" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "subject" VARCHAR(80) NOT NULL,
        "step" VARCHAR(80) NOT NULL,
        "person_id" INTEGER NOT NULL,
        "reason" TEXT NOT NULL,
        "at" DATETIME NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "recorded_exception_person_id" ON "recorded_exception" ("person_id")""",
    """CREATE INDEX "recorded_exception_at" ON "recorded_exception" ("at")""",
)
POSTGRESQL = (
    """CREATE TABLE "recorded_exception" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "subject" VARCHAR(80) NOT NULL,
        "step" VARCHAR(80) NOT NULL,
        "person_id" INTEGER NOT NULL,
        "reason" TEXT NOT NULL,
        "at" TIMESTAMP NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "recorded_exception_person_id" ON "recorded_exception" ("person_id")""",
    """CREATE INDEX "recorded_exception_at" ON "recorded_exception" ("at")""",
)
TABLES = ("recorded_exception",)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
