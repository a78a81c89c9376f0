"""The ways in, in a real browser: the bookmarklet on a stranger's page, pictures by paste and drop, and a feed."""

import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from charlton_intranet.demo import cast
from charlton_intranet.evidence.models import Piece
from charlton_intranet.moderation.jobs import run_imports
from charlton_intranet.moderation.models import Case, CasePiece
from charlton_intranet.moderation.queries import context_of
from charlton_intranet.moderation.rules import Source
from charlton_intranet.reviews.models import Review, ReviewCase
from charlton_intranet.reviews.rules import Result
from charlton_intranet.sites.models import Site
from tests.browser.conftest import Live, Visitor
from tests.browser.test_moderation import check

pytestmark = pytest.mark.browser

# As strict as a page can be: no script, no request, no form, no frame.
STRICT = (
    "default-src 'none'; script-src 'none'; connect-src 'none'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)
POST = """<!doctype html><html lang="en"><title>River “Walker” & Co | Network</title>
<p id="words">Meet me at the dam &amp; bring “matches” — 100 % fun.</p><p>Something else.</p></html>"""
ATTACK = """<!doctype html><html lang="en"><title>Prize</title>
<form method="post" action="{target}"><input name="site_id" value="{site}"><input name="text" value="planted">
<input name="author_kind" value="public"></form></html>"""
SELECT = "getSelection().selectAllChildren(document.getElementById('words'))"
# Makes pictures in the page and hands them over as the clipboard, or somebody's hand, would.
HAND_OVER = """async ([kind, names]) => {
    const data = new DataTransfer();
    for (const [index, name] of names.entries()) {
        const canvas = new OffscreenCanvas(30 + index, 20);
        canvas.getContext("2d").fillRect(2, 2, 10, 10);
        data.items.add(new File([await canvas.convertToBlob()], name, {type: "image/png"}));
    }
    const how = {bubbles: true, cancelable: true};
    if (kind === "paste") {
        document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, ...how}));
    } else {
        const well = document.querySelector(".file-well");
        well.dispatchEvent(new DragEvent("dragover", {dataTransfer: data, ...how}));
        well.dispatchEvent(new DragEvent("drop", {dataTransfer: data, ...how}));
    }
}"""


@dataclass
class Elsewhere:
    """Another site of the web, on another port of this machine; ``pages`` are its pages with their headers."""

    port: int
    pages: dict[str, tuple[str, dict[str, str]]]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    pages: dict[str, tuple[str, dict[str, str]]] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html, headers = pages.get(self.path.partition("?")[0], ("", {}))
            self.send_response(200)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Elsewhere(server.server_port, pages)
    server.shutdown()
    server.server_close()


def bookmark(page: Page, live: Live) -> str:
    """What the bookmark of the page runs, leading to the server of the test."""
    page.goto("/triage/capture/bookmarklet")
    text = page.get_by_label("Text of the bookmark").input_value()
    assert page.get_by_role("link", name="Capture for Charlton").get_attribute("href") == text
    script = unquote(text.removeprefix("javascript:"))
    return script.replace(f'"{live.parts.settings.base_url}/triage', f'"{live.url}/triage')


def press(page: Page, script: str) -> Page:
    """Press the bookmark on the open page; returns the tab that opens."""
    with page.context.expect_page() as opened:
        page.evaluate(script)
    opened.value.wait_for_load_state()
    return opened.value


def test_the_bookmark_works_from_a_page_with_the_strictest_policy(
    visit: Visitor, live: Live, elsewhere: Elsewhere
) -> None:
    elsewhere.pages["/CharltonPublicLibrary/posts/1"] = (POST, {"Content-Security-Policy": STRICT})
    page = visit("user.library", "/")
    script = bookmark(page, live)
    before = Case.select().count()
    page.goto(elsewhere.url("/CharltonPublicLibrary/posts/1?a=1&b=%C3%BC"))
    page.evaluate(SELECT)
    form = press(page, script)
    expect(form.get_by_label("Link to the post")).to_have_value(
        elsewhere.url("/CharltonPublicLibrary/posts/1?a=1&b=%C3%BC")
    )
    expect(form.get_by_label("What it says")).to_have_value("Meet me at the dam & bring “matches” — 100 % fun.")
    expect(form.get_by_label("Title of the page")).to_have_value("River “Walker” & Co | Network")
    assert Case.select().count() == before, "nothing is written before the press"
    form.get_by_label("Site", exact=True).select_option(index=1)
    form.get_by_role("button", name="Capture it").click()
    expect(form.get_by_text("Captured as case")).to_be_visible()
    case = Case.select().order_by(Case.id.desc()).get()
    kept = context_of(case.id)
    assert kept is not None
    assert (case.text, kept.title) == (
        "Meet me at the dam & bring “matches” — 100 % fun.", "River “Walker” & Co | Network",
    )  # fmt: skip
    assert page.url.startswith(elsewhere.url("/CharltonPublicLibrary")), "the page stays where it was"


def test_the_bookmark_hands_over_a_bounded_part_of_too_much(visit: Visitor, live: Live, elsewhere: Elsewhere) -> None:
    long = f'<!doctype html><html lang="en"><title>{"t" * 5000}</title><p id="words">{"ä😀" * 30_000}</p></html>'
    elsewhere.pages["/long"] = (long, {})
    page = visit("user.library", "/")
    script = bookmark(page, live)
    page.goto(elsewhere.url("/long?" + "x" * 3000))
    page.evaluate(SELECT)
    form = press(page, script)
    assert len(form.url) < 4_200
    expect(form.get_by_text("Not all of the words came along")).to_be_visible()
    expect(form.get_by_label("Link to the post")).to_have_value(elsewhere.url("/long"))
    words = form.get_by_label("What it says").input_value()
    assert re.fullmatch("(ä😀){50,}ä?", words), "cut between two characters"


def test_signed_out_the_bookmark_asks_for_the_sign_in_and_keeps_everything(
    visit: Visitor, live: Live, elsewhere: Elsewhere
) -> None:
    elsewhere.pages["/post"] = (POST, {"Content-Security-Policy": STRICT})
    script = bookmark(visit("user.library", "/"), live)
    page = visit(None, "/sign-in")
    page.goto(elsewhere.url("/post"))
    page.evaluate(SELECT)
    form = press(page, script)
    form.get_by_label("Official email address").fill(f"user.library@{cast.DOMAIN}")
    form.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    form.get_by_role("button", name="Sign in").click()
    expect(form.get_by_label("What it says")).to_have_value("Meet me at the dam & bring “matches” — 100 % fun.")
    expect(form.get_by_label("Link to the post")).to_have_value(elsewhere.url("/post"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same-site", "another-site"])
def test_a_form_elsewhere_posts_no_capture(
    visit: Visitor, live: Live, elsewhere: Elsewhere, chromium: Browser, host: str
) -> None:
    signed_in = visit("coordinator.library", "/")
    site = Site.get(Site.title == "Charlton Public Library")
    elsewhere.pages["/prize"] = (ATTACK.format(target=f"{live.url}/triage/capture", site=site.id), {})
    # A context of its own: what the browser says about the refusal is no fault of ours.
    context = chromium.new_context(storage_state=signed_in.context.storage_state())
    page = context.new_page()
    page.goto(f"{live.url}/triage/capture")
    expect(page.get_by_label("What it says")).to_be_visible()
    page.goto(elsewhere.url("/prize", host))
    with page.expect_navigation() as answered:
        page.evaluate("document.forms[0].submit()")
    assert answered.value is not None
    assert answered.value.status >= 400
    context.close()
    assert not Case.select().where(Case.text == "planted").exists()


def test_the_bookmark_can_be_had_with_the_keyboard_alone(visit: Visitor) -> None:
    page = visit("user.library", "/triage/capture/bookmarklet")
    page.context.grant_permissions(["clipboard-write", "clipboard-read"])
    link = page.get_by_role("link", name="Capture for Charlton")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("It works from there")).to_be_visible()
    assert page.url.endswith("/bookmarklet"), "pressed on our own page it does nothing else"
    page.get_by_role("button", name="Copy the text").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Copied.")).to_be_visible()


def test_without_javascript_the_text_is_there(visit: Visitor) -> None:
    page = visit("user.library", "/triage/capture/bookmarklet", javascript=False)
    expect(page.get_by_label("Text of the bookmark")).to_have_value(re.compile("^javascript:"))
    expect(page.get_by_role("link", name="Capture for Charlton")).to_have_count(0)
    page.goto("/triage/capture?text=Typed&title=Page")
    expect(page.get_by_label("What it says")).to_have_value("Typed")


def test_several_pictures_in_one_paste_and_one_drop(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage/capture")
    page.get_by_label("Site", exact=True).select_option(index=1)
    page.get_by_label("What it says").fill("Four pictures of it")
    page.evaluate(HAND_OVER, ["paste", ["image.png", "second.png"]])
    expect(page.locator("[data-attached] li")).to_have_count(2)
    page.evaluate(HAND_OVER, ["drop", ["third.png", "fourth.png"]])
    attached = page.locator("[data-attached] li")
    expect(attached).to_have_count(4)
    expect(page.locator("[data-attached-status]")).to_contain_text("third.png attached. fourth.png attached.")
    page.get_by_role("button", name="Remove second.png").click()
    expect(attached).to_have_count(3)
    page.get_by_role("button", name="Capture it").click()
    page.wait_for_url(re.compile(r"/triage/\d+"))
    case_id = int(page.url.rpartition("/")[2])
    pieces = Piece.select().join(CasePiece).where(CasePiece.case == case_id).order_by(Piece.id)
    names = [piece.file_name for piece in pieces]
    assert len(names) == 3
    assert names[1:] == ["third.png", "fourth.png"]
    expect(page.locator(".thumbs img")).to_have_count(3)


def test_a_known_post_is_named_while_the_form_is_filled(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage/capture")
    case = Case.select().where(Case.permalink.endswith("/posts/hours?comment_id=611")).get()
    page.get_by_label("Link to the post").fill(case.permalink)
    page.get_by_label("Link to the post").blur()
    expect(page.locator("#recognized")).to_contain_text(f"This post is case {case.id} already, “Open”")
    page.get_by_label("Site", exact=True).select_option(label="Library in Pictures (Instagram)")
    expect(page.locator("#recognized")).not_to_contain_text("already")


def test_a_feed_goes_in_by_the_page(visit: Visitor, live: Live) -> None:
    lines = [json.dumps({"version": 1, "id": f"x{n}", "text": f"Comment {n}"}) for n in range(30)]
    page = visit("coordinator.library", "/triage/import")
    page.get_by_label("Site the comments were made on").select_option(index=1)
    page.get_by_label("File of comments").set_input_files(
        FilePayload(
            name="feed.jsonl", mimeType="application/octet-stream", buffer="\n".join([*lines, '{"version":2}']).encode()
        )
    )
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    run_imports(live.parts)
    expect(page.get_by_role("heading", name="The import is done")).to_be_visible()
    expect(page.locator(".figures")).to_contain_text("30 new cases")
    expect(page.get_by_role("table", name="Rows that did not go in")).to_contain_text("“version” must be 1")
    assert Case.select().where((Case.source == Source.FEED) & Case.text.startswith("Comment ")).count() == 30


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_from_a_review_to_its_case_and_back(visit: Visitor, *, javascript: bool) -> None:
    review = ReviewCase.select().order_by(ReviewCase.id).get().review
    page = visit("coordinator.library", f"/reviews/sites/{review.site_id}", javascript=javascript)
    page.get_by_role("link", name="Open a case from this review").first.click()
    page.get_by_label("What it says").fill("Another one of the kind")
    page.get_by_role("button", name="Capture it").click()
    expect(page.get_by_text("Found in the review of")).to_be_visible()
    page.get_by_role("link", name=re.compile("^the review of")).click()
    case = Case.select().order_by(Case.id.desc()).get()
    expect(page.get_by_role("link", name=f"Case {case.id}", exact=True)).to_be_visible()


def test_the_ways_in_are_accessible_and_fit_a_phone(visit: Visitor, axe: Callable[[Page], list[str]]) -> None:
    page = visit("coordinator.library", "/")
    reply = Case.select().where(Case.permalink.endswith("/posts/hours?comment_id=611")).get()
    staff = Case.select().where(Case.text == "We hear you, Walt.").get()
    review = Review.select().where(Review.result == Result.FINDINGS).order_by(Review.id.desc())
    found = next(one for one in review if one.site.department_id == reply.department_id)
    for path in (
        "/triage/capture/bookmarklet",
        f"/triage/capture?title=Page&text=Words&cut=1&link={reply.permalink}",
        "/triage/import",
        f"/triage/{reply.id}",
        f"/triage/{staff.id}",
        f"/triage?state=open&case={reply.id}",
        f"/reviews/{found.id}/case",
        f"/reviews/sites/{found.site_id}",
    ):
        check(page, path, axe)
