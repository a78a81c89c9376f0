"""Reads of one signature with everything it was made of."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.policy.certificate import NO_RECORD, printed_fields
from charlton_intranet.policy.clauses import sha256_of
from charlton_intranet.policy.models import AcknowledgedScope, Acknowledgement, PaperSignature, PolicyDocument
from charlton_intranet.policy.queries.documents import in_force
from charlton_intranet.policy.rules import Standing, standing


@dataclass(frozen=True, slots=True)
class Scan:
    """The paper of a signature on paper."""

    file_name: str
    media_type: str
    sha256: str
    filed_by: str
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signature. ``fields`` are the record's for people to read, ``text`` is the policy's.

    ``holds``: the record, the rows beside it, the seal and the policy's text still agree.
    """

    id: int
    person_name: str
    document_id: int
    document_title: str
    document_number: str
    text: str
    fields: list[tuple[str, list[str]]]
    record: str
    seal: str
    standing: Standing
    scan: Scan | None
    holds: bool


def certificate(actor: Actor, acknowledgement_id: int, today: date) -> Certificate:
    """One signature: one's own, or of people whose signatures one may read. Four queries."""
    found = (
        Acknowledgement.select(Acknowledgement, Person, PolicyDocument)
        .join(Person)
        .join_from(Acknowledgement, PolicyDocument)
        .where(Acknowledgement.id == acknowledgement_id)
        .first()
    )
    if found is None:
        raise NotFound
    if found.person_id != actor.person_id:
        actor.must_see(Permission.READ_ACKNOWLEDGEMENTS, found.person.department_id)
    current, signed = in_force(), found.document
    covers_major = current is not None and found.major == current.major
    return Certificate(
        id=found.id,
        person_name=found.person.name,
        document_id=signed.id,
        document_title=signed.title,
        document_number=signed.number,
        text=signed.text,
        fields=_fields(found.record),
        record=found.record,
        seal=found.seal,
        standing=standing(expires=found.expires_on, covers_major=covers_major, today=today),
        scan=_scan(acknowledgement_id),
        holds=_holds(found),
    )


def _fields(record: str) -> list[tuple[str, list[str]]]:
    """The record for people; of one that can not be read any more, itself."""
    try:
        return printed_fields(record)
    except NO_RECORD:
        return [("Record", [record])]


def _scan(acknowledgement_id: int) -> Scan | None:
    query = (
        PaperSignature.select(
            StoredFile.file_name, StoredFile.media_type, StoredFile.sha256, Person.name, PaperSignature.filed_at
        )
        .join(StoredFile)
        .join_from(PaperSignature, Person)
        .where(PaperSignature.acknowledgement == acknowledgement_id)
    )
    found = first_row(query)
    return Scan(*found) if found else None


def _holds(kept: Acknowledgement) -> bool:
    """Whether what is computed with still says what was sealed."""
    if sha256_of(kept.record) != kept.seal or sha256_of(kept.document.text) != kept.text_sha256:
        return False
    query = AcknowledgedScope.select(AcknowledgedScope.subject, AcknowledgedScope.level, AcknowledgedScope.words)
    lines = rows(query.where(AcknowledgedScope.acknowledgement == kept.id).order_by(AcknowledgedScope.id))
    try:
        told = json.loads(kept.record)
        # A record from before there were lines has none.
        sealed = [(line["subject"], line["level"], line["words"]) for line in told.get("signs_for", [])]
        facts = (told["policy"]["sha256"], told["expires_on"], told["person"]["id"])
    except NO_RECORD:
        return False
    return (facts, sealed) == ((kept.text_sha256, kept.expires_on.isoformat(), kept.person_id), lines)
