"""Handing out captured pieces, never as a page of the app, whatever the bytes are; and the page about each."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.errors import NotFound, Unavailable
from charlton_intranet.core.permissions import Permission
from charlton_intranet.core.store import Damaged
from charlton_intranet.evidence import queries
from charlton_intranet.evidence.inspect import Archive, read_archive
from charlton_intranet.evidence.models import Act
from charlton_intranet.evidence.queries import PieceRow, piece_for
from charlton_intranet.evidence.service import checking, custody
from charlton_intranet.evidence.thumbnails import MEDIA_TYPE, thumbnail
from charlton_intranet.evidence.web.shared import PIECE, blueprint
from charlton_intranet.web import context
from charlton_intranet.web.files import send_bytes, send_kept
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission


@blueprint.get(PIECE)
@needs(P.READ_EVIDENCE)
def download(piece_id: int) -> Response:
    """The original bytes, as a file to be saved."""
    return _hand_out(piece_for(context.actor(), piece_id), Act.DOWNLOADED)


@blueprint.get(f"{PIECE}/picture")
@needs(P.READ_EVIDENCE)
def picture(piece_id: int) -> Response:
    """A picture, to be shown inside a page of the app."""
    return _hand_out(_picture(piece_id), Act.VIEWED)


@blueprint.get(f"{PIECE}/thumbnail")
@needs(P.READ_EVIDENCE)
def small_picture(piece_id: int) -> Response:
    """A picture made small: no evidence, so nobody's log has a line of it."""
    piece = _picture(piece_id)
    try:
        small = thumbnail(context.parts().store, piece.sha256)
    except Damaged:
        return _hand_out(piece, Act.VIEWED)  # says what is wrong
    return send_bytes(small, media_type=MEDIA_TYPE, file_name=f"{piece_id}.webp", attachment=False)


@blueprint.get(f"{PIECE}/manifest")
@needs(P.READ_EVIDENCE)
def manifest(piece_id: int) -> Response:
    """The manifest to the letter, as a file: its SHA-256 is the seal."""
    piece = piece_for(context.actor(), piece_id)
    if piece.seal_id is None:
        raise NotFound
    sealed = queries.manifest_of(piece.seal_id)
    name = f"manifest-{sealed.seal_id}.json"
    return send_bytes(sealed.text.encode(), media_type="application/json", file_name=name, attachment=True)


@blueprint.get(f"{PIECE}/about")
@needs(P.READ_EVIDENCE)
def about(piece_id: int) -> ResponseReturnValue:
    """What is known of a piece: its log, its seal, and how to compute both again."""
    actor = context.actor()
    piece = piece_for(actor, piece_id)
    lines, onward = queries.custody_page(piece_id, before=request.args.get("before", type=int))
    return respond(
        "evidence/about.html",
        "evidence/_about.html",
        piece=piece,
        facts=queries.facts_of([piece_id])[piece_id],
        matter=queries.matters_of(actor, [piece_id]).get(piece_id),
        sealed=None if piece.seal_id is None else queries.manifest_of(piece.seal_id),
        lines=lines,
        next_url=f"/evidence/{piece_id}/about?before={onward}#log" if onward else None,
        checks=queries.checks_of(piece_id, piece.captured_at),
    )


@blueprint.get(f"{PIECE}/records")
@needs(P.READ_EVIDENCE)
def records(piece_id: int) -> ResponseReturnValue:
    """What is in a web archive, as text; nothing of it is shown as a page."""
    actor = context.actor()
    piece = piece_for(actor, piece_id)
    if not piece.is_archive:
        raise NotFound
    custody.hand_out(actor, piece_id, Act.VIEWED, context.clock())
    try:
        archive = read_archive(context.parts().store.get(piece.sha256))
    except Damaged as damaged:
        raise _unavailable(piece) from damaged
    return respond(
        "evidence/records.html", piece=piece, archive=archive if isinstance(archive, Archive) else Archive(0, ())
    )


@blueprint.post(f"{PIECE}/check")
@needs(P.READ_EVIDENCE)
def check(piece_id: int) -> ResponseReturnValue:
    """Read the piece again now and compare it with its digest."""
    actor, parts = context.actor(), context.parts()
    piece_for(actor, piece_id)
    wrong = checking.check_now(actor, piece_id, parts.store, clock=parts.clock)
    if wrong:
        return done(f"/evidence/{piece_id}/about", f"Damaged: {wrong}.", "error")
    return done(f"/evidence/{piece_id}/about", f"Piece {piece_id} is what was kept.")


def _picture(piece_id: int) -> PieceRow:
    piece = piece_for(context.actor(), piece_id)
    if not piece.is_picture:
        raise NotFound
    return piece


def _hand_out(piece: PieceRow, act: Act) -> Response:
    custody.hand_out(context.actor(), piece.id, act, context.clock())
    try:
        return send_kept(
            piece.sha256,
            media_type=piece.media_type,
            file_name=piece.file_name,
            attachment=act is Act.DOWNLOADED,
            name=f"Piece {piece.id}",
        )
    except Unavailable:
        _unavailable(piece)
        raise


def _unavailable(piece: PieceRow) -> Unavailable:
    """Open a fault at once, so that the case and the two offices know before the next check."""
    parts = context.parts()
    checking.check_now(context.actor(), piece.id, parts.store, clock=parts.clock)
    return Unavailable(f"Piece {piece.id} no longer matches the digest it was kept under. Tell the IT Technician.")
