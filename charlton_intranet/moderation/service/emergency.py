"""Hiding at once, before the determination: on narrow grounds, from sealed evidence, for two business days.

See ``docs/law.md``, "Speech", and policy 3.7-3. Nothing here removes anything.
"""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import rows, unit_of_work, update_current
from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission, Role
from charlton_intranet.core.store import EvidenceStore, Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.evidence import service as evidence
from charlton_intranet.evidence.models import PieceKind
from charlton_intranet.moderation.models import Case, EmergencyHide
from charlton_intranet.moderation.rules import CaseState, Outcome, check_all, clean
from charlton_intranet.moderation.rules.emergency import (
    EMERGENCY_MOVES,
    EmergencyState,
    RestoreCause,
    after_determination,
    check_answer,
    check_emergency_move,
    check_hidden_words,
    check_hide_from,
    ground_of,
)
from charlton_intranet.moderation.service._cases import at, due, subject, tell, visible
from charlton_intranet.moderation.service._proofs import seal_proof
from charlton_intranet.moderation.service.consulting import ask_head, preserve, store_context
from charlton_intranet.moderation.service.intake import Files, attach
from charlton_intranet.moderation.service.restoring import order_restore, void_restore

HIDE_ORDERED = audit.declare("case.hide_ordered", "ground", "words", "answer", "seal", "decide_by")
HIDDEN = audit.declare("case.hidden", "before", "after", "proof", "seal")
SETTLED = audit.declare("case.hide_settled", "before", "after")


def hide_at_once(
    actor: Actor,
    case_id: int,
    version: int,
    *,
    ground: str,
    words: str,
    answer: str,
    uploads: Files,
    store: EvidenceStore,
    clock: Clock,
) -> None:
    """Seal what was captured, order the hide, and start consultation and the Town Administrator's clock, in one unit.

    ``words`` are quoted from the text, for malware the link; ``answer`` answers the ground's question. Once a case.
    """
    words, answer = clean(words), clean(answer)
    text = store.put(visible(actor, case_id).text.encode())
    answered = store_context(case_id, store)
    with unit_of_work():
        case = at(actor, Permission.HIDE_AT_ONCE, case_id, version)
        check_hide_from(case.state)
        if EmergencyHide.select().where(EmergencyHide.case == case.id).exists():
            raise StaleState("This case was hidden at once before; that is done once a case. Nothing was saved.")
        narrow = ground_of(ground)
        check_all(lambda: check_hidden_words(narrow, words, case.text), lambda: check_answer(narrow, answer))
        advise_by = None
        if case.state is CaseState.OPEN:
            seal_id = preserve(actor, case, uploads, text, answered=answered, clock=clock)
            letters = frozenset({narrow.letter})
            advise_by = ask_head(actor, case, seal_id, concern=answer, letters=letters, clock=clock)
            Case.update(urgent=True).where(Case.id == case.id).execute()
        else:
            seal_id = _sealed(actor, case, uploads, clock=clock)
            update_current(Case, case.id, case.version, urgent=True, changed_at=clock.now())
        decide_by = due(clock, "emergency.business_days")
        EmergencyHide.insert(
            case=case.id, seal=seal_id, ground=narrow, words=words, reason=answer,
            ordered_at=clock.now(), ordered_by=actor.person_id, decide_by=decide_by,
        ).execute()  # fmt: skip
        audit.record(
            HIDE_ORDERED, actor, subject(case.id), clock=clock, ground=narrow, words=audit.digest_of(words),
            answer=audit.digest_of(answer), seal=seal_id, decide_by=decide_by,
        )  # fmt: skip
        for role in (Role.DEPARTMENT_HEAD, Role.ADMINISTRATOR):
            tell(
                role, "case_emergency", case, clock=clock, ground=narrow, decide_by=decide_by,
                advise_by=advise_by if role is Role.DEPARTMENT_HEAD else None, office=role,
            )  # fmt: skip


def _sealed(actor: Actor, case: Case, uploads: Files, *, clock: Clock) -> int:
    """The seal of a case that has one, after sealing what is new as well."""
    more = attach(actor, case.id, case.site_id, uploads, kind=PieceKind.SCREENSHOT, address=case.permalink, clock=clock)
    if more:
        evidence.seal(actor, more, about=subject(case.id), clock=clock)
    if case.seal_id is None:  # no state but open is without; the column of the hide would refuse it too
        raise StaleState
    return case.seal_id


