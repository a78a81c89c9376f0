"""Reads of who signed the policy, and of who owes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.queries import Contact
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.database import rows
from charlton_intranet.core.fields import as_date
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.policy.models import Acknowledgement, PolicyDocument
from charlton_intranet.policy.queries.documents import InForce, in_force
from charlton_intranet.policy.rules import EXPIRING_DAYS, Standing, Told, standing

# Authorized users (3.3-4): whoever publishes or speaks for the town, by designation or by office (3.3-3).
SIGNERS = (Role.AUTHORIZED_USER, Role.COORDINATOR, Role.DEPARTMENT_HEAD)

# A size of page that holds a whole town.
EVERYBODY = 100_000


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """Where somebody's newest signature stands."""

    standing: Standing
    acknowledgement_id: int | None = None
    signed_on: date | None = None
    expires_on: date | None = None
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Owing:
    """Somebody who must sign and whose signature is missing, ending, ended or for an old version."""

    person_id: int
    name: str
    department_id: int | None
    holds_since: date
    standing: Standing
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class AcknowledgementFilter:
    """What the list of signatures is narrowed to; ``everybody`` adds those who need not sign."""

    standing: Standing | None = None
    department_id: int | None = None
    words: str = ""
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class AcknowledgementRow:
    """One person on the list of signatures."""

    person_id: int
    name: str
    department: str
    must_sign: bool
    standing: Standing
    acknowledgement_id: int | None
    signed_on: date | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class AcknowledgementPage:
    """A page of the list, the key of the next one, and how many people stand where."""

    rows: list[AcknowledgementRow]
    next_key: tuple[str, int] | None
    counts: dict[Standing, int]


@dataclass(frozen=True, slots=True)
class OwnSignature:
    """One of my signatures."""

    id: int
    number: str
    signed_at: datetime


def _newest(today: date, current: InForce | None) -> tuple[Any, Any]:
    """Active people with their newest signature, and the SQL of where it stands (as ``rules.standing``)."""
    newest = (Acknowledgement.person == Person.id) & (Acknowledgement.told != Told.REPLACED)
    stands = peewee.Case(
        None,
        (
            (Acknowledgement.id.is_null(), Standing.MISSING.value),
            (Acknowledgement.major != (current.major if current else -1), Standing.SUPERSEDED.value),
            (Acknowledgement.expires_on < today, Standing.EXPIRED.value),
            (Acknowledgement.expires_on <= today + timedelta(days=EXPIRING_DAYS), Standing.EXPIRING.value),
        ),
        Standing.CURRENT.value,
    )
    people: Any = (
        Person.select()
        .join(Acknowledgement, peewee.JOIN.LEFT_OUTER, on=newest)
        .where(Person.state == PersonState.ACTIVE)
    )
    return people, stands


def _must_sign(today: date) -> Any:
    """People who hold a role that signs, each with the first day they held it (of those held today)."""
    held = RoleAssignment
    return (
        held.select(held.person.alias("person_id"), peewee.fn.MIN(held.starts_on).alias("since"))
        .where(held.role.in_(SIGNERS) & (held.starts_on <= today) & (held.ends_on.is_null() | (held.ends_on >= today)))
        .group_by(held.person)
    )


def standing_of(person_ids: Iterable[int], today: date) -> dict[int, PersonStanding]:
    """Where each person's newest signature stands; who never signed is missing. Two queries."""
    wanted = set(person_ids)
    found = {person_id: PersonStanding(Standing.MISSING) for person_id in wanted}
    current = in_force()
    query = Acknowledgement.select(
        Acknowledgement.person,
        Acknowledgement.id,
        Acknowledgement.signed_on,
        Acknowledgement.expires_on,
        Acknowledgement.document,
        Acknowledgement.major,
    ).where(Acknowledgement.person.in_(wanted) & (Acknowledgement.told != Told.REPLACED))
    for person_id, acknowledgement_id, signed_on, expires_on, document_id, major in rows(query):
        stands = standing(expires=expires_on, covers_major=current is not None and major == current.major, today=today)
        found[person_id] = PersonStanding(stands, acknowledgement_id, signed_on, expires_on, document_id)
    return found


