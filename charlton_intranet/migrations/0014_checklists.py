"""Checklists of authenticity and security controls: checks, answers, and advice on lines."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "checklist_advice" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('authenticity', 'controls')),
        "line" VARCHAR(40) NOT NULL,
        "text" TEXT NOT NULL,
        "given_by_id" INTEGER NOT NULL,
        "given_at" DATETIME NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("given_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "checklist_advice_given_by_id" ON "checklist_advice" ("given_by_id")""",
    """CREATE INDEX "checklist_advice_site_id_kind_line" ON "checklist_advice" ("site_id", "kind", "line")""",
    """CREATE TABLE "checklist_run" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "site_id" INTEGER NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('authenticity', 'controls')),
        "number" INTEGER NOT NULL,
        "edition" INTEGER NOT NULL,
        "complete" INTEGER NOT NULL,
        "answered_by_id" INTEGER NOT NULL,
        "answered_at" DATETIME NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("answered_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "checklist_run_answered_by_id" ON "checklist_run" ("answered_by_id")""",
    """CREATE UNIQUE INDEX "checklist_run_site_id_kind_number" ON "checklist_run" ("site_id", "kind", "number")""",
    """CREATE TABLE "checklist_answer" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "run_id" INTEGER NOT NULL,
        "line" VARCHAR(40) NOT NULL,
        "answer" VARCHAR(40) CHECK ("answer" IN ('yes', 'no', 'does_not_apply')),
        "note" TEXT NOT NULL,
        "proof_id" INTEGER,
        "answered_by_id" INTEGER NOT NULL,
        "answered_at" DATETIME NOT NULL, FOREIGN KEY ("run_id") REFERENCES "checklist_run" ("id") ON DELETE RESTRICT, FOREIGN KEY ("proof_id") REFERENCES "proof" ("id") ON DELETE RESTRICT, FOREIGN KEY ("answered_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "checklist_answer_proof_id" ON "checklist_answer" ("proof_id")""",
    """CREATE INDEX "checklist_answer_answered_by_id" ON "checklist_answer" ("answered_by_id")""",
    """CREATE INDEX "checklist_answer_run_id_line" ON "checklist_answer" ("run_id", "line")""",
)
POSTGRESQL = (
    """CREATE TABLE "checklist_advice" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('authenticity', 'controls')),
        "line" VARCHAR(40) NOT NULL,
        "text" TEXT NOT NULL,
        "given_by_id" INTEGER NOT NULL,
        "given_at" TIMESTAMP NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("given_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "checklist_advice_given_by_id" ON "checklist_advice" ("given_by_id")""",
    """CREATE INDEX "checklist_advice_site_id_kind_line" ON "checklist_advice" ("site_id", "kind", "line")""",
    """CREATE TABLE "checklist_run" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "site_id" INTEGER NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('authenticity', 'controls')),
        "number" INTEGER NOT NULL,
        "edition" INTEGER NOT NULL,
        "complete" BOOLEAN NOT NULL,
        "answered_by_id" INTEGER NOT NULL,
        "answered_at" TIMESTAMP NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("answered_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "checklist_run_answered_by_id" ON "checklist_run" ("answered_by_id")""",
    """CREATE UNIQUE INDEX "checklist_run_site_id_kind_number" ON "checklist_run" ("site_id", "kind", "number")""",
    """CREATE TABLE "checklist_answer" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "run_id" INTEGER NOT NULL,
        "line" VARCHAR(40) NOT NULL,
        "answer" VARCHAR(40) CHECK ("answer" IN ('yes', 'no', 'does_not_apply')),
        "note" TEXT NOT NULL,
        "proof_id" INTEGER,
        "answered_by_id" INTEGER NOT NULL,
        "answered_at" TIMESTAMP NOT NULL, FOREIGN KEY ("run_id") REFERENCES "checklist_run" ("id") ON DELETE RESTRICT, FOREIGN KEY ("proof_id") REFERENCES "proof" ("id") ON DELETE RESTRICT, FOREIGN KEY ("answered_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "checklist_answer_proof_id" ON "checklist_answer" ("proof_id")""",
    """CREATE INDEX "checklist_answer_answered_by_id" ON "checklist_answer" ("answered_by_id")""",
    """CREATE INDEX "checklist_answer_run_id_line" ON "checklist_answer" ("run_id", "line")""",
)
TABLES = (
    "checklist_answer",
    "checklist_run",
    "checklist_advice",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
