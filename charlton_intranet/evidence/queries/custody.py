"""The page about one piece: its custody log and its manifest."""

from dataclasses import dataclass
from datetime import datetime

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.evidence.models import Act, CustodyEvent, Seal

LINES = 50


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """One line of the log; ``by`` is empty for the app itself, ``address`` when it is not known."""

    id: int
    act: Act
    by: str
    at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was sealed, to the letter, with the digest of that text."""

    seal_id: int
    text: str
    sha256: str
    sealed_at: datetime
    sealed_by: str


def custody_page(piece_id: int, *, before: int | None = None) -> tuple[list[CustodyLine], int | None]:
    """:data:`LINES` lines, the newest first, and the line from which the next page goes on."""
    query = (
        CustodyEvent.select(CustodyEvent.id, CustodyEvent.act, Person.name, CustodyEvent.at, CustodyEvent.address)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(CustodyEvent.by == Person.id))
        .where(CustodyEvent.piece == piece_id)
        .order_by(CustodyEvent.id.desc())
        .limit(LINES + 1)
    )
    if before is not None:
        query = query.where(CustodyEvent.id < before)
    found = [CustodyLine(line_id, act, by or "", at, address) for line_id, act, by, at, address in rows(query)]
    return found[:LINES], found[LINES - 1].id if len(found) > LINES else None


def manifest_of(seal_id: int) -> Manifest:
    """The manifest of a seal."""
    query = Seal.select(Seal.id, Seal.manifest, Seal.sha256, Seal.sealed_at, Person.name).join(Person)
    found = first_row(query.where(Seal.id == seal_id))
    assert found is not None  # noqa: S101 - a piece points to it
    return Manifest(*found)
