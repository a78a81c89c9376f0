"""The clauses of the board, and what says that one was met. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

# Measured over this many days in the column "met" of the clause board.
MET_DAYS = 30

# The audit tags whose events say that a clause was met: each stands for a step that somebody owed, or took on duty.
MET_BY: dict[str, str] = {
    "mailbox.added": "1.2",
    "network.assessed": "1.3",
    "network.decided": "1.3",
    "site.advised": "1.3",
    "policy.published": "2.1",
    "trail.verified": "2.1",
    "site.activated": "2.2",
    "site.change_confirmed": "2.2",
    "site.decided": "2.2",
    "site.need_answered": "2.2",
    "site.record_set_back": "2.2",
    "site.renewed": "2.2",
    "appointment.proposed": "2.3",
    "site.asked_again": "3.1",
    "site.requested": "3.1",
    "appointment.filed": "3.2",
    "appointment.handed_over": "3.2",
    "grant.designated": "3.3-2",
    "access_review.kept": "3.3-3",
    "access_review.replied": "3.3-3",
    "access_review.revoked": "3.3-3",
    "departure.settled": "3.3-3",
    "grant.approved": "3.3-3",
    "grant.declined": "3.3-3",
    "page.changed": "3.3-3",
    "page.identified": "3.3-3",
    "page.listed": "3.3-3",
    "acknowledgement.filed": "3.3-4",
    "acknowledgement.signed": "3.3-4",
    "site.checklist_completed": "3.5",
    "site.checklist_line_mended": "3.5",
    "case.dismissed": "3.6-1",
    "site.reviewed": "3.6-1",
    "evidence.captured": "3.6-2",
    "fixity.ended": "3.6-2",
    "fixity.mended": "3.6-2",
    "case.advised": "3.6-4",
    "case.determined": "3.6-4",
    "case.hide_settled": "3.6-4",
    "case.restored": "3.6-4",
    "case.restore_impossible": "3.6-4",
    "letter.kept": "3.6-4",
    "reconsideration.answered": "3.6-4",
    "referral.answered": "3.6-4",
    "referral.sent": "3.6-4",
    "site.record_changed": "3.7",
    "listed.asked": "3.7-1",
    "listed.given": "3.7-1",
    "listed.struck": "3.7-1",
    "site.deactivated": "3.7-1",
    "site.suspended": "3.7-1",
    "record.exported": "3.7-2",
    "case.carried_out": "3.7-3",
    "case.hidden": "3.7-3",
    "case.preserved": "3.7-3",
    "contributor.warned": "3.7-4",
    "handle_link.decided": "3.7-4",
    "restriction.decided": "3.7-4",
    "restriction.over": "3.7-4",
    "restriction.reviewed": "3.7-4",
    "restriction.started": "3.7-4",
    "restriction.viewed": "3.7-4",
    "incident.moved": "3.8",
    "incident.reported": "3.8",
    "site.checklist_line_advised": "3.8",
}

# The two checklists share their tags. Events of the security controls say so in their details, and meet this one.
CONTROLS_CLAUSE = "3.6-5"
CONTROLS_TAGS = ("site.checklist_completed", "site.checklist_line_mended")
CONTROLS_DETAIL = '"checklist":"controls"'

# Clauses that no event can be counted for, and why: a zero would look like a duty nobody met.
NOT_MEASURED: dict[str, str] = {
    "3.3": "It is met by its four points, which are counted each by itself.",
    "3.3-1": "Nobody is designated without a business purpose, so there is nothing left to count.",
    "3.4-1": "What somebody does on a network is seen there alone. Who may do what is counted under 3.3-3.",
    "3.4-2": "Violations by staff are not kept as cases of their own yet.",
    "3.4-3": "It protects what people say. The app keeps no account of it.",
    "3.5-1": "A line of the authenticity checklist, counted with it under 3.5.",
    "3.5-2": "A line of the authenticity checklist, counted with it under 3.5.",
    "3.5-3": "A line of the authenticity checklist, counted with it under 3.5.",
    "3.5-4": "A line of the authenticity checklist, counted with it under 3.5.",
    "3.6": "It is met by its five points, which stand each by itself.",
    "3.6-3": "It says what may be removed and asks nobody for anything. Decisions under it count under 3.6-4.",
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


def sources_of(clause: str) -> tuple[str, ...]:
    """The audit tags whose events may meet a clause."""
    return tuple(tag for tag, met in MET_BY.items() if met == clause) + (
        CONTROLS_TAGS if clause == CONTROLS_CLAUSE else ()
    )


MEASURED = frozenset(MET_BY.values()) | {CONTROLS_CLAUSE}


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
