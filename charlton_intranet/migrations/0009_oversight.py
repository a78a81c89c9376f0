"""Digest days and reminders."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "digest_day" (
        "day" DATE NOT NULL PRIMARY KEY,
        "queued_at" DATETIME NOT NULL,
        "mails" INTEGER NOT NULL)""",
    """CREATE TABLE "reminder" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "kind" VARCHAR(60) NOT NULL,
        "subject" VARCHAR(80) NOT NULL,
        "due" DATE NOT NULL,
        "rung" INTEGER NOT NULL,
        "recipient_id" INTEGER NOT NULL,
        "told_on" DATE NOT NULL, FOREIGN KEY ("recipient_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "reminder_recipient_id" ON "reminder" ("recipient_id")""",
    """CREATE UNIQUE INDEX "reminder_kind_subject_due_rung_recipient_id"
        ON "reminder" ("kind", "subject", "due", "rung", "recipient_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "digest_day" (
        "day" DATE NOT NULL PRIMARY KEY,
        "queued_at" TIMESTAMP NOT NULL,
        "mails" INTEGER NOT NULL)""",
    """CREATE TABLE "reminder" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "kind" VARCHAR(60) NOT NULL,
        "subject" VARCHAR(80) NOT NULL,
        "due" DATE NOT NULL,
        "rung" INTEGER NOT NULL,
        "recipient_id" INTEGER NOT NULL,
        "told_on" DATE NOT NULL, FOREIGN KEY ("recipient_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "reminder_recipient_id" ON "reminder" ("recipient_id")""",
    """CREATE UNIQUE INDEX "reminder_kind_subject_due_rung_recipient_id"
        ON "reminder" ("kind", "subject", "due", "rung", "recipient_id")""",
)
TABLES = (
    "reminder",
    "digest_day",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
