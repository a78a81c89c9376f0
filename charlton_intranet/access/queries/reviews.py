"""Reads of access reviews: a page of grants with their flags, the figures, who is to answer."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import peewee

from charlton_intranet.access.models import AccessReview, ReviewedGrant
from charlton_intranet.access.queries.lists import LastList, last_admin_list
from charlton_intranet.access.rules import Answer, Asked, Flag, GrantFacts, flags_of
from charlton_intranet.accounts.models import Department, Person, RoleAssignment
from charlton_intranet.accounts.queries import on
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.core.database import rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import Capability, GrantState, Signature, signature_lapse
from charlton_intranet.policy.queries import majors, signatures_of
from charlton_intranet.sites.models import Site

UNANSWERED = (Answer.OPEN, Answer.ASKED)
PAGE = 50


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A grant under review as it stands today; ``over`` when the grant ended without an answer here."""

    id: int
    version: int
    review_id: int
    answer: Answer
    note: str
    answered_by: str
    answered_at: datetime | None
    asked: Asked | None
    question: str
    asked_by: str
    asked_at: datetime | None
    reply: str
    replied_by: str
    replied_at: datetime | None
    grant_id: int
    grant_state: GrantState
    capability: Capability
    purpose: str
    until: date | None
    person_id: int
    person: str
    person_state: PersonState
    person_department: str
    site_id: int
    site: str
    department_id: int
    department: str
    flags: tuple[tuple[Flag, str], ...] = ()

    @property
    def over(self) -> bool:
        return self.answer in UNANSWERED and self.grant_state is not GrantState.APPROVED

    @property
    def open(self) -> bool:
        return self.answer in UNANSWERED and not self.over


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of a review; ``next_key`` is the last row's number when more follow."""

    rows: list[ReviewRow]
    next_key: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a review has come, in one department or in all."""

    kept: int = 0
    revoked: int = 0
    asked: int = 0
    open: int = 0
    over: int = 0

    @property
    def total(self) -> int:
        return self.kept + self.revoked + self.asked + self.open + self.over

    @property
    def answered(self) -> int:
        return self.total - self.asked - self.open

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.kept + other.kept, self.revoked + other.revoked, self.asked + other.asked, self.open + other.open,
            self.over + other.over,
        )  # fmt: skip


def reviews() -> list[AccessReview]:
    """Every review, newest first: four a year."""
    return list(
        AccessReview.select(AccessReview, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER)
        .order_by(AccessReview.quarter.desc())
    )


def review(review_id: int) -> AccessReview:
    """One review, or ``NotFound``."""
    found = AccessReview.get_or_none(AccessReview.id == review_id)
    if found is None:
        raise NotFound
    return found


def rows_page(
    actor: Actor,
    review_id: int,
    day: date,
    *,
    department_id: int | None = None,
    open_only: bool = False,
    after: int = 0,
    size: int = PAGE,
) -> ReviewPage:
    """Grants of a review that ``actor`` may read, in the order of departments, sites and people."""
    query = _rows().where((ReviewedGrant.review == review_id) & (ReviewedGrant.id > after))
    reach = actor.departments_for(Permission.READ_SITE_RECORDS)
    if reach is not None:
        query = query.where(Site.department.in_(reach))
    if department_id is not None:
        query = query.where(Site.department == department_id)
    if open_only:
        query = query.where(ReviewedGrant.answer.in_(UNANSWERED) & (Grant.state == GrantState.APPROVED))
    found = [ReviewRow(*row) for row in rows(query.order_by(ReviewedGrant.id).limit(size + 1))]
    return ReviewPage(flagged(found[:size], day), found[size - 1].id if len(found) > size else None)


def row(row_id: int, day: date) -> ReviewRow:
    """One grant under review with its flags, or ``NotFound``. The caller checks who asks."""
    found = rows_of([row_id], day)
    if not found:
        raise NotFound
    return found[0]


def rows_of(row_ids: Collection[int], day: date) -> list[ReviewRow]:
    """Grants under review with their flags, by number."""
    query = _rows().where(ReviewedGrant.id.in_(list(row_ids))).order_by(ReviewedGrant.id)
    return flagged([ReviewRow(*found) for found in rows(query)], day)


def flagged(found: list[ReviewRow], day: date) -> list[ReviewRow]:
    """The same rows with their flags: a fixed number of queries, whatever their number."""
    lists = last_admin_list({one.site_id for one in found})
    signed = signatures_of({one.person_id for one in found})
    published = majors()
    major = published[-1][0] if published else None
    told = []
    for one in found:
        newest = signed[one.person_id][-1:]
        signature = next((Signature(s.major, s.expires_on, frozenset(s.scope)) for s in newest), None)
        covered = (
            signature is not None
            and not signature_lapse(signature, major, day)
            and signature.covers(f"site:{one.site_id}", one.capability.level)
        )
        facts = _facts(one, lists.get(one.site_id), covered=covered)
        told.append(replace(one, flags=tuple(flags_of(facts, day)) if one.open else ()))
    return told


def _facts(one: ReviewRow, last: LastList | None, *, covered: bool) -> GrantFacts:
    seen = [entry.role.level for entry in last.entries if entry.person_id == one.person_id] if last else []
    known = [level for level in seen if level is not None]
    return GrantFacts(
        active=one.person_state is PersonState.ACTIVE,
        person_department=one.person_department,
        site_department=one.department,
        level=one.capability.level,
        seen_level=max(known) if known and len(known) == len(seen) else None,
        on_list=bool(seen) or last is None,
        shared=last.shared if last else "",
        until=one.until,
        covered=covered,
    )


def _rows() -> Any:
    answerer, asker, replier = Person.alias(), Person.alias(), Person.alias()
    own = Department.alias()
    return (
        ReviewedGrant.select(
            ReviewedGrant.id, ReviewedGrant.version, ReviewedGrant.review, ReviewedGrant.answer, ReviewedGrant.note,
            peewee.fn.COALESCE(answerer.name, ""), ReviewedGrant.answered_at, ReviewedGrant.asked,
            ReviewedGrant.question, peewee.fn.COALESCE(asker.name, ""), ReviewedGrant.asked_at, ReviewedGrant.reply,
            peewee.fn.COALESCE(replier.name, ""), ReviewedGrant.replied_at, Grant.id, Grant.state, Grant.capability,
            Grant.purpose, Grant.until, Person.id, Person.name, Person.state, peewee.fn.COALESCE(own.name, ""),
            Site.id, Site.title, Site.department, Department.name,
        )
        .join_from(ReviewedGrant, Grant)
        .join_from(Grant, Person, on=(Grant.person == Person.id))
        .join_from(Grant, Site)
        .join_from(Site, Department)
        .join_from(Person, own, peewee.JOIN.LEFT_OUTER, on=(Person.department == own.id))
        .join_from(ReviewedGrant, answerer, peewee.JOIN.LEFT_OUTER, on=(ReviewedGrant.answered_by == answerer.id))
        .join_from(ReviewedGrant, asker, peewee.JOIN.LEFT_OUTER, on=(ReviewedGrant.asked_by == asker.id))
        .join_from(ReviewedGrant, replier, peewee.JOIN.LEFT_OUTER, on=(ReviewedGrant.replied_by == replier.id))
    )  # fmt: skip


def figures(review_ids: Iterable[int], departments: frozenset[int] | None = None) -> dict[int, dict[str, Figures]]:
    """Figures by review and department's name; one query."""
    count = peewee.fn.COUNT(ReviewedGrant.id)
    query = (
        ReviewedGrant.select(ReviewedGrant.review, Department.name, ReviewedGrant.answer, Grant.state, count)
        .join_from(ReviewedGrant, Grant)
        .join_from(Grant, Site)
        .join_from(Site, Department)
        .where(ReviewedGrant.review.in_(list(review_ids)))
        .group_by(ReviewedGrant.review, Department.name, ReviewedGrant.answer, Grant.state)
        .order_by(Department.name)
    )
    if departments is not None:
        query = query.where(Site.department.in_(departments))
    found: dict[int, dict[str, Figures]] = defaultdict(dict)
    for review_id, department, answer, state, number in rows(query):
        over = answer in UNANSWERED and state is not GrantState.APPROVED
        more = Figures(**{"over" if over else answer.value: number})
        found[review_id][department] = found[review_id].get(department, Figures()) + more
    return found


