"""What IT and the Town Administrator said about a site at each step, beside the step in the trail."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "site_words" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "event" INTEGER NOT NULL,
        "text" TEXT NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "site_words_site_id" ON "site_words" ("site_id")""",
    """CREATE UNIQUE INDEX "site_words_event" ON "site_words" ("event")""",
)
POSTGRESQL = (
    """CREATE TABLE "site_words" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "event" BIGINT NOT NULL,
        "text" TEXT NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "site_words_site_id" ON "site_words" ("site_id")""",
    """CREATE UNIQUE INDEX "site_words_event" ON "site_words" ("event")""",
)
TABLES = ("site_words",)


def up(_migrator: Any, db: Any) -> None:
    """Make the table."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the table with all it holds."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
