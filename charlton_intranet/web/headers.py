"""Security headers on every answer, errors and files included (OWASP ASVS 5.0 chapter 3)."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, request

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


_Start = Callable[..., Any]


class Everywhere:
    """Around the whole app, so that no answer leaves without them: also not whitenoise's 304, 405 and 416."""

    def __init__(self, app: Callable[..., Iterable[bytes]], *, secure: bool) -> None:
        self.app = app
        self.standard = {"Content-Security-Policy": POLICY, **BASE, "Cache-Control": "no-store"}
        if secure:
            self.standard["Strict-Transport-Security"] = HSTS

    def __call__(self, environ: dict[str, Any], start_response: _Start) -> Iterable[bytes]:
        """Add what the answer does not set itself."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            given = {name.lower() for name, _value in headers}
            missing = [(name, value) for name, value in self.standard.items() if name.lower() not in given]
            return start_response(status, headers + missing, *more)

        return self.app(environ, start)


def clear_at_sign_out(answer: Response) -> Response:
    """Have the browser forget what it kept of the session that ends."""
    if request.endpoint == "accounts.sign_out":
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
