"""Requests to look at a decision again: the answer, and the letter that tells it."""

from collections.abc import Iterable, Iterator
from typing import Any

from charlton_intranet.core.clock import town_time
from charlton_intranet.core.database import rows
from charlton_intranet.core.duties import Duty, Kind, Owner, Scope
from charlton_intranet.core.permissions import Role
from charlton_intranet.moderation.models import Case, Determination, Reconsideration
from charlton_intranet.moderation.rules.reconsidering import ReconsiderationState
from charlton_intranet.sites.models import Network, Site

ANSWER = Kind(
    "answer_reconsideration",
    "3.6-4",
    "Answer it",
    ladder=(5, 1, 0),
    repeat_days=1,
    escalate_after=1,
    label="Answer a request to look again",
    by="Town Administrator",
    legal_clock=True,
)
TELL = Kind(
    "tell_asker",
    "3.6-4",
    "Write the letter",
    ladder=(0,),
    repeat_days=1,
    escalate_after=3,
    label="Write the letter with the answer",
    by="Coordinator",
    legal_clock=True,
)
KINDS = (ANSWER, TELL)

_S = ReconsiderationState


def owed(scope: Scope) -> Iterable[Duty]:
    """The answer of each open request (the Town Administrator's), the letter of each answered one (a coordinator's).

    Who entered the request waits for the answer, who gave the answer for the letter.
    """
    actor = scope.actor
    if actor is None or actor.holds(Role.ADMINISTRATOR):
        yield from _answers(scope.asker)
    if actor is None:
        yield from _letters(None, scope.asker)
        return
    held = sorted(actor.departments_as(Role.COORDINATOR))
    if held:
        yield from _letters(held)


def _answers(asker: int | None) -> Iterator[Duty]:
    asked = _requests(Reconsideration.logged_by, Reconsideration.logged_at, asker)
    for request_id, case_id, department_id, due, logged_by, logged_at, title, network in rows(
        asked.where(Reconsideration.state == _S.ASKED)
    ):
        yield Duty(
            kind=ANSWER,
            subject=f"reconsideration:{request_id}",
            title=f"Answer the request to look at case {case_id} again, {title} ({network})",
            owner=Owner(role=Role.ADMINISTRATOR),
            due=due,
            url=f"/triage/reconsiderations/{request_id}",
            department_id=department_id,
            asked_by=logged_by,
            since=town_time(logged_at).date(),
        )


def _letters(departments: list[int] | None, asker: int | None = None) -> Iterator[Duty]:
    """Due with the answer, or on the day of an answer that came late."""
    answered = _requests(Reconsideration.answered_by, Reconsideration.answered_at, asker).where(
        Reconsideration.state.in_([_S.UPHELD, _S.REVERSED]) & Reconsideration.answer_letter.is_null()
    )
    if departments is not None:
        answered = answered.where(Case.department.in_(departments))
    for request_id, case_id, department_id, due, answered_by, answered_at, title, network in rows(answered):
        since = town_time(answered_at).date()
        yield Duty(
            kind=TELL,
            subject=f"reconsideration:{request_id}",
            title=f"Write to whoever asked about case {case_id}, {title} ({network})",
            owner=Owner(role=Role.COORDINATOR, department_id=department_id),
            due=max(due, since),
            url=f"/triage/reconsiderations/{request_id}",
            department_id=department_id,
            asked_by=answered_by,
            since=since,
        )


def _requests(waits: Any, since: Any, asker: int | None) -> Any:
    """All requests with who ``waits`` and ``since`` when; those alone for which ``asker`` waits."""
    found = (
        Reconsideration.select(
            Reconsideration.id, Case.id, Case.department, Reconsideration.answer_by, waits, since,
            Site.title, Network.name,
        )
        .join_from(Reconsideration, Determination)
        .join_from(Determination, Case)
        .join_from(Case, Site)
        .join_from(Site, Network)
        .order_by(Reconsideration.id)
    )  # fmt: skip
    return found if asker is None else found.where(waits == asker)
