"""From a concern to the end of a case: preserve, consult, determine, carry out (3.6-3, 3.6-4, 3.7-3)."""

from collections.abc import Iterable

from charlton_intranet.accounts.queries import holders
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Forbidden, Invalid
from charlton_intranet.core.permissions import Actor, Permission, Role
from charlton_intranet.core.store import EvidenceStore, Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.evidence import service as evidence
from charlton_intranet.evidence.models import TEXT_TYPE, PieceKind
from charlton_intranet.mail import service as mail
from charlton_intranet.moderation.models import Case, CasePiece, Consultation, Determination, Order
from charlton_intranet.moderation.queries import pieces_of
from charlton_intranet.moderation.rules import (
    CaseState,
    Outcome,
    Position,
    check_all,
    check_neutral,
    check_no_answer,
    check_quote,
    check_reason,
    check_words,
    clean,
    letters_of,
    written,
)
from charlton_intranet.moderation.service._cases import at, due, move, subject, visible, write_note
from charlton_intranet.moderation.service.intake import Files, attach
from charlton_intranet.policy.rules import CATEGORIES, check_grounds
from charlton_intranet.sites.queries import site_ref

PRESERVED = audit.declare("case.preserved", "before", "after", "seal")
CONSULTED = audit.declare("case.advice_asked", "before", "after", "concern", "categories", "due")
ADVISED = audit.declare("case.advised", "before", "after", "position", "text")
DETERMINED = audit.declare(
    "case.determined", "before", "after", "outcome", "categories", "quote", "reason", "same_if_praise", "acting"
)
ORDERED = audit.declare("case.ordered", "outcome", "due")
CARRIED_OUT = audit.declare("case.carried_out", "before", "after", "gone", "seal")
CLOSED = audit.declare("case.closed", "before", "after")


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
    with unit_of_work():
        case = at(actor, Permission.PRESERVE_EVIDENCE, case_id, version)
        check_all(
            lambda: check_words("concern", concern, ask="Say what about the content raises the concern."),
            lambda: _check_letters(letters),
        )
        attach(actor, case.id, case.site_id, uploads, kind=PieceKind.SCREENSHOT, address=case.permalink, clock=clock)
        text_piece = evidence.record_piece(
            actor, site_id=case.site_id, kind=PieceKind.TEXT, stored=words, media_type=TEXT_TYPE,
            file_name=f"case-{case.id}.txt", source_address=case.permalink, clock=clock,
        )  # fmt: skip
        CasePiece.insert(case=case.id, piece=text_piece).execute()
        pieces = [piece.id for piece in pieces_of(case.id)]
        seal_id = evidence.seal(actor, pieces, about=subject(case.id), clock=clock)
        due_on = due(clock, "advice.business_days")
        Consultation.insert(
            case=case.id, concern=concern, categories=written(letters), asked_by=actor.person_id,
            asked_at=clock.now(), due_on=due_on,
        ).execute()  # fmt: skip
        move(case, CaseState.PRESERVED, CaseState.CONSULTING, clock=clock, seal=seal_id, due_on=due_on)
        audit.record(
            PRESERVED, actor, subject(case.id), clock=clock,
            before=case.state, after=CaseState.PRESERVED, seal=seal_id,
        )  # fmt: skip
        audit.record(
            CONSULTED, actor, subject(case.id), clock=clock, before=CaseState.PRESERVED, after=CaseState.CONSULTING,
            concern=audit.digest_of(concern), categories=written(letters), due=due_on,
        )  # fmt: skip
        _tell(Role.DEPARTMENT_HEAD, "case_advice_asked", case, clock=clock, letters=letters, due_on=due_on)


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
    _tell(Role.ADMINISTRATOR, "case_ready", case, clock=clock, position=position, due_on=due_on)


