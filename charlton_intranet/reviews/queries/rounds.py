"""A capture or full review as it was made, with what it found and what it kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.evidence.models import Piece
from charlton_intranet.evidence.queries import Matter, tells_matters
from charlton_intranet.reviews.models import Finding, Round, RoundPiece
from charlton_intranet.reviews.rules import Line, Outcome, Result, ReviewKind, lines_of
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.queries import SiteRef, site_ref


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was found; ``label`` and ``url`` name the record that came of it, empty without one."""

    note: str
    outcome: Outcome
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class RoundSheet:
    """Everything the page of a round shows: each line, in its own words, with what was found on it."""

    id: int
    kind: ReviewKind
    site: SiteRef
    due: date
    done_at: datetime
    by: str
    result: Result
    note: str
    lines: tuple[tuple[Line, Found | None], ...]
    pieces: tuple[tuple[int, str], ...]


def round_sheet(actor: Actor, round_id: int) -> RoundSheet:
    """A round, in four queries, or ``NotFound``."""
    row = first_row(
        Round.select(
            Round.kind, Round.site, Round.due_on, Round.done_at, Person.name, Round.result, Round.note, Round.edition
        )
        .join(Person)
        .where(Round.id == round_id)
    )
    if row is None:
        raise NotFound
    kind, site_id, due, done_at, by, result, note, edition = row
    site = site_ref(site_id)
    actor.must_see(Permission.READ_REVIEWS, site.department_id)
    found = {
        line: Found(said, outcome, *_record(opened, site_id))
        for line, said, outcome, opened in rows(
            Finding.select(Finding.line, Finding.note, Finding.outcome, Finding.opened).where(Finding.round == round_id)
        )
    }
    pieces = rows(
        Piece.select(Piece.id, Piece.file_name)
        .join(RoundPiece, on=(RoundPiece.piece == Piece.id))
        .where(RoundPiece.round == round_id)
        .order_by(Piece.id)
    )
    lines = tuple((line, found.get(key)) for key, line in lines_of(kind, edition).items())
    return RoundSheet(
        round_id, kind, site, due, done_at, by, result, note, lines, tuple((number, name) for number, name in pieces)
    )


def _record(opened: str, site_id: int) -> tuple[str, str]:
    """The name and the address of the record that came of a finding."""
    kind, _, number = opened.partition(":")
    match kind:
        case "case":
            return f"Case {number}", f"/triage/{number}"
        case "incident":
            return f"Incident {number}", f"/incidents/{number}"
        case "checklist":
            return "The line of the checklist", f"/sites/{site_id}/checklists/{number.replace('.', '/')}"
    return "", ""


def made(kind: ReviewKind, site_id: int, due_on: date) -> Round | None:
    """The round of a site that was due on this day, if it was recorded."""
    of_site = (Round.site == site_id) & (Round.kind == kind) & (Round.due_on == due_on)
    found: Round | None = Round.get_or_none(of_site)
    return found


@tells_matters
def rounds_of(actor: Actor, piece_ids: Collection[int]) -> dict[int, Matter]:
    """The rounds, by piece, that the actor may open."""
    query = (
        RoundPiece.select(RoundPiece.piece, Round.id, Round.kind)
        .join_from(RoundPiece, Round)
        .join_from(Round, Site)
        .where(RoundPiece.piece.in_(list(piece_ids)))
    )
    reach = actor.departments_for(Permission.READ_REVIEWS)
    if reach is not None:
        query = query.where(Site.department.in_(sorted(reach)))
    return {
        piece_id: Matter(f"{kind.label.lower()} {round_id}", f"/reviews/rounds/{round_id}")
        for piece_id, round_id, kind in rows(query)
    }
