"""What happened to each piece since it was captured: custody, failed captures, fixity, later looks at the post."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "custody_event" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "piece_id" INTEGER NOT NULL,
        "act" VARCHAR(40) NOT NULL CHECK ("act" IN ('captured', 'sealed', 'viewed', 'downloaded', 'checked', 'exported', 'superseded')),
        "by_id" INTEGER,
        "at" DATETIME NOT NULL,
        "address" VARCHAR(64) NOT NULL, FOREIGN KEY ("piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, FOREIGN KEY ("by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "custody_event_piece_id" ON "custody_event" ("piece_id")""",
    """CREATE TABLE "failed_capture" (
        "piece_id" INTEGER NOT NULL PRIMARY KEY,
        "why" VARCHAR(40) NOT NULL CHECK ("why" IN ('blank', 'wrong', 'cut_off')),
        "reason" TEXT NOT NULL,
        "marked_at" DATETIME NOT NULL,
        "marked_by_id" INTEGER NOT NULL,
        "replaced_by_id" INTEGER, FOREIGN KEY ("piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, FOREIGN KEY ("marked_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("replaced_by_id") REFERENCES "piece" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "failed_capture_replaced_by_id" ON "failed_capture" ("replaced_by_id")""",
    """CREATE TABLE "fixity_run" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "started_at" DATETIME NOT NULL,
        "started_by_id" INTEGER,
        "ended_at" DATETIME,
        "total" INTEGER NOT NULL,
        "reached" VARCHAR(64) NOT NULL,
        "reached_seal" INTEGER NOT NULL,
        "pieces" INTEGER NOT NULL,
        "files" INTEGER NOT NULL,
        "bytes" INTEGER NOT NULL,
        "faults" INTEGER NOT NULL, FOREIGN KEY ("started_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE TABLE "fixity_fault" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "run_id" INTEGER,
        "piece_id" INTEGER,
        "file_id" INTEGER,
        "seal_id" INTEGER,
        "reason" VARCHAR(200) NOT NULL,
        "found_at" DATETIME NOT NULL,
        "mended_at" DATETIME, FOREIGN KEY ("run_id") REFERENCES "fixity_run" ("id") ON DELETE RESTRICT, FOREIGN KEY ("piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, FOREIGN KEY ("file_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT, FOREIGN KEY ("seal_id") REFERENCES "seal" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "fixity_fault_run_id" ON "fixity_fault" ("run_id")""",
    """CREATE INDEX "fixity_fault_piece_id" ON "fixity_fault" ("piece_id")""",
    """CREATE INDEX "fixity_fault_file_id" ON "fixity_fault" ("file_id")""",
    """CREATE INDEX "fixity_fault_seal_id" ON "fixity_fault" ("seal_id")""",
    """CREATE INDEX "fixity_fault_mended_at" ON "fixity_fault" ("mended_at")""",
    """CREATE TABLE "later_look" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "seen" VARCHAR(40) NOT NULL CHECK ("seen" IN ('same', 'changed', 'gone')),
        "words" TEXT NOT NULL,
        "remark" TEXT NOT NULL,
        "words_piece_id" INTEGER,
        "picture_id" INTEGER,
        "looked_at" DATETIME NOT NULL,
        "looked_by_id" INTEGER NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("words_piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, FOREIGN KEY ("picture_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, FOREIGN KEY ("looked_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "later_look_case_id" ON "later_look" ("case_id")""",
    """CREATE INDEX "later_look_words_piece_id" ON "later_look" ("words_piece_id")""",
    """CREATE INDEX "later_look_picture_id" ON "later_look" ("picture_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "custody_event" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "piece_id" INTEGER NOT NULL,
        "act" VARCHAR(40) NOT NULL CHECK ("act" IN ('captured', 'sealed', 'viewed', 'downloaded', 'checked', 'exported', 'superseded')),
        "by_id" INTEGER,
        "at" TIMESTAMP NOT NULL,
        "address" VARCHAR(64) NOT NULL, FOREIGN KEY ("piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, FOREIGN KEY ("by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "custody_event_piece_id" ON "custody_event" ("piece_id")""",
    """CREATE TABLE "failed_capture" (
        "piece_id" INTEGER NOT NULL PRIMARY KEY,
        "why" VARCHAR(40) NOT NULL CHECK ("why" IN ('blank', 'wrong', 'cut_off')),
        "reason" TEXT NOT NULL,
        "marked_at" TIMESTAMP NOT NULL,
        "marked_by_id" INTEGER NOT NULL,
        "replaced_by_id" INTEGER, FOREIGN KEY ("piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, FOREIGN KEY ("marked_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("replaced_by_id") REFERENCES "piece" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "failed_capture_replaced_by_id" ON "failed_capture" ("replaced_by_id")""",
    """CREATE TABLE "fixity_run" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "started_at" TIMESTAMP NOT NULL,
        "started_by_id" INTEGER,
        "ended_at" TIMESTAMP,
        "total" INTEGER NOT NULL,
        "reached" VARCHAR(64) NOT NULL,
        "reached_seal" INTEGER NOT NULL,
        "pieces" INTEGER NOT NULL,
        "files" INTEGER NOT NULL,
        "bytes" BIGINT NOT NULL,
        "faults" INTEGER NOT NULL, FOREIGN KEY ("started_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE TABLE "fixity_fault" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "run_id" INTEGER,
        "piece_id" INTEGER,
        "file_id" INTEGER,
        "seal_id" INTEGER,
        "reason" VARCHAR(200) NOT NULL,
        "found_at" TIMESTAMP NOT NULL,
        "mended_at" TIMESTAMP, FOREIGN KEY ("run_id") REFERENCES "fixity_run" ("id") ON DELETE RESTRICT, FOREIGN KEY ("piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, FOREIGN KEY ("file_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT, FOREIGN KEY ("seal_id") REFERENCES "seal" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "fixity_fault_run_id" ON "fixity_fault" ("run_id")""",
    """CREATE INDEX "fixity_fault_piece_id" ON "fixity_fault" ("piece_id")""",
    """CREATE INDEX "fixity_fault_file_id" ON "fixity_fault" ("file_id")""",
    """CREATE INDEX "fixity_fault_seal_id" ON "fixity_fault" ("seal_id")""",
    """CREATE INDEX "fixity_fault_mended_at" ON "fixity_fault" ("mended_at")""",
    """CREATE TABLE "later_look" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "seen" VARCHAR(40) NOT NULL CHECK ("seen" IN ('same', 'changed', 'gone')),
        "words" TEXT NOT NULL,
        "remark" TEXT NOT NULL,
        "words_piece_id" INTEGER,
        "picture_id" INTEGER,
        "looked_at" TIMESTAMP NOT NULL,
        "looked_by_id" INTEGER NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("words_piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, FOREIGN KEY ("picture_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, FOREIGN KEY ("looked_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "later_look_case_id" ON "later_look" ("case_id")""",
    """CREATE INDEX "later_look_words_piece_id" ON "later_look" ("words_piece_id")""",
    """CREATE INDEX "later_look_picture_id" ON "later_look" ("picture_id")""",
)
# The log of a piece is append-only whoever holds a connection.
SQLITE_EXTRA = (
    """CREATE TRIGGER custody_event_no_update BEFORE UPDATE ON custody_event
    BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END""",
    """CREATE TRIGGER custody_event_no_delete BEFORE DELETE ON custody_event
    BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END""",
)
POSTGRESQL_EXTRA = (
    """CREATE FUNCTION refuse_custody_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the custody log is append-only'; END $$""",
    """CREATE TRIGGER custody_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON custody_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_custody_change()""",
)
# What was captured and sealed before there was a log stands in the rows of the pieces and seals.
EARLIER = (
    """INSERT INTO custody_event (piece_id, act, by_id, at, address)
    SELECT id, 'captured', captured_by_id, captured_at, '' FROM piece ORDER BY id""",
    """INSERT INTO custody_event (piece_id, act, by_id, at, address)
    SELECT piece.id, 'sealed', seal.sealed_by_id, seal.sealed_at, '' FROM piece JOIN seal ON seal.id = piece.seal_id
    ORDER BY piece.id""",
)
TABLES = (
    "later_look",
    "fixity_fault",
    "fixity_run",
    "failed_capture",
    "custody_event",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables, and begin the logs with what is known."""
    run_statements(
        db,
        sqlite=(*SQLITE, *SQLITE_EXTRA, *EARLIER),
        postgresql=(*POSTGRESQL, *POSTGRESQL_EXTRA, *EARLIER),
    )


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
    run_statements(db, sqlite=(), postgresql=("DROP FUNCTION refuse_custody_change()",))
