"""Proofs: what shows that something was done on a site."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "proof" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "link" VARCHAR(500) NOT NULL,
        "note" TEXT NOT NULL,
        "picture_id" INTEGER,
        "added_by_id" INTEGER NOT NULL,
        "added_at" DATETIME NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("picture_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT, FOREIGN KEY ("added_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "proof_site_id" ON "proof" ("site_id")""",
    """CREATE INDEX "proof_picture_id" ON "proof" ("picture_id")""",
    """CREATE INDEX "proof_added_by_id" ON "proof" ("added_by_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "proof" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "link" VARCHAR(500) NOT NULL,
        "note" TEXT NOT NULL,
        "picture_id" INTEGER,
        "added_by_id" INTEGER NOT NULL,
        "added_at" TIMESTAMP NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("picture_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT, FOREIGN KEY ("added_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "proof_site_id" ON "proof" ("site_id")""",
    """CREATE INDEX "proof_picture_id" ON "proof" ("picture_id")""",
    """CREATE INDEX "proof_added_by_id" ON "proof" ("added_by_id")""",
)
TABLES = ("proof",)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
