"""Files that belong to a record."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "stored_file" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "sha256" CHAR(64) NOT NULL,
        "size" INTEGER NOT NULL,
        "media_type" VARCHAR(80) NOT NULL,
        "file_name" VARCHAR(200) NOT NULL,
        "added_at" DATETIME NOT NULL)""",
    """CREATE INDEX "stored_file_sha256" ON "stored_file" ("sha256")""",
)
POSTGRESQL = (
    """CREATE TABLE "stored_file" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "sha256" CHAR(64) NOT NULL,
        "size" INTEGER NOT NULL,
        "media_type" VARCHAR(80) NOT NULL,
        "file_name" VARCHAR(200) NOT NULL,
        "added_at" TIMESTAMP NOT NULL)""",
    """CREATE INDEX "stored_file_sha256" ON "stored_file" ("sha256")""",
)
TABLES = ("stored_file",)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
