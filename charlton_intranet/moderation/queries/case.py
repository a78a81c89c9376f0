"""The case page: everything on it in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.accounts.queries import names_of
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.evidence.models import Piece, Seal
from charlton_intranet.evidence.queries import COLUMNS, PieceRow
from charlton_intranet.moderation.models import (
    Case,
    CaseNote,
    CasePiece,
    Consultation,
    Contributor,
    Determination,
    Looking,
    Order,
    StaffPost,
)
from charlton_intranet.moderation.rules import STEPS, AuthorKind, CaseState, Outcome, Position, Source, Step
from charlton_intranet.sites.models import Network, Site

PRESENT = timedelta(minutes=2)

STEP_PERMISSIONS: dict[Step, frozenset[Permission]] = {
    Step.DISMISS: frozenset({Permission.TRIAGE_CASE}),
    Step.UNDO: frozenset({Permission.TRIAGE_CASE}),
    Step.CONCERN: frozenset({Permission.PRESERVE_EVIDENCE}),
    Step.ADVISE: frozenset({Permission.ADVISE_CASE}),
    Step.NO_ANSWER: frozenset({Permission.DETERMINE_CASE}),
    Step.DETERMINE: frozenset({Permission.DETERMINE_CASE}),
    Step.CARRY_OUT: frozenset({Permission.CARRY_OUT_CASE}),
    Step.VANISH: frozenset({Permission.TRIAGE_CASE}),
    # Who works on a case may write a note to it; who only reads may not.
    Step.NOTE: frozenset(
        {
            Permission.TRIAGE_CASE,
            Permission.ADVISE_CASE,
            Permission.DETERMINE_CASE,
            Permission.CARRY_OUT_CASE,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A remark; ``by`` is empty when an import by a command wrote it."""

    id: int
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SealView:
    """The seal over what was captured: digest of its manifest, when and by whom."""

    sha256: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ConsultationView:
    """The head's advice, asked for and (once ``position`` is there) given."""

    concern: str
    categories: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    due_on: date
    position: Position | None
    text: str
    given_by: str
    given_by_id: int | None
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeterminationView:
    """The Town Administrator's determination."""

    outcome: Outcome
    categories: tuple[str, ...]
    quote: str
    reason: str
    same_if_praise: bool | None
    by: str
    at: datetime
    acting: bool