def unanswered(review_id: int) -> list[tuple[int, int, int]]:
    """Department, person and number of grants of theirs that wait for an answer; one query."""
    query = (
        ReviewedGrant.select(Site.department, Grant.person, peewee.fn.COUNT(ReviewedGrant.id))
        .join_from(ReviewedGrant, Grant)
        .join_from(Grant, Site)
        .where(
            (ReviewedGrant.review == review_id)
            & ReviewedGrant.answer.in_(UNANSWERED)
            & (Grant.state == GrantState.APPROVED)
        )
        .group_by(Site.department, Grant.person)
    )
    return [(department_id, person_id, number) for department_id, person_id, number in rows(query)]


def open_review() -> AccessReview | None:
    """The review that is open now; there is one at most."""
    found: AccessReview | None = (
        AccessReview.select().where(AccessReview.closed_at.is_null()).order_by(AccessReview.id.desc()).first()
    )
    return found


def heads(day: date) -> set[tuple[int, int]]:
    """Department and person of everybody active who heads one on ``day``, acting or not."""
    query = (
        RoleAssignment.select(RoleAssignment.department, RoleAssignment.person)
        .join(Person, on=(RoleAssignment.person == Person.id))
        .where(
            (RoleAssignment.role == Role.DEPARTMENT_HEAD)
            & RoleAssignment.department.is_null(False)
            & on(day)
            & (Person.state == PersonState.ACTIVE)
        )
    )
    return set(rows(query))
