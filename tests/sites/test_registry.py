import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from playhouse.test_utils import count_queries

from charlton_intranet.accounts.models import Department
from charlton_intranet.cli import main
from charlton_intranet.core import audit
from charlton_intranet.core.database import bind, connection, database, disconnect, unit_of_work
from charlton_intranet.core.duties import Scope
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.tables import csv_text, read_table
from charlton_intranet.demo import registry as demo
from charlton_intranet.demo import sites as demo_sites
from charlton_intranet.parts import Parts
from charlton_intranet.sites import duties
from charlton_intranet.sites.models import ListedAccount, Network, RegistryImport, RegistryRefusal, Site
from charlton_intranet.sites.queries import registry as queries
from charlton_intranet.sites.rules import KNOWN_NETWORKS, NetworkState, SiteState
from charlton_intranet.sites.rules.intake import sort_out
from charlton_intranet.sites.rules.listings import read_rows
from charlton_intranet.sites.rules.registry import (
    CatalogueEntry,
    ImportState,
    ListedState,
    Networks,
    guess_columns,
    sheet_of,
)
from charlton_intranet.sites.service import registry
from tests.conftest import Town
from tests.sites import factories

BILINGUAL = """Town of Charlton: Redes sociales / Social media;;;;;
;;;;;
Departamento / Department;Red social / Platform;Enlace / Link;Usuario;¿Activa? / Active?;Observaciones
Library;Facebook;" https://www.facebook.com/BibliotecaCharlton/ ";;sí;
Library;Instagram;;@biblio_charlton;Sí;
Policía;Twitter / X;twitter.com/CharltonPD;;si;cuenta "oficial" vieja
Parques;Facebook;https://es-la.facebook.com/pages/Parques-Charlton/136880189673357?ref=ts;;sí;
Salud;YouTube;ninguna;;sí;
Salud;Tik Tok;tiktok.com/@charltonhealth;;no;ya no se usa
Obras;Facebook;https://bit.ly/charltondpw;;sí;
Obras;Facebook;https://www.facebook.com/Charlton DPW;;sí;
Alcaldía;Facebook;alcaldia@charlton.example;;sí;
Alcaldía;Orkut;;CharltonMayor;sí;
Alcaldía;;;CharltonMayor;sí;
Alcaldía;Instagram;https://www.facebook.com/CharltonMayor;;sí;
"Alcaldía;Instagram;https://instagram.com/charltonmayor;;sí;
Bomberos;Facebook;https://facebook.com@evil.example/CharltonFire;;sí;
Bomberos;Facebook;https://www.facebook.com/events/123;;sí;
Extra;Facebook;https://facebook.com/a1234;;sí;nota;sobra
;;;;;
Departamento / Department;Red social / Platform;Enlace / Link;Usuario;¿Activa? / Active?;Observaciones
Library;facebook;FACEBOOK.COM/bibliotecacharlton;;sí;
Archivo;WhatsApp;https://whatsapp.com/channel/0029Va4K0PZ5a245NkngBA2M;;sí;=cmd|' /C calc'!A0
"""
REFUSED = {
    8: "There is no address and no account in this row.",
    9: "The list says that it is not in use (“no”).",
    10: "“https://bit.ly/charltondpw” only leads on to another page. Paste the page's own address.",
    11: "Words follow the address, so it can not be told where it ends: “https://www.facebook.com/Charlton DPW”.",
    12: "“alcaldia@charlton.example” is an email address. Paste the address of the page.",
    13: "“Orkut” is no network that we know. Paste the address of the page.",
    14: "“CharltonMayor” is no web address, and the row names no network for it.",
    15: "The list calls it Instagram, and the address is one of Facebook.",
    17: "evil.example is no network of the catalogue and none we know. If it is one, propose it first.",
    18: "This address names no account. Paste the address of the page itself, as Facebook shows it.",
    19: "The row has more cells than the first one: a text with the separator needs “quotation marks”.",
}
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"]


def hand_in(town: Town, data: bytes, box: str = "it") -> int:
    stored = town.parts.store.put(data)
    return registry.hand_in(town.actor(box), file_name="list.csv", data=data, stored=stored, clock=town.clock)


def run(town: Town, data: bytes, departments: dict[str, int | None] | None = None, box: str = "it") -> Any:
    import_id = hand_in(town, data, box)
    found = RegistryImport.get_by_id(import_id)
    read = queries.preview(found, data).read
    return registry.take_in(
        town.actor(box), import_id, found.version, read=read, departments=departments or {}, clock=town.clock
    )


