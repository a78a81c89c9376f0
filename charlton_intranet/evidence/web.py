"""Handing out captured pieces: never as a page of the app, whatever the bytes are."""

import io
import logging

from flask import Blueprint, Response, send_file

from charlton_intranet.core.errors import NotFound, Unavailable
from charlton_intranet.core.permissions import Permission
from charlton_intranet.core.store import Damaged
from charlton_intranet.evidence.queries import PieceRow, piece_for
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs

log = logging.getLogger(__name__)
blueprint = Blueprint("evidence", __name__, url_prefix="/evidence")

# A browser runs nothing in it and fetches nothing for it, even when it is opened by its address.
SANDBOX = "sandbox; default-src 'none'"


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
    try:
        data = context.parts().store.get(piece.sha256)
    except Damaged as damaged:
        log.critical("evidence piece %s: %s", piece.id, damaged)
        raise Unavailable(
            f"Piece {piece.id} no longer matches the digest it was captured with, so it is not shown. "
            "Tell the IT Technician."
        ) from damaged
    answer = send_file(
        io.BytesIO(data), mimetype=piece.media_type, as_attachment=attachment, download_name=piece.file_name
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "no-store"  # a browser that was handed on must not hold evidence
    return answer
