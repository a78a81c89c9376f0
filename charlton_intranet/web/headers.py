"""Security headers on every answer, errors and files included (OWASP ASVS 5.0 chapter 3)."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
# Same-origin, not no-referrer: Flask-WTF compares the referrer on every post over TLS.
BASE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer", "autoplay", "camera", "clipboard-read", "display-capture", "encrypted-media",
            "fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment",
            "publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking",
        )
    ),
}  # fmt: skip
HSTS = "max-age=63072000; includeSubDomains"


def for_file(*, secure: bool) -> Callable[[Any, str, str], None]:
    """The function whitenoise calls for each static file."""

    def add(headers: Any, _path: str, _url: str) -> None:
        headers.add_header("Content-Security-Policy", POLICY)
        for name, value in BASE.items():
            headers.add_header(name, value)
        if secure:
            headers.add_header("Strict-Transport-Security", HSTS)

    return add


def install(app: Flask, *, secure: bool) -> None:
    """Add the headers to every answer that does not set its own."""

    def add(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        for name, value in BASE.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Cache-Control", "no-store")
        if secure:
            answer.headers.setdefault("Strict-Transport-Security", HSTS)
        if request.endpoint == "accounts.sign_out":
            answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    app.after_request(add)
