"""The quarter's access review: opened, answered grant by grant, closed with its figures (3.3-3)."""

from collections.abc import Iterable
from dataclasses import asdict
from functools import reduce
from operator import add
from typing import Any

import peewee

from charlton_intranet.access.models import AccessReview, ReviewedGrant
from charlton_intranet.access.queries import reviews as queries
from charlton_intranet.access.queries.reviews import UNANSWERED, Figures, ReviewRow
from charlton_intranet.access.rules import Answer, Asked, Quarter, coming, opens_on, quarter_of
from charlton_intranet.access.rules.campaigns import NOTE_MAX
from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.models import Department, Person
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today, town_midnight
from charlton_intranet.core.database import rows, unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, Refusal, StaleState
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission
from charlton_intranet.grants import service as grants
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.rules import GrantState
from charlton_intranet.grants.service.grants import subject
from charlton_intranet.policy.queries import default
from charlton_intranet.sites.models import Site

OPENED = audit.declare("access_review.opened", "quarter", "due", "grants")
CLOSED = audit.declare("access_review.closed", "quarter", *asdict(Figures()))
KEPT = audit.declare("access_review.kept", "review", "row", "note", "before", "after")
REVOKED = audit.declare("access_review.revoked", "review", "row", "note", "before", "after")
ASKED = audit.declare("access_review.asked", "review", "row", "asked", "question", "before", "after")
REPLIED = audit.declare("access_review.replied", "review", "row", "reply")

ANSWERED = "This grant was answered while you had it open. Nothing of yours was saved."
ENDED = "This grant has ended meanwhile, so there is nothing to answer."


def open_now(actor: Actor, *, pressed: str | None = None, clock: Clock) -> int:
    """The Town Administrator opens this quarter's review, or the next one's ahead of time; returns its id.

    ``pressed`` is the quarter that the button named: a second press must not open the one after it as well, which
    would close the first before anybody has answered.
    """
    with unit_of_work():
        actor.must_have(Permission.REVIEW_ACCESS)
        quarter = coming(_newest(), today(clock))
        if quarter is None:
            raise StaleState("The review of the coming quarter is open already.")
        if pressed is not None and pressed != str(quarter):
            raise StaleState("This review was opened meanwhile. Nothing else was opened.")
        if not Grant.select().where(Grant.state == GrantState.APPROVED).exists():
            raise Invalid({"quarter": "There is no approved grant to review yet."})
        return _open(actor, quarter, clock=clock)


def open_due(*, clock: Clock) -> str:
    """Open this quarter's review from its first business day on; returns a sentence, empty when nothing was due.

    A town whose first grants are younger than the quarter has nothing to look at anew, and waits for the next one.
    """
    with unit_of_work():
        day = today(clock)
        quarter = quarter_of(day)
        first = opens_on(quarter, accounts.business_calendar())
        older = (Grant.state == GrantState.APPROVED) & (Grant.decided_at < town_midnight(first))
        if _newest() >= str(quarter) or day < first or not Grant.select().where(older).exists():
            return ""
        _open(SYSTEM, quarter, clock=clock)
        return f"Opened the access review {quarter}."


def close_done(*, clock: Clock) -> str:
    """Close the open review when nothing waits in it any more: grants end in other ways, too."""
    with unit_of_work():
        found = queries.open_review()
        return f"Closed the access review {found.quarter}." if found and _close_if_done(SYSTEM, found, clock) else ""


def answer(
    actor: Actor,
    row_id: int,
    version: int,
    *,
    keep: bool,
    note: str = "",
    exception: str = "",
    clock: Clock,
) -> None:
    """Keep a grant, or revoke it in the same transaction. Nobody answers for their own but by ``exception``."""
    with unit_of_work():
        found = _begin(actor, row_id, clock=clock)
        note = _checked(note, "note")
        if keep and found.flags and not note:
            raise Invalid({"note": "Say why it stays: " + " ".join(sentence for _, sentence in found.flags)})
        _must_not_be_own(actor, found, exception, clock=clock)
        _answer(actor, found, version, Answer.KEPT if keep else Answer.REVOKED, note, clock=clock)
        _close_if_done(actor, queries.review(found.review_id), clock)