def listed(town: Town, department: str | None = "Library", handle: str = "CharltonTeens") -> ListedAccount:
    """A listed account of the department, as an import leaves it."""
    run(
        town,
        f"Department,Address\nX,https://www.facebook.com/{handle}\n".encode(),
        {"X": town.department_id(department) if department else None},
    )
    return ListedAccount.get(ListedAccount.handle == handle)


# --- lists as they come -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "taken", "known"),
    [("us_federal_accounts_ringsail_2014.csv", 1209, 53), ("us_congress_official_accounts.csv", 644, 0)],
)
def test_the_real_lists_go_in_and_a_second_time_nothing_changes(
    town: Town, shared_data: Path, name: str, taken: int, known: int
) -> None:
    data = (shared_data / "registry" / name).read_bytes()
    with count_queries() as counted:
        found = run(town, data)
    assert (len(found.fresh), len(found.known), len(found.unusable)) == (taken, known, 0)
    assert all(why.startswith("The same account as in row ") for _one, why in found.known)
    assert counted.count < 40  # by hundreds of rows, not by row
    assert RegistryImport.get().rows == taken + known
    assert ListedAccount.select().count() == taken
    before = list(ListedAccount.select().tuples())
    again = run(town, data)
    assert (len(again.fresh), len(again.known), len(again.unusable)) == (0, taken + known, 0)
    assert list(ListedAccount.select().tuples()) == before
    assert audit.verify().fault is None


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_dirty_bilingual_list_names_every_row_that_can_not_go_in(town: Town, encoding: str, line_end: str) -> None:
    factories.network(town)
    found = run(town, BILINGUAL.replace("\n", line_end).encode(encoding))
    assert {one.row: one.reason for one in found.unusable} == REFUSED
    assert [one.key for one in found.fresh] == [
        "facebook/bibliotecacharlton", "instagram/biblio_charlton", "x/charltonpd", "facebook/136880189673357",
        "instagram/charltonmayor", "whatsapp/0029Va4K0PZ5a245NkngBA2M",
    ]  # fmt: skip
    assert [(one.row, why) for one, why in found.known] == [(22, "The same account as in row 4.")]
    kept = {refusal.row: (refusal.reason, json.loads(refusal.cells)[0]) for refusal in RegistryRefusal.select()}
    assert kept[13] == (REFUSED[13], "Alcaldía")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("https://facebook.com/aaaaa\n\nhttps://x.com/bbbbb\n", ["facebook/aaaaa", "x/bbbbb"]),
        (
            "Department,Facebook,Twitter,Instagram,Website\nLibrary,CharltonLibrary,@CharltonLib,n/a,https://a.example\n",
            ["facebook/charltonlibrary", "x/charltonlib"],
        ),
        (
            "Ministère\tRéseau\tCompte\nCulture\tFacebook\tministere.culture\nCulture\tMastodon\t@culture@masto.example\n",
            ["facebook/ministere.culture", "mastodon/culture@masto.example"],
        ),
        ("Órgão|Rede social|Endereço\nSaúde|Instagram|@saude.charlton\n", ["instagram/saude.charlton"]),
        ("sep=;\nurl;name\nfb.com/Charlton;Town\n", ["facebook/charlton"]),
        (
            "Dept,Website,Facebook Page,Twitter Handle,Canal de YouTube,Account manager\n"
            "Fire,http://fire.example,facebook: CharltonFire,'@aaaaa, @bbbbb',https://youtube.com/@fire1,Bob\n".replace(
                "'", '"'
            ),
            ["facebook/charltonfire", "x/aaaaa", "x/bbbbb", "youtube/fire1"],
        ),
        (
            "Name,URL,Platform,Handle\nFire,http://fire.example,Instagram profile,/charltonfire/\n",
            ["instagram/charltonfire"],
        ),
        ("Links\nhttps://facebook.com/aaaaa https://instagram.com/aaaaa\n", ["facebook/aaaaa", "instagram/aaaaa"]),
        ("Account URL,Info\nhttp://twitter.com/#!/charltonpd,\0x\n", ["x/charltonpd"]),
        ('Name,URL\n"Dept ""A"", B\nsecond line",facebook.com/aaaaa\n', ["facebook/aaaaa"]),
        ('Name,URL\n"never closed,facebook.com/aaaaa\nB,facebook.com/bbbbb\n', ["facebook/aaaaa", "facebook/bbbbb"]),
    ],
)  # fmt: skip
def test_lists_of_every_shape_are_read(town: Town, text: str, keys: list[str]) -> None:
    found = run(town, text.encode())
    assert [one.key for one in found.fresh] == keys


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b" \n \n", "The file is empty."),
        (b"Name,URL\n", "There is a header and no row below it."),
        (b"PK\x03\x04rest", "This is an Excel workbook."),
    ],
)
def test_what_is_no_list_is_refused_before_anything_is_kept(town: Town, data: bytes, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        hand_in(town, data)
    assert refusal.value.problems["file"].startswith(said)
    assert not RegistryImport.select().exists()


CELLS = st.sampled_from(
    ["URL", "Facebook", "Red social", "@a", "facebook.com/aaaaa", "https://t.co/x", '"', '""', ";", ",", "\t", "\n",
     "\r", "no", "\0", "\ufeff", "sí", "Account", "=1", ":", "x:", "@a@b.example", "//", "http://", "\u2028", "\u200b",
     "|", "sep=;", " "]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(CELLS, max_size=60).map(lambda cells: "".join(cells).encode())))
