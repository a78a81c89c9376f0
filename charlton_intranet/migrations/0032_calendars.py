"""Addresses from which calendars read somebody's duties, and the entries as they were handed out."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "calendar_feed" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "person_id" INTEGER NOT NULL,
        "token_digest" CHAR(64) NOT NULL,
        "detail" VARCHAR(40) NOT NULL CHECK ("detail" IN ('titles', 'counts')),
        "made_at" DATETIME NOT NULL,
        "read_at" DATETIME, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE)""",
    """CREATE UNIQUE INDEX "calendar_feed_person_id" ON "calendar_feed" ("person_id")""",
    """CREATE UNIQUE INDEX "calendar_feed_token_digest" ON "calendar_feed" ("token_digest")""",
    """CREATE TABLE "calendar_entry" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "feed_id" INTEGER NOT NULL,
        "key" VARCHAR(160) NOT NULL,
        "uid" CHAR(32) NOT NULL,
        "due" DATE NOT NULL,
        "summary" VARCHAR(300) NOT NULL,
        "note" VARCHAR(300) NOT NULL,
        "path" VARCHAR(300) NOT NULL,
        "sequence" INTEGER NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('due', 'over')),
        "created_at" DATETIME NOT NULL,
        "modified_at" DATETIME NOT NULL, FOREIGN KEY ("feed_id") REFERENCES "calendar_feed" ("id") ON DELETE CASCADE)""",
    """CREATE INDEX "calendar_entry_feed_id" ON "calendar_entry" ("feed_id")""",
    """CREATE UNIQUE INDEX "calendar_entry_uid" ON "calendar_entry" ("uid")""",
    """CREATE UNIQUE INDEX "calendar_entry_feed_id_key" ON "calendar_entry" ("feed_id", "key")""",
)
POSTGRESQL = (
    """CREATE TABLE "calendar_feed" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "person_id" INTEGER NOT NULL,
        "token_digest" CHAR(64) NOT NULL,
        "detail" VARCHAR(40) NOT NULL CHECK ("detail" IN ('titles', 'counts')),
        "made_at" TIMESTAMP NOT NULL,
        "read_at" TIMESTAMP, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE)""",
    """CREATE UNIQUE INDEX "calendar_feed_person_id" ON "calendar_feed" ("person_id")""",
    """CREATE UNIQUE INDEX "calendar_feed_token_digest" ON "calendar_feed" ("token_digest")""",
    """CREATE TABLE "calendar_entry" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "feed_id" INTEGER NOT NULL,
        "key" VARCHAR(160) NOT NULL,
        "uid" CHAR(32) NOT NULL,
        "due" DATE NOT NULL,
        "summary" VARCHAR(300) NOT NULL,
        "note" VARCHAR(300) NOT NULL,
        "path" VARCHAR(300) NOT NULL,
        "sequence" INTEGER NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('due', 'over')),
        "created_at" TIMESTAMP NOT NULL,
        "modified_at" TIMESTAMP NOT NULL, FOREIGN KEY ("feed_id") REFERENCES "calendar_feed" ("id") ON DELETE CASCADE)""",
    """CREATE INDEX "calendar_entry_feed_id" ON "calendar_entry" ("feed_id")""",
    """CREATE UNIQUE INDEX "calendar_entry_uid" ON "calendar_entry" ("uid")""",
    """CREATE UNIQUE INDEX "calendar_entry_feed_id_key" ON "calendar_entry" ("feed_id", "key")""",
)
TABLES = (
    "calendar_entry",
    "calendar_feed",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
