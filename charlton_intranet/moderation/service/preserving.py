"""Evidence that comes to a case later: more of it, a replacement of what failed, another look at the live post."""

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.store import EvidenceStore, Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.evidence import service as evidence
from charlton_intranet.evidence.inspect import kind_of
from charlton_intranet.evidence.models import TEXT_TYPE, Failing, Piece, PieceKind
from charlton_intranet.evidence.service.failing import mark_failed
from charlton_intranet.moderation.models import Case, CasePiece, LaterLook
from charlton_intranet.moderation.rules import check_text, check_words, clean
from charlton_intranet.moderation.rules.looks import Seen, check_look
from charlton_intranet.moderation.service._cases import at, subject
from charlton_intranet.moderation.service.intake import Files, attach

ADDED = audit.declare("case.evidence_added", "pieces", "seal")
LOOKED = audit.declare("case.looked_again", "seen", "words", "pieces")


def add_evidence(actor: Actor, case_id: int, version: int, *, uploads: Files, clock: Clock) -> None:
    """Put more pieces to a case; once it is sealed they are sealed too, under a further manifest."""
    with unit_of_work():
        case = at(actor, Permission.PRESERVE_EVIDENCE, case_id, version)
        if not uploads:
            raise Invalid({"evidence": "Choose at least one file."})
        pieces = [_attach(actor, case, one, kind_of(one[0]), clock) for one in uploads]
        seal_id = _go_on(actor, case, pieces, clock)
        audit.record(ADDED, actor, subject(case_id), clock=clock, pieces=pieces, seal=seal_id)


def replace_failed(
    actor: Actor,
    case_id: int,
    version: int,
    *,
    piece_id: int,
    why: Failing,
    reason: str,
    upload: tuple[Upload, Stored] | None,
    clock: Clock,
) -> None:
    """Mark a capture as failed, with the piece that takes its place if there is one. The first stays as it is."""
    reason = clean(reason)
    with unit_of_work():
        case = at(actor, Permission.PRESERVE_EVIDENCE, case_id, version)
        failed = Piece.get_or_none(Piece.id == piece_id)
        if failed is None or not CasePiece.select().where(_held_by(case, piece_id)).exists():
            raise NotFound
        if failed.kind is PieceKind.TEXT:
            raise Invalid({"piece": "The captured words stay as they are. Look again to record what stands there now."})
        check_words("reason", reason, ask="Say what is wrong with it.")
        pieces = []
        if upload is not None:
            same = failed.kind if kind_of(upload[0]) is PieceKind.SCREENSHOT else kind_of(upload[0])
            pieces = [_attach(actor, case, upload, same, clock)]
        mark_failed(
            actor, piece_id, why=why, reason=reason, replaced_by=pieces[0] if pieces else None, clock=clock
        )  # fmt: skip
        seal_id = _go_on(actor, case, pieces, clock)
        audit.record(ADDED, actor, subject(case_id), clock=clock, pieces=pieces, seal=seal_id)


def look_again(
    actor: Actor,
    case_id: int,
    version: int,
    *,
    seen: Seen,
    words: str,
    remark: str,
    upload: tuple[Upload, Stored] | None,
    store: EvidenceStore,
    clock: Clock,
) -> None:
    """Hold the live post against what was captured; its words and a picture become later pieces of the case.

    Looking moves nothing: what is gone is closed as vanished by its own step, what changed is weighed by people.
    """
    words, remark = clean(words), clean(remark)
    kept = store.put(words.encode()) if words.strip() else None
    with unit_of_work():
        case = at(actor, Permission.PRESERVE_EVIDENCE, case_id, version)
        check_look(seen, case.text, words, remark, picture=upload is not None)
        if words.strip():
            check_text(words)
        if remark.strip():
            check_words("remark", remark, ask="")
        text_piece = None if kept is None else _attach_words(actor, case, kept, clock)
        picture = None if upload is None else _attach(actor, case, upload, PieceKind.LATER, clock)
        LaterLook.insert(
            case=case_id, seen=seen, words=words, remark=remark, words_piece=text_piece, picture=picture,
            looked_at=clock.now(), looked_by=actor.person_id,
        ).execute()  # fmt: skip
        pieces = [piece for piece in (text_piece, picture) if piece is not None]
        _go_on(actor, case, pieces, clock)
        audit.record(
            LOOKED, actor, subject(case_id), clock=clock, seen=seen, words=audit.digest_of(words), pieces=pieces
        )


def _held_by(case: Case, piece_id: int) -> object:
    return (CasePiece.case == case.id) & (CasePiece.piece == piece_id)


def _attach(actor: Actor, case: Case, upload: tuple[Upload, Stored], kind: PieceKind, clock: Clock) -> int:
    [piece] = attach(actor, case.id, case.site_id, [upload], kind=kind, address=case.permalink, clock=clock)
    return piece


def _attach_words(actor: Actor, case: Case, kept: Stored, clock: Clock) -> int:
    now = Upload(TEXT_TYPE, f"case-{case.id}-later.txt", b"")
    return _attach(actor, case, (now, kept), PieceKind.LATER, clock)


def _go_on(actor: Actor, case: Case, pieces: list[int], clock: Clock) -> int | None:
    """Seal new pieces where the case is sealed, and move its version on, so that a second press adds nothing."""
    seal_id = None
    if pieces and case.seal_id is not None:
        seal_id = evidence.seal(actor, pieces, about=subject(case.id), clock=clock)
    update_current(Case, case.id, case.version)
    return seal_id
