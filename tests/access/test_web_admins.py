"""The pages of admin lists: paste, confirm, keep; differences settled with proof."""

import io
import re
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.access.models import AdminEntry, AdminList, Identification, PageChange
from charlton_intranet.access.rules import EntryKind, PageRole
from charlton_intranet.grants.rules import Capability
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.rules import SiteState
from tests.access.factories import TWO_ADMINS, allowed, enter, page_with_admins
from tests.conftest import Town
from tests.evidence.test_pictures import picture
from tests.sites.factories import site


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def preview(browser: Any, where: Site, text: str) -> dict[str, str]:
    """The fields of the confirmation as a browser would send them."""
    answer = browser.submit(f"/sites/{where.id}/admins/read", {"text": text})
    assert answer.status_code == 200, words(answer)
    html = answer.get_data(as_text=True)
    fields = {"text": text, "after": re.search(r'name="after"[^>]*value="(\d+)"', html).group(1)}  # type: ignore[union-attr]
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        fields[name] = chosen.group(1) if chosen else re.findall(r'value="([^"]*)"', options)[0]
    return fields


def test_a_list_is_pasted_confirmed_and_kept(town: Town) -> None:
    where = page_with_admins(town)
    town.clock.advance(minutes=2)
    browser = town.client("coordinator.library")
    fields = preview(browser, where, f"{TWO_ADMINS}\nLibrary Uma\tWizard\nHarbor Media Agency")
    assert fields["who-2"] == EntryKind.UNKNOWN.value
    assert fields["who-3"] == EntryKind.SHARED.value
    fields |= {"email-2": "user.library@charlton.example", "role-2": "comment", "note": "Settings of the page."}
    answer = browser.submit(f"/sites/{where.id}/admins/list", fields, follow_redirects=True)
    assert "The list is on record." in words(answer)
    kept = AdminList.select().order_by(AdminList.id.desc()).get()
    told = [
        (row.name, row.kind, row.role, row.person_id)
        for row in AdminEntry.select().where(AdminEntry.admin_list == kept)
    ]
    assert told[2] == ("Library Uma", EntryKind.PERSON, PageRole.COMMENT, town.person_id("user.library"))
    assert told[3][1] is EntryKind.SHARED
    page = words(answer)
    assert "“Harbor Media Agency” is shared" in page
    assert "Uma Reyes is on the page without authority" in page
    shown = words(browser.get(f"/sites/{where.id}/admins/lists/{kept.id}"))
    assert "Library Uma Wizard Uma Reyes Comment" in shown
    assert "Settings of the page." in shown
    # the same press again leaves the one list
    assert browser.submit(f"/sites/{where.id}/admins/list", fields).status_code == 303
    assert AdminList.select().where(AdminList.site == where.id).count() == 2


def test_what_was_confirmed_wrong_comes_back_as_it_was_typed(town: Town) -> None:
    where = page_with_admins(town)
    browser = town.client("coordinator.library")
    fields = preview(browser, where, TWO_ADMINS) | {"email-1": "nobody@charlton.example", "note": "kept words"}
    answer = browser.submit(f"/sites/{where.id}/admins/list", fields)
    assert answer.status_code == 422
    assert "Nobody here has this official address" in words(answer)
    assert "nobody@charlton.example" in answer.get_data(as_text=True)
    assert "kept words" in words(answer)
    answer = browser.submit(f"/sites/{where.id}/admins/list", fields | {"email-1": "", "link": "no link"})
    assert answer.status_code == 422
    assert "Paste the whole address" in words(answer)
    answer = browser.submit(f"/sites/{where.id}/admins/list", fields | {"who-0": "nonsense"})
    assert answer.status_code == 422
    assert AdminList.select().where(AdminList.site == where.id).count() == 1


def test_a_picture_of_the_list_is_its_proof(town: Town) -> None:
    where = page_with_admins(town)
    browser = town.client("head.library")
    fields: dict[str, Any] = preview(browser, where, "Helen Marsh, Admin")
    good, bad = (io.BytesIO(picture("PNG")), "list.png"), (io.BytesIO(b"x"), "list.png")
    answer = browser.submit(f"/sites/{where.id}/admins/list", fields | {"picture": good})
    assert answer.status_code == 303
    kept = AdminList.select().order_by(AdminList.id.desc()).get()
    assert kept.proof_id
    assert f"/sites/proofs/{kept.proof_id}/picture" in browser.get(
        f"/sites/{where.id}/admins/lists/{kept.id}"
    ).get_data(as_text=True)
    answer = browser.submit(f"/sites/{where.id}/admins/list", fields | {"picture": bad})
    assert answer.status_code == 422


@pytest.mark.parametrize("text", ["", "   \n", "\u200b"])
def test_an_empty_list_is_refused(town: Town, text: str) -> None:
    where = page_with_admins(town)
    browser = town.client("coordinator.library")
    for step in ("read", "list"):
        answer = browser.submit(f"/sites/{where.id}/admins/{step}", {"text": text})
        assert answer.status_code == 422
        assert "one person a line" in words(answer)


def test_a_list_from_before_a_newer_one_is_stale(town: Town) -> None:
    where = page_with_admins(town)
    browser = town.client("coordinator.library")
    fields = preview(browser, where, "Cody Barnes, Admin")
    town.clock.advance(minutes=2)
    enter(town, where, "Helen Marsh, Admin", box="head.library")
    answer = browser.submit(f"/sites/{where.id}/admins/list", fields)
    assert answer.status_code == 409
    assert "A newer list" in words(answer)


