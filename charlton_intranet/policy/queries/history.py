"""Every signature and every major version there ever was: what authority on any day is computed from."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.core.database import rows
from charlton_intranet.core.once import once
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.policy.models import AcknowledgedScope, Acknowledgement, PolicyDocument
from charlton_intranet.policy.rules import uncovered


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature, replaced ones too. ``scope`` holds subject and level of each line (``core.scope``).

    ``signed_at`` is the moment from which the app knows it: for a signature on paper, that of its filing.
    """

    id: int
    major: int
    signed_at: datetime
    expires_on: date
    scope: tuple[tuple[str, int], ...]


def signatures_of(person_ids: Collection[int]) -> dict[int, list[Signed]]:
    """All signatures of each person, oldest first; who never signed has an empty list. Two queries."""
    found: dict[int, list[Signed]] = {person_id: [] for person_id in person_ids}
    scopes: dict[int, list[tuple[str, int]]] = defaultdict(list)
    whose = Acknowledgement.person.in_(list(found))
    lines = (
        AcknowledgedScope.select(AcknowledgedScope.acknowledgement, AcknowledgedScope.subject, AcknowledgedScope.level)
        .join(Acknowledgement)
        .where(whose)
        .order_by(AcknowledgedScope.id)
    )
    for acknowledgement_id, subject, level in rows(lines):
        scopes[acknowledgement_id].append((subject, level))
    signatures = (
        Acknowledgement.select(
            Acknowledgement.person,
            Acknowledgement.id,
            Acknowledgement.major,
            Acknowledgement.signed_at,
            Acknowledgement.expires_on,
        )
        .where(whose)
        .order_by(Acknowledgement.id)
    )
    for person_id, acknowledgement_id, major, signed_at, expires_on in rows(signatures):
        scope = tuple(scopes[acknowledgement_id])
        found[person_id].append(Signed(acknowledgement_id, major, signed_at, expires_on, scope))
    return found


def not_signed_for(scopes: Mapping[int, Sequence[ScopeLine]]) -> dict[int, list[ScopeLine]]:
    """The lines of each person's scope that their newest signature does not cover. Two queries.

    Who has not signed, or whose signature covers everything, is left out.
    """
    found = {}
    for person_id, signed in signatures_of(scopes.keys()).items():
        lines = scopes[person_id]
        missing = uncovered(signed[-1].scope, [(line.subject, line.level) for line in lines]) if signed else set()
        if missing:
            found[person_id] = [line for line in lines if line.subject in missing]
    return found


@once
def majors() -> list[tuple[int, datetime]]:
    """Each major version with the moment its first version was published, oldest first. One query."""
    query = (
        PolicyDocument.select(PolicyDocument.major, peewee.fn.MIN(PolicyDocument.published_at))
        .where(PolicyDocument.published_at.is_null(False))
        .group_by(PolicyDocument.major)
        .order_by(PolicyDocument.major)
    )
    return [(major, moment(published_at)) for major, published_at in rows(query)]


def moment(value: Any) -> datetime:
    """A moment out of an aggregate, to which SQLite gives no type."""
    found: datetime = PolicyDocument.published_at.python_value(value)
    return found
