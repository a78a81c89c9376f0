"""What stands against one person: decided, carried out, not taken back; never what was only seen, kept or dismissed.

It reaches across departments. Of a case that the reader may not open it gives the facts of the decision (day, outcome,
categories, site), not the words and not the way there.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.once import reading_once
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import (
    Case,
    Contributor,
    ContributorWarning,
    Determination,
    LinkedHandle,
    Order,
    Restriction,
    RestrictionGround,
)
from charlton_intranet.moderation.queries.reconsiderations import counting
from charlton_intranet.moderation.rules import AuthorKind, Outcome, handle_key, letters_of
from charlton_intranet.moderation.rules.contributors import IN_EFFECT, RestrictionState, Threshold
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import Network, Site

SHOWN = 100
# What was proposed only, or came to nothing, does not stand against anybody.
DECIDED = (
    RestrictionState.APPROVED,
    RestrictionState.IN_FORCE,
    RestrictionState.LIFTING,
    RestrictionState.LIFTED,
    RestrictionState.ENDED,
)


@dataclass(frozen=True, slots=True)
class Handle:
    """A name on a network."""

    id: int
    handle: str
    network: str

    @property
    def label(self) -> str:
        return f"{self.handle} ({self.network})"


@dataclass(frozen=True, slots=True)
class UpheldDecision:
    """A hide or remove that was carried out and stands. ``case_id`` and ``quote`` only for who may read the case.

    ``used``: a restriction that was determined rests on it already.
    """

    determination_id: int
    contributor_id: int
    handle: str
    outcome: Outcome
    letters: tuple[str, ...]
    decided_at: datetime
    site_id: int
    site_title: str
    network_name: str
    used: bool
    quote: str
    case_id: int | None

    @property
    def decided_on(self) -> date:
        return town_time(self.decided_at).date()


@dataclass(frozen=True, slots=True)
class WarningRow:
    """A warning whose determination stands; ``letter_id`` once it was written, for who may read it."""

    at: datetime
    handle: str
    site_title: str
    letter_id: int | None


@dataclass(frozen=True, slots=True)
class RestrictionFact:
    """A restriction as the ledger shows it to everybody; ``readable``: the reader may open its page."""

    id: int
    state: RestrictionState
    handle: str
    site_id: int
    site_title: str
    network_name: str
    days: int
    starts_on: date | None
    ends_on: date | None
    readable: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands against one person, over all handles taken for theirs.

    ``recent`` decisions are of the months that count. ``reached``: they are enough for a restriction, and one of them
    is new. ``proposed``: somebody proposed one already, and it is not determined yet.
    """

    handles: tuple[Handle, ...]
    decisions: tuple[UpheldDecision, ...]
    warnings: tuple[WarningRow, ...]
    restrictions: tuple[RestrictionFact, ...]
    threshold: Threshold
    recent: int
    proposed: bool
    reached: bool

    @property
    def in_effect(self) -> tuple[RestrictionFact, ...]:
        return tuple(one for one in self.restrictions if one.state in IN_EFFECT)

    @property
    def empty(self) -> bool:
        return not (self.decisions or self.warnings or self.restrictions)


def threshold() -> Threshold:
    """The town's defaults of what opens a proposal."""
    return Threshold(default("restriction.threshold"), default("restriction.months"))


def upheld() -> Any:
    """A condition on ``Determination`` with ``Order`` and ``Case``: it counts against whoever wrote the words."""
    return (
        Determination.outcome.in_([Outcome.HIDE, Outcome.REMOVE])
        & Order.done_at.is_null(False)
        & (Case.author_kind == AuthorKind.PUBLIC)
        & counting()
    )


def decided(*columns: Any) -> Any:
    """A query of the decisions that stand, with their ``Case`` and ``Order``."""
    return (
        Determination.select(*columns)
        .join_from(Determination, Case)
        .join_from(Determination, Order, on=(Order.determination == Determination.id))
        .where(upheld())
    )


def used() -> Any:
    """The determinations that a restriction rests on which was determined."""
    return (
        RestrictionGround.select(RestrictionGround.determination)
        .join(Restriction)
        .where(Restriction.state.in_(DECIDED))
    )


def _readable(actor: Actor, department_id: int) -> bool:
    return actor.may(Permission.READ_CASES, department_id)


def handles_of(contributor_id: int) -> tuple[Handle, ...]:
    """The handle and all that are taken for the same person's, the one asked for first; one query."""
    head = LinkedHandle.select(LinkedHandle.head).where(LinkedHandle.contributor == contributor_id)
    linked = LinkedHandle.select(LinkedHandle.contributor).where(LinkedHandle.head.in_(head))
    query = (
        Contributor.select(Contributor.id, Contributor.handle, Network.name)
        .join(Network)
        .where((Contributor.id == contributor_id) | Contributor.id.in_(linked))
        .order_by(Contributor.id)
    )
    return tuple(sorted((Handle(*row) for row in rows(query)), key=lambda one: one.id != contributor_id))


