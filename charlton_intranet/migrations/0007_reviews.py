"""Tables of reviews."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "review" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "due_on" DATE NOT NULL,
        "done_at" DATETIME NOT NULL,
        "done_by_id" INTEGER NOT NULL,
        "result" VARCHAR(40) NOT NULL CHECK ("result" IN ('clean', 'findings')),
        "note" TEXT NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("done_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "review_done_by_id" ON "review" ("done_by_id")""",
    """CREATE UNIQUE INDEX "review_site_id_due_on" ON "review" ("site_id", "due_on")""",
)
POSTGRESQL = (
    """CREATE TABLE "review" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "site_id" INTEGER NOT NULL,
        "due_on" DATE NOT NULL,
        "done_at" TIMESTAMP NOT NULL,
        "done_by_id" INTEGER NOT NULL,
        "result" VARCHAR(40) NOT NULL CHECK ("result" IN ('clean', 'findings')),
        "note" TEXT NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("done_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "review_done_by_id" ON "review" ("done_by_id")""",
    """CREATE UNIQUE INDEX "review_site_id_due_on" ON "review" ("site_id", "due_on")""",
)
TABLES = ("review",)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
