"""What a signature is for, signatures on paper, and the originals of the policy's versions."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "acknowledged_scope" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "acknowledgement_id" INTEGER NOT NULL,
        "subject" VARCHAR(60) NOT NULL,
        "level" INTEGER NOT NULL,
        "words" VARCHAR(300) NOT NULL, FOREIGN KEY ("acknowledgement_id") REFERENCES "acknowledgement" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "acknowledged_scope_acknowledgement_id_subject" ON "acknowledged_scope" ("acknowledgement_id", "subject")""",
    """CREATE TABLE "paper_signature" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "acknowledgement_id" INTEGER NOT NULL,
        "file_id" INTEGER NOT NULL,
        "filed_by_id" INTEGER NOT NULL,
        "filed_at" DATETIME NOT NULL, FOREIGN KEY ("acknowledgement_id") REFERENCES "acknowledgement" ("id") ON DELETE RESTRICT, FOREIGN KEY ("file_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT, FOREIGN KEY ("filed_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "paper_signature_acknowledgement_id" ON "paper_signature" ("acknowledgement_id")""",
    """CREATE INDEX "paper_signature_file_id" ON "paper_signature" ("file_id")""",
    """CREATE INDEX "paper_signature_filed_by_id" ON "paper_signature" ("filed_by_id")""",
    """CREATE TABLE "policy_original" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "document_id" INTEGER NOT NULL,
        "file_id" INTEGER NOT NULL, FOREIGN KEY ("document_id") REFERENCES "policy_document" ("id") ON DELETE RESTRICT, FOREIGN KEY ("file_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "policy_original_document_id" ON "policy_original" ("document_id")""",
    """CREATE INDEX "policy_original_file_id" ON "policy_original" ("file_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "acknowledged_scope" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "acknowledgement_id" INTEGER NOT NULL,
        "subject" VARCHAR(60) NOT NULL,
        "level" INTEGER NOT NULL,
        "words" VARCHAR(300) NOT NULL, FOREIGN KEY ("acknowledgement_id") REFERENCES "acknowledgement" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "acknowledged_scope_acknowledgement_id_subject" ON "acknowledged_scope" ("acknowledgement_id", "subject")""",
    """CREATE TABLE "paper_signature" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "acknowledgement_id" INTEGER NOT NULL,
        "file_id" INTEGER NOT NULL,
        "filed_by_id" INTEGER NOT NULL,
        "filed_at" TIMESTAMP NOT NULL, FOREIGN KEY ("acknowledgement_id") REFERENCES "acknowledgement" ("id") ON DELETE RESTRICT, FOREIGN KEY ("file_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT, FOREIGN KEY ("filed_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "paper_signature_acknowledgement_id" ON "paper_signature" ("acknowledgement_id")""",
    """CREATE INDEX "paper_signature_file_id" ON "paper_signature" ("file_id")""",
    """CREATE INDEX "paper_signature_filed_by_id" ON "paper_signature" ("filed_by_id")""",
    """CREATE TABLE "policy_original" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "document_id" INTEGER NOT NULL,
        "file_id" INTEGER NOT NULL, FOREIGN KEY ("document_id") REFERENCES "policy_document" ("id") ON DELETE RESTRICT, FOREIGN KEY ("file_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "policy_original_document_id" ON "policy_original" ("document_id")""",
    """CREATE INDEX "policy_original_file_id" ON "policy_original" ("file_id")""",
)
TABLES = (
    "policy_original",
    "paper_signature",
    "acknowledged_scope",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