def keep_many(actor: Actor, chosen: Iterable[tuple[int, int]], *, clock: Clock) -> dict[int, str]:
    """Keep many grants without flags, ``(row, version)`` each; returns why not, by row, for those that were not."""
    refused: dict[int, str] = {}
    versions = dict(chosen)
    with unit_of_work():
        found = {row.id: row for row in queries.rows_of(versions, today(clock))}
        kept: ReviewRow | None = None
        for row_id, version in versions.items():
            try:
                row = _allowed(actor, found.get(row_id))
                if row.flags:
                    raise Forbidden(f"{row.person}, {row.site}: it has a flag, so answer it by itself.")
                if row.person_id == actor.person_id:
                    raise Forbidden(f"{row.site}: nobody answers for their own grant.")
                _answer(actor, row, version, Answer.KEPT, "", clock=clock)
            except Refusal as refusal:
                refused[row_id] = refusal.message
            else:
                kept = row
        if kept is not None:
            _close_if_done(actor, queries.review(kept.review_id), clock)
    return refused


def ask(actor: Actor, row_id: int, version: int, *, asked: Asked, question: str, clock: Clock) -> None:
    """Ask the person or the department's coordinator about a grant; it stays open until it is answered."""
    with unit_of_work():
        found = _begin(actor, row_id, clock=clock)
        question = _checked(question, "note")
        if not question:
            raise Invalid({"note": "Write the question."})
        if asked is Asked.PERSON and found.person_state is not PersonState.ACTIVE:
            raise Invalid({"asked": f"The account of {found.person} is closed. Ask the coordinator."})
        update_current(
            ReviewedGrant, row_id, version, answer=Answer.ASKED, asked=asked, question=question,
            asked_by=actor.person_id, asked_at=clock.now(), reply="", replied_by=None, replied_at=None,
        )  # fmt: skip
        audit.record(
            ASKED, actor, subject(found.grant_id), clock=clock, review=found.review_id, row=row_id,
            asked=asked, question=audit.digest_of(question), before=found.answer, after=Answer.ASKED,
        )  # fmt: skip


def reply(actor: Actor, row_id: int, version: int, *, text: str, clock: Clock) -> None:
    """Answer a question that was asked about a grant; the grant itself stays to be answered by who asked."""
    with unit_of_work():
        found = question(actor, row_id, clock=clock)
        if not may_reply(actor, found):
            raise Forbidden
        if found.answer is not Answer.ASKED or found.over:
            raise StaleState(ANSWERED)
        text = _checked(text, "reply")
        if not text:
            raise Invalid({"reply": "Write what you know about it."})
        now = clock.now()
        update_current(ReviewedGrant, row_id, version, reply=text, replied_by=actor.person_id, replied_at=now)
        audit.record(
            REPLIED, actor, subject(found.grant_id), clock=clock,
            review=found.review_id, row=row_id, reply=audit.digest_of(text),
        )  # fmt: skip


def question(actor: Actor, row_id: int, *, clock: Clock) -> ReviewRow:
    """A question about a grant, for who is asked and for readers of the site's records; otherwise ``NotFound``."""
    found = queries.row(row_id, today(clock))
    reads = actor.may(Permission.READ_SITE_RECORDS, found.department_id)
    if found.asked is None or not (reads or may_reply(actor, found)):
        raise NotFound
    return found


def may_reply(actor: Actor, found: ReviewRow) -> bool:
    """Whether ``actor`` is the one who was asked."""
    if found.asked is Asked.PERSON:
        return actor.person_id == found.person_id
    return actor.may(Permission.RECONCILE_ACCESS, found.department_id)


def _newest() -> str:
    return str(AccessReview.select(peewee.fn.MAX(AccessReview.quarter)).scalar() or "")


