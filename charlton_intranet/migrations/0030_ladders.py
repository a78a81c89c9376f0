"""The town's ladders of reminders, reminders put off, and courtesies switched off."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "ladder_setting" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "kind" VARCHAR(60) NOT NULL,
        "before" VARCHAR(100) NOT NULL,
        "repeat_days" INTEGER NOT NULL,
        "head_after" INTEGER NOT NULL,
        "administrator_after" INTEGER NOT NULL,
        "courtesy" INTEGER NOT NULL,
        "shipped" INTEGER NOT NULL,
        "reason" VARCHAR(500) NOT NULL,
        "changed_by_id" INTEGER NOT NULL,
        "changed_at" DATETIME NOT NULL, FOREIGN KEY ("changed_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "ladder_setting_kind" ON "ladder_setting" ("kind")""",
    """CREATE INDEX "ladder_setting_changed_by_id" ON "ladder_setting" ("changed_by_id")""",
    """CREATE TABLE "reminder_pause" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "kind" VARCHAR(60) NOT NULL,
        "subject" VARCHAR(80) NOT NULL,
        "due" DATE NOT NULL,
        "person_id" INTEGER NOT NULL,
        "until" DATE NOT NULL,
        "title" VARCHAR(300) NOT NULL,
        "department_id" INTEGER,
        "reason" VARCHAR(500) NOT NULL,
        "paused_at" DATETIME NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "reminder_pause_person_id" ON "reminder_pause" ("person_id")""",
    """CREATE INDEX "reminder_pause_until" ON "reminder_pause" ("until")""",
    """CREATE UNIQUE INDEX "reminder_pause_kind_subject_due_person_id"
        ON "reminder_pause" ("kind", "subject", "due", "person_id")""",
    """CREATE TABLE "switched_off" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "person_id" INTEGER NOT NULL,
        "kind" VARCHAR(60) NOT NULL,
        "at" DATETIME NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "switched_off_person_id" ON "switched_off" ("person_id")""",
    """CREATE UNIQUE INDEX "switched_off_person_id_kind" ON "switched_off" ("person_id", "kind")""",
)
POSTGRESQL = (
    """CREATE TABLE "ladder_setting" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "kind" VARCHAR(60) NOT NULL,
        "before" VARCHAR(100) NOT NULL,
        "repeat_days" INTEGER NOT NULL,
        "head_after" INTEGER NOT NULL,
        "administrator_after" INTEGER NOT NULL,
        "courtesy" BOOLEAN NOT NULL,
        "shipped" BOOLEAN NOT NULL,
        "reason" VARCHAR(500) NOT NULL,
        "changed_by_id" INTEGER NOT NULL,
        "changed_at" TIMESTAMP NOT NULL, FOREIGN KEY ("changed_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "ladder_setting_kind" ON "ladder_setting" ("kind")""",
    """CREATE INDEX "ladder_setting_changed_by_id" ON "ladder_setting" ("changed_by_id")""",
    """CREATE TABLE "reminder_pause" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "kind" VARCHAR(60) NOT NULL,
        "subject" VARCHAR(80) NOT NULL,
        "due" DATE NOT NULL,
        "person_id" INTEGER NOT NULL,
        "until" DATE NOT NULL,
        "title" VARCHAR(300) NOT NULL,
        "department_id" INTEGER,
        "reason" VARCHAR(500) NOT NULL,
        "paused_at" TIMESTAMP NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "reminder_pause_person_id" ON "reminder_pause" ("person_id")""",
    """CREATE INDEX "reminder_pause_until" ON "reminder_pause" ("until")""",
    """CREATE UNIQUE INDEX "reminder_pause_kind_subject_due_person_id"
        ON "reminder_pause" ("kind", "subject", "due", "person_id")""",
    """CREATE TABLE "switched_off" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "person_id" INTEGER NOT NULL,
        "kind" VARCHAR(60) NOT NULL,
        "at" TIMESTAMP NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "switched_off_person_id" ON "switched_off" ("person_id")""",
    """CREATE UNIQUE INDEX "switched_off_person_id_kind" ON "switched_off" ("person_id", "kind")""",
)
TABLES = (
    "switched_off",
    "reminder_pause",
    "ladder_setting",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
