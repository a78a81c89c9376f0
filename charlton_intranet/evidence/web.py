"""Handing out captured pieces: never as a page of the app, whatever the bytes are."""

from flask import Blueprint, Response

from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.evidence.queries import PieceRow, piece_for
from charlton_intranet.web import context
from charlton_intranet.web.files import send_kept
from charlton_intranet.web.guard import needs

blueprint = Blueprint("evidence", __name__, url_prefix="/evidence")


@blueprint.get("/<int:piece_id>")
@needs(Permission.READ_EVIDENCE)
def download(piece_id: int) -> Response:
    """The original bytes, as a file to be saved."""
    return _send(piece_for(context.actor(), piece_id), attachment=True)


@blueprint.get("/<int:piece_id>/picture")
@needs(Permission.READ_EVIDENCE)
def picture(piece_id: int) -> Response:
    """A picture, to be shown inside a page of the app."""
    piece = piece_for(context.actor(), piece_id)
    if not piece.is_picture:
        raise NotFound
    return _send(piece, attachment=False)


def _send(piece: PieceRow, *, attachment: bool) -> Response:
    return send_kept(
        piece.sha256,
        media_type=piece.media_type,
        file_name=piece.file_name,
        attachment=attachment,
        name=f"Piece {piece.id}",
    )
