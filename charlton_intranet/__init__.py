"""Charlton Intranet: keeps a town's social media lawful, answered and safe."""

import jinja2
from flask import Flask, g
from flask_htmx import HTMX
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from charlton_intranet.access.web import blueprint as access_pages
from charlton_intranet.accounts.web import blueprint as accounts_pages
from charlton_intranet.assembly import assemble
from charlton_intranet.core import database
from charlton_intranet.core.resources import folder
from charlton_intranet.evidence.web import blueprint as evidence_pages
from charlton_intranet.grants.web import blueprint as grants_pages
from charlton_intranet.incidents.web import blueprint as incidents_pages
from charlton_intranet.moderation.web import blueprint as moderation_pages
from charlton_intranet.moderation.web.contributors import blueprint as contributors_pages
from charlton_intranet.oversight.web import blueprint as oversight_pages
from charlton_intranet.oversight.web import health
from charlton_intranet.oversight.web.calendars import blueprint as calendar_pages
from charlton_intranet.parts import Parts
from charlton_intranet.policy.web import blueprint as policy_pages
from charlton_intranet.records.web import blueprint as records_pages
from charlton_intranet.reviews.web import blueprint as reviews_pages
from charlton_intranet.settings import Settings, load
from charlton_intranet.sites.web import blueprint as sites_pages
from charlton_intranet.sites.web.guideline import blueprint as guideline_page
from charlton_intranet.web import failures, filters, guard, headers, navigation, sessions
from charlton_intranet.web.context import EXTENSION

__version__ = "0.1.0"

BLUEPRINTS = (
    accounts_pages,
    sites_pages,
    guideline_page,
    access_pages,
    grants_pages,
    evidence_pages,
    moderation_pages,
    contributors_pages,
    policy_pages,
    reviews_pages,
    incidents_pages,
    records_pages,
    oversight_pages,
    calendar_pages,
    health,
)


def create_app(settings: Settings | None = None, *, parts: Parts | None = None) -> Flask:
    """Put the parts together. Without ``settings`` they are read from the instance folder."""
    parts = parts or assemble(settings or load())
    settings = parts.settings
    app = Flask(__name__, template_folder=str(folder("templates")), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-sid" if settings.secure else "sid",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1_000_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=[settings.host, "localhost", "127.0.0.1"] if not settings.secure else [settings.host],
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = parts
    app.extensions["htmx"] = HTMX(app)
    _hold_connection(app)  # first: even the refusal of a forged form asks who is signed in
    CSRFProtect(app)
    for piece in (sessions, guard, failures, filters, navigation):
        piece.install(app)
    app.after_request(headers.clear_at_sign_out)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=1)  # type: ignore[method-assign]
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder("static")),
        prefix="static/",
        immutable_file_test=lambda _path, url: url.startswith("/static/vendor/"),
        allow_all_origins=False,
    )
    app.wsgi_app = headers.Everywhere(app.wsgi_app, secure=settings.secure)  # type: ignore[method-assign]
    return app


def _hold_connection(app: Flask) -> None:
    """One database connection a request, opened before the guard asks for the session."""

    def open_connection() -> None:
        g.held_connection = database.connection()
        g.held_connection.__enter__()

    def close_connection(_error: BaseException | None) -> None:
        held = g.pop("held_connection", None)
        if held is not None:
            held.__exit__(None, None, None)

    app.before_request(open_connection)
    app.teardown_request(close_connection)
