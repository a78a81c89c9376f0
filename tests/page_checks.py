"""A test client that reads every page it opens as a careful visitor would."""

import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
FORBIDDEN = re.compile(r"^(on\w+|hx-on.*|style|srcdoc)$")


class Page(HTMLParser):
    """The outline of a page: headings, ids, labels, fields, forms."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.titles = 0
        self.headings = 0
        self.label_for: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.posts: list[bool] = []
        self.faults: list[str] = []
        self._label_depth = 0
        self._svg_depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if "id" in given:
            self.ids.append(given["id"])
        self.headings += tag == "h1"
        self._svg_depth += tag == "svg"
        self.titles += tag == "title" and not self._svg_depth
        self.faults += [f"{name} on <{tag}>" for name in given if FORBIDDEN.match(name)]
        if any(value.strip().lower().startswith("javascript:") for value in given.values()):
            self.faults.append(f"javascript: on <{tag}>")
        if tag == "script" and "src" not in given:
            self.faults.append("inline script")
        if tag == "style":
            self.faults.append("inline style")
        if tag == "img" and "alt" not in given:
            self.faults.append("picture without alt")
        if tag == "form":
            self.posts.append(given.get("method", "get").lower() == "post")
        if tag == "label":
            self._label_depth += 1
            self.label_for.add(given.get("for", ""))
        if tag in LABELLED and given.get("type") not in UNLABELLED_TYPES:
            self.fields.append({**given, "tag": tag, "wrapped": "yes" if self._label_depth else ""})
        if tag == "input" and given.get("name") == "csrf_token" and self.posts:
            self.posts[-1] = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label_depth -= 1
        if tag == "svg":
            self._svg_depth -= 1

    def problems(self, *, whole: bool) -> list[str]:
        """Everything a careful visitor would complain about."""
        found = list(self.faults)
        if whole and self.headings != 1:
            found.append(f"{self.headings} h1")
        if whole and self.titles != 1:
            found.append(f"{self.titles} titles")
        found += [f"id {name} twice" for name in {i for i in self.ids if self.ids.count(i) > 1}]
        found += [
            f"field {f.get('name')} without a label"
            for f in self.fields
            if not (f["wrapped"] or f.get("id") in self.label_for or "aria-label" in f or "aria-labelledby" in f)
        ]
        if any(self.posts):
            found.append("a posting form without the CSRF token")
        return found


def without_token(answer: TestResponse) -> str:
    """The body with the CSRF token blanked: it differs with the session and the second it was made in."""
    return re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", answer.get_data(as_text=True))


class PageClient(FlaskClient):
    """Checks each HTML answer; ``submit`` posts a form as the browser would, token included."""

    _token: tuple[object, str] = (None, "")

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        if answer.mimetype == "text/html" and answer.data and not answer.is_streamed:
            html = answer.get_data(as_text=True)
            problems = Page(html).problems(whole="<html" in html)
            assert not problems, f"{answer.request.path}: {problems}"
            assert "Content-Security-Policy" in answer.headers
        return answer

    def submit(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Post ``data`` with this session's CSRF token."""
        return self.post(url, data={**(data or {}), "csrf_token": self.token()}, **kwargs)

    def token(self) -> str:
        """The CSRF token of this session, read from a page once."""
        if self._token[0] is not None and self._token[0] == self._cookie():
            return self._token[1]
        page = self.get("/confirm")
        if page.status_code != 200:
            page = self.get("/sign-in")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
        assert found, "no CSRF token on the page"
        self._token = (self._cookie(), found.group(1))
        return found.group(1)

    def _cookie(self) -> str | None:
        """The cookie that carries the session, as the browser holds it."""
        cookie = self.get_cookie(str(self.application.config["SESSION_COOKIE_NAME"]))
        return cookie.value if cookie is not None else None

    def part(self, url: str, **kwargs: Any) -> TestResponse:
        """Get what htmx would get."""
        return self.get(url, headers={"HX-Request": "true"}, **kwargs)
