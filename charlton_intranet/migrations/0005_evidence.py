"""Captured pieces and the seals over them."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "seal" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "manifest" TEXT NOT NULL,
        "sha256" CHAR(64) NOT NULL,
        "sealed_at" DATETIME NOT NULL,
        "sealed_by_id" INTEGER NOT NULL, FOREIGN KEY ("sealed_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "seal_sha256" ON "seal" ("sha256")""",
    """CREATE INDEX "seal_sealed_by_id" ON "seal" ("sealed_by_id")""",
    """CREATE TABLE "piece" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('text', 'screenshot', 'gone')),
        "sha256" CHAR(64) NOT NULL,
        "size" INTEGER NOT NULL,
        "media_type" VARCHAR(80) NOT NULL,
        "file_name" VARCHAR(200) NOT NULL,
        "source_address" VARCHAR(1000) NOT NULL,
        "captured_at" DATETIME NOT NULL,
        "captured_by_id" INTEGER,
        "seal_id" INTEGER, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("captured_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("seal_id") REFERENCES "seal" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "piece_site_id" ON "piece" ("site_id")""",
    """CREATE INDEX "piece_sha256" ON "piece" ("sha256")""",
    """CREATE INDEX "piece_captured_by_id" ON "piece" ("captured_by_id")""",
    """CREATE INDEX "piece_seal_id" ON "piece" ("seal_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "seal" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "manifest" TEXT NOT NULL,
        "sha256" CHAR(64) NOT NULL,
        "sealed_at" TIMESTAMP NOT NULL,
        "sealed_by_id" INTEGER NOT NULL, FOREIGN KEY ("sealed_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "seal_sha256" ON "seal" ("sha256")""",
    """CREATE INDEX "seal_sealed_by_id" ON "seal" ("sealed_by_id")""",
    """CREATE TABLE "piece" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('text', 'screenshot', 'gone')),
        "sha256" CHAR(64) NOT NULL,
        "size" INTEGER NOT NULL,
        "media_type" VARCHAR(80) NOT NULL,
        "file_name" VARCHAR(200) NOT NULL,
        "source_address" VARCHAR(1000) NOT NULL,
        "captured_at" TIMESTAMP NOT NULL,
        "captured_by_id" INTEGER,
        "seal_id" INTEGER, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("captured_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("seal_id") REFERENCES "seal" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "piece_site_id" ON "piece" ("site_id")""",
    """CREATE INDEX "piece_sha256" ON "piece" ("sha256")""",
    """CREATE INDEX "piece_captured_by_id" ON "piece" ("captured_by_id")""",
    """CREATE INDEX "piece_seal_id" ON "piece" ("seal_id")""",
)
TABLES = (
    "piece",
    "seal",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
