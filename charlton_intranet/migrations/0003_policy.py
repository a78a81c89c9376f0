"""Versions of the policy, signatures, and changed defaults."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "policy_document" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "title" VARCHAR(200) NOT NULL,
        "major" INTEGER NOT NULL,
        "minor" INTEGER NOT NULL,
        "change" VARCHAR(40) NOT NULL CHECK ("change" IN ('major', 'minor')),
        "summary" VARCHAR(500) NOT NULL,
        "text" TEXT NOT NULL,
        "text_sha256" CHAR(64) NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('draft', 'published', 'superseded')),
        "drafted_by_id" INTEGER,
        "drafted_at" DATETIME NOT NULL,
        "published_by_id" INTEGER,
        "published_at" DATETIME, FOREIGN KEY ("drafted_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("published_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "policy_document_drafted_by_id" ON "policy_document" ("drafted_by_id")""",
    """CREATE INDEX "policy_document_published_by_id" ON "policy_document" ("published_by_id")""",
    """CREATE UNIQUE INDEX "policy_document_major_minor" ON "policy_document" ("major", "minor")""",
    """CREATE UNIQUE INDEX "policy_document_one_each" ON "policy_document" ("state") WHERE "state" <> 'superseded'""",
    """CREATE TABLE "acknowledgement" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "person_id" INTEGER NOT NULL,
        "document_id" INTEGER NOT NULL,
        "major" INTEGER NOT NULL,
        "scope" VARCHAR(300) NOT NULL,
        "typed_name" VARCHAR(200) NOT NULL,
        "signed_at" DATETIME NOT NULL,
        "signed_on" DATE NOT NULL,
        "expires_on" DATE NOT NULL,
        "address" VARCHAR(45) NOT NULL,
        "agent" VARCHAR(200) NOT NULL,
        "method" VARCHAR(60) NOT NULL,
        "text_sha256" CHAR(64) NOT NULL,
        "record" TEXT NOT NULL,
        "seal" CHAR(64) NOT NULL,
        "told" VARCHAR(40) NOT NULL CHECK ("told" IN ('nothing', 'expiring', 'lapsed', 'replaced')), FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("document_id") REFERENCES "policy_document" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "acknowledgement_person_id" ON "acknowledgement" ("person_id")""",
    """CREATE INDEX "acknowledgement_document_id" ON "acknowledgement" ("document_id")""",
    """CREATE UNIQUE INDEX "acknowledgement_seal" ON "acknowledgement" ("seal")""",
    """CREATE INDEX "acknowledgement_told_expires_on" ON "acknowledgement" ("told", "expires_on")""",
    """CREATE INDEX "acknowledgement_told_major" ON "acknowledgement" ("told", "major")""",
    """CREATE UNIQUE INDEX "acknowledgement_newest" ON "acknowledgement" ("person_id") WHERE "told" <> 'replaced'""",
    """CREATE TABLE "changed_default" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "name" VARCHAR(60) NOT NULL,
        "value" INTEGER NOT NULL,
        "basis" VARCHAR(300) NOT NULL,
        "verified_by_id" INTEGER,
        "verified_on" DATE, FOREIGN KEY ("verified_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "changed_default_name" ON "changed_default" ("name")""",
    """CREATE INDEX "changed_default_verified_by_id" ON "changed_default" ("verified_by_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "policy_document" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "title" VARCHAR(200) NOT NULL,
        "major" INTEGER NOT NULL,
        "minor" INTEGER NOT NULL,
        "change" VARCHAR(40) NOT NULL CHECK ("change" IN ('major', 'minor')),
        "summary" VARCHAR(500) NOT NULL,
        "text" TEXT NOT NULL,
        "text_sha256" CHAR(64) NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('draft', 'published', 'superseded')),
        "drafted_by_id" INTEGER,
        "drafted_at" TIMESTAMP NOT NULL,
        "published_by_id" INTEGER,
        "published_at" TIMESTAMP, FOREIGN KEY ("drafted_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("published_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "policy_document_drafted_by_id" ON "policy_document" ("drafted_by_id")""",
    """CREATE INDEX "policy_document_published_by_id" ON "policy_document" ("published_by_id")""",
    """CREATE UNIQUE INDEX "policy_document_major_minor" ON "policy_document" ("major", "minor")""",
    """CREATE UNIQUE INDEX "policy_document_one_each" ON "policy_document" ("state") WHERE "state" <> 'superseded'""",
    """CREATE TABLE "acknowledgement" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "person_id" INTEGER NOT NULL,
        "document_id" INTEGER NOT NULL,
        "major" INTEGER NOT NULL,
        "scope" VARCHAR(300) NOT NULL,
        "typed_name" VARCHAR(200) NOT NULL,
        "signed_at" TIMESTAMP NOT NULL,
        "signed_on" DATE NOT NULL,
        "expires_on" DATE NOT NULL,
        "address" VARCHAR(45) NOT NULL,
        "agent" VARCHAR(200) NOT NULL,
        "method" VARCHAR(60) NOT NULL,
        "text_sha256" CHAR(64) NOT NULL,
        "record" TEXT NOT NULL,
        "seal" CHAR(64) NOT NULL,
        "told" VARCHAR(40) NOT NULL CHECK ("told" IN ('nothing', 'expiring', 'lapsed', 'replaced')), FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("document_id") REFERENCES "policy_document" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "acknowledgement_person_id" ON "acknowledgement" ("person_id")""",
    """CREATE INDEX "acknowledgement_document_id" ON "acknowledgement" ("document_id")""",
    """CREATE UNIQUE INDEX "acknowledgement_seal" ON "acknowledgement" ("seal")""",
    """CREATE INDEX "acknowledgement_told_expires_on" ON "acknowledgement" ("told", "expires_on")""",
    """CREATE INDEX "acknowledgement_told_major" ON "acknowledgement" ("told", "major")""",
    """CREATE UNIQUE INDEX "acknowledgement_newest" ON "acknowledgement" ("person_id") WHERE "told" <> 'replaced'""",
    """CREATE TABLE "changed_default" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "name" VARCHAR(60) NOT NULL,
        "value" INTEGER NOT NULL,
        "basis" VARCHAR(300) NOT NULL,
        "verified_by_id" INTEGER,
        "verified_on" DATE, FOREIGN KEY ("verified_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "changed_default_name" ON "changed_default" ("name")""",
    """CREATE INDEX "changed_default_verified_by_id" ON "changed_default" ("verified_by_id")""",
)
TABLES = (
    "changed_default",
    "acknowledgement",
    "policy_document",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