def test_no_file_whatever_it_holds_is_an_error_of_ours(data: bytes) -> None:
    known = Networks([CatalogueEntry(1, "Facebook", "facebook", ("facebook.com",))])
    try:
        lines = read_table(data, most=1000)
    except Invalid:
        return
    sheet = sheet_of([(line.number, line.cells) for line in lines], known)
    columns = guess_columns(sheet, known, ["Library"])
    found = sort_out(read_rows(sheet, columns, known), {})
    rows = {number for number, cells in sheet.rows if any(cells)}
    named = [one.row for one in found.fresh] + [one.row for one in found.unusable]
    named += [one.row for one, _why in found.known]
    assert set(named) <= rows
    assert all(one.key and one.handle and one.address.startswith("http") for one in found.fresh)
    assert "\0" not in json.dumps([one.facts for one in found.fresh])


def test_a_list_may_be_long_but_not_endless() -> None:
    text = b"url\n" + b"facebook.com/aaaaa\n" * 100_000
    assert len(read_table(text, most=queries.MOST_ROWS)) == 100_001
    with pytest.raises(Invalid, match="more than 100 rows"):
        read_table(text, most=100)


def test_what_was_typed_by_many_leaves_as_text(town: Town) -> None:
    import_id = hand_in(town, BILINGUAL.replace("Alcaldía;Orkut", "=1+1;Orkut").encode())
    answer = town.client("it").get(f"/sites/registry/import/{import_id}/refused.csv")
    assert answer.mimetype == "text/csv"
    lines = read_table(answer.data, most=100)
    assert lines[0].cells[:3] == ("Row", "Why", "Departamento / Department")
    assert len(lines) == 1 + len(REFUSED)
    assert next(line for line in lines if line.cells[0] == "13").cells[2] == "'=1+1"


def test_departments_are_taken_as_they_were_answered_and_networks_as_the_catalogue_has_them(town: Town) -> None:
    network = factories.network(town, "Twitter / X", hosts="x.com")
    run(town, BILINGUAL.encode(), {"Library": town.department_id("Library"), "Policía": None})
    found = ListedAccount.get(ListedAccount.handle == "CharltonPD")
    assert (found.network_id, found.network_name, found.department_id) == (network.id, "Twitter / X", None)
    assert json.loads(found.facts)["Department in the list"] == "Policía"
    assert ListedAccount.get(ListedAccount.handle == "biblio_charlton").department_id == town.department_id("Library")


def test_what_is_a_site_already_is_not_listed(town: Town) -> None:
    factories.site(town, handle="BibliotecaCharlton")
    found = run(town, BILINGUAL.encode())
    whys = {one.row: why for one, why in found.known}
    assert whys[4] == "It is on record as a site (active)."
    factories.site(town, handle="other", state=SiteState.DECLINED)
    assert "facebook/other" not in queries.known_accounts()