def standing_of(actor: Actor, contributor_id: int, today: date) -> Standing:
    """What stands against whoever writes under this handle. The caller has seen to it that the actor may ask."""
    with reading_once():
        handles = handles_of(contributor_id)
        ids = [one.id for one in handles]
        limits, decisions = threshold(), upheld_decisions(actor, ids)
        restrictions = _restrictions(actor, ids)
        recent = sum(one.decided_on >= limits.since(today) for one in decisions)
        return Standing(
            handles=handles,
            decisions=decisions,
            warnings=_warnings(actor, ids),
            restrictions=tuple(one for one in restrictions if one.state in DECIDED),
            threshold=limits,
            recent=recent,
            proposed=any(one.state is RestrictionState.PROPOSED for one in restrictions),
            reached=recent >= limits.decisions and not all(one.used for one in decisions),
        )


def visible_contributor(actor: Actor, contributor_id: int, today: date) -> Standing:
    """The standing of a contributor whom the actor may know of; otherwise ``NotFound``.

    Known is who has something in the ledger, and who wrote in a case that the actor reads.
    """
    if not actor.may(Permission.READ_CASES, anywhere=True):
        raise NotFound
    found = standing_of(actor, contributor_id, today)
    if not found.handles or (found.empty and not _wrote_within(actor, contributor_id)):
        raise NotFound
    return found


def find_handle(actor: Actor, network_id: int, handle: str, today: date) -> int:
    """The contributor of this name on this network, if the actor may know of them; otherwise ``NotFound``."""
    row = first_row(
        Contributor.select(Contributor.id).where(
            (Contributor.network == network_id) & (Contributor.handle_key == handle_key(handle))
        )
    )
    if row is None:
        raise NotFound
    visible_contributor(actor, row[0], today)
    return int(row[0])


def writer_of(case_id: int) -> int | None:
    """Who wrote the words of a case, if they are the public's and a name is known."""
    row = first_row(Case.select(Case.contributor).where((Case.id == case_id) & (Case.author_kind == AuthorKind.PUBLIC)))
    return row[0] if row else None


def upheld_decisions(actor: Actor, contributor_ids: Collection[int]) -> tuple[UpheldDecision, ...]:
    """The decisions that stand about what these handles wrote, newest first."""
    query = (
        decided(
            Determination.id, Case.contributor, Contributor.handle, Determination.outcome, Determination.categories,
            Determination.decided_at, Case.site, Site.title, Network.name, Determination.id.in_(used()),
            Determination.quote, Case.id, Case.department,
        )
        .join_from(Case, Contributor)
        .join_from(Case, Site)
        .join_from(Site, Network)
        .where(Case.contributor.in_(sorted(contributor_ids)))
        .order_by(Determination.id.desc())
        .limit(SHOWN)
    )  # fmt: skip
    found = []
    for *values, quote, case_id, department_id in rows(query):
        values[4] = tuple(sorted(letters_of(values[4])))
        values[9] = bool(values[9])
        readable = _readable(actor, department_id)
        found.append(UpheldDecision(*(*values, quote if readable else "", case_id if readable else None)))
    return tuple(found)


def _wrote_within(actor: Actor, contributor_id: int) -> bool:
    wrote = Case.select(Case.id).where(Case.contributor == contributor_id)
    reach = actor.departments_for(Permission.READ_CASES)
    if reach is not None:
        wrote = wrote.where(Case.department.in_(sorted(reach)))
    return first_row(wrote.limit(1)) is not None


def _warnings(actor: Actor, contributor_ids: Collection[int]) -> tuple[WarningRow, ...]:
    query = (
        ContributorWarning.select(
            ContributorWarning.warned_at, Contributor.handle, Site.title, ContributorWarning.letter, Case.department
        )
        .join_from(ContributorWarning, Contributor)
        .join_from(ContributorWarning, Determination)
        .join_from(Determination, Case)
        .join_from(Case, Site)
        .where(ContributorWarning.contributor.in_(sorted(contributor_ids)) & counting())
        .order_by(ContributorWarning.id.desc())
    )
    return tuple(
        WarningRow(at, handle, title, letter_id if _readable(actor, department_id) else None)
        for at, handle, title, letter_id, department_id in rows(query)
    )


def _restrictions(actor: Actor, contributor_ids: Collection[int]) -> tuple[RestrictionFact, ...]:
    query = (
        Restriction.select(
            Restriction.id, Restriction.state, Contributor.handle, Restriction.site, Site.title, Network.name,
            Restriction.days, Restriction.starts_on, Restriction.ends_on, Restriction.department,
        )
        .join_from(Restriction, Contributor)
        .join_from(Restriction, Site)
        .join_from(Site, Network)
        .where(Restriction.contributor.in_(sorted(contributor_ids)))
        .where(Restriction.state.in_([*DECIDED, RestrictionState.PROPOSED]))
        .order_by(Restriction.id.desc())
    )  # fmt: skip
    return tuple(RestrictionFact(*(*values, _readable(actor, department))) for *values, department in rows(query))
