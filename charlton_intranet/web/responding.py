"""One way to answer: the whole page or the part of it that htmx asked for."""

from typing import Any, cast

from flask import Response, current_app, flash, get_flashed_messages, make_response, redirect, render_template
from flask_htmx import HTMX

SEE_OTHER = 303


def respond(page: str, part: str | None = None, *, status: int = 200, **context: Any) -> Response:
    """Render ``part`` for an htmx request, otherwise ``page`` (which includes the part).

    The flash line travels beside a part, out of band. ``Vary`` keeps caches from mixing the two up.
    """
    htmx = cast(HTMX, current_app.extensions["htmx"])
    if part and htmx and not htmx.boosted and not htmx.history_restore_request:
        body = render_template(part, **context)
        if get_flashed_messages():
            body += render_template("components/_flash.html")
    else:
        body = render_template(page, **context)
    answer = make_response(body, status)
    answer.vary.add("HX-Request")
    return answer


def done(url: str, message: str | None = None, category: str = "success") -> Response:
    """After a successful post: say so and show ``url``.

    A redirect for both: a browser shows the page, and htmx follows it with its own header and gets the part.
    """
    if message:
        flash(message, category)
    return cast(Response, redirect(url, SEE_OTHER))


def go(url: str, message: str | None = None, category: str = "success") -> Response:
    """After a post whose result is another page: htmx leaves the page it is on (``HX-Redirect``)."""
    htmx = cast(HTMX, current_app.extensions["htmx"])
    if not htmx:
        return done(url, message, category)
    if message:
        flash(message, category)
    return Response("", 200, {"HX-Redirect": url})
