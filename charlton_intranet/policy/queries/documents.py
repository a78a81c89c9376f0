"""Reads of the policy's versions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.files import StoredFile
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.policy.models import PolicyDocument, PolicyOriginal
from charlton_intranet.policy.queries.history import moment
from charlton_intranet.policy.rules import DocumentState


@dataclass(frozen=True, slots=True)
class InForce:
    """The version in force, without its text. ``since`` is the day its major version came into force."""

    id: int
    title: str
    major: int
    minor: int
    since: date

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One line of the list of versions."""

    id: int
    number: str
    title: str
    change: str
    summary: str
    state: DocumentState
    drafted_by: str
    published_by: str
    published_at: datetime | None


def in_force() -> InForce | None:
    """The version in force, or None before the first one is published."""
    first = PolicyDocument.alias()
    since = first.select(peewee.fn.MIN(first.published_at)).where(first.major == PolicyDocument.major)
    row = first_row(
        PolicyDocument.select(
            PolicyDocument.id,
            PolicyDocument.title,
            PolicyDocument.major,
            PolicyDocument.minor,
            since.alias("since"),
        ).where(PolicyDocument.state == DocumentState.PUBLISHED)
    )
    if row is None:
        return None
    document_id, title, major, minor, published_at = row
    return InForce(document_id, title, major, minor, town_time(moment(published_at)).date())


def document(actor: Actor, document_id: int) -> PolicyDocument:
    """One version with its text; a draft only for those who publish."""
    found = PolicyDocument.get_or_none(PolicyDocument.id == document_id)
    if found is None or (found.state == DocumentState.DRAFT and not actor.may(Permission.PUBLISH_POLICY)):
        raise NotFound
    return found


def document_in_force() -> PolicyDocument | None:
    """The version in force with its text."""
    return PolicyDocument.get_or_none(PolicyDocument.state == DocumentState.PUBLISHED)


def draft_id() -> int | None:
    """The one draft, or None."""
    row = first_row(PolicyDocument.select(PolicyDocument.id).where(PolicyDocument.state == DocumentState.DRAFT))
    return int(row[0]) if row else None


def version_before(document: PolicyDocument) -> int | None:
    """The version that was in force before a published one, or before a draft the one in force now."""
    older = (PolicyDocument.major < document.major) | (
        (PolicyDocument.major == document.major) & (PolicyDocument.minor < document.minor)
    )
    query = PolicyDocument.select(PolicyDocument.id).where(older)
    found = first_row(query.order_by(PolicyDocument.major.desc(), PolicyDocument.minor.desc()))
    return found[0] if found else None


def signable() -> list[tuple[int, str]]:
    """Id and number of each published version under the major one in force, newest first."""
    major = PolicyDocument.select(PolicyDocument.major).where(PolicyDocument.state == DocumentState.PUBLISHED)
    query = (
        PolicyDocument.select(PolicyDocument.id, PolicyDocument.major, PolicyDocument.minor)
        .where(PolicyDocument.major.in_(major) & PolicyDocument.published_at.is_null(False))
        .order_by(PolicyDocument.minor.desc())
    )
    return [(document_id, f"{major}.{minor}") for document_id, major, minor in rows(query)]


def versions(actor: Actor) -> list[VersionRow]:
    """Every version that ``actor`` may read, newest first."""
    drafter, publisher = Person.alias(), Person.alias()
    query: Any = (
        PolicyDocument.select(
            PolicyDocument.id,
            PolicyDocument.major,
            PolicyDocument.minor,
            PolicyDocument.title,
            PolicyDocument.change,
            PolicyDocument.summary,
            PolicyDocument.state,
            drafter.name,
            publisher.name,
            PolicyDocument.published_at,
        )
        .join(drafter, peewee.JOIN.LEFT_OUTER, on=(PolicyDocument.drafted_by == drafter.id))
        .join_from(PolicyDocument, publisher, peewee.JOIN.LEFT_OUTER, on=(PolicyDocument.published_by == publisher.id))
        .order_by(PolicyDocument.major.desc(), PolicyDocument.minor.desc())
    )
    if not actor.may(Permission.PUBLISH_POLICY):
        query = query.where(PolicyDocument.state != DocumentState.DRAFT)
    return [
        VersionRow(
            document_id, f"{major}.{minor}", title, change, summary, DocumentState(state),
            drafted_by or "", published_by or "", published_at,
        )
        for document_id, major, minor, title, change, summary, state, drafted_by, published_by, published_at
        in rows(query)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Original:
    """The file out of which a version's text was read."""

    file_name: str
    media_type: str
    sha256: str
    size: int


def original_of(document_id: int) -> Original | None:
    """The original of a version; None when its text was typed."""
    query = (
        PolicyOriginal.select(StoredFile.file_name, StoredFile.media_type, StoredFile.sha256, StoredFile.size)
        .join(StoredFile)
        .where(PolicyOriginal.document == document_id)
    )
    found = first_row(query)
    return Original(*found) if found else None


def original_digest(document_id: int) -> dict[str, str]:
    """What a record says of the original beside the text: nothing when there is none."""
    found = original_of(document_id)
    return {"original_sha256": found.sha256} if found else {}