def prove_hidden(
    actor: Actor, case_id: int, version: int, *, upload: tuple[Upload, Stored] | None, clock: Clock
) -> None:
    """Record that it is hidden on the network, with the picture that shows it. Only then is it called hidden."""
    with unit_of_work():
        case = at(actor, Permission.HIDE_AT_ONCE, case_id, version)
        hide = EmergencyHide.get_or_none(EmergencyHide.case == case.id)
        if hide is None:
            raise StaleState("No hide was ordered here. Nothing was saved.")
        check_emergency_move(hide.state, EmergencyState.STANDING)  # before the picture is looked at
        proof, seal_id = seal_proof(
            actor, case, upload, PieceKind.HIDDEN,
            ask="Add a picture of the place where the post was, so that the hide is proven.", clock=clock,
        )  # fmt: skip
        update_current(Case, case.id, case.version, changed_at=clock.now())
        _change(hide, EmergencyState.STANDING, hidden_at=clock.now(), hidden_by=actor.person_id, proof=proof)
        audit.record(
            HIDDEN, actor, subject(case.id), clock=clock,
            before=hide.state, after=EmergencyState.STANDING, proof=proof, seal=seal_id,
        )  # fmt: skip


def settle(actor: Actor, case: Case, outcome: Outcome, *, clock: Clock) -> None:
    """What the determination means for an emergency hide, inside the caller's unit of work.

    To keep orders to restore; to hide or remove confirms it, and what the calendar ordered to go back stays hidden.
    """
    hide = EmergencyHide.get_or_none(EmergencyHide.case == case.id)
    if hide is None or not hide.state.is_open:
        return
    then = after_determination(hide.state, outcome)
    if then is not hide.state:
        _move(actor, hide, then, clock=clock)
    if then is EmergencyState.FLAGGED:
        order_restore(actor, case, cause=RestoreCause.EMERGENCY, clock=clock)
    else:
        void_restore(actor, case, clock=clock)


def end_with_case(actor: Actor, case: Case, *, clock: Clock) -> None:
    """The post went away by itself: nothing is hidden any more and nothing to restore, inside the caller's unit."""
    hide = EmergencyHide.get_or_none(EmergencyHide.case == case.id)
    if hide is not None and hide.state.is_open:
        _move(actor, hide, EmergencyState.ENDED, clock=clock)
        void_restore(actor, case, clock=clock)


def overdue_hides(clock: Clock) -> list[int]:
    """The cases whose emergency hide should have been decided before today and is not flagged yet."""
    late = EmergencyHide.select(EmergencyHide.case).where(
        EmergencyHide.state.in_([EmergencyState.ORDERED, EmergencyState.STANDING])
        & (EmergencyHide.decide_by < today(clock))
    )
    return [case_id for (case_id,) in rows(late.order_by(EmergencyHide.id))]


def flag_overdue(case_id: int, *, clock: Clock) -> bool:
    """Flag an undecided emergency hide for restoring; False when somebody decided in the meantime."""
    with unit_of_work():
        hide = EmergencyHide.get(EmergencyHide.case == case_id)
        if EmergencyState.FLAGGED not in EMERGENCY_MOVES[hide.state] or hide.decide_by >= today(clock):
            return False
        case = Case.get_by_id(case_id)
        _move(SYSTEM, hide, EmergencyState.FLAGGED, clock=clock)
        order_restore(SYSTEM, case, cause=RestoreCause.EMERGENCY, clock=clock)
        tell(Role.ADMINISTRATOR, "case_flagged", case, clock=clock, decide_by=hide.decide_by)
    return True


def _move(actor: Actor, hide: EmergencyHide, then: EmergencyState, *, clock: Clock) -> None:
    _change(hide, then)
    audit.record(SETTLED, actor, subject(hide.case_id), clock=clock, before=hide.state, after=then)


def _change(hide: EmergencyHide, then: EmergencyState, **facts: object) -> None:
    """Take the hide to ``then``, if it is still as it was read: the calendar and a person may come together."""
    check_emergency_move(hide.state, then)
    mine = (EmergencyHide.id == hide.id) & (EmergencyHide.state == hide.state)
    if EmergencyHide.update(state=then, **facts).where(mine).execute() != 1:
        raise StaleState
