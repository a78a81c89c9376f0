"""Reads of proofs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.sites.models import Proof, Site


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A proof as pages show it; its picture, if it has one, is at ``/sites/proofs/<id>/picture``."""

    id: int
    link: str
    note: str
    picture_id: int | None
    added_by: str
    added_at: datetime


def proofs(proof_ids: Iterable[int | None]) -> dict[int, ProofRow]:
    """Proofs by id, in one query."""
    wanted = {proof_id for proof_id in proof_ids if proof_id is not None}
    if not wanted:
        return {}
    query = (
        Proof.select(Proof.id, Proof.link, Proof.note, Proof.picture, Person.name, Proof.added_at)
        .join(Person, on=(Proof.added_by == Person.id))
        .where(Proof.id.in_(wanted))
    )
    return {row[0]: ProofRow(*row) for row in rows(query)}


def picture_of(actor: Actor, proof_id: int) -> tuple[str, str, str]:
    """Digest, media type and name of a proof's picture, for readers of the site's records; else ``NotFound``."""
    row = first_row(
        Proof.select(Site.department, StoredFile.sha256, StoredFile.media_type, StoredFile.file_name)
        .join_from(Proof, Site)
        .join_from(Proof, StoredFile, peewee.JOIN.INNER)
        .where(Proof.id == proof_id)
    )
    if row is None:
        raise NotFound
    actor.must_see(Permission.READ_SITE_RECORDS, row[0])
    return row[1], row[2], row[3]
