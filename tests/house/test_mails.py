"""Which mail goes out at once, and why: whatever else people are to hear is a line of the digest (decision 0028)."""

import re
from pathlib import Path

import pytest

from charlton_intranet.core.resources import folder

ROOT = Path(__file__).parents[2]

DIGEST = {"digest"}
INCIDENTS = {"incident_reported"}
EMERGENCIES = {"case_emergency", "case_flagged", "case_restore", "case_not_restored"}
OWN_ACCOUNT = {"account_invitation", "account_moved", "account_reset", "acting_named"}
# Steps whose clock is a business day or two: a digest of the next morning would tell of them once it has run out.
SHORT_CLOCKS = {
    "case_advice_asked", "case_ready", "case_order", "case_obstructed", "case_referral", "reconsideration_asked",
    "reconsideration_answered", "referral_answered", "restriction_view_asked", "restriction_ready", "restriction_order",
    "restriction_lift",
}  # fmt: skip
# Whose signature ends may not act for the town from that minute on, whether or not a role makes them owe a new one.
AUTHORITY = {"policy_expiring", "policy_expired", "policy_superseded"}
PROOF = {"trail_head", "calendar_made"}  # handed out once a day outside the app; and told to whom a key was made
CLASSES = (DIGEST, INCIDENTS, EMERGENCIES, OWN_ACCOUNT, SHORT_CLOCKS, AUTHORITY, PROOF)


def templates() -> set[str]:
    return {path.name for path in (folder("templates") / "mail").iterdir() if path.is_dir() and path.name[0] != "_"}


def test_every_mail_has_one_class_and_nothing_else_goes_out_at_once() -> None:
    named = [name for names in CLASSES for name in names]
    assert len(named) == len(set(named))
    assert templates() == set(named)


@pytest.mark.parametrize("names", [*CLASSES[1:]], ids=min)
def test_the_decision_names_each_mail_that_goes_out_at_once(names: set[str]) -> None:
    told = (ROOT / "docs" / "decisions" / "0028-ladders-and-what-goes-out-at-once.md").read_text("utf-8")
    assert [name for name in sorted(names) if f"`{name}`" not in told] == []


def test_reviews_checklists_and_access_are_told_in_the_digest_alone() -> None:
    """Nothing outside the named parts queues a mail of its own."""
    package = ROOT / "charlton_intranet"
    queued = {
        path.relative_to(package).parts[0]
        for path in package.rglob("*.py")
        if re.search(r"\bmail\.queue\(", path.read_text("utf-8"))
    }
    assert queued <= {"accounts", "incidents", "mail", "moderation", "oversight", "policy"}
