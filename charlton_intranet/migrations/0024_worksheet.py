"""Editions of the categories, the worksheet of a determination, and referrals.

Edition 1 is what the app judged by until now; every determination so far was made under it.
"""

from typing import Any

from charlton_intranet.core.migration import run_statements

SQLITE = (
    """CREATE TABLE "category_edition" (
        "number" INTEGER NOT NULL PRIMARY KEY,
        "published_at" DATETIME,
        "published_by_id" INTEGER,
        "why" VARCHAR(500) NOT NULL,
        "counsel" VARCHAR(200) NOT NULL,
        "signed_on" DATE, FOREIGN KEY ("published_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "category_edition_published_by_id" ON "category_edition" ("published_by_id")""",
    """CREATE TABLE "category_entry" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "edition_id" INTEGER NOT NULL,
        "letter" CHAR(1) NOT NULL,
        "words" VARCHAR(300) NOT NULL,
        "test" VARCHAR(500) NOT NULL,
        "risk" VARCHAR(40) NOT NULL CHECK ("risk" IN ('low', 'medium', 'high', 'highest')),
        "guard" VARCHAR(500) NOT NULL,
        "alone" INTEGER NOT NULL,
        "counsel" INTEGER NOT NULL,
        "hide_at_once" INTEGER NOT NULL, FOREIGN KEY ("edition_id") REFERENCES "category_edition" ("number") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "category_entry_edition_id_letter" ON "category_entry" ("edition_id", "letter")""",
    """CREATE TABLE "ground" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "determination_id" INTEGER NOT NULL,
        "letter" CHAR(1) NOT NULL,
        "quotes" TEXT NOT NULL,
        "answer" TEXT NOT NULL, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "ground_determination_id_letter" ON "ground" ("determination_id", "letter")""",
    """CREATE TABLE "referral" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "case_id" INTEGER NOT NULL,
        "determination_id" INTEGER,
        "to" VARCHAR(40) NOT NULL CHECK ("to" IN ('it', 'police', 'hr', 'counsel')),
        "reason" TEXT NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('asked', 'sent', 'answered', 'withdrawn')),
        "due_on" DATE NOT NULL,
        "asked_by_id" INTEGER NOT NULL,
        "asked_at" DATETIME NOT NULL,
        "sent_by_id" INTEGER,
        "sent_at" DATETIME,
        "sent_how" VARCHAR(300) NOT NULL,
        "answer" TEXT NOT NULL,
        "closed_by_id" INTEGER,
        "closed_at" DATETIME, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE RESTRICT, FOREIGN KEY ("asked_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("sent_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("closed_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "referral_case_id" ON "referral" ("case_id")""",
    """CREATE INDEX "referral_determination_id" ON "referral" ("determination_id")""",
    """CREATE INDEX "referral_asked_by_id" ON "referral" ("asked_by_id")""",
    """CREATE INDEX "referral_sent_by_id" ON "referral" ("sent_by_id")""",
    """CREATE INDEX "referral_closed_by_id" ON "referral" ("closed_by_id")""",
    """CREATE INDEX "referral_state_due_on" ON "referral" ("state", "due_on")""",
    """CREATE TABLE "referral_paper" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "referral_id" INTEGER NOT NULL,
        "file_id" INTEGER NOT NULL, FOREIGN KEY ("referral_id") REFERENCES "referral" ("id") ON DELETE RESTRICT, FOREIGN KEY ("file_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "referral_paper_referral_id" ON "referral_paper" ("referral_id")""",
    """CREATE UNIQUE INDEX "referral_paper_file_id" ON "referral_paper" ("file_id")""",
    """CREATE TABLE "worksheet" (
        "determination_id" INTEGER NOT NULL PRIMARY KEY,
        "categories_version_id" INTEGER NOT NULL,
        "consequence" VARCHAR(40) NOT NULL CHECK ("consequence" IN ('nothing', 'warning', 'restriction')),
        "counsel_on" DATE,
        "counsel_name" VARCHAR(200) NOT NULL,
        "counsel_said" TEXT NOT NULL, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE RESTRICT, FOREIGN KEY ("categories_version_id") REFERENCES "category_edition" ("number") ON DELETE RESTRICT)""",
    """CREATE INDEX "worksheet_categories_version_id" ON "worksheet" ("categories_version_id")""",
)
POSTGRESQL = (
    """CREATE TABLE "category_edition" (
        "number" INTEGER NOT NULL PRIMARY KEY,
        "published_at" TIMESTAMP,
        "published_by_id" INTEGER,
        "why" VARCHAR(500) NOT NULL,
        "counsel" VARCHAR(200) NOT NULL,
        "signed_on" DATE, FOREIGN KEY ("published_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "category_edition_published_by_id" ON "category_edition" ("published_by_id")""",
    """CREATE TABLE "category_entry" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "edition_id" INTEGER NOT NULL,
        "letter" CHAR(1) NOT NULL,
        "words" VARCHAR(300) NOT NULL,
        "test" VARCHAR(500) NOT NULL,
        "risk" VARCHAR(40) NOT NULL CHECK ("risk" IN ('low', 'medium', 'high', 'highest')),
        "guard" VARCHAR(500) NOT NULL,
        "alone" BOOLEAN NOT NULL,
        "counsel" BOOLEAN NOT NULL,
        "hide_at_once" BOOLEAN NOT NULL, FOREIGN KEY ("edition_id") REFERENCES "category_edition" ("number") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "category_entry_edition_id_letter" ON "category_entry" ("edition_id", "letter")""",
    """CREATE TABLE "ground" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "determination_id" INTEGER NOT NULL,
        "letter" CHAR(1) NOT NULL,
        "quotes" TEXT NOT NULL,
        "answer" TEXT NOT NULL, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE RESTRICT)""",
    """CREATE UNIQUE INDEX "ground_determination_id_letter" ON "ground" ("determination_id", "letter")""",
    """CREATE TABLE "referral" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "version" INTEGER NOT NULL,
        "case_id" INTEGER NOT NULL,
        "determination_id" INTEGER,
        "to" VARCHAR(40) NOT NULL CHECK ("to" IN ('it', 'police', 'hr', 'counsel')),
        "reason" TEXT NOT NULL,
        "state" VARCHAR(40) NOT NULL CHECK ("state" IN ('asked', 'sent', 'answered', 'withdrawn')),
        "due_on" DATE NOT NULL,
        "asked_by_id" INTEGER NOT NULL,
        "asked_at" TIMESTAMP NOT NULL,
        "sent_by_id" INTEGER,
        "sent_at" TIMESTAMP,
        "sent_how" VARCHAR(300) NOT NULL,
        "answer" TEXT NOT NULL,
        "closed_by_id" INTEGER,
        "closed_at" TIMESTAMP, FOREIGN KEY ("case_id") REFERENCES "moderation_case" ("id") ON DELETE RESTRICT, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE RESTRICT, FOREIGN KEY ("asked_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("sent_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT, FOREIGN KEY ("closed_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "referral_case_id" ON "referral" ("case_id")""",
    """CREATE INDEX "referral_determination_id" ON "referral" ("determination_id")""",
    """CREATE INDEX "referral_asked_by_id" ON "referral" ("asked_by_id")""",
    """CREATE INDEX "referral_sent_by_id" ON "referral" ("sent_by_id")""",
    """CREATE INDEX "referral_closed_by_id" ON "referral" ("closed_by_id")""",
    """CREATE INDEX "referral_state_due_on" ON "referral" ("state", "due_on")""",
    """CREATE TABLE "referral_paper" (
        "id" SERIAL NOT NULL PRIMARY KEY,
        "referral_id" INTEGER NOT NULL,
        "file_id" INTEGER NOT NULL, FOREIGN KEY ("referral_id") REFERENCES "referral" ("id") ON DELETE RESTRICT, FOREIGN KEY ("file_id") REFERENCES "stored_file" ("id") ON DELETE RESTRICT)""",
    """CREATE INDEX "referral_paper_referral_id" ON "referral_paper" ("referral_id")""",
    """CREATE UNIQUE INDEX "referral_paper_file_id" ON "referral_paper" ("file_id")""",
    """CREATE TABLE "worksheet" (
        "determination_id" INTEGER NOT NULL PRIMARY KEY,
        "categories_version_id" INTEGER NOT NULL,
        "consequence" VARCHAR(40) NOT NULL CHECK ("consequence" IN ('nothing', 'warning', 'restriction')),
        "counsel_on" DATE,
        "counsel_name" VARCHAR(200) NOT NULL,
        "counsel_said" TEXT NOT NULL, FOREIGN KEY ("determination_id") REFERENCES "determination" ("id") ON DELETE RESTRICT, FOREIGN KEY ("categories_version_id") REFERENCES "category_edition" ("number") ON DELETE RESTRICT)""",
    """CREATE INDEX "worksheet_categories_version_id" ON "worksheet" ("categories_version_id")""",
)
TABLES = (
    "worksheet",
    "referral_paper",
    "referral",
    "ground",
    "category_entry",
    "category_edition",
)

