"""Incidents and their log."""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "incident" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "year" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "reference" VARCHAR(20) NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('not_sure', 'takeover', 'impersonation', 'phishing', 'malware', 'lost_device', 'data_exposure', 'defacement', 'other')),
        "site_id" INTEGER,
        "what" TEXT NOT NULL,
        "done" TEXT NOT NULL,
        "told" TEXT NOT NULL,
        "started_at" DATETIME,
        "noticed_at" DATETIME,
        "reported_by_id" INTEGER NOT NULL,
        "reported_at" DATETIME NOT NULL,
        "status" VARCHAR(40) NOT NULL CHECK ("status" IN ('reported', 'acknowledged', 'containment', 'eradication', 'recovery', 'closed', 'false_alarm')),
        "severity" VARCHAR(40) CHECK ("severity" IN ('low', 'moderate', 'high', 'extreme')),
        "tlp" VARCHAR(40) NOT NULL CHECK ("tlp" IN ('TLP:RED', 'TLP:AMBER+STRICT', 'TLP:AMBER', 'TLP:GREEN', 'TLP:CLEAR')),
        "stepped_on" DATE NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("reported_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "incident_reference" ON "incident" ("reference")""",
    """CREATE INDEX "incident_site_id" ON "incident" ("site_id")""",
    """CREATE INDEX "incident_reported_by_id" ON "incident" ("reported_by_id")""",
    """CREATE INDEX "incident_status" ON "incident" ("status")""",
    """CREATE UNIQUE INDEX "incident_year_number" ON "incident" ("year", "number")""",
    """CREATE TABLE "incident_step" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "incident_id" INTEGER NOT NULL,
        "at" DATETIME NOT NULL,
        "person_id" INTEGER NOT NULL,
        "status" VARCHAR(40) NOT NULL CHECK ("status" IN ('reported', 'acknowledged', 'containment', 'eradication', 'recovery', 'closed', 'false_alarm')),
        "moved" INTEGER NOT NULL,
        "note" TEXT NOT NULL, FOREIGN KEY ("incident_id") REFERENCES "incident" ("id") ON DELETE RESTRICT, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "incident_step_incident_id" ON "incident_step" ("incident_id")""",
    """CREATE INDEX "incident_step_person_id" ON "incident_step" ("person_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "incident" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "year" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "reference" VARCHAR(20) NOT NULL,
        "kind" VARCHAR(40) NOT NULL CHECK ("kind" IN ('not_sure', 'takeover', 'impersonation', 'phishing', 'malware', 'lost_device', 'data_exposure', 'defacement', 'other')),
        "site_id" INTEGER,
        "what" TEXT NOT NULL,
        "done" TEXT NOT NULL,
        "told" TEXT NOT NULL,
        "started_at" TIMESTAMP,
        "noticed_at" TIMESTAMP,
        "reported_by_id" INTEGER NOT NULL,
        "reported_at" TIMESTAMP NOT NULL,
        "status" VARCHAR(40) NOT NULL CHECK ("status" IN ('reported', 'acknowledged', 'containment', 'eradication', 'recovery', 'closed', 'false_alarm')),
        "severity" VARCHAR(40) CHECK ("severity" IN ('low', 'moderate', 'high', 'extreme')),
        "tlp" VARCHAR(40) NOT NULL CHECK ("tlp" IN ('TLP:RED', 'TLP:AMBER+STRICT', 'TLP:AMBER', 'TLP:GREEN', 'TLP:CLEAR')),
        "stepped_on" DATE NOT NULL, FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT, FOREIGN KEY ("reported_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "incident_reference" ON "incident" ("reference")""",
    """CREATE INDEX "incident_site_id" ON "incident" ("site_id")""",
    """CREATE INDEX "incident_reported_by_id" ON "incident" ("reported_by_id")""",
    """CREATE INDEX "incident_status" ON "incident" ("status")""",
    """CREATE UNIQUE INDEX "incident_year_number" ON "incident" ("year", "number")""",
    """CREATE TABLE "incident_step" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "incident_id" INTEGER NOT NULL,
        "at" TIMESTAMP NOT NULL,
        "person_id" INTEGER NOT NULL,
        "status" VARCHAR(40) NOT NULL CHECK ("status" IN ('reported', 'acknowledged', 'containment', 'eradication', 'recovery', 'closed', 'false_alarm')),
        "moved" BOOLEAN NOT NULL,
        "note" TEXT NOT NULL, FOREIGN KEY ("incident_id") REFERENCES "incident" ("id") ON DELETE RESTRICT, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "incident_step_incident_id" ON "incident_step" ("incident_id")""",
    """CREATE INDEX "incident_step_person_id" ON "incident_step" ("person_id")""",
)
TABLES = (
    "incident_step",
    "incident",
)


def up(_migrator: Any, db: Any) -> None:
    """Make the tables."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
