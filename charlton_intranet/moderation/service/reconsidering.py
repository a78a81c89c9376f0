"""Looking at a decision again when its writer asks: logged, answered by somebody else, told by letter."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core import audit, search
from charlton_intranet.core.clock import Clock, today, town_time
from charlton_intranet.core.database import database, unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.evidence import service as evidence
from charlton_intranet.evidence.models import PieceKind
from charlton_intranet.moderation.models import (
    Case,
    Determination,
    EmergencyHide,
    Order,
    Reconsideration,
    ReconsiderationPaper,
)
from charlton_intranet.moderation.queries.reconsiderations import last_day_to_ask
from charlton_intranet.moderation.queries.request import first_hands
from charlton_intranet.moderation.rules import CaseState, Outcome, check_all, check_reason, check_words, clean
from charlton_intranet.moderation.rules.emergency import RestoreCause
from charlton_intranet.moderation.rules.letters import LetterHow, LetterKind
from charlton_intranet.moderation.rules.reconsidering import (
    CameBy,
    ReconsiderationState,
    check_answerable,
    check_asked,
    check_asker,
    check_counsel,
    check_decision,
    letter_owed,
)
from charlton_intranet.moderation.service._cases import make_findable, move, record_closed, visible
from charlton_intranet.moderation.service._mails import tell_holders
from charlton_intranet.moderation.service.intake import Files
from charlton_intranet.moderation.service.letters import keep_letter
from charlton_intranet.moderation.service.likeness import settle_differences
from charlton_intranet.moderation.service.restoring import order_restore
from charlton_intranet.policy.queries import default

ASKED = audit.declare("reconsideration.asked", "case", "asked_on", "came_by", "text", "late", "answer_by", "papers")
ANSWERED = audit.declare("reconsideration.answered", "case", "before", "after", "reason", "counsel", "acting")
WITHDRAWN = audit.declare("reconsideration.withdrawn", "case", "before", "after", "reason")


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked, as the form takes it."""

    asked_on: date
    came_by: CameBy
    text: str
    asker: str = ""
    contact: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered and why; ``counsel`` was asked on ``counsel_on``, if at all."""

    reverse: bool
    reason: str
    counsel: str = ""
    counsel_on: date | None = None


def log_request(actor: Actor, case_id: int, request: Request, uploads: Files, *, clock: Clock) -> int:
    """Put a request on record and start the clock of its answer; returns its id.

    ``StaleState`` when the case has no determination, or a request on it is open already.
    """
    text, asker, contact = clean(request.text), clean(request.asker), clean(request.contact)
    late_reason = clean(request.late_reason)
    with unit_of_work():
        case = visible(actor, case_id)
        actor.must_have(Permission.LOG_RECONSIDERATION, case.department_id)
        decided = _decided(case)
        last_day = last_day_to_ask(case.id)
        check_all(
            lambda: check_words("text", text, ask="Copy in what they wrote, or write down what they said."),
            lambda: check_decision(decided.outcome),
            lambda: check_asker(asker, contact),
            lambda: check_asked(
                request.asked_on, decided_on=town_time(decided.decided_at).date(), today=today(clock),
                last_day=last_day, late_reason=late_reason,
            ),
        )  # fmt: skip
        late = request.asked_on > last_day
        answer_by = business_calendar().add(request.asked_on, default("reconsideration.business_days"))
        request_id = _insert(
            determination=decided.id, asked_on=request.asked_on, came_by=request.came_by, asker=asker,
            contact=contact, text=text, late_reason=late_reason if late else "", logged_by=actor.person_id,
            logged_at=clock.now(), answer_by=answer_by,
        )  # fmt: skip
        papers = _keep_papers(actor, case, request_id, uploads, clock=clock)
        search.put("reconsideration", request_id, f"{text}\n{asker}")
        make_findable(case.id)
        audit.record(
            ASKED, actor, subject_of(request_id), clock=clock, case=case.id, asked_on=request.asked_on,
            came_by=request.came_by, text=audit.digest_of(text), late=late, answer_by=answer_by, papers=papers,
        )  # fmt: skip
        _tell(Role.ADMINISTRATOR, "reconsideration_asked", case, request_id, clock=clock, answer_by=answer_by)
    return request_id


def answer(actor: Actor, request_id: int, version: int, said: Answer, *, exception: str = "", clock: Clock) -> None:
    """Uphold the decision or take it back; somebody answers who neither decided nor advised.

    Taken back, what is out of sight is ordered back, and an order that is not carried out yet is not to be any more.
    """
    reason, counsel = clean(said.reason), clean(said.counsel)
    then = ReconsiderationState.REVERSED if said.reverse else ReconsiderationState.UPHELD
    with unit_of_work():
        request, decided, case = _at(actor, Permission.ANSWER_RECONSIDERATION, request_id, version)
        check_answerable(request.state, then)
        check_all(
            lambda: check_reason(reason),
            lambda: check_counsel(counsel, said.counsel_on, today=today(clock)),
        )
        must_not_be_own(
            actor, own=actor.person_id in first_hands(decided, decided.consultation), exception=exception,
            step="answer a request for reconsideration", subject=subject_of(request_id), clock=clock,
        )  # fmt: skip
        acting = actor.only_acts_as(Role.ADMINISTRATOR)
        update_current(
            Reconsideration, request_id, version, state=then, answered_by=actor.person_id, answered_at=clock.now(),
            acting=acting, reason=reason, counsel=counsel, counsel_on=said.counsel_on,
        )  # fmt: skip
        audit.record(
            ANSWERED, actor, subject_of(request_id), clock=clock, case=case.id, before=request.state, after=then,
            reason=audit.digest_of(reason), counsel=said.counsel_on, acting=acting,
        )  # fmt: skip
        if said.reverse:
            _take_back(actor, case, decided, clock=clock)
        _tell(Role.COORDINATOR, "reconsideration_answered", case, request_id, clock=clock, state=then)


def withdraw(actor: Actor, request_id: int, version: int, reason: str, *, clock: Clock) -> None:
    """Whoever asked does not want an answer any more; the decision stands and what was asked stays on record.

    As the decision stands by it, who made it or advised on it does not write that down.
    """
    reason = clean(reason)
    with unit_of_work():
        request, decided, case = _at(actor, Permission.LOG_RECONSIDERATION, request_id, version)
        check_answerable(request.state, ReconsiderationState.WITHDRAWN)
        if actor.person_id in first_hands(decided, decided.consultation):
            raise Forbidden(
                "You decided this or advised on it, so somebody else closes it as withdrawn: a coordinator or the "
                "Records Officer."
            )
        check_words("reason", reason, ask="Say how and when they withdrew it.")
        update_current(
            Reconsideration, request_id, version, state=ReconsiderationState.WITHDRAWN,
            answered_by=actor.person_id, answered_at=clock.now(), reason=reason,
        )  # fmt: skip
        audit.record(
            WITHDRAWN, actor, subject_of(request_id), clock=clock, case=case.id, before=request.state,
            after=ReconsiderationState.WITHDRAWN, reason=audit.digest_of(reason),
        )  # fmt: skip


def write_to_asker(
    actor: Actor,
    request_id: int,
    version: int,
    *,
    subject: str,
    text: str,
    how: LetterHow,
    sent_on: date | None,
    why_not: str,
    clock: Clock,
) -> None:
    """Keep the letter that says the request is here or, once it is answered, the one with the answer."""
    with unit_of_work():
        request, _decided_first, case = _at(actor, Permission.WRITE_LETTER, request_id, version)
        kind = letter_owed(
            request.state, received=request.received_letter_id is not None, answer=request.answer_letter_id is not None
        )
        if kind is None:
            raise StaleState("There is no letter to keep here any more. Nothing was saved.")
        letter_id = keep_letter(
            actor, case.id, case.contributor_id, kind=kind, subject=subject, text=text, how=how,
            sent_on=sent_on, why_not=why_not, clock=clock,
        )  # fmt: skip
        column = "received_letter" if kind is LetterKind.RECONSIDERATION_RECEIVED else "answer_letter"
        update_current(Reconsideration, request_id, version, **{column: letter_id})


def subject_of(request_id: int) -> str:
    """How a request is named in the trail."""
    return f"reconsideration:{request_id}"


def _decided(case: Case) -> Determination:
    decided = Determination.get_or_none(Determination.case == case.id)
    if decided is None:
        raise StaleState("This case is not decided, so there is no decision to look at again.")
    return decided


def _at(
    actor: Actor, permission: Permission, request_id: int, version: int
) -> tuple[Reconsideration, Determination, Case]:
    """The request as the actor had it open, with what was decided and its case."""
    request = Reconsideration.get_or_none(Reconsideration.id == request_id)
    if request is None:
        raise NotFound
    decided = Determination.get_by_id(request.determination_id)
    case = visible(actor, decided.case_id)
    actor.must_have(permission, case.department_id)
    if request.version != version:
        raise StaleState
    return request, decided, case


def _insert(**facts: Any) -> int:
    if Reconsideration.select().where(
        (Reconsideration.determination == facts["determination"])
        & (Reconsideration.state == ReconsiderationState.REVERSED)
    ).exists():  # fmt: skip
        raise StaleState("This decision was taken back already, so there is nothing left to ask for.")
    try:
        with database.atomic():
            return int(Reconsideration.insert(**facts).execute())
    except peewee.IntegrityError as twice:
        raise StaleState("A request on this decision is on record already and waits for its answer.") from twice


def _keep_papers(actor: Actor, case: Case, request_id: int, uploads: Files, *, clock: Clock) -> list[int]:
    """Keep and seal what came with the request; returns the ids of the pieces."""
    papers = []
    for upload, stored in uploads:
        piece = evidence.record_piece(
            actor, site_id=case.site_id, kind=PieceKind.DOCUMENT, stored=stored, media_type=upload.media_type,
            file_name=upload.file_name, source_address="", clock=clock,
        )  # fmt: skip
        ReconsiderationPaper.insert(reconsideration=request_id, piece=piece).execute()
        papers.append(piece)
    if papers:
        evidence.seal(actor, papers, about=subject_of(request_id), clock=clock)
    return papers


def _take_back(actor: Actor, case: Case, decided: Determination, *, clock: Clock) -> None:
    """Order back what is out of sight; an order that nobody carried out yet ends here."""
    settle_differences(decided.id, Outcome.KEEP)
    done = Order.select().where((Order.determination == decided.id) & Order.done_at.is_null(is_null=False)).exists()
    hidden = EmergencyHide.select().where(EmergencyHide.case == case.id).exists()
    if case.state is CaseState.DETERMINED:
        move(case, CaseState.CLOSED, clock=clock, due_on=None, closed_at=clock.now())
        record_closed(actor, case, CaseState.DETERMINED, clock=clock)
    if done or hidden:
        order_restore(actor, case, cause=RestoreCause.REVERSAL, clock=clock)


def _tell(role: Role, template: str, case: Case, request_id: int, *, clock: Clock, **facts: object) -> None:
    """Mail whoever holds the role. What was asked, and who asked, stay in the app."""
    tell_holders(
        role, template, site_id=case.site_id, department_id=case.department_id, occasion=str(request_id),
        path=f"/triage/reconsiderations/{request_id}", clock=clock, case_id=case.id, **facts,
    )  # fmt: skip