def test_columns_can_be_told_otherwise(town: Town) -> None:
    data = b"A,B\nfacebook.com/right1,facebook.com/wrong1\n"
    import_id = hand_in(town, data)
    actor = town.actor("it")
    with pytest.raises(Invalid):
        registry.read_anew(actor, import_id, 1, columns={0: "title"}, clock=town.clock)
    with pytest.raises(Invalid):
        registry.read_anew(actor, import_id, 1, columns={0: "address", 1: "address"}, clock=town.clock)
    registry.read_anew(actor, import_id, 1, columns={1: "address"}, clock=town.clock)
    with pytest.raises(StaleState):
        registry.take_in(actor, import_id, 1, read=[], departments={}, clock=town.clock)
    read = queries.preview(RegistryImport.get_by_id(import_id), data).read
    found = registry.take_in(actor, import_id, 2, read=read, departments={}, clock=town.clock)
    assert [one.handle for one in found.fresh] == ["wrong1"]
    with pytest.raises(StaleState):
        registry.take_in(actor, import_id, 3, read=read, departments={}, clock=town.clock)


@pytest.mark.parametrize("box", ["employee", "head.library", "coordinator.library", "records", "auditor"])
def test_only_the_administrator_and_it_bring_lists(town: Town, box: str) -> None:
    with pytest.raises(Forbidden):
        hand_in(town, b"url\nfacebook.com/aaaaa\n", box)
    browser = town.client(box)
    assert browser.get("/sites/registry/import").status_code == 403
    assert browser.submit("/sites/registry/import").status_code == 403


# --- listed accounts --------------------------------------------------------------------------------------


def test_a_listed_account_is_not_official_and_waits_for_its_head(town: Town) -> None:
    listed(town)
    listed(town, handle="CharltonKids")
    listed(town, "Police", handle="CharltonTips")
    owed = [
        d
        for d in duties.owed(Scope(today=town.today, actor=town.actor("head.library")))
        if d.kind in duties.registry.KINDS
    ]
    assert [(d.title, d.url) for d in owed] == [
        (
            "2 listed accounts wait for Library: ask for the site, or strike it off",
            f"/sites/registry?department={town.department_id('Library')}",
        )
    ]
    assert not Site.select().exists()
    page = town.client("head.library").get(owed[0].url)
    assert "CharltonKids" in page.text
    assert "CharltonTips" not in page.text


def test_the_head_asks_for_it_and_it_waits_no_more(town: Town) -> None:
    found = listed(town)
    Network.update(state=NetworkState.APPROVED).execute()
    factories.network(town)
    browser = town.client("head.library")
    form = browser.get(f"/sites/request?listed={found.id}")
    assert 'value="https://www.facebook.com/CharltonTeens"' in form.text
    with unit_of_work():
        site = factories.site(town, handle="charltonteens", state=SiteState.REQUESTED)
        registry.note_request(
            town.actor("head.library"), site.id, "m.facebook.com/charltonteens/?ref=x", clock=town.clock
        )
    found = ListedAccount.get_by_id(found.id)
    assert (found.state, found.site_id) == (ListedState.ASKED, site.id)
    assert f"/sites/{site.id}" in browser.get(f"/sites/registry/{found.id}").text
    assert "CharltonTeens" not in browser.get(f"/sites/request?listed={found.id}").text


def test_it_can_be_struck_off_with_a_reason_and_does_not_come_back(town: Town) -> None:
    found = listed(town)
    browser = town.client("head.library")
    url = f"/sites/registry/{found.id}"
    assert browser.submit(f"{url}/strike", {"version": "1", "reason": " "}).status_code == 422
    assert browser.submit(f"{url}/strike", {"version": "9", "reason": "Gone"}).status_code == 409
    assert browser.submit(f"{url}/strike", {"version": "1", "reason": "Nobody uses it"}).status_code == 303
    assert browser.submit(f"{url}/strike", {"version": "2", "reason": "Again"}).status_code == 409
    assert "Nobody uses it" in browser.get(url).text
    again = run(town, b"url\nfacebook.com/charltonteens\n")
    assert [why for _one, why in again.known] == ["It was listed before and struck off."]


def test_another_department_does_not_see_it_and_nobodys_can_be_taken_by_any_head(town: Town) -> None:
    own, open_one = listed(town), listed(town, None, "CharltonAnybody")
    police = town.client("head.police")
    assert police.get(f"/sites/registry/{own.id}").status_code == 404
    assert police.submit(f"/sites/registry/{own.id}/strike", {"version": "1", "reason": "x"}).status_code == 404
    assert "Ask for this account" in police.get(f"/sites/registry/{open_one.id}").text
    reader = town.client("records").get(f"/sites/registry/{own.id}")
    assert reader.status_code == 200
    assert "Strike it off" not in reader.text
    assert town.client("records").submit(
        f"/sites/registry/{own.id}/strike", {"version": "1", "reason": "x"}
    ).status_code == 403  # fmt: skip
    assert town.client("employee").get(f"/sites/registry/{own.id}").status_code == 403
    assert police.get("/sites/registry/999999").status_code == 404
    assert police.get(f"/sites/registry/{own.id}/strike").status_code == 405
    with pytest.raises(NotFound):
        queries.prefill(town.actor("head.police"), own.id)


