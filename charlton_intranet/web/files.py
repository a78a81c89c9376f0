"""Handing out files: those that people handed in never as a page of the app, whatever the bytes are."""

import io
import logging

from flask import Response, send_file

from charlton_intranet.core.errors import Unavailable
from charlton_intranet.core.store import Damaged
from charlton_intranet.web import context

log = logging.getLogger(__name__)

# A browser runs nothing in it and fetches nothing for it, even when it is opened by its address.
SANDBOX = "sandbox; default-src 'none'"


def send_kept(sha256: str, *, media_type: str, file_name: str, attachment: bool, name: str) -> Response:
    """Content of the store, checked against its digest; ``name`` says in the log and to the reader which it is."""
    try:
        data = context.parts().store.get(sha256)
    except Damaged as damaged:
        log.critical("%s: %s", name, damaged)
        raise Unavailable(
            f"{name} no longer matches the digest it was kept under, so it is not shown. Tell the IT Technician."
        ) from damaged
    return send_bytes(data, media_type=media_type, file_name=file_name, attachment=attachment)


def send_bytes(data: bytes, *, media_type: str, file_name: str, attachment: bool) -> Response:
    """Bytes in which a browser runs nothing, and which it does not keep."""
    answer = send_file(io.BytesIO(data), mimetype=media_type, as_attachment=attachment, download_name=file_name)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "no-store"  # a browser that was handed on must not hold evidence
    return answer


def text_file(content: str, name: str, media_type: str) -> Response:
    """Text of ours to keep, to the very byte."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": f"{media_type}; charset=utf-8"}
    return Response(content.encode(), headers=headers)
