import csv
import io
import json
from html.parser import HTMLParser

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import Person
from charlton_intranet.sites.queries.directory import Standing, official, official_accounts
from charlton_intranet.sites.rules import NetworkState, SiteState
from charlton_intranet.sites.rules.lookalikes import imitated_host, looks_like
from charlton_intranet.sites.service.directory import directory_files
from tests.conftest import Town
from tests.sites import factories
from tests.sites.test_registry import listed

ADDRESS = "https://m.facebook.com/charltonlibrary/?ref=x"


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (SiteState.ACTIVE, Standing.OFFICIAL),
        (SiteState.SUSPENDED, Standing.SUSPENDED),
        (SiteState.DEACTIVATED, Standing.DEACTIVATED),
        (SiteState.REQUESTED, Standing.ASKED_FOR),
        (SiteState.ADVISED, Standing.ASKED_FOR),
        (SiteState.CHANGES_ASKED, Standing.ASKED_FOR),
        (SiteState.APPROVED, Standing.ASKED_FOR),
        (SiteState.DECLINED, Standing.UNKNOWN),
        (SiteState.WITHDRAWN, Standing.UNKNOWN),
    ],
)
def test_every_state_of_a_site_has_its_answer(town: Town, state: SiteState, standing: Standing) -> None:
    site = factories.site(town, state=state)
    verdict = official(ADDRESS)
    assert verdict.standing is standing
    public = state in {SiteState.ACTIVE, SiteState.SUSPENDED, SiteState.DEACTIVATED}
    assert (verdict.account is not None) is public
    page = town.client("employee").get("/sites/official", query_string={"q": ADDRESS})
    assert (site.title in page.text) is public


def test_listed_only_is_not_official(town: Town) -> None:
    listed(town)
    assert official("facebook.com/CharltonTeens/").standing is Standing.LISTED_ONLY
    assert official("@charltonteens").standing is Standing.LISTED_ONLY


def test_a_network_that_is_no_longer_approved_makes_nothing_official(town: Town) -> None:
    site = factories.site(town)
    assert [row.site_id for row in official_accounts(town.today)] == [site.id]
    type(site.network).update(state=NetworkState.WITHDRAWN).execute()
    assert official(ADDRESS).standing is Standing.SUSPENDED
    assert official_accounts(town.today) == []


@pytest.mark.parametrize(
    "asked",
    [
        "@CharltonLibrarry",
        "facebook.com/CharltonL1brary",
        "facebook.com/Charlton.Library",
        "facebook.com/CharltonLibraryOfficial",
        "https://www.facebook.com/Ch\u0430rltonLibrary",
        "CharltonLibray",
        "CharltonLirbary",
        "https://www.tiktok.com/@CharltonLibrary",
    ],
)
def test_a_lookalike_is_named_and_is_not_official(town: Town, asked: str) -> None:
    factories.site(town)
    verdict = official(asked)
    assert verdict.standing is Standing.UNKNOWN
    assert [near.handle for near in verdict.near] == ["CharltonLibrary"]
    page = town.client("employee").get("/sites/official", query_string={"q": asked})
    assert "It could be taken for an official account" in page.text


@pytest.mark.parametrize(
    ("asked", "imitated"),
    [
        ("https://facebook.com.evil.example/CharltonLibrary", "facebook.com"),
        ("https://faceb00k.com/CharltonLibrary", "facebook.com"),
        ("https://faceb\u043e\u043ek.com/CharltonLibrary", "facebook.com"),
        ("https://facebook-login.example/CharltonLibrary", "facebook.com"),
        ("https://town.example/CharltonLibrary", ""),
    ],
)
def test_a_host_that_only_looks_like_a_network_is_named(town: Town, asked: str, imitated: str) -> None:
    factories.site(town)
    verdict = official(asked)
    assert (verdict.standing, verdict.imitated) == (Standing.UNKNOWN, imitated)