def test_it_and_the_administrator_say_whose_it_is(town: Town) -> None:
    found = listed(town, None)
    it = town.client("it")
    library = str(town.department_id("Library"))
    assert it.submit(f"/sites/registry/{found.id}/give", {"version": "1", "department": "77777"}).status_code == 422
    assert it.submit(f"/sites/registry/{found.id}/give", {"version": "1", "department": library}).status_code == 303
    assert ListedAccount.get_by_id(found.id).department_id == int(library)
    assert town.client("head.library").submit(f"/sites/registry/{found.id}/give").status_code == 403


def test_a_list_goes_through_the_pages(town: Town) -> None:
    factories.network(town)
    it = town.client("it")
    refused = it.submit("/sites/registry/import", {"file": (io.BytesIO(b""), "empty.csv")})
    assert refused.status_code == 422
    answer = it.submit("/sites/registry/import", {"file": (io.BytesIO(BILINGUAL.encode()), "lista.csv")})
    url = answer.headers["Location"]
    page = it.get(url)
    for words in [*REFUSED.values(), "Propose these", "Instagram (2 accounts)", "Policía (1)", "lista.csv"]:
        assert words.replace("'", "&#39;") in page.text
    assert it.submit(f"{url}/networks").status_code == 303
    assert {n.name for n in Network.select()} == {"Facebook", "Instagram", "X", "WhatsApp"}
    assert Network.get(Network.name == "X").state is NetworkState.PROPOSED
    assert "Propose these" not in it.get(url).text
    assert it.submit(f"{url}/columns", {"version": "1", "column_2": "nonsense"}).status_code == 422
    assert it.submit(f"{url}/take-in", {"version": "7"}).status_code == 409
    chosen = {"version": "1", "department_0": str(town.department_id("Library"))}
    assert it.submit(f"{url}/take-in", chosen).status_code == 303
    assert it.submit(f"{url}/take-in", {"version": "2"}).status_code == 409
    done = it.get(url)
    assert REFUSED[13] in done.text
    assert ListedAccount.select().where(ListedAccount.department == town.department_id("Library")).count() == 2
    assert it.get(f"{url}/refused.csv").status_code == 200
    assert "lista.csv" in it.get("/sites/registry/import").text
    assert it.get("/sites/registry?q=biblio").status_code == 200


def test_a_list_can_be_put_away(town: Town) -> None:
    import_id = hand_in(town, b"url\nfacebook.com/aaaaa\n")
    it = town.client("it")
    assert it.submit(f"/sites/registry/import/{import_id}/drop", {"version": "1"}).status_code == 303
    assert RegistryImport.get_by_id(import_id).state is ImportState.DROPPED
    assert it.submit(f"/sites/registry/import/{import_id}/take-in", {"version": "2"}).status_code == 409
    assert not ListedAccount.select().exists()


def test_refused_rows_come_in_pages(town: Town) -> None:
    data = csv_text(["url"], [[f"https://bit.ly/{n}"] for n in range(120)] + [["facebook.com/aaaaa"]]).encode()
    import_id = hand_in(town, data)
    it = town.client("it")
    first = it.get(f"/sites/registry/import/{import_id}")
    assert "bit.ly/49”" in first.text
    assert "bit.ly/50”" not in first.text
    assert "bit.ly/119”" in it.get(f"/sites/registry/import/{import_id}?skip=100").text
    it.submit(f"/sites/registry/import/{import_id}/take-in", {"version": "1"})
    shown = it.get(f"/sites/registry/import/{import_id}")
    assert "bit.ly/50”" not in shown.text
    key = RegistryRefusal.get(RegistryRefusal.row == 51).id
    assert "bit.ly/50”" in it.get(f"/sites/registry/import/{import_id}?after={key}").text