# letter, words, test, risk, guard, may stand alone, counsel first, may be hidden at once
EDITION_1 = (
    (
        "A",
        "Profane language or content",
        "Does the post itself use profane words, whatever it says about the town?",
        "high",
        "Not alone against criticism of the town or its people. The Administrator decides; ask counsel.",
        True,
        False,
        False,
    ),
    (
        "B",
        "Content that promotes, fosters or perpetuates discrimination of protected classes",
        "Does it threaten or unlawfully harass people for what they are? Offensive opinion is protected.",
        "high",
        "Offensive opinion is protected speech. Needs a threat or unlawful harassment; ask counsel.",
        True,
        True,
        False,
    ),
    (
        "C",
        "Sexual harassment content",
        "Is it obscene or sexually explicit, or does it target somebody sexually?",
        "medium",
        "Obscene or explicit: the Administrator decides. Anything else: ask counsel.",
        True,
        False,
        False,
    ),
    (
        "D",
        "Solicitations of commerce or advertisements including promotion or endorsement",
        "Does it sell or advertise something?",
        "low",
        "Advertising only. Endorsing a candidate or a cause is not advertising: ask counsel.",
        True,
        False,
        False,
    ),
    (
        "E",
        "Conduct constituting, or encouragement of, illegal activity",
        "Does it call for a crime now, or offer something unlawful?",
        "medium",
        "Imminent incitement or a real unlawful offer only.",
        True,
        False,
        True,
    ),
    (
        "F",
        "Information that may tend to compromise the safety or security of the public or public systems",
        "Which information is it, and which harm may follow?",
        "medium",
        "Name the specific information and the harm.",
        True,
        False,
        True,
    ),
    (
        "G",
        "Content more likely than not having the effect of defaming, any person, group or organization",
        "Is it a statement of fact that can be shown to be false? Disagreement is not falsity.",
        "high",
        "Counsel first. Disagreement is not falsity.",
        True,
        True,
        False,
    ),
    (
        "H",
        "Content that violates a legal ownership interest of any other party, such as trademark or copyright infringement",
        "Has the owner claimed it?",
        "low",
        "The owner's claim on file; report to the network first.",
        True,
        False,
        False,
    ),
    (
        "I",
        "Making or publishing of false, vicious or malicious statements concerning any employee of the Town",
        "Is another ground met as well?",
        "highest",
        "Never the only ground until counsel has signed.",
        False,
        True,
        False,
    ),
    (
        "J",
        "Violent or threatening content",
        "Would a reasonable person fear violence from these very words?",
        "low",
        "Quote the threat and tell the police. Graphic news: ask counsel.",
        True,
        False,
        True,
    ),
    (
        "K",
        "Disclosure of confidential, sensitive or proprietary information",
        "Which law or duty does the disclosure breach?",
        "medium",
        "Name the law or duty that is breached.",
        True,
        False,
        True,
    ),
)
FIRST = "INSERT INTO category_edition (number, why, counsel) VALUES (1, 'Came with the app.', '')"
ENTRY = (
    "INSERT INTO category_entry (edition_id, letter, words, test, risk, guard, alone, counsel, hide_at_once)"
    " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)"
)
CARRIED = """INSERT INTO worksheet (determination_id, categories_version_id, consequence, counsel_name, counsel_said)
    SELECT id, 1, 'nothing', '', '' FROM determination"""


def up(_migrator: Any, db: Any) -> None:
    """Make the tables, and write edition 1."""
    run_statements(db, sqlite=SQLITE, postgresql=POSTGRESQL)
    db.execute_sql(FIRST)
    for entry in EDITION_1:
        db.execute_sql(ENTRY.replace("?", db.param), entry)
    db.execute_sql(CARRIED)


def down(_migrator: Any, db: Any) -> None:
    """Drop the tables with all they hold."""
    for table in TABLES:
        db.execute_sql(f'DROP TABLE "{table}"')
