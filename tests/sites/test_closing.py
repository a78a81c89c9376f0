"""A site is over for good once it is shown what was done on the network, or why it could not be (3.7-1)."""

import hashlib
from io import BytesIO

import pytest

from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.files import StoredFile
from charlton_intranet.sites.models import DeactivationStep, Proof, Site
from charlton_intranet.sites.queries.closing import closing_of, not_shown
from charlton_intranet.sites.rules import Closing, SiteState
from charlton_intranet.sites.service import living
from charlton_intranet.sites.service.proofs import ProofFacts
from tests.conftest import Town
from tests.sites import factories
from tests.sites.test_proofs import picture


def version(site: Site) -> int:
    return int(Site.get_by_id(site.id).version)


def show(
    town: Town, site: Site, step: Closing, *, box: str = "coordinator.library", note: str = "", impossible: str = ""
) -> None:
    living.show_closing(
        town.actor(box), site.id, version(site), step, ProofFacts(note=note), impossible=impossible, clock=town.clock
    )


def deactivate(town: Town, site: Site, box: str = "administrator") -> None:
    living.deactivate(town.actor(box), site.id, version(site), reason="Moved", clock=town.clock)


@pytest.mark.parametrize("left_out", Closing)
def test_a_site_is_not_over_while_one_step_is_not_shown(town: Town, left_out: Closing) -> None:
    site = factories.site(town)
    for step in Closing:
        if step is not left_out:
            show(town, site, step, note=f"Seen: {step}")
    assert not_shown(site.id) == [left_out]
    with pytest.raises(Invalid) as refusal:
        deactivate(town, site)
    assert left_out.label.lower() in refusal.value.message
    assert sum(step.label.lower() in refusal.value.message for step in Closing) == 1
    show(town, site, left_out, box="it", impossible="The network has closed the account already.")
    deactivate(town, site)
    assert Site.get_by_id(site.id).state is SiteState.DEACTIVATED
    page = town.client("auditor").get(f"/sites/{site.id}/deactivation").text
    assert "The network has closed the account already." in page
    assert "Cody Barnes" in page
    assert "Sam Ellery" in page


def test_a_step_needs_something_that_shows_it_and_not_both(town: Town) -> None:
    site = factories.site(town)
    with pytest.raises(Invalid, match="Show it"):
        show(town, site, Closing.LAST_CAPTURE)
    with pytest.raises(Invalid, match="not both"):
        show(town, site, Closing.LAST_CAPTURE, note="Done", impossible="Gone")
    assert (version(site), Proof.select().count(), DeactivationStep.select().count()) == (1, 0, 0)


def test_a_step_shown_anew_takes_the_place_of_the_first(town: Town) -> None:
    site = factories.site(town, state=SiteState.SUSPENDED)
    show(town, site, Closing.LAST_CAPTURE, note="In March")
    show(town, site, Closing.LAST_CAPTURE, note="In June")
    found = closing_of(site.id)[Closing.LAST_CAPTURE]
    assert found.proof is not None
    assert (found.proof.note, len(closing_of(site.id))) == ("In June", 1)
    told = town.client("auditor").get(f"/sites/{site.id}").text
    assert told.count("Step before the deactivation shown") == 2


def test_who_shows_a_step_and_who_ends_a_site(town: Town) -> None:
    site = factories.site(town)
    for box in ("coordinator.library", "head.library", "it", "administrator"):
        show(town, site, Closing.ADMINS_EMPTIED, box=box, note=f"Shown by {box}")
    for box in ("auditor", "records", "user.library", "coordinator.police", "employee"):
        with pytest.raises(Forbidden):
            show(town, site, Closing.ADMINS_EMPTIED, box=box, note="Mine")
    for step in Closing:
        show(town, site, step, note="Seen")
    for box in ("head.library", "coordinator.library", "it", "auditor"):
        with pytest.raises(Forbidden):
            deactivate(town, site, box)
    with pytest.raises(StaleState):
        living.deactivate(town.actor("administrator"), site.id, 1, reason="Moved", clock=town.clock)
    with pytest.raises(Invalid, match="Say why"):
        living.deactivate(town.actor("administrator"), site.id, version(site), reason=" ", clock=town.clock)


@pytest.mark.parametrize("state", sorted(set(SiteState) - {SiteState.ACTIVE, SiteState.SUSPENDED}))
def test_only_a_site_in_use_is_closed(town: Town, state: SiteState) -> None:
    site = factories.site(town, state=state)
    with pytest.raises(StaleState):
        show(town, site, Closing.LAST_CAPTURE, note="Seen")
    hidden = factories.site(town, state=SiteState.APPROVED, handle="hidden")
    with pytest.raises(NotFound):
        show(town, hidden, Closing.LAST_CAPTURE, box="coordinator.police", note="Seen")