def test_the_registry_costs_the_same_at_any_size_and_pages_by_key(town: Town) -> None:
    def cost(path: str) -> int:
        browser = town.client("auditor")
        browser.get("/")
        with count_queries() as counted:
            assert browser.get(path).status_code == 200
        return int(counted.count)

    one = listed(town)
    small = [cost("/sites/registry"), cost(f"/sites/registry/{one.id}")]
    run(town, b"url\n" + b"\n".join(b"facebook.com/page%05d" % n for n in range(300)))
    assert [cost("/sites/registry"), cost(f"/sites/registry/{one.id}")] == small
    seen, after = [], None
    while True:
        rows, after = queries.registry_page(town.actor("auditor"), queries.ListedFilter(), after=after)
        seen += [row.id for row in rows]
        if after is None:
            break
    assert sorted(seen) == sorted(row.id for row in ListedAccount.select())


def test_a_common_network_fills_in_its_proposal(town: Town) -> None:
    page = town.client("head.library").get("/sites/networks/propose?known=Nextdoor")
    assert 'value="nextdoor.com"' in page.text
    assert all(network.name in page.text for network in KNOWN_NETWORKS if network.hosts)
    read = town.client("head.library").get("/sites/request/recognised?address=nextdoor.com/agency/charlton")
    assert "/sites/networks/propose?known=Nextdoor" in read.text
    leads = town.client("head.library").get("/sites/request/recognised?address=https://bit.ly/x")
    assert "only leads on" in leads.text


# --- the demo and the commands ----------------------------------------------------------------------------


def test_the_demo_shows_every_state_of_an_account_and_of_a_list(town: Town) -> None:
    demo_sites.load(town.clock, town.parts.store)
    before = town.clock.at
    demo.load(town.clock, town.parts.store)
    assert town.clock.at == before
    assert {account.state for account in ListedAccount.select()} == set(ListedState)
    assert {found.state for found in RegistryImport.select()} == set(ImportState)
    readers = [town.client(box) for box in ("it", "head.library", "administrator")]
    for account in ListedAccount.select():
        assert {reader.get(f"/sites/registry/{account.id}").status_code for reader in readers} <= {200, 404}
    for found in RegistryImport.select():
        assert readers[0].get(f"/sites/registry/import/{found.id}").status_code == 200
    asked = ListedAccount.get(ListedAccount.state == ListedState.ASKED)
    assert asked.site_id == Site.get(Site.title == "Storytime").id


@pytest.fixture
def command(own_town: Parts) -> Iterator[Any]:
    """Runs a command against a committed database of the engine."""
    handlers, level = list(logging.root.handlers), logging.root.level

    def run_it(*arguments: str) -> Result:
        options = {"database_url": own_town.settings.database_url, "secret_key": "k" * 64}
        config = "\n".join(f'{name} = "{value}"' for name, value in options.items())
        (own_town.settings.instance / "config.toml").write_text(config, encoding="utf-8")
        result = CliRunner().invoke(main, ["--instance", str(own_town.settings.instance), *arguments])
        disconnect(database.obj)
        bind(own_town.database)
        return result

    yield run_it
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def test_a_list_goes_in_by_command_and_the_directory_comes_out(command: Any, own_town: Parts, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(BILINGUAL, encoding="cp1252")
    look = command("import-registry", str(tmp_path / "list.csv"), "--as", "it@charlton.example", "--look", "--json")
    assert look.exit_code == 0, look.output
    assert (json.loads(look.output)["listed"], json.loads(look.output)["new"]) == (0, 6)
    done = command("import-registry", str(tmp_path / "list.csv"), "--as", "it@charlton.example")
    assert done.exit_code == 0, done.output
    assert "6 accounts listed, 1 known already, 11 refused." in done.output
    assert f"row 13: {REFUSED[13]}" in done.output
    assert "Not in the catalogue: Instagram (2)" in done.output
    with connection():
        assert ListedAccount.select().count() == 6
        library = ListedAccount.select().join(Department).where(Department.name == "Library")
        assert [account.handle for account in library.order_by(ListedAccount.id)] == [
            "BibliotecaCharlton", "biblio_charlton",
        ]  # fmt: skip
    refused = command("import-registry", str(tmp_path / "list.csv"), "--as", "employee@charlton.example")
    assert (refused.exit_code, refused.output.strip()) == (1, "Error: Your role does not allow this.")
    folder = tmp_path / "public" / "social"
    for _twice in range(2):
        out = command("export-directory", str(folder), "--json")
        assert json.loads(out.output)["accounts"] == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "official-accounts.csv", "official-accounts.html", "official-accounts.json",
    ]  # fmt: skip
