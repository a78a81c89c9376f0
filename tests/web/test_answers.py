"""How answers are made: page or part, after a post, and the words of dates and figures."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup

from charlton_intranet.accounts.forms import InviteForm
from charlton_intranet.core.errors import Invalid
from charlton_intranet.web import filters
from charlton_intranet.web.forms import stripped
from charlton_intranet.web.guard import own_path
from charlton_intranet.web.responding import done, go
from tests.conftest import Town


def html(browser: Any, **headers: str) -> str:
    return str(browser.get("/people", headers={name.replace("_", "-"): value for name, value in headers.items()}).data)


def test_htmx_gets_the_part_and_everybody_else_the_page(town: Town) -> None:
    browser = town.client("it")
    assert "<html" in html(browser)
    assert "<html" not in html(browser, HX_Request="true")
    assert "<html" in html(browser, HX_Request="true", HX_Boosted="true")
    assert "<html" in html(browser, HX_Request="true", HX_History_Restore_Request="true")
    for headers in ({}, {"HX-Request": "true"}):
        assert "HX-Request" in browser.get("/people", headers=headers).headers["Vary"]


def test_after_a_post_a_browser_is_sent_on(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        plain = done("/people", "Saved.")
    assert (plain.status_code, plain.location) == (303, "/people")


def test_htmx_leaves_the_page_only_where_it_must(app: Flask) -> None:
    with app.test_request_context("/", method="POST", headers={"HX-Request": "true"}):
        part = go("/people", "Saved.")
    with app.test_request_context("/", method="POST"):
        plain = go("/people", "Saved.")
    assert (part.status_code, part.headers["HX-Redirect"]) == (200, "/people")
    assert (plain.status_code, plain.location) == (303, "/people")


def test_a_message_is_said_once_and_as_text(town: Town) -> None:
    browser = town.client("it")
    with browser.session_transaction() as session:
        session["_flashes"] = [("success", "Saved <b>it</b>.")]
    part = browser.part("/people").get_data(as_text=True)
    assert "Saved &lt;b&gt;it&lt;/b&gt;." in part
    assert 'hx-swap-oob="innerHTML"' in part
    assert "Saved" not in browser.get("/people").get_data(as_text=True)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/reviews?site=1#x", "/reviews?site=1#x"),
        (None, "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("https:/evil.example", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
    ],
)
def test_only_own_paths_are_followed(target: str | None, path: str) -> None:
    assert own_path(target) == path


def test_a_moment_is_shown_in_town_time_with_the_exact_one_beside_it() -> None:
    shown = filters.moment(datetime(2026, 11, 1, 5, 30, 15, tzinfo=UTC))
    assert isinstance(shown, Markup)
    assert 'datetime="2026-11-01T01:30:15-04:00"' in shown
    assert 'title="2026-11-01 01:30:15 EDT"' in shown
    assert ">Sun, Nov 1, 2026, 1:30 AM</time>" in shown
    assert filters.moment(None) == "—"


def test_days_counts_sizes_and_clauses() -> None:
    assert filters.day(date(2026, 11, 3)) == "Tue, Nov 3, 2026"
    assert filters.day(None) == "—"
    assert [filters.count(n, "case") for n in (0, 1, 1234)] == ["0 cases", "1 case", "1,234 cases"]
    assert filters.count(2, "reply", "replies") == "2 replies"
    sizes = [filters.file_size(n) for n in (0, 999, 1000, 20_000_000, 3_000_000_000)]
    assert sizes == ["0 bytes", "999 bytes", "1.0 KB", "20.0 MB", "3.0 GB"]
    assert 'href="/policy#clause-3.6-1"' in filters.clause_link("3.6-1")
    assert "<script>" not in filters.clause_link('"><script>')


def test_white_space_around_is_not_what_somebody_meant() -> None:
    assert stripped("  a b ") == "a b"
    assert stripped(None) is None


def test_a_refusal_stands_beside_the_fields_it_names(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={}):
        form = InviteForm({}, "None")
        form.refuse(Invalid({"email": "Taken.", "person": "Closed."}))
        assert list(form.email.errors) == ["Taken."]
        assert form.form_errors == ["Closed."]
