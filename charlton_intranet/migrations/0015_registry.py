"""Lists of accounts that were handed in, and the accounts in them that wait for their department."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "registry_import" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "file_id" INTEGER NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('previewed', 'done', 'dropped')),
        "columns" TEXT NOT NULL,
        "departments" TEXT NOT NULL,
        "handed_in_by_id" INTEGER,
        "handed_in_at" DATETIME NOT NULL,
        "finished_at" DATETIME,
        "rows" INTEGER NOT NULL,
        "taken" INTEGER NOT NULL,
        "known" INTEGER NOT NULL,
        "refused" INTEGER NOT NULL, FOREIGN KEY ("file_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT, FOREIGN KEY ("handed_in_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "registry_import_file_id" ON "registry_import" ("file_id")""",
    """CREATE INDEX "registry_import_handed_in_by_id" ON "registry_import" ("handed_in_by_id")""",
    """CREATE TABLE "listed_account" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "department_id" INTEGER,
        "network_id" INTEGER,
        "network_name" VARCHAR(80) NOT NULL,
        "address" VARCHAR(500) NOT NULL,
        "address_key" VARCHAR(500) NOT NULL,
        "handle" VARCHAR(150) NOT NULL,
        "title" VARCHAR(150) NOT NULL,
        "note" TEXT NOT NULL,
        "facts" TEXT NOT NULL,
        "registry_import_id" INTEGER NOT NULL,
        "row" INTEGER NOT NULL,
        "listed_by_id" INTEGER,
        "listed_on" DATE NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('listed', 'asked', 'struck')),
        "site_id" INTEGER,
        "reason" TEXT NOT NULL,
        "settled_by_id" INTEGER,
        "settled_on" DATE, FOREIGN KEY ("department_id") REFERENCES "department" ("id") ON DELETE RESTRICT, FOREIGN KEY ("network_id") REFERENCES "network" ("id") ON DELETE RESTRICT, FOREIGN KEY ("registry_import_id") REFERENCES "registry_import" ("id") ON DELETE RESTRICT, FOREIGN KEY ("listed_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("settled_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "listed_account_department_id" ON "listed_account" ("department_id")""",
    """CREATE INDEX "listed_account_network_id" ON "listed_account" ("network_id")""",
    """CREATE UNIQUE INDEX "listed_account_address_key" ON "listed_account" ("address_key")""",
    """CREATE INDEX "listed_account_registry_import_id" ON "listed_account" ("registry_import_id")""",
    """CREATE INDEX "listed_account_listed_by_id" ON "listed_account" ("listed_by_id")""",
    """CREATE INDEX "listed_account_state" ON "listed_account" ("state")""",
    """CREATE INDEX "listed_account_site_id" ON "listed_account" ("site_id")""",
    """CREATE INDEX "listed_account_settled_by_id" ON "listed_account" ("settled_by_id")""",
    """CREATE TABLE "registry_refusal" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "registry_import_id" INTEGER NOT NULL,
        "row" INTEGER NOT NULL,
        "reason" TEXT NOT NULL,
        "cells" TEXT NOT NULL, FOREIGN KEY ("registry_import_id") REFERENCES "registry_import" ("id") ON DELETE CASCADE)""",
    """CREATE INDEX "registry_refusal_registry_import_id" ON "registry_refusal" ("registry_import_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "registry_import" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "file_id" INTEGER NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('previewed', 'done', 'dropped')),
        "columns" TEXT NOT NULL,
        "departments" TEXT NOT NULL,
        "handed_in_by_id" INTEGER,
        "handed_in_at" TIMESTAMP NOT NULL,
        "finished_at" TIMESTAMP,
        "rows" INTEGER NOT NULL,
        "taken" INTEGER NOT NULL,
        "known" INTEGER NOT NULL,
        "refused" INTEGER NOT NULL, FOREIGN KEY ("file_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT, FOREIGN KEY ("handed_in_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "registry_import_file_id" ON "registry_import" ("file_id")""",
    """CREATE INDEX "registry_import_handed_in_by_id" ON "registry_import" ("handed_in_by_id")""",
    """CREATE TABLE "listed_account" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "department_id" INTEGER,
        "network_id" INTEGER,
        "network_name" VARCHAR(80) NOT NULL,
        "address" VARCHAR(500) NOT NULL,
        "address_key" VARCHAR(500) NOT NULL,
        "handle" VARCHAR(150) NOT NULL,
        "title" VARCHAR(150) NOT NULL,
        "note" TEXT NOT NULL,
        "facts" TEXT NOT NULL,
        "registry_import_id" INTEGER NOT NULL,
        "row" INTEGER NOT NULL,
        "listed_by_id" INTEGER,
        "listed_on" DATE NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('listed', 'asked', 'struck')),
        "site_id" INTEGER,
        "reason" TEXT NOT NULL,
        "settled_by_id" INTEGER,
        "settled_on" DATE, FOREIGN KEY ("department_id") REFERENCES "department" ("id") ON DELETE RESTRICT, FOREIGN KEY ("network_id") REFERENCES "network" ("id") ON DELETE RESTRICT, FOREIGN KEY ("registry_import_id") REFERENCES "registry_import" ("id") ON DELETE RESTRICT, FOREIGN KEY ("listed_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("settled_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "listed_account_department_id" ON "listed_account" ("department_id")""",
    """CREATE INDEX "listed_account_network_id" ON "listed_account" ("network_id")""",
    """CREATE UNIQUE INDEX "listed_account_address_key" ON "listed_account" ("address_key")""",
    """CREATE INDEX "listed_account_registry_import_id" ON "listed_account" ("registry_import_id")""",
    """CREATE INDEX "listed_account_listed_by_id" ON "listed_account" ("listed_by_id")""",
    """CREATE INDEX "listed_account_state" ON "listed_account" ("state")""",
    """CREATE INDEX "listed_account_site_id" ON "listed_account" ("site_id")""",
    """CREATE INDEX "listed_account_settled_by_id" ON "listed_account" ("settled_by_id")""",
    """CREATE TABLE "registry_refusal" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "registry_import_id" INTEGER NOT NULL,
        "row" INTEGER NOT NULL,
        "reason" TEXT NOT NULL,
        "cells" TEXT NOT NULL, FOREIGN KEY ("registry_import_id") REFERENCES "registry_import" ("id") ON DELETE CASCADE)""",
    """CREATE INDEX "registry_refusal_registry_import_id" ON "registry_refusal" ("registry_import_id")""",
)
TABLES = (
    "registry_refusal",
    "listed_account",
    "registry_import",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
