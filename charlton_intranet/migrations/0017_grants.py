"""Grants: who may use which site, how far, and what for."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "grant" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "person_id" INTEGER NOT NULL,
        "site_id" INTEGER NOT NULL,
        "capability" VARCHAR(40) NOT NULL CHECK ("capability" IN ('view', 'comment', 'edit', 'publish')),
        "purpose" TEXT NOT NULL,
        "limits" TEXT NOT NULL,
        "until" DATE,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('designated', 'approved', 'declined', 'revoked', 'ended')),
        "designated_by_id" INTEGER NOT NULL,
        "designated_at" DATETIME NOT NULL,
        "decided_by_id" INTEGER,
        "decided_at" DATETIME,
        "reason" TEXT NOT NULL,
        "ended_by_id" INTEGER,
        "ended_at" DATETIME, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("designated_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("decided_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("ended_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "grant_person_id" ON "grant" ("person_id")""",
    """CREATE INDEX "grant_site_id" ON "grant" ("site_id")""",
    """CREATE INDEX "grant_state" ON "grant" ("state")""",
    """CREATE INDEX "grant_designated_by_id" ON "grant" ("designated_by_id")""",
    """CREATE INDEX "grant_decided_by_id" ON "grant" ("decided_by_id")""",
    """CREATE INDEX "grant_ended_by_id" ON "grant" ("ended_by_id")""",
    """CREATE UNIQUE INDEX "grant_one_designated" ON "grant" ("person_id", "site_id") WHERE "state" = 'designated'""",
    """CREATE UNIQUE INDEX "grant_one_approved" ON "grant" ("person_id", "site_id") WHERE "state" = 'approved'""",
)
POSTGRESQL = (
    """CREATE TABLE "grant" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "person_id" INTEGER NOT NULL,
        "site_id" INTEGER NOT NULL,
        "capability" VARCHAR(40) NOT NULL CHECK ("capability" IN ('view', 'comment', 'edit', 'publish')),
        "purpose" TEXT NOT NULL,
        "limits" TEXT NOT NULL,
        "until" DATE,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('designated', 'approved', 'declined', 'revoked', 'ended')),
        "designated_by_id" INTEGER NOT NULL,
        "designated_at" TIMESTAMP NOT NULL,
        "decided_by_id" INTEGER,
        "decided_at" TIMESTAMP,
        "reason" TEXT NOT NULL,
        "ended_by_id" INTEGER,
        "ended_at" TIMESTAMP, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("designated_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("decided_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("ended_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "grant_person_id" ON "grant" ("person_id")""",
    """CREATE INDEX "grant_site_id" ON "grant" ("site_id")""",
    """CREATE INDEX "grant_state" ON "grant" ("state")""",
    """CREATE INDEX "grant_designated_by_id" ON "grant" ("designated_by_id")""",
    """CREATE INDEX "grant_decided_by_id" ON "grant" ("decided_by_id")""",
    """CREATE INDEX "grant_ended_by_id" ON "grant" ("ended_by_id")""",
    """CREATE UNIQUE INDEX "grant_one_designated" ON "grant" ("person_id", "site_id") WHERE "state" = 'designated'""",
    """CREATE UNIQUE INDEX "grant_one_approved" ON "grant" ("person_id", "site_id") WHERE "state" = 'approved'""",
)
TABLES = ("grant",)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
