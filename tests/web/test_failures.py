"""Every failure is a page: what happened, what was kept, what to do."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import peewee
import pytest
from flask import Flask, abort, request

from charlton_intranet import create_app
from charlton_intranet.core import errors
from charlton_intranet.web import guard
from tests.conftest import Town
from tests.page_checks import PageClient


def raising(failure: Callable[[], Exception]) -> Callable[[], NoReturn]:
    def view() -> NoReturn:
        raise failure()

    return view


def posting() -> str:
    return str(len(request.form))


FAILURES: dict[str, Callable[[], Exception]] = {
    "forbidden": errors.Forbidden,
    "not-found": errors.NotFound,
    "stale": errors.StaleState,
    "invalid": lambda: errors.Invalid({"day": "Choose a day."}),
    "too-many": lambda: errors.TooMany("Too many tries.", retry_after=120),
    "unavailable": lambda: errors.Unavailable("The disk is full; nothing was written."),
    "locked": lambda: peewee.OperationalError("database is locked"),
    "unstorable": lambda: peewee.DataError("NUL"),
    "overflow": lambda: OverflowError("Python int too large"),
    "crash": lambda: RuntimeError("secret detail"),
}


def broken(town: Town) -> Town:
    """The app with views that fail in every way there is."""
    app: Flask = create_app(parts=replace(town.parts, settings=replace(town.parts.settings, max_upload_mb=1)))
    app.test_client_class = PageClient
    for name, failure in FAILURES.items():
        app.add_url_rule(f"/break/{name}", name, guard.public(raising(failure)), methods=["GET", "POST"])
    app.add_url_rule("/break/teapot", "teapot", guard.public(lambda: abort(418)))
    app.add_url_rule("/break/gateway", "gateway", guard.public(lambda: abort(502)))
    app.add_url_rule("/break/posting", "posting", guard.public(posting), methods=["POST"])
    return Town(town.parts, town.clock, app)


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("/break/forbidden", 403, "Your role does not allow this."),
        ("/break/not-found", 404, "There is no such record, or it is not yours to see."),
        ("/nowhere", 404, "There is nothing here"),
        ("/break/stale", 409, "Nothing of yours was saved."),
        ("/break/invalid", 422, "Choose a day."),
        ("/break/unstorable", 422, "too long, or holds a character that is not text"),
        ("/break/overflow", 404, "There is nothing here"),
        ("/break/too-many", 429, "Too many tries."),
        ("/break/unavailable", 503, "The disk is full; nothing was written."),
        ("/break/locked", 503, "busy for a moment"),
        ("/break/crash", 500, "Something went wrong on our side"),
        ("/break/teapot", 418, "Nothing was changed."),
        ("/break/gateway", 502, "Something went wrong on our side"),
        ("/sign-out", 405, "Nothing was changed."),
    ],
)
@pytest.mark.parametrize("box", [None, "employee"])
def test_each_failure_has_its_page(town: Town, url: str, status: int, says: str, box: str | None) -> None:
    answer = broken(town).client(box).get(url)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert says in page
    assert "data-error" in page
    assert 'href="/"' in page
    assert "secret detail" not in page
    assert "Traceback" not in page


def test_every_page_of_an_error_has_a_title_of_its_own(town: Town) -> None:
    browser = broken(town).client()
    urls = ("forbidden", "not-found", "stale", "invalid", "too-many", "unavailable", "crash")
    titles = {
        browser.get(f"/break/{url}").get_data(as_text=True).split("<title>")[1].split("</title>")[0] for url in urls
    }
    assert len(titles) == len(urls)


def test_an_htmx_part_is_not_replaced_by_an_error_page(town: Town) -> None:
    answer = broken(town).client().part("/break/forbidden")
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (403, "none")
    assert "data-error" in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["stale", "invalid"])
def test_what_was_typed_is_shown_again_without_secrets(town: Town, name: str) -> None:
    typed = {"reason": "A long <b>answer</b>", "password": "hush-hush", "version": "3", "empty": " "}
    page = broken(town).client().submit(f"/break/{name}", typed).get_data(as_text=True)
    assert "A long &lt;b&gt;answer&lt;/b&gt;" in page
    assert "hush-hush" not in page
    assert "Version" not in page


def test_when_to_come_back(town: Town) -> None:
    browser = broken(town).client()
    assert browser.get("/break/too-many").headers["Retry-After"] == "120"
    assert browser.get("/break/locked").headers["Retry-After"] == "30"


def test_a_crash_is_logged_under_the_number_on_the_page(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        page = broken(town).client().get("/break/crash").get_data(as_text=True)
    (line,) = [r for r in caplog.records if "unexpected failure" in r.getMessage()]
    reference = line.getMessage().split()[2]
    assert reference in page
    assert line.exc_info is not None
    assert "secret detail" in str(line.exc_info[1])


def test_too_big_an_upload_says_how_big_it_may_be(town: Town) -> None:
    browser = broken(town).client()
    data: dict[str, Any] = {"text": "x" * 1_100_000}
    answer = browser.submit("/break/posting", data)
    assert answer.status_code == 413
    assert "1 MB" in answer.get_data(as_text=True)


def test_too_many_fields_are_refused(town: Town) -> None:
    answer = (
        broken(town)
        .client()
        .submit("/break/posting", {f"f{n}": "x" for n in range(300)}, content_type="multipart/form-data")
    )
    assert answer.status_code == 413
