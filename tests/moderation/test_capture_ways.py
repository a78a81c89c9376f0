"""The ways to the capture form: bookmarklet, sign-in in between, and what the link tells before a press."""

import io
import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import pytest

from charlton_intranet.demo.cast import DOMAIN, PASSWORD
from charlton_intranet.evidence.models import Piece, PieceKind
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Case, CaseContext
from charlton_intranet.moderation.web.bookmarklet import bookmarklet
from charlton_intranet.sites.models import Site
from tests.conftest import Town
from tests.moderation import factories

PAGE = "/triage/capture/bookmarklet"


@pytest.fixture
def library(town: Town) -> Site:
    return factories.site(town)


def text_of(town: Town, path: str, box: str = "coordinator.library") -> str:
    answer = town.client(box).get(path)
    assert answer.status_code == 200
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def test_the_bookmarklet_leads_to_this_towns_form_and_writes_nothing(town: Town) -> None:
    page = text_of(town, PAGE, "user.library")
    script = re.search(r"(javascript:\S+)</textarea>", page)
    assert script
    body = unquote(script[1])
    assert f'open("{town.parts.settings.base_url}/triage/capture"+"?"' in body
    for doing in ("fetch", "XMLHttpRequest", "createElement", "submit", "cookie", "import("):
        assert doing not in body
    assert not Case.select().exists()


def test_no_address_breaks_out_of_the_bookmarklet() -> None:
    body = unquote(bookmarklet('https://x.example/"-alert(1)-"'))
    assert 'open("https://x.example/\\"-alert(1)-\\""+' in body


@pytest.mark.parametrize("box", ["auditor", "records"])
def test_who_may_not_capture_does_not_get_it(town: Town, box: str) -> None:
    assert town.client(box).get(PAGE).status_code == 403
    assert town.client("coordinator.library").post(PAGE).status_code == 405


def test_what_the_bookmarklet_brings_is_in_the_form_and_stays_text(town: Town, library: Site) -> None:
    link = f"{library.address}/posts/1"
    page = (
        town.client("user.library")
        .get(
            "/triage/capture",
            query_string={"link": link, "title": "<b>Library</b> | Facebook", "text": "x" * 20_000, "cut": "1"},
        )
        .get_data(as_text=True)
    )
    assert "&lt;b&gt;Library&lt;/b&gt; | Facebook" in page
    assert "x" * 10_000 in page
    assert "x" * 10_001 not in page
    assert "Not all of the words came along" in page
    assert page.index('id="context_title"') < page.index('<details class="answers">'), "to be seen at once"
    assert not Case.select().exists()


def test_signed_out_everything_comes_back_after_the_sign_in(town: Town, library: Site) -> None:
    browser = town.client()
    words = "Ünd so & weiter?\nSecond line = 100 %"
    asked = "/triage/capture?" + urlencode({"link": f"{library.address}/posts/1", "title": "T", "text": words})
    to = browser.get(asked)
    assert to.status_code == 303
    sign_in = browser.get(to.location)
    action = unescape(re.findall(r'action="(/sign-in[^"]*)"', sign_in.get_data(as_text=True))[0])
    back = browser.submit(action, {"email": f"user.library@{DOMAIN}", "password": PASSWORD})
    assert back.location == asked
    page = unescape(browser.get(back.location).get_data(as_text=True)).replace("\r\n", "\n")
    assert words in page


def test_the_title_and_the_post_replied_to_are_kept_with_the_case(town: Town, library: Site) -> None:
    town.client("user.library").submit(
        "/triage/capture",
        {
            "permalink": f"{library.address}/posts/1", "site_id": "0", "text": "Again?!", "author_kind": "public",
            "context_title": "Library | Facebook", "context_text": "Closed on Friday", "context_handle": "Library",
        },
    )  # fmt: skip
    kept = CaseContext.get(CaseContext.case == Case.get().id)
    assert (kept.title, kept.text, kept.handle) == ("Library | Facebook", "Closed on Friday", "Library")


