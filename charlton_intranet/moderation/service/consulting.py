"""A concern: preserve what was captured, and ask the department head (3.6-4, 3.7-3)."""

from collections.abc import Iterable
from datetime import date

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.core.store import EvidenceStore, Stored
from charlton_intranet.evidence import service as evidence
from charlton_intranet.evidence.models import TEXT_TYPE, PieceKind
from charlton_intranet.moderation.models import Case, CasePiece, Consultation
from charlton_intranet.moderation.queries import context_of, pieces_of
from charlton_intranet.moderation.rules import (
    CaseState,
    Position,
    check_all,
    check_no_answer,
    check_words,
    clean,
    letters_of,
    written,
)
from charlton_intranet.moderation.service._cases import at, check_letters, due, move, subject, tell, visible
from charlton_intranet.moderation.service.intake import Files, attach

PRESERVED = audit.declare("case.preserved", "before", "after", "seal")
CONSULTED = audit.declare("case.advice_asked", "before", "after", "concern", "categories", "due")
ADVISED = audit.declare("case.advised", "before", "after", "position", "text")


def raise_concern(
    actor: Actor,
    case_id: int,
    version: int,
    *,
    concern: str,
    categories: Iterable[str],
    uploads: Files,
    store: EvidenceStore,
    clock: Clock,
) -> None:
    """Seal what was captured, ask the department head, and start the clock of their answer, in one unit.

    ``categories`` are letters of policy 3.6-3. The words go into the store as a piece of their own.
    """
    concern, letters = clean(concern), letters_of(categories)
    words = store.put(visible(actor, case_id).text.encode())
    answered = store_context(case_id, store)
    with unit_of_work():
        case = at(actor, Permission.PRESERVE_EVIDENCE, case_id, version)
        check_all(
            lambda: check_words("concern", concern, ask="Say what about the content raises the concern."),
            lambda: check_letters(letters),
        )
        seal_id = preserve(actor, case, uploads, words, answered=answered, clock=clock)
        due_on = ask_head(actor, case, seal_id, concern=concern, letters=letters, clock=clock)
        tell(Role.DEPARTMENT_HEAD, "case_advice_asked", case, clock=clock, letters=letters, due_on=due_on)


def store_context(case_id: int, store: EvidenceStore) -> Stored | None:
    """Put what the words of a case answer into the store, before the unit of work that seals it; None without any."""
    context = context_of(case_id)
    return store.put(context.described.encode()) if context else None


def _keep_text(actor: Actor, case: Case, kind: PieceKind, stored: Stored, *, clock: Clock) -> None:
    """Put words that lie in the store to the case, as a piece of their own."""
    name = f"case-{case.id}.txt" if kind is PieceKind.TEXT else f"case-{case.id}-{kind.value}.txt"
    piece_id = evidence.record_piece(
        actor, site_id=case.site_id, kind=kind, stored=stored, media_type=TEXT_TYPE, file_name=name,
        source_address=case.permalink, clock=clock,
    )  # fmt: skip
    CasePiece.insert(case=case.id, piece=piece_id).execute()


def preserve(
    actor: Actor, case: Case, uploads: Files, words: Stored, *, answered: Stored | None = None, clock: Clock
) -> int:
    """Seal the words and every picture of an open case, inside the caller's unit of work; returns the seal's id.

    ``answered`` is what the words answer, as :func:`store_context` left it in the store.
    """
    attach(actor, case.id, case.site_id, uploads, kind=PieceKind.SCREENSHOT, address=case.permalink, clock=clock)
    _keep_text(actor, case, PieceKind.TEXT, words, clock=clock)
    if answered is not None:
        _keep_text(actor, case, PieceKind.CONTEXT, answered, clock=clock)
    pieces = [piece.id for piece in pieces_of(case.id)]
    return evidence.seal(actor, pieces, about=subject(case.id), clock=clock)


def ask_head(actor: Actor, case: Case, seal_id: int, *, concern: str, letters: frozenset[str], clock: Clock) -> date:
    """Start the head's clock on a case that was just sealed, inside the caller's unit; returns when advice is due."""
    due_on = due(clock, "advice.business_days")
    Consultation.insert(
        case=case.id, concern=concern, categories=written(letters), asked_by=actor.person_id,
        asked_at=clock.now(), due_on=due_on,
    ).execute()  # fmt: skip
    move(case, CaseState.PRESERVED, CaseState.CONSULTING, clock=clock, seal=seal_id, due_on=due_on)
    audit.record(
        PRESERVED, actor, subject(case.id), clock=clock, before=case.state, after=CaseState.PRESERVED, seal=seal_id
    )
    audit.record(
        CONSULTED, actor, subject(case.id), clock=clock, before=CaseState.PRESERVED, after=CaseState.CONSULTING,
        concern=audit.digest_of(concern), categories=written(letters), due=due_on,
    )  # fmt: skip
    return due_on


def give_advice(actor: Actor, case_id: int, version: int, *, position: Position, text: str, clock: Clock) -> None:
    """The department head's advice; it stays on the record whether or not it is followed."""
    text = clean(text)
    with unit_of_work():
        case = at(actor, Permission.ADVISE_CASE, case_id, version)
        if position is Position.NO_ANSWER:
            raise Invalid({"position": "Choose whether you see a violation."})
        check_words("text", text, ask="Say why, so that the Town Administrator can weigh it.")
        _advised(actor, case, position, text, clock=clock)


def note_no_answer(actor: Actor, case_id: int, version: int, *, clock: Clock) -> None:
    """Go on without the head's advice once it is late; that it was asked for stays on the record (3.6-4)."""
    with unit_of_work():
        case = at(actor, Permission.DETERMINE_CASE, case_id, version)
        asked = Consultation.get_or_none(Consultation.case == case.id)
        if asked is not None:
            check_no_answer(asked.due_on, today(clock))
        _advised(actor, case, Position.NO_ANSWER, "", clock=clock)


def _advised(actor: Actor, case: Case, position: Position, text: str, *, clock: Clock) -> None:
    due_on = due(clock, "determination.business_days")
    move(case, CaseState.ADVISED, clock=clock, due_on=due_on)
    Consultation.update(
        position=position, text=text, given_by=actor.person_id, given_at=clock.now()
    ).where(Consultation.case == case.id).execute()  # fmt: skip
    audit.record(
        ADVISED, actor, subject(case.id), clock=clock,
        before=case.state, after=CaseState.ADVISED, position=position, text=audit.digest_of(text),
    )  # fmt: skip
    tell(Role.ADMINISTRATOR, "case_ready", case, clock=clock, position=position, due_on=due_on)
