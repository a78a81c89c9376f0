"""Deny by default: a view without a mark answers 403, whoever asks.

``@needs`` and ``@public`` only mark; the one ``before_request`` function below decides. Services check the object
again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from charlton_intranet.core.permissions import Permission
from charlton_intranet.web import context
from charlton_intranet.web.failures import not_signed_in, refuse, typed_text

_View = TypeVar("_View", bound=Callable[..., Any])
_MARK = "__access__"


@dataclass(frozen=True, slots=True)
class Access:
    """What a view asks for; ``permission`` None means public. ``fresh`` asks for a recent proof of identity."""

    permission: Permission | None
    fresh: bool = False


def needs(permission: Permission, *, fresh: bool = False) -> Callable[[_View], _View]:
    """Mark a view: whoever calls it needs ``permission`` somewhere (and a sign-in within 15 minutes)."""

    def mark(view: _View) -> _View:
        setattr(view, _MARK, Access(permission, fresh))
        return view

    return mark


def public(view: _View) -> _View:
    """Mark a view that needs no sign-in."""
    setattr(view, _MARK, Access(None))
    return view


def access_of(view: Callable[..., Any]) -> Access | None:
    """The mark of a view, or None when it has none."""
    return getattr(view, _MARK, None)


def own_path(target: str | None) -> str:
    """``target`` when it is a path of this app, otherwise the home page: no redirect leaves the app."""
    safe = target and target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if safe and target else "/"


def _and_back(page: str) -> str:
    """``page``, leading on to the page that the form or the request came from."""
    where = request.full_path.rstrip("?") if request.method == "GET" else (request.referrer or "/")
    path = where if where.startswith("/") else "/" + where.partition("//")[2].partition("/")[2]
    return f"{page}?" + urlencode({"next": own_path(path)})


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such address, or not with this method: Flask answers 404 or 405
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        return refuse(403, "This page is not open to anybody yet.")
    if access.permission is None:
        return None
    who = context.signed_in()
    if who is None:
        return not_signed_in(_and_back("/sign-in"))
    if not who.actor.may(access.permission, anywhere=True):
        return refuse(403)
    if access.fresh and not who.is_fresh(context.clock().now()):
        if request.method == "GET":
            return redirect(_and_back("/confirm"), 303)
        return refuse(401, confirm_url=_and_back("/confirm"))
    return None


def _no_such_name() -> ResponseReturnValue | None:
    """No record has a NUL in its name, and PostgreSQL would refuse even to look for it."""
    return refuse(404) if request.endpoint is not None and "\0" in request.path else None


def _foreign_form(_error: CSRFError) -> ResponseReturnValue:
    """A form without this session's token: forged, or the session ended or changed in another tab."""
    access = access_of(current_app.view_functions[request.endpoint]) if request.endpoint else None
    if access and access.permission is not None and context.signed_in() is None:
        return not_signed_in(_and_back("/sign-in"))
    words = "This form is from an earlier sign-in. Go back, reload the page and press again."
    return refuse(400, words, kept=typed_text())


def install(app: Flask) -> None:
    """Put the guard before every request."""
    app.before_request(_no_such_name)
    app.before_request(_guard)
    app.register_error_handler(CSRFError, _foreign_form)
