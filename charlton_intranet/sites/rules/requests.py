"""What a request for a site must hold, and how it is answered. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import auto

from charlton_intranet.sites.rules.states import Cadence, SiteState, Worded


class Decision(Worded):
    """What the Town Administrator says to a request (2.2)."""

    APPROVE = auto()
    ASK_FOR_CHANGES = auto()
    DECLINE = auto()


DECISIONS = {
    Decision.APPROVE: SiteState.APPROVED,
    Decision.ASK_FOR_CHANGES: SiteState.CHANGES_ASKED,
    Decision.DECLINE: SiteState.DECLINED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What a department head says about a site they ask for; ``attested`` is the tick of policy 3.1."""

    address: str
    title: str
    account_email: str
    purpose: str
    audience: str
    plan: str
    cadence: Cadence
    attested: bool


def facts_problems(facts: SiteFacts) -> dict[str, str]:
    """What is missing in a request, by field."""
    asked = {
        "title": "Type the name that the page shows.",
        "purpose": "Say what the site is for.",
        "audience": "Say whom it is meant to reach.",
        "plan": "Say who posts, how often, and who answers.",
    }
    problems = {name: mend for name, mend in asked.items() if not getattr(facts, name).strip()}
    if not facts.attested:
        problems["attested"] = "Tick this to confirm that the site will follow policy 3.1."
    return problems


def email_problem(email: str, domains: Collection[str], mailboxes: Collection[str]) -> str:
    """Why ``email`` is no official address (1.2, 3.5-1), with the mend; empty when it is one."""
    box, _, domain = email.rpartition("@")
    if (box and domain in domains) or email in mailboxes:
        return ""
    allowed = ", ".join(f"@{domain}" for domain in domains)
    return (
        f"{email} is no official address. Use a town address ({allowed}) or a mailbox that the town has approved; "
        "the IT Technician can put one on the list (policy 1.2, 3.5-1)."
    )