@pytest.mark.parametrize("asked", ["", " ", "\0", "two words", "https://", "x" * 500, "'; DROP TABLE site", "<script>"])
def test_whatever_is_asked_is_answered(town: Town, asked: str) -> None:
    page = town.client("employee").get("/sites/official", query_string={"q": asked})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_other_answers(town: Town) -> None:
    factories.site(town)
    assert official("CHARLTONLIBRARY").standing is Standing.OFFICIAL
    assert official("https://t.co/x").standing is Standing.LEADS_ON
    assert official("facebook.com/events/1").standing is Standing.UNREADABLE
    assert official("facebook.com/SomethingElse").near == ()


def test_short_names_and_other_names_are_no_lookalikes() -> None:
    assert not looks_like("abc", "abd")
    assert not looks_like("CharltonPolice", "CharltonLibrary")
    assert not looks_like("Same", "same")
    assert not imitated_host("www.mapleton.example", ["x.com", "t.me"])


def test_the_directory_shows_active_sites_to_every_employee(town: Town) -> None:
    factories.site(town)
    factories.site(town, "Police", handle="CharltonPD", title="Charlton Police", state=SiteState.SUSPENDED)
    page = town.client("employee").get("/sites/directory")
    assert "Charlton Public Library" in page.text
    assert "Charlton Police" not in page.text
    assert "Spreadsheet (CSV)" not in page.text
    assert "Spreadsheet (CSV)" in town.client("it").get("/sites/directory").text


class _Outline(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attributes if name in {"href", "src"}]


def test_the_files_for_the_public_site_stand_alone_and_name_nobody(town: Town) -> None:
    factories.site(town, "Police", handle="CharltonPD", title="Charlton <Police>")
    factories.site(town, title="=HYPERLINK(1)")
    browser = town.client("administrator")
    files = {kind: browser.get(f"/sites/directory/{kind}") for kind in ("html", "json", "csv")}
    assert {file.status_code for file in files.values()} == {200}
    assert all("attachment" in file.headers["Content-Disposition"] for file in files.values())
    outline = _Outline(files["html"].text)
    assert outline.tags.count("h1") == 1
    assert not {"script", "style", "link", "img", "iframe"} & set(outline.tags)
    assert outline.links == ["https://www.facebook.com/CharltonLibrary", "https://www.facebook.com/CharltonPD"]
    assert "Charlton &lt;Police&gt;" in files["html"].text
    told = json.loads(files["json"].text)
    assert [one["department"] for one in told["official_accounts"]] == ["Library", "Police"]
    assert told["as_of"] == "2026-11-23T10:00:00-05:00"
    rows = list(csv.DictReader(io.StringIO(files["csv"].data.decode("utf-8-sig"))))
    assert [row["Title"] for row in rows] == ["'=HYPERLINK(1)", "Charlton <Police>"]
    everything = "".join(file.text for file in files.values())
    for person in Person.select():
        assert person.name not in everything
        assert person.email not in everything
    assert "library@charlton.example" not in everything


def test_the_files_are_the_same_for_the_same_day(town: Town) -> None:
    for number in range(5):
        factories.site(town, handle=f"page{number}", title="Same title")
    made = [directory_files(official_accounts(town.today), town="Charlton", now=town.clock.now()) for _ in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize("box", ["employee", "head.library", "auditor"])
def test_only_the_administrator_and_it_hand_out_the_files(town: Town, box: str) -> None:
    assert town.client(box).get("/sites/directory/csv").status_code == 403
    assert town.client("it").get("/sites/directory/pdf").status_code == 404


def test_asking_costs_the_same_at_any_size(town: Town) -> None:
    def cost(path: str) -> int:
        browser = town.client("employee")
        browser.get("/")
        with count_queries() as counted:
            assert browser.get(path).status_code == 200
        return int(counted.count)

    paths = ["/sites/official?q=facebook.com/nothing", "/sites/official?q=nothing", "/sites/directory"]
    factories.site(town)
    small = [cost(path) for path in paths]
    for number in range(20):
        factories.site(town, handle=f"page{number}")
    assert [cost(path) for path in paths] == small
