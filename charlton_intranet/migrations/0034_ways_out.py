"""Ways out of courtesy reminders: the link in a digest, and the header of the message."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "unsubscribe_link" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "person_id" INTEGER NOT NULL,
        "token_digest" CHAR(64) NOT NULL,
        "made_at" DATETIME NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "unsubscribe_link_person_id" ON "unsubscribe_link" ("person_id")""",
    """CREATE UNIQUE INDEX "unsubscribe_link_token_digest" ON "unsubscribe_link" ("token_digest")""",
    """CREATE TABLE "one_click" (
        "message_id" INTEGER NOT NULL PRIMARY KEY,
        "url" VARCHAR(300) NOT NULL, FOREIGN KEY ("message_id") REFERENCES "outbox_message" ("id") ON DELETE CASCADE)""",
)
POSTGRESQL = (
    """CREATE TABLE "unsubscribe_link" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "person_id" INTEGER NOT NULL,
        "token_digest" CHAR(64) NOT NULL,
        "made_at" TIMESTAMP NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "unsubscribe_link_person_id" ON "unsubscribe_link" ("person_id")""",
    """CREATE UNIQUE INDEX "unsubscribe_link_token_digest" ON "unsubscribe_link" ("token_digest")""",
    """CREATE TABLE "one_click" (
        "message_id" INTEGER NOT NULL PRIMARY KEY,
        "url" VARCHAR(300) NOT NULL, FOREIGN KEY ("message_id") REFERENCES "outbox_message" ("id") ON DELETE CASCADE)""",
)
TABLES = (
    "one_click",
    "unsubscribe_link",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
