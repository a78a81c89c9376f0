"""Requests to look at a decision again, and the tables that find decisions on like words."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "reconsideration" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "determination_id" INTEGER NOT NULL,
        "asked_on" DATE NOT NULL,
        "came_by" VARCHAR(40) NOT NULL CHECK ("came_by" IN ('mail', 'letter', 'counter', 'message')),
        "asker" VARCHAR(150) NOT NULL,
        "contact" VARCHAR(300) NOT NULL,
        "text" TEXT NOT NULL,
        "late_reason" TEXT NOT NULL,
        "logged_by_id" INTEGER NOT NULL,
        "logged_at" DATETIME NOT NULL,
        "answer_by" DATE NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('asked', 'upheld', 'reversed', 'withdrawn')),
        "answered_by_id" INTEGER,
        "answered_at" DATETIME,
        "acting" INTEGER NOT NULL,
        "reason" TEXT NOT NULL,
        "counsel" VARCHAR(150) NOT NULL,
        "counsel_on" DATE,
        "received_letter_id" INTEGER,
        "answer_letter_id" INTEGER, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE RESTRICT, FOREIGN KEY ("logged_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("answered_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("received_letter_id") REFERENCES "contributor_letter" ("id") ON DELETE RESTRICT, FOREIGN KEY ("answer_letter_id") REFERENCES "contributor_letter" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "reconsideration_determination_id" ON "reconsideration" ("determination_id")""",
    """CREATE INDEX "reconsideration_state_answer_by_id" ON "reconsideration" ("state", "answer_by", "id")""",
    """CREATE UNIQUE INDEX "reconsideration_one_open" ON "reconsideration" ("determination_id") WHERE "state" = 'asked'""",
    """CREATE TABLE "reconsideration_paper" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "reconsideration_id" INTEGER NOT NULL,
        "piece_id" INTEGER NOT NULL, FOREIGN KEY ("reconsideration_id") REFERENCES "reconsideration" ("id") ON DELETE RESTRICT, FOREIGN KEY ("piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "reconsideration_paper_reconsideration_id" ON "reconsideration_paper" ("reconsideration_id")""",
    """CREATE UNIQUE INDEX "reconsideration_paper_piece_id" ON "reconsideration_paper" ("piece_id")""",
    """CREATE TABLE "decided_under" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "determination_id" INTEGER NOT NULL,
        "letter" CHAR(1) NOT NULL, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE CASCADE)""",
    """CREATE UNIQUE INDEX "decided_under_letter_determination_id" ON "decided_under" ("letter", "determination_id")""",
    """CREATE TABLE "decision_key" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "determination_id" INTEGER NOT NULL,
        "key" INTEGER NOT NULL, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE CASCADE)""",
    """CREATE INDEX "decision_key_key_determination_id" ON "decision_key" ("key", "determination_id")""",
    """CREATE TABLE "decision_words" (
        "determination_id" INTEGER NOT NULL PRIMARY KEY,
        "words" TEXT NOT NULL, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE CASCADE)""",
    """CREATE TABLE "like_pair" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "newer_id" INTEGER NOT NULL,
        "older_id" INTEGER NOT NULL,
        "common" TEXT NOT NULL,
        "share" INTEGER NOT NULL,
        "differs" INTEGER NOT NULL, FOREIGN KEY ("newer_id") REFERENCES "determination" ("id") ON DELETE CASCADE, FOREIGN KEY ("older_id") REFERENCES "determination" ("id") ON DELETE CASCADE)""",
    """CREATE INDEX "like_pair_older_id" ON "like_pair" ("older_id")""",
    """CREATE UNIQUE INDEX "like_pair_newer_id_older_id" ON "like_pair" ("newer_id", "older_id")""",
    """CREATE INDEX "like_pair_differs_id" ON "like_pair" ("differs", "id")""",
)
POSTGRESQL = (
    """CREATE TABLE "reconsideration" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "determination_id" INTEGER NOT NULL,
        "asked_on" DATE NOT NULL,
        "came_by" VARCHAR(40) NOT NULL CHECK ("came_by" IN ('mail', 'letter', 'counter', 'message')),
        "asker" VARCHAR(150) NOT NULL,
        "contact" VARCHAR(300) NOT NULL,
        "text" TEXT NOT NULL,
        "late_reason" TEXT NOT NULL,
        "logged_by_id" INTEGER NOT NULL,
        "logged_at" TIMESTAMP NOT NULL,
        "answer_by" DATE NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('asked', 'upheld', 'reversed', 'withdrawn')),
        "answered_by_id" INTEGER,
        "answered_at" TIMESTAMP,
        "acting" BOOLEAN NOT NULL,
        "reason" TEXT NOT NULL,
        "counsel" VARCHAR(150) NOT NULL,
        "counsel_on" DATE,
        "received_letter_id" INTEGER,
        "answer_letter_id" INTEGER, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE RESTRICT, FOREIGN KEY ("logged_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("answered_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("received_letter_id") REFERENCES "contributor_letter" ("id") ON DELETE RESTRICT, FOREIGN KEY ("answer_letter_id") REFERENCES "contributor_letter" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "reconsideration_determination_id" ON "reconsideration" ("determination_id")""",
    """CREATE INDEX "reconsideration_state_answer_by_id" ON "reconsideration" ("state", "answer_by", "id")""",
    """CREATE UNIQUE INDEX "reconsideration_one_open" ON "reconsideration" ("determination_id") WHERE "state" = 'asked'""",
    """CREATE TABLE "reconsideration_paper" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "reconsideration_id" INTEGER NOT NULL,
        "piece_id" INTEGER NOT NULL, FOREIGN KEY ("reconsideration_id") REFERENCES "reconsideration" ("id") ON DELETE RESTRICT, FOREIGN KEY ("piece_id") REFERENCES "piece" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "reconsideration_paper_reconsideration_id" ON "reconsideration_paper" ("reconsideration_id")""",
    """CREATE UNIQUE INDEX "reconsideration_paper_piece_id" ON "reconsideration_paper" ("piece_id")""",
    """CREATE TABLE "decided_under" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "determination_id" INTEGER NOT NULL,
        "letter" CHAR(1) NOT NULL, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE CASCADE)""",
    """CREATE UNIQUE INDEX "decided_under_letter_determination_id" ON "decided_under" ("letter", "determination_id")""",
    """CREATE TABLE "decision_key" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "determination_id" INTEGER NOT NULL,
        "key" BIGINT NOT NULL, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE CASCADE)""",
    """CREATE INDEX "decision_key_key_determination_id" ON "decision_key" ("key", "determination_id")""",
    """CREATE TABLE "decision_words" (
        "determination_id" INTEGER NOT NULL PRIMARY KEY,
        "words" TEXT NOT NULL, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE CASCADE)""",
    """CREATE TABLE "like_pair" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "newer_id" INTEGER NOT NULL,
        "older_id" INTEGER NOT NULL,
        "common" TEXT NOT NULL,
        "share" INTEGER NOT NULL,
        "differs" BOOLEAN NOT NULL, FOREIGN KEY ("newer_id") REFERENCES "determination" ("id") ON DELETE CASCADE, FOREIGN KEY ("older_id") REFERENCES "determination" ("id") ON DELETE CASCADE)""",
    """CREATE INDEX "like_pair_older_id" ON "like_pair" ("older_id")""",
    """CREATE UNIQUE INDEX "like_pair_newer_id_older_id" ON "like_pair" ("newer_id", "older_id")""",
    """CREATE INDEX "like_pair_differs_id" ON "like_pair" ("differs", "id")""",
)
TABLES = (
    "like_pair",
    "decision_words",
    "decision_key",
    "decided_under",
    "reconsideration_paper",
    "reconsideration",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
