"""What comes with the words of a case, files in the intake format, and the cases that reviews lead to."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "case_alias" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "site_id" INTEGER NOT NULL,
        "key" VARCHAR(300) NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "case_alias_case_id" ON "case_alias" ("case_id")""",
    """CREATE INDEX "case_alias_site_id_key" ON "case_alias" ("site_id", "key")""",
    """CREATE TABLE "case_context" (
        "case_id" INTEGER NOT NULL PRIMARY KEY,
        "text" TEXT NOT NULL,
        "handle" VARCHAR(150) NOT NULL,
        "permalink" VARCHAR(1000) NOT NULL,
        "title" VARCHAR(300) NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
    """CREATE TABLE "staff_post" (
        "case_id" INTEGER NOT NULL PRIMARY KEY,
        "account" VARCHAR(150) NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
    """CREATE TABLE "import_block" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "run_id" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "content" BLOB NOT NULL, FOREIGN KEY ("run_id") REFERENCES "import_run" ("id") ON DELETE CASCADE)""",
    """CREATE UNIQUE INDEX "import_block_run_id_number" ON "import_block" ("run_id", "number")""",
    """CREATE TABLE "review_case" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "review_id" INTEGER NOT NULL,
        "case_id" INTEGER NOT NULL, FOREIGN KEY ("review_id") REFERENCES "review" ("id") ON DELETE RESTRICT, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "review_case_case_id" ON "review_case" ("case_id")""",
    """CREATE UNIQUE INDEX "review_case_review_id_case_id" ON "review_case" ("review_id", "case_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "case_alias" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "site_id" INTEGER NOT NULL,
        "key" VARCHAR(300) NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "case_alias_case_id" ON "case_alias" ("case_id")""",
    """CREATE INDEX "case_alias_site_id_key" ON "case_alias" ("site_id", "key")""",
    """CREATE TABLE "case_context" (
        "case_id" INTEGER NOT NULL PRIMARY KEY,
        "text" TEXT NOT NULL,
        "handle" VARCHAR(150) NOT NULL,
        "permalink" VARCHAR(1000) NOT NULL,
        "title" VARCHAR(300) NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
    """CREATE TABLE "staff_post" (
        "case_id" INTEGER NOT NULL PRIMARY KEY,
        "account" VARCHAR(150) NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
    """CREATE TABLE "import_block" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "run_id" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "content" BYTEA NOT NULL, FOREIGN KEY ("run_id") REFERENCES "import_run" ("id") ON DELETE CASCADE)""",
    """CREATE UNIQUE INDEX "import_block_run_id_number" ON "import_block" ("run_id", "number")""",
    """CREATE TABLE "review_case" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "review_id" INTEGER NOT NULL,
        "case_id" INTEGER NOT NULL, FOREIGN KEY ("review_id") REFERENCES "review" ("id") ON DELETE RESTRICT, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "review_case_case_id" ON "review_case" ("case_id")""",
    """CREATE UNIQUE INDEX "review_case_review_id_case_id" ON "review_case" ("review_id", "case_id")""",
)
TABLES = (
    "review_case",
    "import_block",
    "staff_post",
    "case_context",
    "case_alias",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
