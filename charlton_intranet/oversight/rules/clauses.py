"""The clauses of the board, and what says that one was met. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

# Measured over this many days in the column "met" of the clause board.
MET_DAYS = 30

# The audit tags whose events say that a clause was met.
MET_BY: dict[str, str] = {
    "network.decided": "1.3",
    "site.decided": "2.2",
    "appointment.filed": "3.2",
    "acknowledgement.signed": "3.3-4",
    "site.reviewed": "3.6-1",
    "case.determined": "3.6-4",
    "case.restored": "3.6-4",
    "reconsideration.answered": "3.6-4",
    "case.carried_out": "3.7-3",
    "handle_link.decided": "3.7-4",
    "restriction.viewed": "3.7-4",
    "restriction.decided": "3.7-4",
    "restriction.started": "3.7-4",
    "restriction.reviewed": "3.7-4",
    "restriction.over": "3.7-4",
    "incident.moved": "3.8",
}

# The clauses of the policy in its own order, with a short name for each.
CLAUSES: dict[str, str] = {
    "1.2": "Official Town email account",
    "1.3": "Approved Town social networking site",
    "2.1": "Town Administrator: regulate, facilitate, audit",
    "2.2": "Department Head: social media activity of the department",
    "2.3": "Social Media Coordinator",
    "3.1": "Town social media technology use",
    "3.2": "A coordinator designated in writing, in advance",
    "3.3": "Authorized use",
    "3.3-1": "A clear Town business purpose",
    "3.3-2": "Sites and capability defined",
    "3.3-3": "Designated by the head, approved by the Town Administrator",
    "3.3-4": "Acknowledgement signed before use",
    "3.4-1": "Use within the defined scope",
    "3.4-2": "Violations reviewed case by case",
    "3.4-3": "The right to speak on matters of public concern",
    "3.5": "Authenticity establishment",
    "3.5-1": "Accounts created with an official Town email account",
    "3.5-2": "Contact information of an official Town account",
    "3.5-3": "Town name, seal or department logo displayed",
    "3.5-4": "Link to the User Responsibility Guideline",
    "3.6": "Site content",
    "3.6-1": "Regular review of site activity",
    "3.6-2": "Public records and archive",
    "3.6-3": "Content subject to removal",
    "3.6-4": "The Town Administrator's determination after consultation",
    "3.6-5": "Measures against destructive technical incidents",
    "3.7": "Records of accounts and their use",
    "3.7-1": "Creation, administration and deactivation of accounts",
    "3.7-2": "Content accessible to any person requesting it",
    "3.7-3": "Documented, saved, then removed",
    "3.7-4": "Persistent contributors",
    "3.8": "Network security",
}


def clause_order(clause: str) -> tuple[int, str]:
    """Sorts as the policy does; a clause it does not have comes last."""
    known = list(CLAUSES)
    return (known.index(clause) if clause in CLAUSES else len(known), clause)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar: where it starts and how long it is, in hundredths of the longest bar."""

    start: float
    length: float


def bar(counts: Sequence[int], longest: int) -> list[Segment]:
    """Segments of a stacked bar, one for each count, when ``longest`` items fill it."""
    scale = 100 / max(longest, 1)
    return [Segment(round(sum(counts[:i]) * scale, 2), round(count * scale, 2)) for i, count in enumerate(counts)]