def determine(
    actor: Actor,
    case_id: int,
    version: int,
    *,
    outcome: Outcome,
    categories: Iterable[str],
    quote: str,
    reason: str,
    same_if_praise: bool | None,
    clock: Clock,
) -> None:
    """The Town Administrator's final determination (3.6-4).

    To keep closes the case. To hide or remove writes the order, whose row can not exist without this
    determination and the sealed evidence, and tells the coordinators.
    """
    quote, reason, letters = clean(quote), clean(reason), letters_of(categories)
    with unit_of_work():
        case = at(actor, Permission.DETERMINE_CASE, case_id, version)
        asked = Consultation.get_or_none(Consultation.case == case.id)
        if asked is not None and asked.position is not Position.NO_ANSWER and asked.given_by_id == actor.person_id:
            raise Forbidden(
                "You gave the department head's advice on this case, so somebody else must decide it. "
                "Name an acting Town Administrator under People."
            )
        _check_determination(case, outcome, letters, quote=quote, reason=reason, same_if_praise=same_if_praise)
        keep = outcome is Outcome.KEEP
        due_on = None if keep else due(clock, "removal.business_days")
        move(
            case, CaseState.DETERMINED, *([CaseState.CLOSED] if keep else []), clock=clock,
            due_on=due_on, closed_at=clock.now() if keep else None,
        )  # fmt: skip
        acting = all(held.acting for held in actor.held if held.role is Role.ADMINISTRATOR)
        determination_id = Determination.insert(
            case=case.id, seal=case.seal_id, consultation=asked, outcome=outcome, categories=written(letters),
            quote=quote, reason=reason, same_if_praise=None if keep else same_if_praise,
            decided_by=actor.person_id, decided_at=clock.now(), acting=acting,
        ).execute()  # fmt: skip
        audit.record(
            DETERMINED, actor, subject(case.id), clock=clock, before=case.state, after=CaseState.DETERMINED,
            outcome=outcome, categories=written(letters), quote=audit.digest_of(quote),
            reason=audit.digest_of(reason), same_if_praise=None if keep else same_if_praise, acting=acting,
        )  # fmt: skip
        if due_on is None:
            _closed(actor, case, CaseState.DETERMINED, clock=clock)
            return
        Order.insert(
            determination=determination_id, seal=case.seal_id, outcome=outcome, ordered_at=clock.now(), due_on=due_on
        ).execute()
        audit.record(ORDERED, actor, subject(case.id), clock=clock, outcome=outcome, due=due_on)
        _tell(Role.COORDINATOR, "case_order", case, clock=clock, outcome=outcome, due_on=due_on)


def carry_out(
    actor: Actor,
    case_id: int,
    version: int,
    *,
    upload: tuple[Upload, Stored] | None,
    gone_note: str = "",
    clock: Clock,
) -> None:
    """Record that the content is hidden or removed, with the picture that shows it, and close the case."""
    gone_note = clean(gone_note)
    with unit_of_work():
        case = at(actor, Permission.CARRY_OUT_CASE, case_id, version)
        if upload is None:
            raise Invalid(
                {"screenshots": "Add a picture of the place where the content was, so that its end is proven."}
            )
        if gone_note.strip():
            check_words("gone_note", gone_note, ask="")
        move(case, CaseState.CARRIED_OUT, CaseState.CLOSED, clock=clock, due_on=None, closed_at=clock.now())
        [gone] = attach(
            actor, case.id, case.site_id, [upload], kind=PieceKind.GONE, address=case.permalink, clock=clock
        )
        seal_id = evidence.seal(actor, [gone], about=subject(case.id), clock=clock)
        Order.update(done_at=clock.now(), done_by=actor.person_id, gone=gone).where(
            Order.determination.in_(Determination.select(Determination.id).where(Determination.case == case.id))
        ).execute()
        audit.record(
            CARRIED_OUT, actor, subject(case.id), clock=clock,
            before=case.state, after=CaseState.CARRIED_OUT, gone=gone, seal=seal_id,
        )  # fmt: skip
        _closed(actor, case, CaseState.CARRIED_OUT, clock=clock)
        if gone_note.strip():
            write_note(actor, case.id, gone_note, clock=clock)


def _closed(actor: Actor, case: Case, before: CaseState, *, clock: Clock) -> None:
    audit.record(CLOSED, actor, subject(case.id), clock=clock, before=before, after=CaseState.CLOSED)


def _check_letters(letters: frozenset[str]) -> None:
    """A concern may name any category; which of them may stand alone is for the determination to weigh."""
    unknown = letters - CATEGORIES.keys()
    if unknown:
        raise Invalid({"categories": f"There is no category {', '.join(sorted(unknown))}."})
    if not letters:
        raise Invalid({"categories": "Choose at least one category of policy 3.6-3."})


def _check_determination(
    case: Case,
    outcome: Outcome,
    letters: frozenset[str],
    *,
    quote: str,
    reason: str,
    same_if_praise: bool | None,
) -> None:
    if outcome is Outcome.KEEP:
        check_all(
            lambda: check_reason(reason),
            lambda: _check_letters(letters) if letters else None,
            lambda: check_quote(quote, case.text) if quote.strip() else None,
        )
        return
    check_all(
        lambda: check_grounds(letters),
        lambda: check_quote(quote, case.text),
        lambda: check_reason(reason),
        lambda: check_neutral(same_if_praise=same_if_praise),
    )


def _tell(role: Role, template: str, case: Case, *, clock: Clock, **facts: object) -> None:
    """Mail whoever holds the role that a clock of theirs has started. The words in question stay in the app."""
    site = site_ref(case.site_id)
    department_id = None if role.town_wide else case.department_id
    for person in holders(role, today(clock), department_id):
        mail.queue(
            template, occasion=f"{template}:{case.id}", recipient=person.email, recipient_name=person.name,
            clock=clock, case_id=case.id, site=f"{site.title} ({site.network_name})",
            department=site.department_name, path=f"/triage/{case.id}", **facts,
        )  # fmt: skip
