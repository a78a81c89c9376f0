"""Every failure as a page that says what happened, what was kept and what to do."""

import logging
import secrets
from typing import Any

import peewee
from flask import Flask, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from charlton_intranet.core.errors import (
    Forbidden,
    Invalid,
    NotFound,
    Refusal,
    StaleState,
    TooMany,
    Unavailable,
)

log = logging.getLogger(__name__)

PAGES = frozenset({400, 401, 403, 404, 409, 413, 422, 429, 500, 503})
_STATUS: dict[type[Refusal], int] = {
    NotFound: 404,
    Forbidden: 403,
    StaleState: 409,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}
_PRIVATE = ("csrf_token", "version", "password", "confirm")


def is_htmx() -> bool:
    """Whether a part of a page asked, not the address bar."""
    return request.headers.get("HX-Request") == "true"


def typed_text() -> list[tuple[str, str]]:
    """What somebody typed into the refused form, to be shown again: (label, text)."""
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, value in request.form.items(multi=True)
        if value.strip() and not name.startswith(_PRIVATE)
    ]


def refuse(status: int, message: str | None = None, **values: Any) -> Response:
    """The error page for ``status``."""
    page = status if status in PAGES else (400 if status < 500 else 500)
    if message:
        values["message"] = message
    if status in {401, 409, 422}:
        values.setdefault("kept", typed_text())
    answer = make_response(render_template(f"errors/{page}.html", **values), status)
    if is_htmx():
        # The form stays as typed; app.js lifts the words out of the page.
        answer.headers["HX-Reswap"] = "none"
    return answer


def not_signed_in(sign_in_url: str) -> ResponseReturnValue:
    """To the sign-in page and back; a form or a part is told in place, so that nothing typed is lost."""
    if request.method == "GET" and not is_htmx():
        return redirect(sign_in_url, 303)
    return refuse(401, sign_in_url=sign_in_url)


def _refusal(error: Refusal) -> Response:
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    if isinstance(error, TooMany):
        answer = refuse(status, error.message, retry_after=error.retry_after)
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    return refuse(status, error.message)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if isinstance(error, RequestEntityTooLarge):
        from charlton_intranet.web.context import parts  # noqa: PLC0415 - context imports the guard's modules

        return refuse(413, limit=f"{parts().settings.max_upload_mb} MB")
    answer = refuse(error.code)
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _database_busy(error: peewee.OperationalError) -> Response:
    log.error("the database could not take the work", exc_info=error)
    answer = refuse(503, retry_after=30)
    answer.headers["Retry-After"] = "30"
    return answer


def _impossible_number(_error: OverflowError) -> Response:
    """A number no row can have; SQLite's driver refuses it where PostgreSQL just finds nothing."""
    return refuse(404)


def _unstorable_text(error: peewee.DataError) -> Response:
    """What got past a form and the database does not take: a NUL character, or more text than a column holds."""
    log.error("the database refused a value at %s %s", request.method, request.path, exc_info=error)
    return refuse(422, "Something you typed is too long, or holds a character that is not text.")


def _crash(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    log.error("unexpected failure %s at %s %s", reference, request.method, request.path, exc_info=error)
    return refuse(500, reference=reference)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(peewee.OperationalError, _database_busy)
    app.register_error_handler(OverflowError, _impossible_number)
    app.register_error_handler(peewee.DataError, _unstorable_text)
    app.register_error_handler(Exception, _crash)
