"""What was handed on to others: who may read it, one referral, those of a case, and the list."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Department
from charlton_intranet.accounts.queries import names_of
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.evidence.models import Piece, Seal
from charlton_intranet.moderation.models import Case, CasePiece, Referral, ReferralPaper
from charlton_intranet.moderation.rules.worksheet import REFERRAL_OPEN, ReferralState, ReferredTo
from charlton_intranet.sites.models import Network, Site

PAGE = 25

# Who sends what the app can not send itself, and asks after it: coordinators talk to the police, the rest is the
# Town Administrator's.
SENDERS = {
    ReferredTo.POLICE: Role.COORDINATOR,
    ReferredTo.HR: Role.ADMINISTRATOR,
    ReferredTo.COUNSEL: Role.ADMINISTRATOR,
    ReferredTo.IT: Role.IT,
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that came with an answer."""

    id: int
    file_name: str
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class ReferralView:
    """One referral; ``reads_case`` says whether the reader may know of more than was referred."""

    id: int
    version: int
    case_id: int
    department_id: int
    department_name: str
    site: str
    permalink: str
    to: ReferredTo
    reason: str
    state: ReferralState
    due_on: date
    asked_by: str
    asked_at: datetime
    sent_by: str
    sent_at: datetime | None
    sent_how: str
    answer: str
    closed_by: str
    closed_at: datetime | None
    papers: tuple[Paper, ...]
    reads_case: bool


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral in a list. ``readable`` False: that it exists is known, what it says is not the reader's."""

    id: int
    case_id: int
    to: ReferredTo
    state: ReferralState
    due_on: date
    asked_at: datetime
    site: str
    readable: bool = True

    @property
    def is_open(self) -> bool:
        return self.state in REFERRAL_OPEN


@dataclass(frozen=True, slots=True)
class SealedPiece:
    """A sealed piece as the printed sheet names it."""

    file_name: str
    media_type: str
    size: int
    sha256: str
    captured_at: datetime
    seal: str


def may_read(actor: Actor, to: ReferredTo, department_id: int) -> bool:
    """What is referred to IT is theirs, the rest is for those who work on the case; personnel matters are the TA's."""
    if to is ReferredTo.HR:
        return actor.may(Permission.DETERMINE_CASE, department_id)
    if to is not ReferredTo.IT and not actor.may(Permission.READ_CASES, department_id):
        return False
    return actor.may(Permission.FOLLOW_REFERRAL, department_id)


def referral_view(actor: Actor, referral_id: int) -> ReferralView:
    """The referral, for somebody who may read it; otherwise ``NotFound``. Three queries."""
    found = (
        Referral.select(Referral, Case, Site, Network, Department)
        .join_from(Referral, Case)
        .join_from(Case, Site)
        .join_from(Site, Network)
        .join_from(Case, Department)
        .where(Referral.id == referral_id)
        .first()
    )
    if found is None or not may_read(actor, found.to, found.case.department_id):
        raise NotFound
    names = names_of([found.asked_by_id, found.sent_by_id, found.closed_by_id])
    case = found.case
    return ReferralView(
        found.id, found.version, case.id, case.department_id, case.department.name,
        f"{case.site.title} ({case.site.network.name})", case.permalink, found.to, found.reason, found.state,
        found.due_on, names.get(found.asked_by_id, ""), found.asked_at, names.get(found.sent_by_id or 0, ""),
        found.sent_at, found.sent_how, found.answer, names.get(found.closed_by_id or 0, ""), found.closed_at,
        _papers(found.id), actor.may(Permission.READ_CASES, case.department_id),
    )  # fmt: skip


def referrals_of(actor: Actor, case_id: int, department_id: int) -> tuple[ReferralRow, ...]:
    """The referrals of a case; of personnel matters others learn nothing at all. The caller has authorised it."""
    found = [ReferralRow(*row) for row in rows(_listed().where(Referral.case == case_id).order_by(Referral.id))]
    return tuple(
        replace(row, readable=may_read(actor, row.to, department_id))
        for row in found
        if row.to is not ReferredTo.HR or may_read(actor, row.to, department_id)
    )


def referrals_page(
    actor: Actor, *, open_only: bool = True, after: int | None = None
) -> tuple[list[ReferralRow], int | None]:
    """The newest referrals that the actor reads, and the key of the next page; one query."""
    listed = _listed().where(reach(actor)).order_by(Referral.id.desc()).limit(PAGE + 1)
    if open_only:
        listed = listed.where(Referral.state.in_(list(REFERRAL_OPEN)))
    if after is not None:
        listed = listed.where(Referral.id < after)
    found = [ReferralRow(*row) for row in rows(listed)]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def sealed_pieces(case_id: int) -> list[SealedPiece]:
    """The sealed evidence of a case, for the sheet that goes along."""
    pieces = (
        Piece.select(Piece.file_name, Piece.media_type, Piece.size, Piece.sha256, Piece.captured_at, Seal.sha256)
        .join_from(Piece, CasePiece)
        .join_from(Piece, Seal)
        .where(CasePiece.case == case_id)
        .order_by(Piece.id)
    )
    return [SealedPiece(*row) for row in rows(pieces)]


def _listed() -> Any:
    return (
        Referral.select(
            Referral.id, Referral.case, Referral.to, Referral.state, Referral.due_on, Referral.asked_at, Site.title
        )
        .join_from(Referral, Case)
        .join_from(Case, Site)
    )


def reach(actor: Actor) -> Any:
    """The same as ``may_read``, for the database."""
    followed, read = (actor.departments_for(one) for one in (Permission.FOLLOW_REFERRAL, Permission.READ_CASES))
    within = _in(followed) & (_in(read) | (Referral.to == ReferredTo.IT))
    return within if actor.may(Permission.DETERMINE_CASE) else within & (Referral.to != ReferredTo.HR)


def _in(departments: frozenset[int] | None) -> Any:
    return peewee.SQL("1 = 1") if departments is None else Case.department.in_(sorted(departments))


def _papers(referral_id: int) -> tuple[Paper, ...]:
    papers = (
        ReferralPaper.select(ReferralPaper.id, StoredFile.file_name, StoredFile.sha256, StoredFile.media_type)
        .join(StoredFile)
        .where(ReferralPaper.referral == referral_id)
        .order_by(ReferralPaper.id)
    )
    return tuple(Paper(*row) for row in rows(papers))
