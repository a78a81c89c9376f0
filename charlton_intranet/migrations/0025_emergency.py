"""Tables of emergency hides, of what is put back, and of orders that a network refuses."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "emergency_hide" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "seal_id" INTEGER NOT NULL,
        "ground" VARCHAR(40) NOT NULL CHECK ("ground" IN ('E', 'F', 'J', 'K', 'malware')),
        "words" TEXT NOT NULL,
        "reason" TEXT NOT NULL,
        "ordered_at" DATETIME NOT NULL,
        "ordered_by_id" INTEGER NOT NULL,
        "hidden_at" DATETIME,
        "hidden_by_id" INTEGER,
        "proof_id" INTEGER,
        "decide_by" DATE NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('ordered', 'standing', 'flagged', 'confirmed', 'restored', 'ended')), FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("seal_id") REFERENCES "seal" ("id") ON DELETE RESTRICT, FOREIGN KEY ("ordered_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("hidden_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("proof_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, CHECK (("hidden_at" IS NULL) = ("proof_id" IS NULL)), CHECK ("state" <> 'standing' OR "proof_id" IS NOT NULL))""",
    """CREATE UNIQUE INDEX "emergency_hide_case_id" ON "emergency_hide" ("case_id")""",
    """CREATE INDEX "emergency_hide_seal_id" ON "emergency_hide" ("seal_id")""",
    """CREATE INDEX "emergency_hide_proof_id" ON "emergency_hide" ("proof_id")""",
    """CREATE INDEX "emergency_hide_state_decide_by" ON "emergency_hide" ("state", "decide_by")""",
    """CREATE TABLE "order_obstacle" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "order_id" INTEGER NOT NULL,
        "what" TEXT NOT NULL,
        "reported" VARCHAR(500) NOT NULL,
        "noted_at" DATETIME NOT NULL,
        "noted_by_id" INTEGER NOT NULL, FOREIGN KEY ("order_id") REFERENCES "removal_order" ("id") ON DELETE RESTRICT, FOREIGN KEY ("noted_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "order_obstacle_order_id" ON "order_obstacle" ("order_id")""",
    """CREATE TABLE "restore_order" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "cause" VARCHAR(40) NOT NULL CHECK ("cause" IN ('emergency', 'reversal')),
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('ordered', 'done', 'impossible', 'void')),
        "ordered_at" DATETIME NOT NULL,
        "ordered_by_id" INTEGER,
        "due_on" DATE NOT NULL,
        "done_at" DATETIME,
        "done_by_id" INTEGER,
        "shown_id" INTEGER,
        "note" TEXT NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("ordered_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("done_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("shown_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, CHECK (("state" = 'done') = ("shown_id" IS NOT NULL)))""",
    """CREATE INDEX "restore_order_shown_id" ON "restore_order" ("shown_id")""",
    """CREATE UNIQUE INDEX "restore_order_case_id_cause" ON "restore_order" ("case_id", "cause")""",
    """CREATE INDEX "restore_order_state_due_on" ON "restore_order" ("state", "due_on")""",
)
POSTGRESQL = (
    """CREATE TABLE "emergency_hide" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "seal_id" INTEGER NOT NULL,
        "ground" VARCHAR(40) NOT NULL CHECK ("ground" IN ('E', 'F', 'J', 'K', 'malware')),
        "words" TEXT NOT NULL,
        "reason" TEXT NOT NULL,
        "ordered_at" TIMESTAMP NOT NULL,
        "ordered_by_id" INTEGER NOT NULL,
        "hidden_at" TIMESTAMP,
        "hidden_by_id" INTEGER,
        "proof_id" INTEGER,
        "decide_by" DATE NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('ordered', 'standing', 'flagged', 'confirmed', 'restored', 'ended')), FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("seal_id") REFERENCES "seal" ("id") ON DELETE RESTRICT, FOREIGN KEY ("ordered_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("hidden_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("proof_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, CHECK (("hidden_at" IS NULL) = ("proof_id" IS NULL)), CHECK ("state" <> 'standing' OR "proof_id" IS NOT NULL))""",
    """CREATE UNIQUE INDEX "emergency_hide_case_id" ON "emergency_hide" ("case_id")""",
    """CREATE INDEX "emergency_hide_seal_id" ON "emergency_hide" ("seal_id")""",
    """CREATE INDEX "emergency_hide_proof_id" ON "emergency_hide" ("proof_id")""",
    """CREATE INDEX "emergency_hide_state_decide_by" ON "emergency_hide" ("state", "decide_by")""",
    """CREATE TABLE "order_obstacle" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "order_id" INTEGER NOT NULL,
        "what" TEXT NOT NULL,
        "reported" VARCHAR(500) NOT NULL,
        "noted_at" TIMESTAMP NOT NULL,
        "noted_by_id" INTEGER NOT NULL, FOREIGN KEY ("order_id") REFERENCES "removal_order" ("id") ON DELETE RESTRICT, FOREIGN KEY ("noted_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "order_obstacle_order_id" ON "order_obstacle" ("order_id")""",
    """CREATE TABLE "restore_order" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "case_id" INTEGER NOT NULL,
        "cause" VARCHAR(40) NOT NULL CHECK ("cause" IN ('emergency', 'reversal')),
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('ordered', 'done', 'impossible', 'void')),
        "ordered_at" TIMESTAMP NOT NULL,
        "ordered_by_id" INTEGER,
        "due_on" DATE NOT NULL,
        "done_at" TIMESTAMP,
        "done_by_id" INTEGER,
        "shown_id" INTEGER,
        "note" TEXT NOT NULL, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("ordered_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("done_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("shown_id") REFERENCES "piece" ("id") ON DELETE RESTRICT, CHECK (("state" = 'done') = ("shown_id" IS NOT NULL)))""",
    """CREATE INDEX "restore_order_shown_id" ON "restore_order" ("shown_id")""",
    """CREATE UNIQUE INDEX "restore_order_case_id_cause" ON "restore_order" ("case_id", "cause")""",
    """CREATE INDEX "restore_order_state_due_on" ON "restore_order" ("state", "due_on")""",
)
TABLES = (
    "restore_order",
    "order_obstacle",
    "emergency_hide",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
