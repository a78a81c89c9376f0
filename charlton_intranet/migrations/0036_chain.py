"""Tables of the proofs of the audit trail: walks along its chain, heads that were handed out, and to whom."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "trail_anchor" (
        "day" DATE NOT NULL PRIMARY KEY,
        "number" INTEGER NOT NULL,
        "digest" CHAR(64) NOT NULL,
        "handed_out_at" DATETIME NOT NULL,
        "witnesses" VARCHAR(500) NOT NULL)""",
    """CREATE TABLE "trail_check" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "started_at" DATETIME NOT NULL,
        "started_by_id" INTEGER,
        "ended_at" DATETIME,
        "total" INTEGER NOT NULL,
        "head" CHAR(64) NOT NULL,
        "reached" INTEGER NOT NULL,
        "digest" CHAR(64) NOT NULL,
        "anchors" INTEGER NOT NULL,
        "fault_number" INTEGER,
        "fault" VARCHAR(200) NOT NULL, FOREIGN KEY ("started_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "trail_check_ended_at" ON "trail_check" ("ended_at")""",
    """CREATE TABLE "trail_witness" (
        "person_id" INTEGER NOT NULL PRIMARY KEY,
        "named_at" DATETIME NOT NULL,
        "named_by_id" INTEGER NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("named_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
)
POSTGRESQL = (
    """CREATE TABLE "trail_anchor" (
        "day" DATE NOT NULL PRIMARY KEY,
        "number" BIGINT NOT NULL,
        "digest" CHAR(64) NOT NULL,
        "handed_out_at" TIMESTAMP NOT NULL,
        "witnesses" VARCHAR(500) NOT NULL)""",
    """CREATE TABLE "trail_check" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "started_at" TIMESTAMP NOT NULL,
        "started_by_id" INTEGER,
        "ended_at" TIMESTAMP,
        "total" BIGINT NOT NULL,
        "head" CHAR(64) NOT NULL,
        "reached" BIGINT NOT NULL,
        "digest" CHAR(64) NOT NULL,
        "anchors" INTEGER NOT NULL,
        "fault_number" BIGINT,
        "fault" VARCHAR(200) NOT NULL, FOREIGN KEY ("started_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "trail_check_ended_at" ON "trail_check" ("ended_at")""",
    """CREATE TABLE "trail_witness" (
        "person_id" INTEGER NOT NULL PRIMARY KEY,
        "named_at" TIMESTAMP NOT NULL,
        "named_by_id" INTEGER NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("named_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
)
TABLES = (
    "trail_witness",
    "trail_check",
    "trail_anchor",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
