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
    """The answer of each open request (the Town Administrator's), the letter of each answered one (a coordinator's)."""
    actor = scope.actor
    if actor is None or actor.holds(Role.ADMINISTRATOR):
        yield from _answers()
    if actor is None:
        yield from _letters(None)
        return
    held = sorted({h.department_id for h in actor.held if h.role is Role.COORDINATOR and h.department_id})
    if held:
        yield from _letters(held)


def _answers() -> Iterator[Duty]:
    for request_id, case_id, department_id, due, _answered_at, title, network in rows(
        _requests().where(Reconsideration.state == _S.ASKED)
    ):
        yield Duty(
            kind=ANSWER,
            subject=f"reconsideration:{request_id}",
            title=f"Answer the request to look at case {case_id} again, {title} ({network})",
            owner=Owner(role=Role.ADMINISTRATOR),
            due=due,
            url=f"/triage/reconsiderations/{request_id}",
            department_id=department_id,
        )


def _letters(departments: list[int] | None) -> Iterator[Duty]:
    """Due with the answer, or on the day of an answer that came late."""
    answered = _requests().where(
        Reconsideration.state.in_([_S.UPHELD, _S.REVERSED]) & Reconsideration.answer_letter.is_null()
    )
    if departments is not None:
        answered = answered.where(Case.department.in_(departments))
    for request_id, case_id, department_id, due, answered_at, title, network in rows(answered):
        yield Duty(
            kind=TELL,
            subject=f"reconsideration:{request_id}",
            title=f"Write to whoever asked about case {case_id}, {title} ({network})",
            owner=Owner(role=Role.COORDINATOR, department_id=department_id),
            due=max(due, town_time(answered_at).date()),
            url=f"/triage/reconsiderations/{request_id}",
            department_id=department_id,
        )


def _requests() -> Any:
    return (
        Reconsideration.select(
            Reconsideration.id, Case.id, Case.department, Reconsideration.answer_by, Reconsideration.answered_at,
            Site.title, Network.name,
        )
        .join_from(Reconsideration, Determination)
        .join_from(Determination, Case)
        .join_from(Case, Site)
        .join_from(Site, Network)
        .order_by(Reconsideration.id)
    )  # fmt: skip
