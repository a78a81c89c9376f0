"""What is kept of each month: how the clauses stood."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "clause_month" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "month" DATE NOT NULL,
        "clause" VARCHAR(10) NOT NULL,
        "met" INTEGER,
        "due" INTEGER,
        "overdue" INTEGER,
        "kept_at" DATETIME NOT NULL)""",
    """CREATE UNIQUE INDEX "clause_month_month_clause" ON "clause_month" ("month", "clause")""",
)
POSTGRESQL = (
    """CREATE TABLE "clause_month" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "month" DATE NOT NULL,
        "clause" VARCHAR(10) NOT NULL,
        "met" INTEGER,
        "due" INTEGER,
        "overdue" INTEGER,
        "kept_at" TIMESTAMP NOT NULL)""",
    """CREATE UNIQUE INDEX "clause_month_month_clause" ON "clause_month" ("month", "clause")""",
)
TABLES = ("clause_month",)


def up(_migrator: Any, db: Any) -> None:
    """Make the table."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the table with all it holds."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