def test_a_site_is_closed_step_by_step_on_its_page(town: Town) -> None:
    site = factories.site(town)
    coordinator, url = town.client("coordinator.library"), f"/sites/{site.id}/deactivation"
    refused = coordinator.submit(f"{url}/last_capture", {"version": "1", "link": "nonsense", "note": "Half a thought"})
    assert refused.status_code == 422
    assert "Half a thought" in refused.text
    hostile = {"version": "1", "picture": (BytesIO(b"<script>"), "shot.png")}
    assert coordinator.submit(f"{url}/last_capture", hostile).status_code == 422
    good = {"version": "1", "picture": (BytesIO(picture()), "shot.png")}
    assert coordinator.submit(f"{url}/last_capture", good).status_code == 303
    assert coordinator.submit(f"{url}/last_capture", {"version": "1", "note": "Twice"}).status_code == 409
    proof_id = closing_of(site.id)[Closing.LAST_CAPTURE].proof.id  # type: ignore[union-attr] # shown above
    assert coordinator.get(f"/sites/proofs/{proof_id}/picture").data == picture()
    for step in (Closing.ADMINS_EMPTIED, Closing.CREDENTIALS_HANDED_OVER):
        data = {"version": str(version(site)), "note": f"Seen {step}"}
        assert coordinator.submit(f"{url}/{step}", data).status_code == 303
    page = coordinator.get(url).text
    assert page.count('name="note"') == 1
    assert "Opens once all steps are shown" not in page
    last = {"version": str(version(site)), "impossible": "The profile is gone already."}
    assert coordinator.submit(f"{url}/profile_says_so", last).status_code == 303
    assert coordinator.submit(f"{url}/finish", {"version": "5", "reason": "Moved"}).status_code == 403
    administrator = town.client("administrator")
    assert administrator.submit(f"{url}/finish", {"version": "5", "reason": ""}).status_code == 422
    assert administrator.submit(f"{url}/finish", {"version": "4", "reason": "Moved"}).status_code == 409
    assert administrator.submit(f"{url}/finish", {"version": "5", "reason": "Moved"}).location == f"/sites/{site.id}"
    assert administrator.submit(f"{url}/finish", {"version": "6", "reason": "Moved"}).status_code == 409
    sheet = administrator.get(f"/sites/{site.id}").text
    assert "How it was closed" in sheet
    assert Site.get_by_id(site.id).stopped_by_id == town.person_id("administrator")


def test_the_last_press_is_not_there_before_its_time(town: Town) -> None:
    site = factories.site(town)
    browser = town.client("administrator")
    assert "Opens once all steps are shown" in browser.get(f"/sites/{site.id}/deactivation").text
    answer = browser.submit(f"/sites/{site.id}/deactivation/finish", {"version": "1", "reason": "Now"})
    assert answer.status_code == 422
    assert "Show these steps first" in answer.text
    town.clock.advance(minutes=16)
    assert browser.submit(f"/sites/{site.id}/deactivation/finish", {"version": "1", "reason": "x"}).status_code == 401


def test_after_the_last_press_the_browser_shows_the_sheet(town: Town) -> None:
    site = factories.site(town)
    for step in Closing:
        show(town, site, step, note="Seen")
    answer = town.client("administrator").submit(
        f"/sites/{site.id}/deactivation/finish", {"version": "5", "reason": "Moved"}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, f"/sites/{site.id}")


def test_a_reader_who_may_not_close_leaves_no_picture_behind(town: Town) -> None:
    site = factories.site(town)
    # A picture of its own, for the store outlives the test that fills it.
    shot = picture("WEBP")
    data = {"version": "1", "picture": (BytesIO(shot), "shot.webp")}
    url = f"/sites/{site.id}/deactivation/last_capture"
    assert town.client("auditor").submit(url, data).status_code == 403
    assert not StoredFile.select().exists()
    assert hashlib.sha256(shot).hexdigest() not in set(town.parts.store.kept())
    browser = town.client("coordinator.library")
    assert browser.submit(f"/sites/{site.id}/deactivation/nonsense", {"version": "1"}).status_code == 404
    assert browser.submit("/sites/999999/deactivation/last_capture", {"version": "1"}).status_code == 404
    assert browser.get(url).status_code == 405
    assert browser.get(f"/sites/{site.id}/deactivation?step=nonsense").status_code == 404
    assert "Show this step" in browser.get(f"/sites/{site.id}/deactivation?step=profile_says_so").text
    assert town.client("coordinator.police").get(f"/sites/{site.id}/deactivation").status_code == 404
    assert town.client("employee").get(f"/sites/{site.id}/deactivation").status_code == 403
