"""Contributors: who counts as one person, when a restriction is open to be proposed, and its life. Pure.

Policy 3.7-4: who *continues to post* inappropriate content is removed. Only decisions that stand count; a restriction
is on one site, ends on a day, and is never permanent (``docs/law.md``, Speech).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from charlton_intranet.core.calendar import add_months
from charlton_intranet.core.errors import Invalid, StaleState

# The only lengths of a restriction, in the order in which they follow each other.
TERMS = (30, 90, 365)


class LinkState(StrEnum):
    """Whether two handles are taken for one person's: one says so, another person agrees, anybody can undo it."""

    PROPOSED = auto()
    STANDING = auto()
    DECLINED = auto()
    ENDED = auto()

    @property
    def label(self) -> str:
        return {
            "proposed": "Waits for a second person",
            "standing": "Taken as one person",
            "declined": "Not confirmed",
            "ended": "Undone",
        }[self.value]


LINK_MOVES: dict[LinkState, frozenset[LinkState]] = {
    LinkState.PROPOSED: frozenset({LinkState.STANDING, LinkState.DECLINED}),
    LinkState.STANDING: frozenset({LinkState.ENDED}),
    LinkState.DECLINED: frozenset(),
    LinkState.ENDED: frozenset(),
}


class Cause(StrEnum):
    """Why a restriction is proposed. One decision is enough for a true threat or malware alone."""

    REPEATED = auto()
    THREAT = auto()
    MALWARE = auto()

    @property
    def label(self) -> str:
        return {
            "repeated": "Content that was hidden or removed again and again",
            "threat": "One true threat (category J)",
            "malware": "One link to malware (category E or F)",
        }[self.value]

    @property
    def letters(self) -> frozenset[str]:
        """The categories of which one decision must name one; empty when any will do."""
        return {Cause.THREAT: frozenset("J"), Cause.MALWARE: frozenset("EF")}.get(self, frozenset())


class RestrictionState(StrEnum):
    """Where a restriction stands. ``LIFTING``: to be taken off before its end."""

    PROPOSED = auto()
    APPROVED = auto()
    DECLINED = auto()
    WITHDRAWN = auto()
    IN_FORCE = auto()
    LIFTING = auto()
    LIFTED = auto()
    ENDED = auto()

    @property
    def label(self) -> str:
        return {
            "proposed": "Proposed",
            "approved": "To be carried out",
            "declined": "Declined",
            "withdrawn": "Withdrawn before it took effect",
            "in_force": "In force",
            "lifting": "To be lifted early",
            "lifted": "Lifted early",
            "ended": "Ended",
        }[self.value]


S = RestrictionState

RESTRICTION_MOVES: dict[RestrictionState, frozenset[RestrictionState]] = {
    S.PROPOSED: frozenset({S.APPROVED, S.DECLINED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.IN_FORCE, S.WITHDRAWN}),
    S.DECLINED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.IN_FORCE: frozenset({S.LIFTING, S.ENDED}),
    S.LIFTING: frozenset({S.LIFTED}),
    S.LIFTED: frozenset(),
    S.ENDED: frozenset(),
}
# One at a time on a site: until it is over, no other is proposed for the same person there.
OPEN = frozenset({S.PROPOSED, S.APPROVED, S.IN_FORCE, S.LIFTING})
# What the network shows: the account can not write there.
IN_EFFECT = frozenset({S.IN_FORCE, S.LIFTING})


def check_link_move(before: LinkState, after: LinkState) -> None:
    """Refuse a step on a link that is not open any more."""
    if after not in LINK_MOVES[before]:
        raise StaleState(f"This link is “{before.label.lower()}” now. Nothing was saved.")


def check_restriction_move(before: RestrictionState, after: RestrictionState) -> None:
    """Refuse a step on a restriction that is not open in its present state."""
    if after not in RESTRICTION_MOVES[before]:
        raise StaleState(
            f"The restriction is “{before.label.lower()}” now, so this step is not open. Nothing was saved."
        )


def same_person(links: Iterable[tuple[int, int]], start: int) -> frozenset[int]:
    """Everybody who is linked with ``start``, over however many links, and ``start``."""
    beside: dict[int, set[int]] = {}
    for a, b in links:
        beside.setdefault(a, set()).add(b)
        beside.setdefault(b, set()).add(a)
    found, waiting = {start}, [start]
    while waiting:
        for other in beside.get(waiting.pop(), set()) - found:
            found.add(other)
            waiting.append(other)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Ground:
    """A decision that a restriction may rest on. ``used`` by an earlier restriction on the same site."""

    determination_id: int
    site_id: int
    letters: frozenset[str]
    decided_on: date
    used: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """How many decisions within how many months open a proposal: the town's defaults."""

    decisions: int
    months: int

    def since(self, today: date) -> date:
        """The first day that still counts."""
        return add_months(today, -self.months)

    def reached(self, decided: Collection[date], today: date) -> bool:
        """Whether enough decisions count on this day."""
        return sum(day >= self.since(today) for day in decided) >= self.decisions


def next_term(earlier: int) -> int:
    """The term that follows ``earlier`` restrictions of the same person on the site."""
    return TERMS[min(earlier, len(TERMS) - 1)]


def check_grounds(cause: Cause, grounds: Sequence[Ground], *, site_id: int, threshold: Threshold, today: date) -> None:
    """What a proposal must rest on: decisions that stand, enough of them, recent, one about the site, one new.

    Raises ``Invalid`` for ``grounds`` with the sentence that says what is missing.
    """
    problem = ""
    recent = [ground for ground in grounds if ground.decided_on >= threshold.since(today)]
    if not grounds:
        problem = "Tick the decisions that the proposal rests on. Nothing else counts, and no accusation does."
    elif len(recent) < len(grounds):
        problem = f"Only decisions of the last {threshold.months} months count. Take the older ones out."
    elif cause is Cause.REPEATED and len(recent) < threshold.decisions:
        problem = (
            f"It takes {threshold.decisions} decisions to hide or remove within {threshold.months} months that stand; "
            f"here {'is' if len(recent) == 1 else 'are'} {len(recent)}."
        )
    elif cause.letters and not any(ground.letters & cause.letters for ground in recent):
        letters = " or ".join(sorted(cause.letters))
        problem = f"For this cause one of the decisions must be about category {letters}."
    elif all(ground.site_id != site_id for ground in recent):
        problem = "One of the decisions must be about a post on this site: a restriction holds on that site alone."
    elif all(ground.used for ground in recent):
        problem = "These decisions led to a restriction on this site already. It takes a new one."
    if problem:
        raise Invalid({"grounds": problem})


def check_term(days: int, *, earlier: int, why: str) -> None:
    """30 days first, then 90, then 365; another order says why. Nothing is permanent."""
    if days not in TERMS:
        raise Invalid({"days": "A restriction lasts 30, 90 or 365 days, and is never permanent."})
    usual = next_term(earlier)
    if days != usual and not why.strip():
        raise Invalid({"deviation": f"{usual} days is the next step here. Say why it should be {days}."})


def check_neutral_restriction(*, same_if_praise: bool | None) -> None:
    """The neutral-viewpoint question must be answered with yes before anybody is kept from writing."""
    if same_if_praise is None:
        raise Invalid({"same_if_praise": "Answer whether a writer who praises the town would be kept away as well."})
    if not same_if_praise:
        raise Invalid({"same_if_praise": "Then this turns on viewpoint and the town may not do it. Decline it."})
