"""What was found when somebody looked at a captured post again, and which case a piece of evidence is about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.evidence.queries import Matter, tells_matters
from charlton_intranet.moderation.models import Case, CasePiece, LaterLook
from charlton_intranet.moderation.rules.looks import Seen


@dataclass(frozen=True, slots=True)
class LookView:
    """One look at the live post; ``words`` are those it had then, empty when they were not copied."""

    seen: Seen
    words: str
    remark: str
    at: datetime
    by: str
    words_piece: int | None
    picture: int | None


def looks_of(case_id: int) -> tuple[LookView, ...]:
    """Every look, in the order they were taken; one query."""
    query = (
        LaterLook.select(
            LaterLook.seen, LaterLook.words, LaterLook.remark, LaterLook.looked_at, Person.name,
            LaterLook.words_piece, LaterLook.picture,
        )
        .join(Person, on=(LaterLook.looked_by == Person.id))
        .where(LaterLook.case == case_id)
        .order_by(LaterLook.id)
    )  # fmt: skip
    return tuple(LookView(*row) for row in rows(query))


def last_seen(case_ids: Collection[int]) -> dict[int, Seen]:
    """What the last look found, of those of the cases that were looked at again; one query."""
    last = LaterLook.select(peewee.fn.MAX(LaterLook.id)).where(LaterLook.case.in_(list(case_ids)))
    found = LaterLook.select(LaterLook.case, LaterLook.seen).where(LaterLook.id.in_(last.group_by(LaterLook.case)))
    return dict(rows(found)) if case_ids else {}


@tells_matters
def cases_of(actor: Actor, piece_ids: Collection[int]) -> dict[int, Matter]:
    """The cases, by piece, that the actor may open."""
    query = CasePiece.select(CasePiece.piece, Case.id).join(Case).where(CasePiece.piece.in_(list(piece_ids)))
    reach = actor.departments_for(Permission.READ_CASES)
    if reach is not None:
        query = query.where(Case.department.in_(sorted(reach)))
    return {piece_id: Matter(f"case {case_id}", f"/triage/{case_id}") for piece_id, case_id in rows(query)}
