"""Departments, people, roles, sessions and one-time links."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "attempt" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "key" CHAR(64) NOT NULL,
        "at" DATETIME NOT NULL)""",
    """CREATE INDEX "attempt_key_at" ON "attempt" ("key", "at")""",
    """CREATE TABLE "closure" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "day" DATE NOT NULL,
        "reason" VARCHAR(200) NOT NULL)""",
    """CREATE UNIQUE INDEX "closure_day" ON "closure" ("day")""",
    """CREATE TABLE "department" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "name" VARCHAR(120) NOT NULL,
        "slug" VARCHAR(60) NOT NULL,
        "active" INTEGER NOT NULL)""",
    """CREATE UNIQUE INDEX "department_name" ON "department" ("name")""",
    """CREATE UNIQUE INDEX "department_slug" ON "department" ("slug")""",
    """CREATE TABLE "person" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "email" VARCHAR(254) NOT NULL,
        "name" VARCHAR(200) NOT NULL,
        "title" VARCHAR(120) NOT NULL,
        "department_id" INTEGER,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('invited', 'active', 'disabled')),
        "password_hash" VARCHAR(200),
        "created_at" DATETIME NOT NULL,
        "disabled_at" DATETIME, FOREIGN KEY ("department_id") REFERENCES "department" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "person_email" ON "person" ("email")""",
    """CREATE INDEX "person_department_id" ON "person" ("department_id")""",
    """CREATE TABLE "letter" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "token_digest" CHAR(64) NOT NULL,
        "person_id" INTEGER NOT NULL,
        "purpose" VARCHAR(40) NOT NULL CHECK ("purpose" IN ('invitation', 'reset')),
        "sent_at" DATETIME NOT NULL,
        "expires_at" DATETIME NOT NULL,
        "used_at" DATETIME, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE)""",
    """CREATE UNIQUE INDEX "letter_token_digest" ON "letter" ("token_digest")""",
    """CREATE INDEX "letter_person_id" ON "letter" ("person_id")""",
    """CREATE TABLE "login_session" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "token_digest" CHAR(64) NOT NULL,
        "person_id" INTEGER NOT NULL,
        "created_at" DATETIME NOT NULL,
        "seen_at" DATETIME NOT NULL,
        "proven_at" DATETIME NOT NULL,
        "second_factor" INTEGER NOT NULL,
        "address" VARCHAR(45) NOT NULL,
        "agent" VARCHAR(200) NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE)""",
    """CREATE UNIQUE INDEX "login_session_token_digest" ON "login_session" ("token_digest")""",
    """CREATE INDEX "login_session_person_id" ON "login_session" ("person_id")""",
    """CREATE TABLE "role_assignment" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "person_id" INTEGER NOT NULL,
        "role" VARCHAR(40) NOT NULL CHECK ("role" IN ('employee', 'authorized_user', 'coordinator', 'department_head', 'administrator', 'it', 'records', 'auditor')),
        "department_id" INTEGER,
        "starts_on" DATE NOT NULL,
        "ends_on" DATE,
        "acting" INTEGER NOT NULL,
        "named_by_id" INTEGER,
        "reason" VARCHAR(300) NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("department_id") REFERENCES "department" ("id") ON DELETE RESTRICT, FOREIGN KEY ("named_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "role_assignment_person_id" ON "role_assignment" ("person_id")""",
    """CREATE INDEX "role_assignment_department_id" ON "role_assignment" ("department_id")""",
    """CREATE INDEX "role_assignment_named_by_id" ON "role_assignment" ("named_by_id")""",
    """CREATE INDEX "role_assignment_role_department_id" ON "role_assignment" ("role", "department_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "attempt" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "key" CHAR(64) NOT NULL,
        "at" TIMESTAMP NOT NULL)""",
    """CREATE INDEX "attempt_key_at" ON "attempt" ("key", "at")""",
    """CREATE TABLE "closure" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "day" DATE NOT NULL,
        "reason" VARCHAR(200) NOT NULL)""",
    """CREATE UNIQUE INDEX "closure_day" ON "closure" ("day")""",
    """CREATE TABLE "department" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "name" VARCHAR(120) NOT NULL,
        "slug" VARCHAR(60) NOT NULL,
        "active" BOOLEAN NOT NULL)""",
    """CREATE UNIQUE INDEX "department_name" ON "department" ("name")""",
    """CREATE UNIQUE INDEX "department_slug" ON "department" ("slug")""",
    """CREATE TABLE "person" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "email" VARCHAR(254) NOT NULL,
        "name" VARCHAR(200) NOT NULL,
        "title" VARCHAR(120) NOT NULL,
        "department_id" INTEGER,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('invited', 'active', 'disabled')),
        "password_hash" VARCHAR(200),
        "created_at" TIMESTAMP NOT NULL,
        "disabled_at" TIMESTAMP, FOREIGN KEY ("department_id") REFERENCES "department" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "person_email" ON "person" ("email")""",
    """CREATE INDEX "person_department_id" ON "person" ("department_id")""",
    """CREATE TABLE "letter" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "token_digest" CHAR(64) NOT NULL,
        "person_id" INTEGER NOT NULL,
        "purpose" VARCHAR(40) NOT NULL CHECK ("purpose" IN ('invitation', 'reset')),
        "sent_at" TIMESTAMP NOT NULL,
        "expires_at" TIMESTAMP NOT NULL,
        "used_at" TIMESTAMP, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE)""",
    """CREATE UNIQUE INDEX "letter_token_digest" ON "letter" ("token_digest")""",
    """CREATE INDEX "letter_person_id" ON "letter" ("person_id")""",
    """CREATE TABLE "login_session" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "token_digest" CHAR(64) NOT NULL,
        "person_id" INTEGER NOT NULL,
        "created_at" TIMESTAMP NOT NULL,
        "seen_at" TIMESTAMP NOT NULL,
        "proven_at" TIMESTAMP NOT NULL,
        "second_factor" BOOLEAN NOT NULL,
        "address" VARCHAR(45) NOT NULL,
        "agent" VARCHAR(200) NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE)""",
    """CREATE UNIQUE INDEX "login_session_token_digest" ON "login_session" ("token_digest")""",
    """CREATE INDEX "login_session_person_id" ON "login_session" ("person_id")""",
    """CREATE TABLE "role_assignment" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "person_id" INTEGER NOT NULL,
        "role" VARCHAR(40) NOT NULL CHECK ("role" IN ('employee', 'authorized_user', 'coordinator', 'department_head', 'administrator', 'it', 'records', 'auditor')),
        "department_id" INTEGER,
        "starts_on" DATE NOT NULL,
        "ends_on" DATE,
        "acting" BOOLEAN NOT NULL,
        "named_by_id" INTEGER,
        "reason" VARCHAR(300) NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("department_id") REFERENCES "department" ("id") ON DELETE RESTRICT, FOREIGN KEY ("named_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "role_assignment_person_id" ON "role_assignment" ("person_id")""",
    """CREATE INDEX "role_assignment_department_id" ON "role_assignment" ("department_id")""",
    """CREATE INDEX "role_assignment_named_by_id" ON "role_assignment" ("named_by_id")""",
    """CREATE INDEX "role_assignment_role_department_id" ON "role_assignment" ("role", "department_id")""",
)
TABLES = (
    "role_assignment",
    "login_session",
    "letter",
    "person",
    "department",
    "closure",
    "attempt",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
