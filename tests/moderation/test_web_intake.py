"""Capture by hand and import of files, as a browser sends them."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playhouse.test_utils import count_queries
from werkzeug.test import TestResponse

from charlton_intranet.evidence.models import Piece
from charlton_intranet.moderation.jobs import run_imports
from charlton_intranet.moderation.models import Case, ImportRun, StaffPost
from charlton_intranet.moderation.rules import AuthorKind, CaseState, ImportState
from charlton_intranet.sites.models import Site
from tests.conftest import Town
from tests.moderation import factories
from tests.sites import factories as sites


def html(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def link(site: Site, post: str = "posts/1") -> str:
    return f"{site.address}/{post}"


def seen(site: Site, **changes: Any) -> dict[str, Any]:
    """A filled capture form."""
    return {
        "permalink": link(site), "site_id": "0", "text": "What somebody wrote", "author_kind": "public", **changes
    }  # fmt: skip


@pytest.fixture
def library(town: Town) -> Site:
    return factories.site(town)


# --- capture --------------------------------------------------------------------------------------------


def test_a_link_is_enough_to_know_the_site(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    answer = client.submit(
        "/triage/capture",
        seen(
            library, handle="@river_walker", posted_at="2026-11-20T14:30", urgent="y", author_kind="staff",
            screenshots=[(io.BytesIO(factories.picture()), "a.png"), (io.BytesIO(factories.picture("red")), "b.png")],
        ),
    )  # fmt: skip
    case = Case.get()
    assert answer.location == f"/triage/{case.id}"
    assert (case.site_id, case.urgent, case.author_kind) == (library.id, True, AuthorKind.STAFF)
    assert case.posted_at == datetime(2026, 11, 20, 19, 30, tzinfo=UTC), "typed in town time"
    assert StaffPost.get_by_id(case.id).account == "@river_walker"
    assert Piece.select().count() == 2
    assert f"Captured as case {case.id}." in html(client.get(answer.location))


def test_the_pasted_link_is_answered_at_once(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    known = client.part("/triage/capture/site", query_string={"permalink": link(library)})
    assert "Charlton Library" in html(known)
    unknown = client.part("/triage/capture/site", query_string={"permalink": "https://nowhere.example/x"})
    assert "please choose it below" in html(unknown)
    assert html(client.part("/triage/capture/site")).strip() == ""


def test_other_pages_can_fill_the_form(town: Town, library: Site) -> None:
    page = town.client("coordinator.library").get(
        "/triage/capture", query_string={"link": link(library), "text": "Chosen <words>", "site": library.id}
    )
    assert "Chosen &lt;words&gt;" in html(page)
    assert re.search(rf'<option selected value="{library.id}"', html(page))
    assert town.client("coordinator.library").get("/triage/capture?site=x").status_code == 200


def test_a_duplicate_joins_and_says_so(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    client.submit("/triage/capture", seen(library))
    answer = client.submit("/triage/capture", seen(library, permalink=link(library) + "?utm_source=x"))
    assert Case.select().count() == 1
    assert f"This post is case {Case.get().id} already" in html(client.get(answer.location))


def test_a_dismissed_duplicate_opens_again_and_says_so(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    client.submit("/triage/capture", seen(library))
    case = Case.get()
    client.submit(f"/triage/{case.id}/dismiss", {"version": case.version})
    answer = client.submit("/triage/capture", seen(library))
    assert factories.again(case).state is CaseState.OPEN
    assert "is open again" in html(client.get(answer.location))


def test_an_authorized_user_captures_and_is_thanked(town: Town, library: Site) -> None:
    client = town.client("user.library")
    answer = client.submit("/triage/capture", seen(library))
    assert answer.location == "/triage/capture"
    assert "Thank you." in html(client.get(answer.location))
    assert Case.get().seen_by_id == town.person_id("user.library")


def test_under_htmx_the_case_page_opens(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    answer = client.submit("/triage/capture", seen(library), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/triage/{Case.get().id}"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": " "}, "Copy the words in"),
        ({"text": "x" * 50_001}, "longer than 50,000"),
        ({"permalink": ""}, "Choose the site"),
        ({"permalink": "https://nowhere.example/x"}, "Choose the site"),
        ({"permalink": "x" * 1001, "site_id": "library"}, "A link has at most"),
        ({"site_id": "99999999999999"}, "valid choice"),
        ({"site_id": "x"}, "alid"),
        ({"posted_at": "yesterday"}, "alid"),
        ({"posted_at": "2099-01-01T10:00"}, "lies in the future"),
        ({"handle": "h" * 151}, "at most 150"),
        ({"author_kind": "nobody"}, "alid choice"),
        ({"screenshots": b"GIF89a"}, "is not a whole PNG"),
    ],
)
def test_what_does_not_fit_comes_back_with_the_words(
    town: Town, library: Site, changes: dict[str, Any], sentence: str
) -> None:
    if changes.get("site_id") == "library":
        changes = {**changes, "site_id": str(library.id)}
    if "screenshots" in changes:
        changes = {**changes, "screenshots": (io.BytesIO(changes["screenshots"]), "half.gif")}
    data = seen(library, handle="@kept_name") | changes
    answer = town.client("coordinator.library").submit("/triage/capture", data)
    assert answer.status_code == 422
    assert sentence in html(answer)
    if "text" not in changes:
        assert "What somebody wrote" in html(answer)
    if "handle" not in changes:
        assert "@kept_name" in html(answer)
    assert ("choose the files again" in html(answer)) == ("screenshots" in changes)
    assert Case.select().count() == 0


def test_a_link_to_another_department_names_it(town: Town, library: Site) -> None:
    factories.site(town, "Police")
    answer = town.client("coordinator.police").submit("/triage/capture", seen(library))
    assert answer.status_code == 422
    assert "another department (Library)" in html(answer)
    chosen = town.client("coordinator.police").submit("/triage/capture", seen(library, site_id=str(library.id)))
    assert chosen.status_code == 422, "the site is not among the choices"
    assert Case.select().count() == 0


@pytest.mark.parametrize(("box", "status"), [("employee", 403), ("auditor", 403), ("it", 403), ("records", 403)])
def test_who_does_not_capture_is_refused(town: Town, library: Site, box: str, status: int) -> None:
    client = town.client(box)
    assert client.get("/triage/capture").status_code == status
    assert client.submit("/triage/capture", seen(library)).status_code == status
    assert client.get("/triage/capture/site").status_code == status


# --- import ---------------------------------------------------------------------------------------------

FILE = "text,id,author\nA question about the hours.,1,@one\n,2,@two\nAnother one.,3,@three\n"


def upload(client: Any, site: Site, text: str | bytes = FILE, **changes: Any) -> TestResponse:
    """Post the import form as it is proposed."""
    data = text.encode() if isinstance(text, str) else text
    answer: TestResponse = client.submit(
        "/triage/import",
        {
            "site_id": str(site.id), "file": (io.BytesIO(data), "hours.csv"), "column_text": "text", "column_id": "id",
            "column_author": "author", "column_posted_at": "posted_at", "column_permalink": "permalink", **changes,
        },
    )  # fmt: skip
    return answer


def test_an_import_waits_runs_and_tells_what_it_refused(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    answer = upload(client, library)
    run = ImportRun.get()
    assert answer.location == f"/triage/import/{run.id}"
    waiting = html(client.get(answer.location))
    assert "Waiting for its turn" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    run_imports(town.parts)
    done = html(client.get(answer.location))
    assert "The import is done" in done
    assert "hx-trigger" not in done
    assert re.search(r"<b>2</b> new cases", done)
    assert re.search(r"<b>1</b> refused", done)
    assert re.search(r'class="num fit">3</th>', done), "rows as a spreadsheet counts them"
    assert f"/triage?state=open&amp;site={library.id}" in done
    assert "hours.csv" in html(client.get("/triage/import"))
    assert Case.select().count() == 2


def test_the_progress_bar_comes_from_the_server(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    url = upload(client, library).location
    ImportRun.update(state=ImportState.RUNNING, done=1).execute()
    part = html(client.part(url))
    assert '<progress aria-label="Reading the comments" value="1" max="3">' in part
    assert "1 of 3" in part
    assert 'hx-trigger="every 2s"' in part


def test_proposed_columns_may_be_missing_typed_ones_may_not(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    assert upload(client, library, "text\nWords alone.\n").status_code == 303
    wrong = upload(client, library, "text\nOther words.\n", column_author="writer")
    assert wrong.status_code == 422
    assert "There is no column “writer”" in html(wrong)
    assert "There is no column “posted_at”" not in html(wrong), "only what has to be mended is complained of"
    assert ImportRun.select().count() == 1


def test_an_import_does_not_choose_among_several_sites(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    assert "Choose the site" not in html(client.get("/triage/import")), "the only one is the right one"
    sites.site(town, handle="another", title="Another page")
    page = html(client.get("/triage/import"))
    assert '<option value="0">Choose the site</option>' in page
    assert "selected" not in page.partition('name="site_id"')[2].partition("</select>")[0]
    refused = upload(client, library, site_id="0")
    assert refused.status_code == 422
    assert "Site the comments were made on: Choose the site." in " ".join(re.sub("<[^>]+>", "", html(refused)).split())
    assert ImportRun.select().count() == 0


@pytest.mark.parametrize(
    ("text", "changes", "sentence"),
    [
        (b"", {}, "The file is empty"),
        ("text,id\n", {}, "no row below"),
        ("words,id\nHello,1\n", {}, "There is no column “text”"),
        (b"text\n\xff\xfe\n", {}, "is not UTF-8 text"),
        (FILE, {"column_text": ""}, "Say which column"),
        (FILE, {"site_id": "77777"}, "valid choice"),
        (FILE, {"file": ""}, "Choose the file"),
    ],
)
def test_a_file_that_does_not_fit_is_explained(
    town: Town, library: Site, text: str | bytes, changes: dict[str, Any], sentence: str
) -> None:
    answer = upload(town.client("coordinator.library"), library, text, **changes)
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert ImportRun.select().count() == 0


def test_the_same_file_is_not_started_twice(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    upload(client, library)
    again = upload(client, library)
    assert again.status_code == 422
    assert "is being imported" in html(again)


def test_refused_rows_page_by_key(town: Town, library: Site) -> None:
    client = town.client("coordinator.library")
    url = upload(client, library, "text,id\n" + "".join(f",{n}\n" for n in range(70))).location
    run_imports(town.parts)
    first = client.get(url)
    more = re.search(r'rel="next" href="([^"]+)"', html(first))
    assert more is not None
    second = html(client.get(more.group(1)))
    assert (html(first).count('data-label="Why"'), second.count('data-label="Why"')) == (50, 20)


@pytest.mark.parametrize(
    ("box", "form", "run"),
    [
        ("it", 200, 200),
        ("administrator", 200, 200),
        ("coordinator.police", 200, 404),
        ("employee", 403, 403),
        ("auditor", 403, 403),
    ],
)
def test_who_may_import_and_follow_it(town: Town, library: Site, *, box: str, form: int, run: int) -> None:
    url = upload(town.client("coordinator.library"), library).location
    client = town.client(box)
    assert client.get("/triage/import").status_code == form
    assert client.get(url).status_code == run
    if run == 404:
        assert upload(client, library).status_code == 422, "the site is not among the choices"


def test_runs_that_are_not_there(town: Town) -> None:
    for number in ("999999", "2147483648", "x"):
        assert town.client("it").get(f"/triage/import/{number}").status_code == 404


def test_who_may_not_read_cases_gets_no_link_to_them(town: Town, library: Site) -> None:
    url = upload(town.client("it"), library).location
    run_imports(town.parts)
    assert "Go to the open cases" not in html(town.client("it").get(url))


@pytest.mark.parametrize("size", [10, 300])
def test_pages_cost_the_same_however_much_was_imported(town: Town, library: Site, size: int) -> None:
    client = town.client("coordinator.library")
    url = upload(client, library, "text,id\n" + "".join(f",{n}\n" for n in range(size))).location
    run_imports(town.parts)
    counts = {}
    for page in (url, "/triage/import", "/triage/capture"):
        client.get(page)
        with count_queries() as counter:
            client.get(page)
        counts[page.rpartition("/")[2]] = counter.count
    assert list(counts.values()) == [6, 4, 3]
