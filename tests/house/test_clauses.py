"""Every clause of the policy is somewhere in the app and proven by a test that exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLAUSES = (
    "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "3.5",
    "3.6-1", "3.6-2", "3.6-3", "3.6-4", "3.6-5", "3.7", "3.7-1", "3.7-2", "3.7-3", "3.7-4", "3.8",
)  # fmt: skip


def table() -> list[list[str]]:
    text = (ROOT / "docs" / "clauses.md").read_text("utf-8")
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if re.match(r"\| \d", line)]


def test_every_clause_stands_in_the_table_once() -> None:
    assert tuple(row[0] for row in table()) == CLAUSES


def test_every_clause_names_what_is_there_and_a_test_that_exists() -> None:
    missing = [row[0] for row in table() if not row[1] or not (ROOT / row[3].strip("`")).is_file()]
    assert missing == []
