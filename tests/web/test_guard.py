"""The guard, over every route there is."""

import re

import pytest
from flask import Flask

from charlton_intranet import create_app
from charlton_intranet.web import guard
from tests.conftest import Town
from tests.page_checks import PageClient

# Everything else asks who you are. A new line here is a decision.
PUBLIC = {
    "/sign-in",
    "/forgot",
    "/welcome/<token>",
    "/healthz",
    "/guideline",
    "/unsubscribe/<token>",
    "/calendar/<token>.ics",
}


def some_url(rule: str) -> str:
    """An address the rule matches: 1 for a number, x for anything else."""
    return re.sub(r"<(?:(\w+)[^<>]*:)?\w+>", lambda m: "1" if m[1] == "int" else "x", rule)


def routes(app: Flask) -> list[tuple[str, str]]:
    """Every (method, rule) of the app but the automatic ones."""
    return [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if method != "OPTIONS"
    ]


def test_every_view_says_who_may_call_it(app: Flask) -> None:
    marks = {rule.rule: guard.access_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}
    assert [rule for rule, mark in marks.items() if mark is None] == []
    assert {rule for rule, mark in marks.items() if mark and mark.permission is None} == PUBLIC


def test_nobody_gets_in_without_signing_in(town: Town) -> None:
    browser = town.client()
    token = browser.token()
    refused = 0
    for method, rule in routes(town.app):
        if rule in PUBLIC:
            continue
        url = some_url(rule)
        if method == "GET":
            answer = browser.get(url)
            assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), url
            part = browser.part(url)
            assert (part.status_code, part.headers["HX-Reswap"]) == (401, "none"), url
        else:
            data = {"csrf_token": token} if method != "HEAD" else {}
            assert browser.open(url, method=method, data=data).status_code == 401, f"{method} {url}"
        refused += 1
    assert refused > 20


def test_no_form_is_taken_without_its_token(town: Town) -> None:
    browser = town.client("administrator")
    posts = [some_url(rule) for method, rule in routes(town.app) if method in {"POST", "PUT", "PATCH", "DELETE"}]
    assert posts
    for url in posts:
        answer = browser.post(url, data={"name": "x"})
        assert answer.status_code == 400, url
        assert "reload the page" in answer.get_data(as_text=True)
        other = browser.post(url, data={"csrf_token": town.client().token()})
        assert other.status_code == 400, f"{url} took another session's token"


def test_a_form_whose_sign_in_ended_in_another_tab_keeps_its_text(town: Town) -> None:
    typed = {"name": "Zoe <b>Brown</b>", "email": "zoe@charlton.example", "csrf_token": "of another session"}
    gone = town.client().post("/people/invite", data=typed)
    assert gone.status_code == 401
    assert "Zoe &lt;b&gt;Brown&lt;/b&gt;" in gone.get_data(as_text=True)
    assert 'href="/sign-in?next=' in gone.get_data(as_text=True)
    renewed = town.client("administrator").post("/people/invite", data=typed)
    assert renewed.status_code == 400
    assert "Zoe &lt;b&gt;Brown&lt;/b&gt;" in renewed.get_data(as_text=True)
    at_the_door = town.client().post("/sign-in", data={"password": "secret words"})
    assert at_the_door.status_code == 400
    assert "secret words" not in at_the_door.get_data(as_text=True)


@pytest.mark.parametrize("box", [None, "administrator", "it", "employee"])
def test_a_view_that_nobody_marked_answers_403_to_everybody(town: Town, box: str | None) -> None:
    app = create_app(parts=town.parts)
    app.test_client_class = PageClient
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = Town(town.parts, town.clock, app).client(box).get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.get_data(as_text=True)
    assert "This page is not open to anybody yet." in answer.get_data(as_text=True)


def test_the_wrong_method_says_which_are_right(town: Town) -> None:
    answer = town.client("it").get("/sign-out")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_a_foreign_host_is_turned_away(town: Town) -> None:
    assert town.client().get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("referrer", "target"),
    [
        ("http://127.0.0.1:8000/people?q=anna", "%2Fpeople%3Fq%3Danna"),
        ("https://evil.example//evil.example", "%2F"),
        ("", "%2F"),
    ],
)
def test_a_late_form_leads_back_to_its_own_page_only(town: Town, referrer: str, target: str) -> None:
    browser = town.client()
    answer = browser.submit("/people/invite", headers={"Referer": referrer})
    assert f'href="/sign-in?next={target}"' in answer.get_data(as_text=True)