def _open(actor: Actor, quarter: Quarter, *, clock: Clock) -> int:
    """Open a review over all approved grants, inside the caller's unit of work; the one before it closes as it is."""
    before = queries.open_review()
    if before is not None:
        _close(actor, before, clock)
    due = accounts.business_calendar().add(today(clock), default("accessreview.business_days"))
    review_id = int(
        AccessReview.insert(
            quarter=str(quarter), opened_at=clock.now(), opened_by=actor.person_id, due_on=due
        ).execute()
    )
    approved = (
        Grant.select(Grant.id)
        .join_from(Grant, Site)
        .join_from(Site, Department)
        .join_from(Grant, Person, on=(Grant.person == Person.id))
        .where(Grant.state == GrantState.APPROVED)
        .order_by(Department.name, Site.title, Site.id, Person.name, Grant.id)
    )
    chosen = [{"review": review_id, "grant": grant_id} for (grant_id,) in rows(approved)]
    for batch in peewee.chunked(chosen, 1000):
        ReviewedGrant.insert_many(batch).execute()
    audit.record(
        OPENED, actor, f"access_review:{review_id}", clock=clock, quarter=str(quarter), due=due, grants=len(chosen)
    )
    return review_id


def _begin(actor: Actor, row_id: int, *, clock: Clock) -> ReviewRow:
    found = queries.rows_of([row_id], today(clock))
    return _allowed(actor, found[0] if found else None)


def _allowed(actor: Actor, found: ReviewRow | None) -> ReviewRow:
    """The row, when it waits for an answer and the actor may give one."""
    if found is None:
        raise NotFound
    actor.must_see(Permission.READ_SITE_RECORDS, found.department_id)
    actor.must_have(Permission.REVIEW_ACCESS, found.department_id)
    if found.answer not in UNANSWERED or queries.review(found.review_id).closed_at is not None:
        raise StaleState(ANSWERED)
    if found.over:
        raise StaleState(ENDED)
    return found


def _must_not_be_own(actor: Actor, found: ReviewRow, exception: str, *, clock: Clock) -> None:
    must_not_be_own(
        actor,
        own=actor.person_id == found.person_id,
        exception=exception,
        step="answer for a grant in the access review",
        subject=subject(found.grant_id),
        clock=clock,
    )


def _answer(actor: Actor, found: ReviewRow, version: int, after: Answer, note: str, *, clock: Clock) -> None:
    changes: dict[str, Any] = {"answered_by": actor.person_id, "answered_at": clock.now(), "note": note}
    update_current(ReviewedGrant, found.id, version, answer=after, **changes)
    if after is Answer.REVOKED:
        grant = Grant.get_by_id(found.grant_id)
        grants.revoke(actor, grant.id, grant.version, reason=note, clock=clock)
    audit.record(
        REVOKED if after is Answer.REVOKED else KEPT, actor, subject(found.grant_id), clock=clock,
        review=found.review_id, row=found.id, note=audit.digest_of(note), before=found.answer, after=after,
    )  # fmt: skip


def _close_if_done(actor: Actor, found: AccessReview, clock: Clock) -> bool:
    if found.closed_at is not None or queries.unanswered(found.id):
        return False
    _close(actor, found, clock)
    return True


def _close(actor: Actor, found: AccessReview, clock: Clock) -> None:
    """Close a review for good; its figures go into the trail."""
    AccessReview.update(closed_at=clock.now()).where(AccessReview.id == found.id).execute()
    by_department = queries.figures([found.id]).get(found.id, {})
    total: Figures = reduce(add, by_department.values(), Figures())
    about = f"access_review:{found.id}"
    audit.record(CLOSED, actor, about, clock=clock, quarter=found.quarter, **asdict(total))


def _checked(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > NOTE_MAX:
        raise Invalid({field: f"Use at most {NOTE_MAX:,} characters; this has {len(text):,}."})
    return text
