"""The page of one request to look at a decision again, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Department
from charlton_intranet.accounts.queries import names_of
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.evidence.models import Piece
from charlton_intranet.evidence.queries import COLUMNS, PieceRow
from charlton_intranet.moderation.models import (
    Case,
    Consultation,
    Contributor,
    Determination,
    Letter,
    Order,
    Reconsideration,
    ReconsiderationPaper,
)
from charlton_intranet.moderation.rules import Outcome, Position
from charlton_intranet.moderation.rules.letters import LetterHow, LetterKind
from charlton_intranet.moderation.rules.reconsidering import CameBy, ReconsiderationState
from charlton_intranet.sites.models import Network, Site


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter that was kept with a request."""

    kind: LetterKind
    subject: str
    text: str
    how: LetterHow
    sent_on: date | None
    why_not: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """Everything the page of a request shows. People are names; ``first_hands`` decided or advised."""

    id: int
    version: int
    state: ReconsiderationState
    asked_on: date
    came_by: CameBy
    asker: str
    contact: str
    text: str
    late_reason: str
    logged_by: str
    logged_at: datetime
    answer_by: date
    answered_by: str
    answered_at: datetime | None
    acting: bool
    reason: str
    counsel: str
    counsel_on: date | None
    case_id: int
    case_text: str
    department_id: int
    department_name: str
    site_id: int
    site_title: str
    network_name: str
    handle: str
    contributor_id: int | None
    outcome: Outcome
    categories: tuple[str, ...]
    quote: str
    first_reason: str
    decided_by: str
    decided_at: datetime
    done_at: datetime | None
    first_hands: frozenset[int]
    papers: tuple[PieceRow, ...]
    received: LetterView | None
    answer: LetterView | None

    @property
    def is_open(self) -> bool:
        return self.state is ReconsiderationState.ASKED


def request_view(actor: Actor, request_id: int) -> RequestView:
    """One request, for somebody who may read its case; otherwise ``NotFound``. Four queries, whatever it holds.

    How the asker is reached is for whoever logs, writes or answers.
    """
    found = _request(request_id)
    decided = found.determination
    case, advised = decided.case, decided.consultation
    actor.must_see(Permission.READ_CASES, case.department_id)
    names = names_of([found.logged_by_id, found.answered_by_id, decided.decided_by_id])
    letters = {letter.id: _letter(letter) for letter in _letters(found)}
    order = getattr(decided, "order", None)
    reaches = actor.may(Permission.LOG_RECONSIDERATION, case.department_id)
    return RequestView(
        id=found.id,
        version=found.version,
        state=found.state,
        asked_on=found.asked_on,
        came_by=found.came_by,
        asker=found.asker,
        contact=found.contact if reaches else "",
        text=found.text,
        late_reason=found.late_reason,
        logged_by=names[found.logged_by_id],
        logged_at=found.logged_at,
        answer_by=found.answer_by,
        answered_by=names[found.answered_by_id] if found.answered_by_id else "",
        answered_at=found.answered_at,
        acting=found.acting,
        reason=found.reason,
        counsel=found.counsel,
        counsel_on=found.counsel_on,
        case_id=case.id,
        case_text=case.text,
        department_id=case.department_id,
        department_name=case.department.name,
        site_id=case.site_id,
        site_title=case.site.title,
        network_name=case.site.network.name,
        handle=case.contributor.handle if case.contributor_id else "",
        contributor_id=case.contributor_id,
        outcome=decided.outcome,
        categories=tuple(decided.categories.split(",")),
        quote=decided.quote,
        first_reason=decided.reason,
        decided_by=names[decided.decided_by_id],
        decided_at=decided.decided_at,
        done_at=order.done_at if order else None,
        first_hands=first_hands(decided, advised),
        papers=_papers(request_id),
        received=letters.get(found.received_letter_id),
        answer=letters.get(found.answer_letter_id),
    )


def first_hands(decided: Determination, advised: Consultation) -> frozenset[int]:
    """Who decided and who advised: they do not answer for it. Who noted that no advice came did not advise."""
    adviser = None if advised.position is Position.NO_ANSWER else advised.given_by_id
    return frozenset(hand for hand in (decided.decided_by_id, adviser) if hand is not None)


def _request(request_id: int) -> Any:
    """The request with its case and everything that was decided."""
    found = (
        Reconsideration.select(
            Reconsideration, Determination, Consultation, Order, Case, Department, Site, Network, Contributor
        )
        .join_from(Reconsideration, Determination)
        .join_from(Determination, Consultation)
        .join_from(
            Determination, Order, peewee.JOIN.LEFT_OUTER, on=(Order.determination == Determination.id), attr="order"
        )
        .join_from(Determination, Case)
        .join_from(Case, Department)
        .join_from(Case, Site)
        .join_from(Site, Network)
        .join_from(Case, Contributor, peewee.JOIN.LEFT_OUTER)
        .where(Reconsideration.id == request_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _letters(found: Reconsideration) -> list[Letter]:
    kept = [one for one in (found.received_letter_id, found.answer_letter_id) if one is not None]
    return list(Letter.select().where(Letter.id.in_(kept)))


def _letter(letter: Letter) -> LetterView:
    return LetterView(letter.kind, letter.subject, letter.text, letter.how, letter.sent_on, letter.why_not)


def _papers(request_id: int) -> tuple[PieceRow, ...]:
    pieces = (
        Piece.select(*COLUMNS)
        .join(ReconsiderationPaper)
        .where(ReconsiderationPaper.reconsideration == request_id)
        .order_by(Piece.id)
    )
    return tuple(PieceRow(*row) for row in rows(pieces))