@dataclass(frozen=True, slots=True)
class OrderView:
    """The order to hide or remove; done when ``done_at`` is there. ``gone_id`` is the piece that shows it."""

    outcome: Outcome
    ordered_at: datetime
    due_on: date
    done_at: datetime | None
    done_by: str
    gone_id: int | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything the case page shows. People are names; ``steps`` are those the actor may take now."""

    id: int
    version: int
    state: CaseState
    text: str
    permalink: str
    handle: str
    author_kind: AuthorKind
    source: Source
    urgent: bool
    posted_at: datetime | None
    seen_at: datetime
    seen_by: str
    changed_at: datetime
    due_on: date | None
    closed_at: datetime | None
    dismissed_by: str
    dismissed_batch: str | None
    import_run_id: int | None
    site_id: int
    site_title: str
    site_address: str
    network_name: str
    department_id: int
    department_name: str
    seal: SealView | None
    consultation: ConsultationView | None
    determination: DeterminationView | None
    order: OrderView | None
    pieces: tuple[PieceRow, ...]
    notes: tuple[NoteRow, ...]
    steps: frozenset[Step]


def case_view(actor: Actor, case_id: int) -> CaseView:
    """The case, for somebody who may know of it; otherwise ``NotFound``. Four queries, whatever it holds."""
    case = _case(case_id)
    actor.must_see(Permission.READ_CASES, case.department_id)
    notes = list(CaseNote.select().where(CaseNote.case == case_id).order_by(CaseNote.id))
    asked = _one(case, "consultation")
    decided = _one(case, "determination")
    order = _one(case, "order")
    staff = _one(case, "staff")
    names = names_of(
        [
            case.seen_by_id, case.dismissed_by_id,
            case.seal.sealed_by_id if case.seal_id else None,
            *(note.written_by_id for note in notes),
            *((asked.asked_by_id, asked.given_by_id) if asked else ()),
            *((decided.decided_by_id,) if decided else ()),
            *((order.done_by_id,) if order else ()),
        ]
    )  # fmt: skip

    def name(person_id: int | None) -> str:
        return names.get(person_id, "") if person_id is not None else ""

    return CaseView(
        id=case.id,
        version=case.version,
        state=case.state,
        text=case.text,
        permalink=case.permalink,
        handle=case.contributor.handle if case.contributor_id else staff.account if staff else "",
        author_kind=case.author_kind,
        source=case.source,
        urgent=case.urgent,
        posted_at=case.posted_at,
        seen_at=case.seen_at,
        seen_by=name(case.seen_by_id),
        changed_at=case.changed_at,
        due_on=case.due_on,
        closed_at=case.closed_at,
        dismissed_by=name(case.dismissed_by_id),
        dismissed_batch=case.dismissed_batch,
        import_run_id=case.import_run_id,
        site_id=case.site_id,
        site_title=case.site.title,
        site_address=case.site.address,
        network_name=case.site.network.name,
        department_id=case.department_id,
        department_name=case.department.name,
        seal=SealView(case.seal.sha256, case.seal.sealed_at, name(case.seal.sealed_by_id)) if case.seal_id else None,
        consultation=asked and ConsultationView(
            asked.concern, _letters(asked.categories), name(asked.asked_by_id), asked.asked_at, asked.due_on,
            asked.position, asked.text, name(asked.given_by_id), asked.given_by_id, asked.given_at,
        ),
        determination=decided and DeterminationView(
            decided.outcome, _letters(decided.categories), decided.quote, decided.reason, decided.same_if_praise,
            name(decided.decided_by_id), decided.decided_at, decided.acting,
        ),
        order=order and OrderView(
            order.outcome, order.ordered_at, order.due_on, order.done_at, name(order.done_by_id), order.gone_id
        ),
        pieces=pieces_of(case_id),
        notes=tuple(NoteRow(n.id, n.text, name(n.written_by_id), n.written_at) for n in notes),
        steps=steps_open(actor, case.state, case.department_id),
    )  # fmt: skip


def steps_open(actor: Actor, state: CaseState, department_id: int) -> frozenset[Step]:
    """What the actor may do to a case of this state and department."""
    return frozenset(
        step
        for step in STEPS[state]
        if any(actor.may(permission, department_id) for permission in STEP_PERMISSIONS[step])
    )


def pieces_of(case_id: int) -> tuple[PieceRow, ...]:
    """The captured pieces of a case, in the order they came."""
    pieces = Piece.select(*COLUMNS).join(CasePiece).where(CasePiece.case == case_id).order_by(Piece.id)
    return tuple(PieceRow(*row) for row in rows(pieces))


def lookers(case_id: int, except_person: int | None, now: datetime) -> list[str]:
    """Names of the others who have the case open right now."""
    looking = (
        Looking.select(Person.name)
        .join(Person)
        .where((Looking.case == case_id) & (Looking.seen_at > now - PRESENT))
        .order_by(Person.name)
    )
    if except_person is not None:
        looking = looking.where(Looking.person != except_person)
    return [name for (name,) in rows(looking)]


def _case(case_id: int) -> Any:
    """The case with everything that it has at most one of."""
    case = (
        Case.select(Case, Site, Network, Department, Contributor, StaffPost, Seal, Consultation, Determination, Order)
        .join_from(Case, Site)
        .join_from(Site, Network)
        .join_from(Case, Department)
        .join_from(Case, Contributor, peewee.JOIN.LEFT_OUTER)
        .join_from(Case, StaffPost, peewee.JOIN.LEFT_OUTER, on=(StaffPost.case == Case.id), attr="staff")
        .join_from(Case, Seal, peewee.JOIN.LEFT_OUTER)
        .join_from(Case, Consultation, peewee.JOIN.LEFT_OUTER, on=(Consultation.case == Case.id), attr="consultation")
        .join_from(
            Case, Determination, peewee.JOIN.LEFT_OUTER, on=(Determination.case == Case.id), attr="determination"
        )
        .join_from(
            Determination, Order, peewee.JOIN.LEFT_OUTER, on=(Order.determination == Determination.id), attr="order"
        )
        .where(Case.id == case_id)
        .first()
    )
    if case is None:
        raise NotFound
    return case


def _one(case: Any, name: str) -> Any:
    """A joined row, or None when the left join found nothing."""
    owner = getattr(case, "determination", None) if name == "order" else case
    found = getattr(owner, name, None) if owner is not None else None
    return found if found is not None and found.get_id() is not None else None


def _letters(column: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(letter for letter in str(column).split(",") if letter)
