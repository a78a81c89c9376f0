"""Authority in a real browser: designated, approved on a phone without JavaScript, signed for, and lapsed at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from charlton_intranet.access.jobs import follow_departures
from charlton_intranet.policy.rules import CONSENT_READ, CONSENT_SIGN
from tests.browser.conftest import Live, Visitor, has_sideways_scroll

pytestmark = pytest.mark.browser

SITE = "Charlton Public Library"


def people_of(page: Page, title: str) -> Page:
    """The people of a site, by the way a person finds them."""
    page.goto("/sites")
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("navigation", name="About this site").get_by_role("link", name="People").click()
    return page


def tick(page: Page, label: str) -> None:
    """Tick a box or a choice by its label, as a mouse does: the page draws the box, the control itself is hidden."""
    page.locator("label").filter(has_text=re.compile(rf"^\s*{re.escape(label)}")).first.click()


def may_do(page: Page, person: str) -> str:
    """What the site's page says of a person."""
    return page.get_by_role("row").filter(has_text=person).inner_text()


def test_from_designation_to_authority_and_back(visit: Visitor, live: Live) -> None:
    head = visit("head.library", "/grants/designate")
    head.get_by_label("People of other departments").fill("employee@charlton.example")
    tick(head, f"{SITE} (Facebook)")
    tick(head, "Publish")
    head.get_by_label(re.compile("usiness")).fill("Road works beside the library, told while they last")
    head.get_by_role("button", name="Show what comes out").click()
    expect(head.get_by_role("row").filter(has_text="Edith Lowe")).to_contain_text("Will be sent for approval")
    head.get_by_role("button", name="Designate", exact=True).click()
    expect(head.get_by_role("row").filter(has_text="Edith Lowe")).to_contain_text("Road works")

    phone = visit("administrator", "/grants/waiting", width=390, javascript=False)
    assert not has_sideways_scroll(phone)
    tick(phone, "Edith Lowe")
    tick(phone, "Approve")
    phone.get_by_role("button", name="Decide on what is ticked").click()
    expect(phone.get_by_role("main")).to_contain_text("1 designation approved.")

    assert "not for this scope" in may_do(people_of(head, SITE), "Edith Lowe")

    signer = visit("employee", "/policy/sign")
    expect(signer.get_by_role("main")).to_contain_text(f"Publish on {SITE}")
    signer.get_by_label("Your full name, as your signature").fill("Edith Lowe")
    tick(signer, CONSENT_READ)
    tick(signer, CONSENT_SIGN)
    signer.get_by_role("button", name=re.compile("Sign")).click()
    signer.wait_for_url(re.compile(r"/policy/certificates/\d+"))

    row = may_do(people_of(head, SITE), "Edith Lowe")
    assert "Publish" in row
    assert "Nothing now" not in row

    it = visit("it", "/people")
    it.get_by_role("link", name="Edith Lowe").click()
    it.get_by_role("button", name="Close the account").click()
    assert "no open account" in may_do(people_of(head, SITE), "Edith Lowe")
    follow_departures(live.parts)
    checklist = visit("administrator", "/access/departures")
    expect(checklist.get_by_role("main")).to_contain_text("Edith Lowe")