def test_what_does_not_fit_comes_back_beside_its_field(town: Town, library: Site) -> None:
    answer = town.client("coordinator.library").submit(
        "/triage/capture",
        {
            "site_id": str(library.id), "text": "Words", "author_kind": "public", "context_title": "t" * 301,
            "context_text": "What it answers",
        },
    )  # fmt: skip
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="context_title-error"' in page
    assert "What it answers" in page
    assert '<details class="answers" open>' in page


def recognised(town: Town, link: str, box: str = "coordinator.library", site_id: int = 0) -> str:
    part = town.client(box).part("/triage/capture/site", query_string={"permalink": link, "site_id": site_id})
    return " ".join(part.get_data(as_text=True).split())


def test_a_post_that_is_a_case_already_is_named_before_the_press(town: Town, library: Site) -> None:
    link = f"{library.address}/posts/1"
    assert "already" not in recognised(town, link)
    case = factories.case(town, permalink=link)
    told = recognised(town, link + "?utm_source=x")
    assert f'<a href="/triage/{case.id}">case {case.id}</a> already, “Open”' in told
    assert "What you capture goes to that case" in told
    service.dismiss(town.actor("coordinator.library"), case.id, case.version, clock=town.clock)
    told = recognised(town, link)
    assert "“No concern”" in told
    assert "Capturing it opens the case again" in told
    assert f"case {case.id}</a> already" in text_of(town, f"/triage/capture?link={quote(link)}")


def test_who_reads_no_cases_hears_the_number_and_not_the_state(town: Town, library: Site) -> None:
    link = f"{library.address}/posts/1"
    case = factories.case(town, permalink=link)
    told = recognised(town, link, "user.library")
    assert f"This post is case {case.id} already." in told
    assert f"/triage/{case.id}" not in told
    assert "Open”" not in told


def test_another_departments_case_is_not_told(town: Town, library: Site) -> None:
    link = f"{library.address}/posts/1"
    factories.case(town, permalink=link)
    assert "already" not in recognised(town, link, "coordinator.police")


def test_a_link_that_names_no_site_is_looked_for_on_the_chosen_one(town: Town, library: Site) -> None:
    link = "https://short.example/abc"
    case = factories.case(town, permalink=link)
    assert "already" not in recognised(town, link)
    assert f"case {case.id}</a> already" in recognised(town, link, site_id=library.id)
    assert "already" not in recognised(town, link, site_id=999_999)


def test_several_kinds_of_files_become_pieces_of_their_kind(town: Town, library: Site, shared_data: Path) -> None:
    archive = (shared_data / "warc" / "warcio" / "example.warc.gz").read_bytes()
    files = {"seen.png": factories.picture(), "again.png": factories.picture("red"), "page.warc.gz": archive}
    answer = town.client("user.library").submit(
        "/triage/capture",
        {
            "site_id": str(library.id), "text": "Words", "author_kind": "public",
            "screenshots": [(io.BytesIO(data), name) for name, data in files.items()],
        },
    )  # fmt: skip
    assert answer.status_code == 303
    pieces = {piece.file_name: (piece.kind, piece.sha256) for piece in Piece.select()}
    assert {name: kind for name, (kind, _sha256) in pieces.items()} == {
        "seen.png": PieceKind.SCREENSHOT, "again.png": PieceKind.SCREENSHOT, "page.warc.gz": PieceKind.ARCHIVE,
    }  # fmt: skip
    assert town.parts.store.get(pieces["page.warc.gz"][1]) == archive, "to the byte"


def test_one_file_that_is_none_of_them_refuses_all_and_keeps_the_words(town: Town, library: Site) -> None:
    answer = town.client("user.library").submit(
        "/triage/capture",
        {
            "site_id": str(library.id), "text": "Typed with care", "author_kind": "public",
            "screenshots": [(io.BytesIO(factories.picture()), "a.png"), (io.BytesIO(b"MZ\x90"), "b.warc")],
        },
    )  # fmt: skip
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="screenshots-error"' in page
    assert "Typed with care" in page
    assert not Piece.select().exists()
    assert not Case.select().exists()