def test_a_person_is_taken_off_with_proof(town: Town) -> None:
    where = page_with_admins(town)
    enter(town, where, f"{TWO_ADMINS}\nCarla Nunez")
    browser = town.client("coordinator.library")
    url = f"/sites/{where.id}/admins/people/{town.person_id('coordinator.police')}"
    assert "On the page without authority" in words(browser.get(url))
    answer = browser.submit(url, {"role": "nothing", "note": ""})
    assert answer.status_code == 422
    assert "Show it" in words(answer)
    town.clock.advance(minutes=2)
    answer = browser.submit(url, {"role": "nothing", "note": "Removed, the list shows two."}, follow_redirects=True)
    assert "The proof is on record." in words(answer)
    assert "without authority" not in words(answer)
    assert browser.submit(url, {"role": "nothing", "note": "again"}).status_code == 409
    assert "Removed, the list shows two." in words(browser.get(url))
    assert PageChange.select().count() == 1


def test_a_stranger_is_identified_or_taken_off(town: Town) -> None:
    where = page_with_admins(town)
    enter(town, where, f"{TWO_ADMINS}\nLibrary Uma\nZed Nobody")
    browser = town.client("head.library")
    uma, zed = (AdminEntry.get(AdminEntry.name == name).id for name in ("Library Uma", "Zed Nobody"))
    url = f"/sites/{where.id}/admins/entries/{uma}"
    assert browser.get(url).status_code == 200
    assert browser.submit(f"{url}/identify", {"who": ""}).status_code == 422
    assert browser.submit(f"{url}/identify", {"who": "unknown"}).status_code == 422
    answer = browser.submit(f"{url}/identify", {"who": str(town.person_id("user.library"))}, follow_redirects=True)
    assert "Uma Reyes is on the page without authority" in words(answer)
    assert browser.submit(f"{url}/identify", {"who": str(town.person_id("user.library"))}).status_code == 303
    assert Identification.select().count() == 1
    answer = browser.submit(f"/sites/{where.id}/admins/entries/{zed}/off", {"note": "Gone."}, follow_redirects=True)
    assert "Zed Nobody" not in words(answer)
    assert browser.submit(f"/sites/{where.id}/admins/entries/{zed}/off", {"note": "Gone."}).status_code == 409


READERS = ["administrator", "it", "records", "auditor"]
STRANGERS = ["coordinator.police", "head.police"]


@pytest.mark.parametrize("box", [*READERS, *STRANGERS, "user.library", "employee"])
def test_who_reads_and_who_writes(town: Town, box: str) -> None:
    where = page_with_admins(town)
    enter(town, where, f"{TWO_ADMINS}\nZed Nobody")
    entry = AdminEntry.get(AdminEntry.name == "Zed Nobody").id
    kept = AdminList.select().order_by(AdminList.id.desc()).get().id
    person = town.person_id("coordinator.library")
    browser, root = town.client(box), f"/sites/{where.id}/admins"
    read = {200} if box in READERS else {404} if box in STRANGERS else {403}
    for path in ("", f"/lists/{kept}", f"/people/{person}", f"/entries/{entry}"):
        assert browser.get(root + path).status_code in read, path
    write = {404} if box in STRANGERS else {403}
    assert browser.get(f"{root}/list").status_code in write
    for path in ("/read", "/list", f"/people/{person}", f"/entries/{entry}/identify", f"/entries/{entry}/off"):
        sent = {"text": TWO_ADMINS, "after": "1", "role": "nothing", "note": "x", "who": "shared"}
        assert browser.submit(root + path, sent).status_code in write, path
    assert (AdminList.select().count(), PageChange.select().count()) == (2, 0)


def test_what_is_not_there_is_404_and_get_does_not_post(town: Town) -> None:
    where, other = page_with_admins(town), site(town, handle="Other", title="Other")
    browser = town.client("coordinator.library")
    kept = AdminList.get().id
    for path in (
        "/sites/999999/admins", f"/sites/{other.id}/admins/lists/{kept}",
        f"/sites/{where.id}/admins/people/999999", f"/sites/{where.id}/admins/entries/999999",
    ):  # fmt: skip
        assert browser.get(path).status_code == 404, path
    assert browser.get(f"/sites/{where.id}/admins/read").status_code == 405


def test_a_site_that_is_not_live_takes_no_list(town: Town) -> None:
    where = page_with_admins(town)
    Site.update(state=SiteState.DEACTIVATED).where(Site.id == where.id).execute()
    browser = town.client("coordinator.library")
    assert "Enter the list" not in words(browser.get(f"/sites/{where.id}/admins"))
    answer = browser.submit(f"/sites/{where.id}/admins/list", preview(browser, where, TWO_ADMINS))
    assert answer.status_code == 409


def test_the_page_costs_the_same_with_many_people(town: Town) -> None:
    where = page_with_admins(town)
    browser = town.client("coordinator.library")
    with count_queries() as few:
        browser.get(f"/sites/{where.id}/admins")
    for box in ("user.library", "employee", "user.police", "records"):
        allowed(town, box, where, Capability.EDIT)
    town.clock.advance(minutes=2)
    enter(town, where, "\n".join(f"Stranger Number{n}" for n in range(40)))
    browser = town.client("coordinator.library")
    with count_queries() as many:
        browser.get(f"/sites/{where.id}/admins")
    assert many.count == few.count


def test_the_words_of_a_list_are_never_markup(town: Town) -> None:
    where = page_with_admins(town)
    enter(town, where, '<script>alert(1)</script> Zed\nO\'Neil & Sons "Media"')
    browser = town.client("coordinator.library")
    page = browser.get(f"/sites/{where.id}/admins").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "O&#39;Neil &amp; Sons" in page
