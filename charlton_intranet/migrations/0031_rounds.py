"""Tables of captures and full reviews, of their rhythm, and of who stands in."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "review_round" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('look', 'capture', 'full')),
        "due_on" DATE NOT NULL,
        "edition" INTEGER NOT NULL,
        "done_at" DATETIME NOT NULL,
        "done_by_id" INTEGER NOT NULL,
        "result" VARCHAR(40) NOT NULL CHECK ("result" IN ('clean', 'findings')),
        "note" TEXT NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("done_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "review_round_done_by_id" ON "review_round" ("done_by_id")""",
    """CREATE UNIQUE INDEX "review_round_site_id_kind_due_on" ON "review_round" ("site_id", "kind", "due_on")""",
    """CREATE TABLE "review_finding" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "round_id" INTEGER NOT NULL,
        "line" VARCHAR(40) NOT NULL,
        "note" TEXT NOT NULL,
        "outcome" VARCHAR(40) NOT NULL CHECK ("outcome" IN ('case', 'incident', 'checklist', 'noted')),
        "opened" VARCHAR(80) NOT NULL,
        "case_id" INTEGER, FOREIGN KEY ("round_id") REFERENCES "review_round" ("id") ON DELETE RESTRICT, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "review_finding_case_id" ON "review_finding" ("case_id")""",
    """CREATE UNIQUE INDEX "review_finding_round_id_line" ON "review_finding" ("round_id", "line")""",
    """CREATE TABLE "review_hand_over" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "site_id" INTEGER NOT NULL,
        "person_id" INTEGER NOT NULL,
        "starts_on" DATE NOT NULL,
        "ends_on" DATE NOT NULL,
        "ended_on" DATE,
        "note" TEXT NOT NULL,
        "given_by_id" INTEGER NOT NULL,
        "given_at" DATETIME NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("given_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "review_hand_over_site_id" ON "review_hand_over" ("site_id")""",
    """CREATE INDEX "review_hand_over_person_id" ON "review_hand_over" ("person_id")""",
    """CREATE INDEX "review_hand_over_given_by_id" ON "review_hand_over" ("given_by_id")""",
    """CREATE TABLE "review_rhythm" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "site_id" INTEGER NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('look', 'capture', 'full')),
        "months" INTEGER,
        "since" DATE, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "review_rhythm_site_id_kind" ON "review_rhythm" ("site_id", "kind")""",
    """CREATE TABLE "review_piece" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "round_id" INTEGER NOT NULL,
        "piece_id" INTEGER NOT NULL, FOREIGN KEY ("round_id") REFERENCES "review_round" ("id") ON DELETE RESTRICT, FOREIGN KEY ("piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "review_piece_piece_id" ON "review_piece" ("piece_id")""",
    """CREATE UNIQUE INDEX "review_piece_round_id_piece_id" ON "review_piece" ("round_id", "piece_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "review_round" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('look', 'capture', 'full')),
        "due_on" DATE NOT NULL,
        "edition" INTEGER NOT NULL,
        "done_at" TIMESTAMP NOT NULL,
        "done_by_id" INTEGER NOT NULL,
        "result" VARCHAR(40) NOT NULL CHECK ("result" IN ('clean', 'findings')),
        "note" TEXT NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("done_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "review_round_done_by_id" ON "review_round" ("done_by_id")""",
    """CREATE UNIQUE INDEX "review_round_site_id_kind_due_on" ON "review_round" ("site_id", "kind", "due_on")""",
    """CREATE TABLE "review_finding" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "round_id" INTEGER NOT NULL,
        "line" VARCHAR(40) NOT NULL,
        "note" TEXT NOT NULL,
        "outcome" VARCHAR(40) NOT NULL CHECK ("outcome" IN ('case', 'incident', 'checklist', 'noted')),
        "opened" VARCHAR(80) NOT NULL,
        "case_id" INTEGER, FOREIGN KEY ("round_id") REFERENCES "review_round" ("id") ON DELETE RESTRICT, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "review_finding_case_id" ON "review_finding" ("case_id")""",
    """CREATE UNIQUE INDEX "review_finding_round_id_line" ON "review_finding" ("round_id", "line")""",
    """CREATE TABLE "review_hand_over" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "site_id" INTEGER NOT NULL,
        "person_id" INTEGER NOT NULL,
        "starts_on" DATE NOT NULL,
        "ends_on" DATE NOT NULL,
        "ended_on" DATE,
        "note" TEXT NOT NULL,
        "given_by_id" INTEGER NOT NULL,
        "given_at" TIMESTAMP NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("given_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "review_hand_over_site_id" ON "review_hand_over" ("site_id")""",
    """CREATE INDEX "review_hand_over_person_id" ON "review_hand_over" ("person_id")""",
    """CREATE INDEX "review_hand_over_given_by_id" ON "review_hand_over" ("given_by_id")""",
    """CREATE TABLE "review_rhythm" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "site_id" INTEGER NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('look', 'capture', 'full')),
        "months" INTEGER,
        "since" DATE, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "review_rhythm_site_id_kind" ON "review_rhythm" ("site_id", "kind")""",
    """CREATE TABLE "review_piece" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "round_id" INTEGER NOT NULL,
        "piece_id" INTEGER NOT NULL, FOREIGN KEY ("round_id") REFERENCES "review_round" ("id") ON DELETE RESTRICT, FOREIGN KEY ("piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "review_piece_piece_id" ON "review_piece" ("piece_id")""",
    """CREATE UNIQUE INDEX "review_piece_round_id_piece_id" ON "review_piece" ("round_id", "piece_id")""",
)
TABLES = (
    "review_piece",
    "review_rhythm",
    "review_hand_over",
    "review_finding",
    "review_round",
)


# What a site that is in use today should have had in the past is not owed now: its first ones count from this day.
FROM_TODAY = """INSERT INTO "review_rhythm" ("version", "site_id", "kind", "since")
    SELECT 1, "id", '{kind}', CURRENT_DATE FROM "site" WHERE "state" IN ('active', 'suspended')"""


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)
    for kind in ("capture", "full"):
        db.execute_sql(FROM_TODAY.format(kind=kind))


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
