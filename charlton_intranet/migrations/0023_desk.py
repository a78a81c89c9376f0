"""Claims, snoozes and saved views; indexes in the order of the queue."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "claim" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "person_id" INTEGER NOT NULL,
        "at" DATETIME NOT NULL,
        "batch" VARCHAR(40) NOT NULL,
        "ended_at" DATETIME,
        "ended_batch" VARCHAR(40), FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "claim_case_id" ON "claim" ("case_id")""",
    """CREATE INDEX "claim_person_id" ON "claim" ("person_id")""",
    """CREATE INDEX "claim_batch" ON "claim" ("batch")""",
    """CREATE INDEX "claim_ended_batch" ON "claim" ("ended_batch")""",
    """CREATE UNIQUE INDEX "claim_standing" ON "claim" ("case_id") WHERE ("ended_at" IS NULL)""",
    """CREATE TABLE "saved_view" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "person_id" INTEGER NOT NULL,
        "name" VARCHAR(60) NOT NULL,
        "query" VARCHAR(4000) NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE)""",
    """CREATE INDEX "saved_view_person_id" ON "saved_view" ("person_id")""",
    """CREATE UNIQUE INDEX "saved_view_person_id_name" ON "saved_view" ("person_id", "name")""",
    """CREATE TABLE "snooze" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "until" DATE NOT NULL,
        "reason" VARCHAR(300) NOT NULL,
        "by_id" INTEGER NOT NULL,
        "at" DATETIME NOT NULL,
        "batch" VARCHAR(40) NOT NULL,
        "ended_at" DATETIME,
        "ended_batch" VARCHAR(40), FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "snooze_case_id" ON "snooze" ("case_id")""",
    """CREATE INDEX "snooze_by_id" ON "snooze" ("by_id")""",
    """CREATE INDEX "snooze_batch" ON "snooze" ("batch")""",
    """CREATE INDEX "snooze_ended_batch" ON "snooze" ("ended_batch")""",
    """CREATE UNIQUE INDEX "snooze_standing" ON "snooze" ("case_id") WHERE ("ended_at" IS NULL)""",
)
POSTGRESQL = (
    """CREATE TABLE "claim" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "person_id" INTEGER NOT NULL,
        "at" TIMESTAMP NOT NULL,
        "batch" VARCHAR(40) NOT NULL,
        "ended_at" TIMESTAMP,
        "ended_batch" VARCHAR(40), FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "claim_case_id" ON "claim" ("case_id")""",
    """CREATE INDEX "claim_person_id" ON "claim" ("person_id")""",
    """CREATE INDEX "claim_batch" ON "claim" ("batch")""",
    """CREATE INDEX "claim_ended_batch" ON "claim" ("ended_batch")""",
    """CREATE UNIQUE INDEX "claim_standing" ON "claim" ("case_id") WHERE ("ended_at" IS NULL)""",
    """CREATE TABLE "saved_view" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "person_id" INTEGER NOT NULL,
        "name" VARCHAR(60) NOT NULL,
        "query" VARCHAR(4000) NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE)""",
    """CREATE INDEX "saved_view_person_id" ON "saved_view" ("person_id")""",
    """CREATE UNIQUE INDEX "saved_view_person_id_name" ON "saved_view" ("person_id", "name")""",
    """CREATE TABLE "snooze" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "until" DATE NOT NULL,
        "reason" VARCHAR(300) NOT NULL,
        "by_id" INTEGER NOT NULL,
        "at" TIMESTAMP NOT NULL,
        "batch" VARCHAR(40) NOT NULL,
        "ended_at" TIMESTAMP,
        "ended_batch" VARCHAR(40), FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "snooze_case_id" ON "snooze" ("case_id")""",
    """CREATE INDEX "snooze_by_id" ON "snooze" ("by_id")""",
    """CREATE INDEX "snooze_batch" ON "snooze" ("batch")""",
    """CREATE INDEX "snooze_ended_batch" ON "snooze" ("ended_batch")""",
    """CREATE UNIQUE INDEX "snooze_standing" ON "snooze" ("case_id") WHERE ("ended_at" IS NULL)""",
)
TABLES = (
    "snooze",
    "saved_view",
    "claim",
)
# The order of the queue: urgent first, then by the day it is due; what is over, by number.
NEW_INDEXES = {
    "moderation_case_queue_department": '"department_id", "state", "urgent" DESC, "due_on", "id"',
    "moderation_case_queue_town": '"state", "urgent" DESC, "due_on", "id"',
    "moderation_case_queue_site": '"site_id", "state", "urgent" DESC, "due_on", "id"',
    "moderation_case_department_id_state_id": '"department_id", "state", "id"',
    "moderation_case_state_id": '"state", "id"',
}
# Without a direction they can not give that order.
OLD_INDEXES = {
    "moderation_case_department_id_state_urgent_id": '"department_id", "state", "urgent", "id"',
    "moderation_case_state_urgent_id": '"state", "urgent", "id"',
}


def up(_migrator: Any, db: Any) -> None:
    """Make the tables, and the indexes of the queue's new order in place of the old one's."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)
    _swap(db, OLD_INDEXES, NEW_INDEXES)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold; the old order is back."""
    _swap(db, NEW_INDEXES, OLD_INDEXES)
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')


def _swap(db: Any, gone: dict[str, str], made: dict[str, str]) -> None:
    for name in gone:
        db.execute_sql(f'DROP INDEX "{name}"')
    for name, columns in made.items():
        db.execute_sql(f'CREATE INDEX "{name}" ON "moderation_case" ({columns})')
