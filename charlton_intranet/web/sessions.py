"""Flask-Login over the server-side session table.

The browser's signed cookie holds a random token as Flask-Login's user id; the table behind it decides. Signing
out, a reset or closing the account deletes the row, so a copied cookie is worth nothing.
"""

from typing import Any

from flask import Flask, request, session
from flask_login import LoginManager, login_user, logout_user

from charlton_intranet.accounts import service
from charlton_intranet.accounts.service import SignedIn
from charlton_intranet.web import context


class SessionUser:
    """Flask-Login's view of a signed-in person; its id is the session token."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, signed_in: SignedIn | None) -> None:
        self.token = token
        self.signed_in = signed_in

    def get_id(self) -> str:
        return self.token


def _load(token: str) -> SessionUser | None:
    signed_in = service.resume(token, address=context.client_address(), clock=context.clock())
    return SessionUser(token, signed_in) if signed_in is not None else None


def begin(token: str) -> None:
    """Start over with an empty cookie around a new token: nothing from before the sign-in survives."""
    session.clear()
    login_user(SessionUser(token, None))


def replace(token: str) -> None:
    """Move the browser to a new token and keep the rest (after a step-up)."""
    session["_user_id"] = token


def current_token() -> str:
    """The token of the request's session."""
    return str(session.get("_user_id", ""))


def end() -> None:
    """Empty the cookie."""
    logout_user()
    session.clear()


def agent() -> str:
    """The browser's name for itself, shortened."""
    return (request.user_agent.string or "")[:200]


def install(app: Flask) -> None:
    """Register Flask-Login."""
    manager: Any = LoginManager()
    manager.session_protection = None  # the table decides; an address changes on a phone
    manager.user_loader(_load)
    manager.init_app(app)