def must_sign(person_id: int, today: date) -> bool:
    """Whether a person holds a role that signs the policy before it is used (3.3-4)."""
    return bool(_must_sign(today).where(RoleAssignment.person == person_id).exists())


def owing(today: date, current: InForce, person_id: int | None = None) -> list[Owing]:
    """Whoever must sign and does not stand well, or that one person if so. One query."""
    people, stands = _newest(today, current)
    signers = _must_sign(today)
    query = (
        people.select(Person.id, Person.name, Person.department, signers.c.since, stands, Acknowledgement.expires_on)
        .join_from(Person, signers, on=(Person.id == signers.c.person_id))
        .where(stands != Standing.CURRENT.value)
        .order_by(Person.id)
    )
    if person_id is not None:
        query = query.where(Person.id == person_id)
    return [
        Owing(pid, name, department_id, as_date(since), Standing(stand), expires_on)
        for pid, name, department_id, since, stand, expires_on in rows(query)
    ]


def acknowledgements_page(
    actor: Actor,
    chosen: AcknowledgementFilter,
    today: date,
    *,
    holders: frozenset[int] = frozenset(),
    after: tuple[str, int] | None = None,
    size: int = 50,
) -> AcknowledgementPage:
    """People by name with their newest signature, within the departments ``actor`` may read. Three queries.

    ``holders`` sign because of what they were given, whatever their roles.
    """
    people, stands = _newest(today, in_force())
    signers = _must_sign(today)
    people = people.join_from(Person, Department, peewee.JOIN.LEFT_OUTER).join_from(
        Person, signers, peewee.JOIN.LEFT_OUTER, on=(Person.id == signers.c.person_id)
    )
    departments = actor.departments_for(Permission.READ_ACKNOWLEDGEMENTS)
    if departments is not None:
        people = people.where(Person.department.in_(departments))
    if chosen.department_id is not None:
        people = people.where(Person.department == chosen.department_id)
    if chosen.words:
        people = people.where(Person.name.contains(chosen.words))
    if not chosen.everybody:
        people = people.where(signers.c.person_id.is_null(False) | Person.id.in_(list(holders)))
    counted = people.select(stands.alias("stands"), peewee.fn.COUNT(Person.id)).group_by(peewee.SQL("stands"))
    counts = dict.fromkeys(Standing, 0) | {Standing(stand): number for stand, number in rows(counted)}
    listed = people.select(
        Person.id, Person.name, Department.name, signers.c.person_id, stands,
        Acknowledgement.id, Acknowledgement.signed_on, Acknowledgement.expires_on,
    ).order_by(Person.name, Person.id).limit(size + 1)  # fmt: skip
    if chosen.standing is not None:
        listed = listed.where(stands == chosen.standing.value)
    if after is not None:
        listed = listed.where((Person.name > after[0]) | ((Person.name == after[0]) & (Person.id > after[1])))
    found = [
        AcknowledgementRow(
            pid, name, dept or "", signer is not None or pid in holders, Standing(stand), ack_id, signed_on, expires_on
        )
        for pid, name, dept, signer, stand, ack_id, signed_on, expires_on in rows(listed)
    ]
    shown = found[:size]
    return AcknowledgementPage(shown, (shown[-1].name, shown[-1].person_id) if len(found) > size else None, counts)


def own_signatures(person_id: int) -> list[OwnSignature]:
    """A person's signatures, newest first."""
    query = (
        Acknowledgement.select(
            Acknowledgement.id, PolicyDocument.major, PolicyDocument.minor, Acknowledgement.signed_at
        )
        .join(PolicyDocument)
        .where(Acknowledgement.person == person_id)
        .order_by(Acknowledgement.id.desc())
    )
    return [OwnSignature(aid, f"{major}.{minor}", signed_at) for aid, major, minor, signed_at in rows(query)]


def contacts(person_ids: Iterable[int]) -> dict[int, Contact]:
    """Whom to write to among these people: those whose account is open."""
    query = Person.select(Person.id, Person.name, Person.email).where(
        Person.id.in_(set(person_ids)) & (Person.state == PersonState.ACTIVE)
    )
    return {row[0]: Contact(*row) for row in rows(query)}
