"""The exact headers of every kind of answer (OWASP ASVS 5.0, chapter 3)."""

from dataclasses import replace
from typing import Any

import pytest

from charlton_intranet import create_app
from charlton_intranet.web.assets import asset
from tests.conftest import Town
from tests.page_checks import PageClient

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
EXACT = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), display-capture=(), encrypted-media=(), "
        "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
        "publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
    ),
}
HSTS = "max-age=63072000; includeSubDomains"


def security(answer: Any) -> dict[str, str]:
    return {name: answer.headers.get(name) for name in EXACT}


def secure_client(town: Town) -> Any:
    settings = replace(town.parts.settings, base_url="https://social.charlton.example")
    app = create_app(parts=replace(town.parts, settings=settings))
    app.test_client_class = PageClient
    return app.test_client()


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "/sign-in", 200),
        ("GET", "/people", 303),
        ("GET", "/nowhere", 404),
        ("GET", "/sign-out", 405),
        ("POST", "/sign-in", 400),
        ("POST", "/people/invite", 401),
    ],
)
def test_every_answer_carries_them(town: Town, method: str, url: str, status: int) -> None:
    answer = town.client().open(url, method=method)
    assert answer.status_code == status
    assert security(answer) == EXACT
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer.headers
    assert "Server" not in answer.headers


def test_a_file_carries_them_too_and_may_be_kept_when_its_name_has_its_digest(town: Town) -> None:
    own = town.client().get(asset("css/app.css"), buffered=True)
    vendor = town.client().get(asset("htmx.js"), buffered=True)
    for answer in (own, vendor):
        assert answer.status_code == 200
        assert security(answer) == EXACT
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert "immutable" in vendor.headers["Cache-Control"]
    assert "immutable" not in own.headers["Cache-Control"]
    missing = town.client().get("/static/nothing.css")
    assert (missing.status_code, security(missing)) == (404, EXACT)


@pytest.mark.parametrize(
    ("method", "given", "status"),
    [
        ("POST", {}, 405),
        ("GET", {"If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"}, 304),
        ("GET", {"Range": "bytes=99999999-"}, 416),
    ],
)
def test_what_the_server_of_files_answers_by_itself_carries_them(
    town: Town, method: str, given: dict[str, str], status: int
) -> None:
    answer = town.client().open("/static/js/app.js", method=method, headers=given, buffered=True)
    assert answer.status_code == status
    assert security(answer) == EXACT
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("url", ["/static/../pyproject.toml", "/static/%2e%2e/pyproject.toml", "/static//etc/passwd"])
def test_no_file_outside_the_folder_is_served(town: Town, url: str) -> None:
    answer = town.client().get(url, follow_redirects=True)
    assert answer.status_code == 404
    assert "root:" not in answer.get_data(as_text=True)


def test_over_tls_browsers_are_told_to_stay_there(town: Town) -> None:
    browser = secure_client(town)
    base = "https://social.charlton.example"
    cookie = browser.get("/sign-in", base_url=base).headers["Set-Cookie"]
    for url in ("/sign-in", "/nowhere", asset("htmx.js")):
        answer = browser.get(url, base_url=base, buffered=True)
        assert answer.headers["Strict-Transport-Security"] == HSTS
    assert cookie.startswith("__Host-sid=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_over_tls_only_the_configured_host_is_answered(town: Town) -> None:
    assert secure_client(town).get("/sign-in", base_url="https://localhost").status_code == 400
