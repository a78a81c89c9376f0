"""Hiding at once in a real browser: in few presses, by keyboard, without JavaScript, on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from charlton_intranet.core.clock import today
from charlton_intranet.demo import cast
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Case, EmergencyHide, RestoreOrder
from charlton_intranet.moderation.rules.emergency import EmergencyState, RestoreCause, RestoreState
from charlton_intranet.sites.models import Site
from tests.browser.conftest import Live, Visitor, has_sideways_scroll
from tests.browser.test_moderation import picture

pytestmark = pytest.mark.browser

WORDS = "I know where the night clerk parks and I will be waiting there with a bat."
ANSWER = "It threatens a named person with a weapon at a place."


def seen(live: Live) -> int:
    """A threat that was captured a moment ago."""
    actor = cast.actor("coordinator.library", today(live.parts.clock))
    site_id = Site.get(Site.title == "Charlton Public Library").id
    return service.capture(actor, site_id=site_id, text=WORDS, urgent=True, clock=live.parts.clock).case_id


def state_of(number: int) -> EmergencyState:
    return EmergencyState(EmergencyHide.get(EmergencyHide.case == number).state)


def test_a_threat_is_hidden_in_five_presses(visit: Visitor, live: Live) -> None:
    number, presses = seen(live), []
    page = visit("coordinator.library", f"/triage?state=open&case={number}")

    def press(control: Locator) -> None:
        presses.append(control)
        control.click()

    press(page.get_by_role("link", name="Hide it at once"))
    press(page.locator("#hide-now label", has_text="J. Violent"))
    press(page.get_by_role("button", name="Use the words I selected"))
    expect(page.get_by_label("The exact words, or the harmful link")).to_have_value(WORDS)
    page.get_by_label("Your answer to the question of the ground").fill(ANSWER)
    press(page.get_by_role("button", name="Seal it: I hide it now"))
    expect(page.get_by_text(f"Case {number} is sealed. Hide it on the network now.")).to_be_visible()
    assert state_of(number) is EmergencyState.ORDERED
    page.get_by_label("Screenshot of the place where it was").set_input_files(picture("hidden.png", "white"))
    press(page.get_by_role("button", name="It is hidden: add the picture"))
    expect(page.get_by_text(f"Case {number} is hidden, and that is proven.")).to_be_visible()
    assert state_of(number) is EmergencyState.STANDING
    assert len(presses) == 5


def test_without_javascript_and_what_was_typed_comes_back(visit: Visitor, live: Live) -> None:
    number = seen(live)
    page = visit("coordinator.library", f"/triage/{number}", javascript=False)
    page.get_by_text("Hide it at once").click()
    page.get_by_label("The exact words, or the harmful link").fill("not these words")
    page.get_by_label("Your answer to the question of the ground").fill(ANSWER)
    page.get_by_role("button", name="Seal it: I hide it now").click()
    expect(page.locator("#error-summary")).to_contain_text("Choose the ground")
    expect(page.get_by_label("Your answer to the question of the ground")).to_have_value(ANSWER)
    page.locator("#hide-now label", has_text="J. Violent").click()
    page.get_by_label("The exact words, or the harmful link").fill(WORDS)
    page.get_by_role("button", name="Seal it: I hide it now").click()
    page.get_by_label("Screenshot of the place where it was").set_input_files(picture("hidden.png", "white"))
    page.get_by_role("button", name="It is hidden: add the picture").click()
    expect(page.get_by_text(f"Case {number} is hidden, and that is proven.")).to_be_visible()
    assert state_of(number) is EmergencyState.STANDING


def test_by_keyboard_alone(visit: Visitor, live: Live) -> None:
    number = seen(live)
    page = visit("coordinator.library", f"/triage/{number}")
    page.locator("summary", has_text="Hide it at once").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first ground
    expect(page.get_by_role("radio", name="E. Illegal activity")).to_be_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="J. Violent or threatening")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type(WORDS)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(ANSWER)
    for _ in ("the pictures", "the clause", "the button"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#case-heading")).to_be_focused()
    assert state_of(number) is EmergencyState.ORDERED


def test_a_refusal_keeps_the_pasted_picture_of_the_form_it_was_pasted_in(visit: Visitor, live: Live) -> None:
    number = seen(live)
    page = visit("coordinator.library", f"/triage/{number}")
    page.locator("summary", has_text="Hide it at once").click()
    answer = page.get_by_label("Your answer to the question of the ground")
    answer.fill("Danger")
    answer.evaluate(
        """async (field) => {
            const canvas = new OffscreenCanvas(30, 20);
            canvas.getContext("2d").fillRect(2, 2, 10, 10);
            const data = new DataTransfer();
            data.items.add(new File([await canvas.convertToBlob()], "image.png", {type: "image/png"}));
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator("#hide-now [data-attached]")).to_contain_text("screenshot-")
    expect(page.locator("#concern-form [data-attached]")).to_be_empty()
    page.get_by_role("button", name="Seal it: I hide it now").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#hide-now [data-attached]")).to_contain_text("screenshot-")


def test_what_was_not_decided_is_put_back(visit: Visitor) -> None:
    flagged = RestoreOrder.get(
        (RestoreOrder.state == RestoreState.ORDERED) & (RestoreOrder.cause == RestoreCause.EMERGENCY)
    )
    page = visit("coordinator.library", "/")
    page.get_by_role("link", name=f"Put back case {flagged.case_id}").click()
    page.get_by_label("Screenshot of the post in its place").set_input_files(picture("back.png", "green"))
    page.get_by_role("button", name="It is back: add the picture").click()
    expect(page.get_by_text("the post is back, and that is proven")).to_be_visible()
    assert state_of(flagged.case_id) is EmergencyState.RESTORED


@pytest.mark.parametrize("box", ["administrator", "coordinator.library"])
def test_every_state_is_accessible_and_fits_a_phone(visit: Visitor, axe: Callable[[Page], list[str]], box: str) -> None:
    department = cast.department_id("Library")
    page, problems = visit(box, "/"), []
    paths = [
        f"/triage/{case.id}"
        for case in Case.select().join(EmergencyHide).order_by(Case.id)
        if box == "administrator" or case.department_id == department
    ]
    opened = Case.get((Case.state == "open") & (Case.department == department)).id
    for path in [*paths, f"/triage/{opened}", "/triage/times", "/triage/times?by=site", "/triage/times?by=category"]:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        page.eval_on_selector_all("details", "all => all.forEach((one) => { one.open = true; })")
        problems += [f"{path}: {found}" for found in axe(page)]
        page.set_viewport_size({"width": 320, "height": 700})
        if has_sideways_scroll(page):
            problems.append(f"{path}: wider than a phone")
    assert problems == []
