"""Reads of restrictions and of links between handles: lists, one restriction's page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.accounts.queries import names_of
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.evidence.models import Piece
from charlton_intranet.mail.messages import long_day
from charlton_intranet.moderation.models import (
    Case,
    Contributor,
    Determination,
    Reconsideration,
    Restriction,
    RestrictionGround,
    RestrictionReview,
)
from charlton_intranet.moderation.queries.letters import LetterRow, ask_by, letters_of_restriction
from charlton_intranet.moderation.queries.reconsiderations import counting
from charlton_intranet.moderation.rules import Outcome, Position, letters_of
from charlton_intranet.moderation.rules.contributors import (
    OPEN,
    Cause,
    RestrictionState,
)
from charlton_intranet.moderation.rules.reconsidering import ReconsiderationState
from charlton_intranet.sites.models import Network, Site

PAGE = 25


@dataclass(frozen=True, slots=True)
class RestrictionRow:
    """A restriction as the list shows it. ``days`` are those decided, or else those proposed."""

    id: int
    state: RestrictionState
    cause: Cause
    handle: str
    site_title: str
    network_name: str
    department_name: str
    days: int
    proposed_at: datetime
    ends_on: date | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class GroundRow:
    """A decision that a restriction rests on. ``case_id`` only for who may read the case; ``fallen``: reversed.

    ``reviewed``: somebody looked at the restriction again since.
    """

    determination_id: int
    outcome: Outcome
    letters: tuple[str, ...]
    decided_at: datetime
    site_title: str
    network_name: str
    handle: str
    counts: bool
    fallen: bool
    reviewed: bool
    case_id: int | None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """That somebody looked at a restriction again."""

    stays: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProofRow:
    """The picture that shows that a restriction was set or taken off."""

    piece_id: int
    file_name: str


@dataclass(frozen=True, slots=True)
class RestrictionView:
    """Everything the page of a restriction shows. People are names."""

    id: int
    version: int
    state: RestrictionState
    cause: Cause
    contributor_id: int
    handle: str
    site_id: int
    site_title: str
    network_name: str
    department_id: int
    department_name: str
    due_on: date | None
    asked_days: int
    reason: str
    deviation: str
    proposed_by: str
    proposed_by_id: int
    proposed_at: datetime
    view_due_on: date
    view: Position | None
    view_text: str
    view_by: str
    view_by_id: int | None
    view_at: datetime | None
    days: int | None
    decision: str
    decided_by: str
    decided_at: datetime | None
    acting: bool
    starts_on: date | None
    review_on: date | None
    ends_on: date | None
    started_by: str
    started_at: datetime | None
    over_by: str
    over_at: datetime | None
    over_reason: str
    proof: ProofRow | None
    over_proof: ProofRow | None
    grounds: tuple[GroundRow, ...]
    reviews: tuple[ReviewRow, ...]
    letters: tuple[LetterRow, ...]

    @property
    def fallen(self) -> bool:
        """Whether a decision it rests on was reversed, and nobody has looked at it again since."""
        return any(ground.fallen and not ground.reviewed for ground in self.grounds)


def reversed_among(determination_ids: Collection[int]) -> frozenset[int]:
    """Those of these determinations that were reversed."""
    query = Reconsideration.select(Reconsideration.determination).where(
        Reconsideration.determination.in_(sorted(determination_ids))
        & (Reconsideration.state == ReconsiderationState.REVERSED)
    )
    return frozenset(row[0] for row in rows(query))


def restrictions_page(
    actor: Actor, *, open_only: bool, after: int | None = None
) -> tuple[tuple[RestrictionRow, ...], int | None]:
    """One page of the restrictions the actor may read, newest first, and the key of the next; one query."""
    days = peewee.fn.COALESCE(Restriction.days, Restriction.asked_days)
    query = (
        Restriction.select(
            Restriction.id, Restriction.state, Restriction.cause, Contributor.handle, Site.title, Network.name,
            Department.name, days, Restriction.proposed_at, Restriction.ends_on, Restriction.due_on,
        )
        .join_from(Restriction, Contributor)
        .join_from(Restriction, Site)
        .join_from(Site, Network)
        .join_from(Restriction, Department, on=(Restriction.department == Department.id))
        .order_by(Restriction.id.desc())
    )  # fmt: skip
    reach = actor.departments_for(Permission.READ_CASES)
    if reach is not None:
        query = query.where(Restriction.department.in_(sorted(reach)))
    if open_only:
        query = query.where(Restriction.state.in_(sorted(OPEN)))
    if after is not None:
        query = query.where(Restriction.id < after)
    found = [RestrictionRow(*row) for row in rows(query.limit(PAGE + 1))]
    return tuple(found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None


def restriction_view(actor: Actor, restriction_id: int) -> RestrictionView:
    """One restriction, for those who read the cases of its department; otherwise ``NotFound``. Six queries."""
    one: Any = (
        Restriction.select(Restriction, Contributor, Site, Network, Department)
        .join_from(Restriction, Contributor)
        .join_from(Restriction, Site)
        .join_from(Site, Network)
        .join_from(Restriction, Department, on=(Restriction.department == Department.id))
        .where(Restriction.id == restriction_id)
        .first()
    )
    if one is None:
        raise NotFound
    actor.must_see(Permission.READ_CASES, one.department_id)
    names = names_of([one.proposed_by_id, one.view_by_id, one.decided_by_id, one.started_by_id, one.over_by_id])
    shown = _proofs([one.proof_id, one.over_proof_id])
    return RestrictionView(
        id=one.id, version=one.version, state=one.state, cause=one.cause,
        contributor_id=one.contributor_id, handle=one.contributor.handle,
        site_id=one.site_id, site_title=one.site.title, network_name=one.site.network.name,
        department_id=one.department_id, department_name=one.department.name,
        due_on=one.due_on, asked_days=one.asked_days, reason=one.reason, deviation=one.deviation,
        proposed_by=names[one.proposed_by_id], proposed_by_id=one.proposed_by_id, proposed_at=one.proposed_at,
        view_due_on=one.view_due_on, view=one.view, view_text=one.view_text,
        view_by=names.get(one.view_by_id, ""), view_by_id=one.view_by_id, view_at=one.view_at,
        days=one.days, decision=one.decision, decided_by=names.get(one.decided_by_id, ""),
        decided_at=one.decided_at, acting=one.acting, starts_on=one.starts_on, review_on=one.review_on,
        ends_on=one.ends_on, started_by=names.get(one.started_by_id, ""), started_at=one.started_at,
        over_by=names.get(one.over_by_id, ""), over_at=one.over_at, over_reason=one.over_reason,
        proof=shown.get(one.proof_id), over_proof=shown.get(one.over_proof_id),
        grounds=_grounds(actor, restriction_id), reviews=_reviews(restriction_id),
        letters=letters_of_restriction(restriction_id),
    )  # fmt: skip


def restriction_facts(view: RestrictionView) -> dict[str, str]:
    """What a draft about a restriction can say by itself, beside what every letter says of the town."""

    def said(day: date | None) -> str:
        return long_day(day) if day else ""

    return {
        "handle": view.handle,
        "site": view.site_title,
        "network": view.network_name,
        "reason": view.over_reason if view.over_at and view.over_reason else view.decision,
        "starts_on": said(view.starts_on),
        "ends_on": said(view.ends_on),
        "review_on": said(view.review_on),
        "ask_by": ask_by(view.starts_on) if view.starts_on else "",
        "ended_on": said(town_time(view.over_at).date() if view.over_at else None),
        "grounds": "\n".join(
            f"- {long_day(town_time(one.decided_at).date())}: {one.outcome.label.lower()}, "
            f"category {', '.join(one.letters)}, on {one.site_title}"
            for one in view.grounds
        ),
    }


def _grounds(actor: Actor, restriction_id: int) -> tuple[GroundRow, ...]:
    stands = peewee.Case(None, [(counting(), 1)], 0)
    taken_back = Reconsideration.select(Reconsideration.determination).where(
        Reconsideration.state == ReconsiderationState.REVERSED
    )
    fallen = peewee.Case(None, [(Determination.id.in_(taken_back), 1)], 0)
    query = (
        RestrictionGround.select(
            Determination.id, Determination.outcome, Determination.categories, Determination.decided_at, Site.title,
            Network.name, Contributor.handle, stands, fallen, RestrictionGround.reviewed, Case.id, Case.department,
        )
        .join_from(RestrictionGround, Determination)
        .join_from(Determination, Case)
        .join_from(Case, Contributor)
        .join_from(Case, Site)
        .join_from(Site, Network)
        .where(RestrictionGround.restriction == restriction_id)
        .order_by(Determination.id)
    )  # fmt: skip
    return tuple(
        GroundRow(
            number, outcome, tuple(sorted(letters_of(letters))), at, site, network, handle, bool(counts), bool(gone),
            reviewed is not None, case_id if actor.may(Permission.READ_CASES, department_id) else None,
        )
        for number, outcome, letters, at, site, network, handle, counts, gone, reviewed, case_id, department_id in (
            rows(query)
        )
    )  # fmt: skip


def _reviews(restriction_id: int) -> tuple[ReviewRow, ...]:
    query = (
        RestrictionReview.select(
            RestrictionReview.stays, RestrictionReview.reason, Person.name, RestrictionReview.reviewed_at
        )
        .join(Person, on=(RestrictionReview.reviewed_by == Person.id))
        .where(RestrictionReview.restriction == restriction_id)
        .order_by(RestrictionReview.id)
    )
    return tuple(ReviewRow(*row) for row in rows(query))


def _proofs(piece_ids: Collection[int | None]) -> dict[int | None, ProofRow]:
    wanted = sorted(number for number in piece_ids if number is not None)
    query = Piece.select(Piece.id, Piece.file_name).where(Piece.id.in_(wanted))
    return {number: ProofRow(number, name) for number, name in rows(query)}
