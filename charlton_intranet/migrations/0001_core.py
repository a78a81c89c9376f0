"""The audit trail, search, jobs and the outbox, with the triggers that keep the trail append-only."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "audit_event" (
        "number" INTEGER NOT NULL PRIMARY KEY,
        "at" DATETIME NOT NULL,
        "tag" VARCHAR(80) NOT NULL,
        "actor_id" INTEGER,
        "subject" VARCHAR(80) NOT NULL,
        "detail" TEXT NOT NULL,
        "previous" CHAR(64) NOT NULL,
        "digest" CHAR(64) NOT NULL)""",
    """CREATE INDEX "audit_event_at" ON "audit_event" ("at")""",
    """CREATE INDEX "audit_event_tag" ON "audit_event" ("tag")""",
    """CREATE INDEX "audit_event_actor_id" ON "audit_event" ("actor_id")""",
    """CREATE INDEX "audit_event_subject" ON "audit_event" ("subject")""",
    """CREATE TABLE "audit_head" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "number" INTEGER NOT NULL,
        "digest" CHAR(64) NOT NULL)""",
    """CREATE TABLE "search_document" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "kind" VARCHAR(20) NOT NULL,
        "subject_id" INTEGER NOT NULL,
        "body" TEXT NOT NULL)""",
    """CREATE UNIQUE INDEX "search_document_kind_subject_id" ON "search_document" ("kind", "subject_id")""",
    """CREATE TABLE "job_run" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "job" VARCHAR(60) NOT NULL,
        "started_at" DATETIME NOT NULL,
        "finished_at" DATETIME,
        "outcome" VARCHAR(40) NOT NULL CHECK ("outcome" IN ('running', 'done', 'failed')),
        "summary" VARCHAR(500) NOT NULL,
        "fence" INTEGER NOT NULL)""",
    """CREATE INDEX "job_run_job_started_at" ON "job_run" ("job", "started_at")""",
    """CREATE TABLE "lease" (
        "name" VARCHAR(40) NOT NULL PRIMARY KEY,
        "holder" VARCHAR(80) NOT NULL,
        "fence" INTEGER NOT NULL,
        "until" DATETIME NOT NULL)""",
    """CREATE TABLE "outbox_message" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "occasion" VARCHAR(200) NOT NULL,
        "kind" VARCHAR(60) NOT NULL,
        "recipient" VARCHAR(254) NOT NULL,
        "recipient_name" VARCHAR(200) NOT NULL,
        "subject" VARCHAR(300) NOT NULL,
        "text" TEXT NOT NULL,
        "html" TEXT NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('waiting', 'sending', 'sent', 'failed')),
        "attempts" INTEGER NOT NULL,
        "queued_at" DATETIME NOT NULL,
        "next_try_at" DATETIME NOT NULL,
        "lease_until" DATETIME,
        "sent_at" DATETIME,
        "last_error" VARCHAR(500) NOT NULL)""",
    """CREATE UNIQUE INDEX "outbox_message_occasion" ON "outbox_message" ("occasion")""",
    """CREATE INDEX "outbox_message_recipient" ON "outbox_message" ("recipient")""",
    """CREATE INDEX "outbox_message_state_next_try_at" ON "outbox_message" ("state", "next_try_at")""",
)
POSTGRESQL = (
    """CREATE TABLE "audit_event" (
        "number" BIGINT NOT NULL PRIMARY KEY,
        "at" TIMESTAMP NOT NULL,
        "tag" VARCHAR(80) NOT NULL,
        "actor_id" INTEGER,
        "subject" VARCHAR(80) NOT NULL,
        "detail" TEXT NOT NULL,
        "previous" CHAR(64) NOT NULL,
        "digest" CHAR(64) NOT NULL)""",
    """CREATE INDEX "audit_event_at" ON "audit_event" ("at")""",
    """CREATE INDEX "audit_event_tag" ON "audit_event" ("tag")""",
    """CREATE INDEX "audit_event_actor_id" ON "audit_event" ("actor_id")""",
    """CREATE INDEX "audit_event_subject" ON "audit_event" ("subject")""",
    """CREATE TABLE "audit_head" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "number" BIGINT NOT NULL,
        "digest" CHAR(64) NOT NULL)""",
    """CREATE TABLE "search_document" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "kind" VARCHAR(20) NOT NULL,
        "subject_id" INTEGER NOT NULL,
        "body" TEXT NOT NULL)""",
    """CREATE UNIQUE INDEX "search_document_kind_subject_id" ON "search_document" ("kind", "subject_id")""",
    """CREATE TABLE "job_run" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "job" VARCHAR(60) NOT NULL,
        "started_at" TIMESTAMP NOT NULL,
        "finished_at" TIMESTAMP,
        "outcome" VARCHAR(40) NOT NULL CHECK ("outcome" IN ('running', 'done', 'failed')),
        "summary" VARCHAR(500) NOT NULL,
        "fence" INTEGER NOT NULL)""",
    """CREATE INDEX "job_run_job_started_at" ON "job_run" ("job", "started_at")""",
    """CREATE TABLE "lease" (
        "name" VARCHAR(40) NOT NULL PRIMARY KEY,
        "holder" VARCHAR(80) NOT NULL,
        "fence" INTEGER NOT NULL,
        "until" TIMESTAMP NOT NULL)""",
    """CREATE TABLE "outbox_message" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "occasion" VARCHAR(200) NOT NULL,
        "kind" VARCHAR(60) NOT NULL,
        "recipient" VARCHAR(254) NOT NULL,
        "recipient_name" VARCHAR(200) NOT NULL,
        "subject" VARCHAR(300) NOT NULL,
        "text" TEXT NOT NULL,
        "html" TEXT NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('waiting', 'sending', 'sent', 'failed')),
        "attempts" INTEGER NOT NULL,
        "queued_at" TIMESTAMP NOT NULL,
        "next_try_at" TIMESTAMP NOT NULL,
        "lease_until" TIMESTAMP,
        "sent_at" TIMESTAMP,
        "last_error" VARCHAR(500) NOT NULL)""",
    """CREATE UNIQUE INDEX "outbox_message_occasion" ON "outbox_message" ("occasion")""",
    """CREATE INDEX "outbox_message_recipient" ON "outbox_message" ("recipient")""",
    """CREATE INDEX "outbox_message_state_next_try_at" ON "outbox_message" ("state", "next_try_at")""",
)
# The trail is append-only whoever holds a connection; the search index follows its documents.
SQLITE_EXTRA = (
    """CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE VIRTUAL TABLE search_text USING fts5(
    body, content='search_document', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER search_document_insert AFTER INSERT ON search_document
    BEGIN INSERT INTO search_text(rowid, body) VALUES (new.id, new.body); END""",
    """CREATE TRIGGER search_document_delete AFTER DELETE ON search_document
    BEGIN INSERT INTO search_text(search_text, rowid, body) VALUES ('delete', old.id, old.body); END""",
    """CREATE TRIGGER search_document_update AFTER UPDATE ON search_document
    BEGIN
    INSERT INTO search_text(search_text, rowid, body) VALUES ('delete', old.id, old.body);
    INSERT INTO search_text(rowid, body) VALUES (new.id, new.body);
    END""",
)
POSTGRESQL_EXTRA = (
    """CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""",
    """CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    """ALTER TABLE search_document ADD COLUMN search_vector tsvector
    GENERATED ALWAYS AS (to_tsvector('english', body)) STORED""",
    """CREATE INDEX search_document_search_vector ON search_document USING GIN (search_vector)""",
)
FIRST_HEAD = "INSERT INTO audit_head (id, number, digest) VALUES (1, 0, '" + "0" * 64 + "')"
TABLES = (
    "outbox_message",
    "lease",
    "job_run",
    "search_document",
    "audit_head",
    "audit_event",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(
        db, sqlite=(*SQLITE, *SQLITE_EXTRA, FIRST_HEAD), postgresql=(*POSTGRESQL, *POSTGRESQL_EXTRA, FIRST_HEAD)
    )


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    run_statements(db, sqlite=("DROP TABLE search_text",), postgresql=())
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
    run_statements(db, sqlite=(), postgresql=("DROP FUNCTION refuse_audit_change()",))
