"""The main job in a real browser: by keyboard, by hand, and without JavaScript."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from charlton_intranet.core.clock import today
from charlton_intranet.core.permissions import Permission
from charlton_intranet.demo import cast
from charlton_intranet.moderation import importing
from charlton_intranet.moderation.jobs import run_imports
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.sites.queries import site_choices
from tests.browser.conftest import Live, Visitor, has_sideways_scroll

pytestmark = pytest.mark.browser

LINK = "https://www.facebook.com/CharltonPublicLibrary/posts/7001"
WORDS = "Sell your old phones at my stand on Main Street, best prices, cash today!"


def picture(name: str = "seen.png", colour: str = "teal") -> FilePayload:
    """A file to choose: a real little picture."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


def capture(page: Page, *, words: str = WORDS, link: str = LINK) -> int:
    """Capture by hand on the open capture page; returns the case's number."""
    page.get_by_label("Link to the post").fill(link)
    page.get_by_label("What it says").fill(words)
    page.get_by_label("Who wrote it").fill("Phone Stand")
    page.get_by_role("button", name="Capture it").click()
    page.wait_for_url(re.compile(r"/triage/\d+"))
    return int(re.findall(r"/triage/(\d+)", page.url)[0])


def heading(page: Page) -> str:
    """The chosen case."""
    return page.locator("#case-heading").inner_text()


def chosen(page: Page) -> int:
    return int(re.findall(r"Case (\d+)$", heading(page))[0])


def state_of(case_id: int) -> CaseState:
    return CaseState(Case.get_by_id(case_id).state)


def test_triage_of_real_comments_by_keyboard(visit: Visitor, live: Live, shared_data: Path) -> None:
    """Reads real comments kept beside the checkout."""
    clock = live.parts.clock
    coordinator = cast.actor("coordinator.library", today(clock))
    site_id = site_choices(coordinator, Permission.IMPORT_COMMENTS)[0][0]
    importing.start_import(
        coordinator,
        site_id=site_id,
        file_name="comments.csv",
        data=(shared_data / "moderation_hand.csv").read_bytes(),
        mapping={"text": "text", "id": "id"},
        clock=clock,
    )
    run_imports(live.parts)
    page = visit("coordinator.library", "/triage?state=open")
    before = Case.select().where(Case.state == CaseState.DISMISSED).count()
    answered = []
    for _ in range(10):
        number = chosen(page)
        answered.append(number)
        page.keyboard.press("d")
        expect(page.locator("#case-heading")).not_to_have_text(re.compile(rf"Case {number}$"))
    assert len(set(answered)) == 10
    assert Case.select().where(Case.state == CaseState.DISMISSED).count() == before + 10
    here = chosen(page)
    page.keyboard.press("j")
    expect(page.locator("#case-heading")).not_to_have_text(re.compile(rf"Case {here}$"))
    page.keyboard.press("k")
    expect(page.locator("#case-heading")).to_have_text(re.compile(rf"Case {here}$"))
    page.keyboard.press("u")
    expect(page.locator("#case-heading")).to_have_text(re.compile(rf"Case {answered[-1]}$"))
    assert state_of(answered[-1]) is CaseState.OPEN
    page.keyboard.press("n")
    page.keyboard.type("dj is typed, not pressed")
    expect(page.get_by_label("Note")).to_have_value("dj is typed, not pressed")
    assert state_of(answered[-1]) is CaseState.OPEN
    page.keyboard.press("Escape")
    expect(page.get_by_label("Note")).to_have_value("dj is typed, not pressed")
    page.keyboard.press("j")
    expect(page.locator("#case-heading")).not_to_have_text(re.compile(rf"Case {answered[-1]}$"))


def test_undo_is_there_after_a_reload(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage?state=open")
    number = chosen(page)
    page.keyboard.press("d")
    expect(page.locator("#case-heading")).not_to_have_text(re.compile(rf"Case {number}$"))
    page.reload()
    page.get_by_role("button", name=f"Undo no concern for case {number}").click()
    expect(page.get_by_text(f"Case {number} is open again.")).to_be_visible()
    assert state_of(number) is CaseState.OPEN


def test_back_goes_to_the_case_before_and_keys_still_work(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage?state=open")
    first = chosen(page)
    page.keyboard.press("j")
    expect(page.locator("#case-heading")).not_to_have_text(re.compile(rf"Case {first}$"))
    second = chosen(page)
    page.keyboard.press("j")
    expect(page.locator("#case-heading")).not_to_have_text(re.compile(rf"Case {second}$"))
    page.go_back()
    expect(page.locator("#case-heading")).to_have_text(re.compile(rf"Case {second}$"))
    page.keyboard.press("k")
    expect(page.locator("#case-heading")).to_have_text(re.compile(rf"Case {first}$"))
    # Errors still find their place.
    other = page.context.new_page()
    other.goto(f"/triage/{first}")
    other.get_by_role("button", name="No concern").click()
    expect(other.get_by_role("button", name="Undo “no concern”")).to_be_visible()
    page.keyboard.press("d")
    expect(page.locator("#problem")).to_contain_text("Somebody was quicker")
    expect(page.locator("#problem")).to_be_focused()


def test_many_at_once_with_one_undo(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage?state=open")
    ids = [int(value.split(":")[0]) for value in page.eval_on_selector_all("[name=cases]", "b => b.map(x => x.value)")]
    page.get_by_text("Tick all").click()
    page.get_by_role("button", name="No concern for the ticked").click()
    expect(page.get_by_text(f"{len(ids)} cases together.")).to_be_visible()
    assert {state_of(number) for number in ids} == {CaseState.DISMISSED}
    page.get_by_role("button", name="Undo all of them").click()
    expect(page.get_by_text(f"{len(ids)} cases are open again.")).to_be_visible()
    assert {state_of(number) for number in ids} == {CaseState.OPEN}


def test_keys_can_be_read_and_turned_off(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage?state=open")
    number = chosen(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.get_by_text("Use single-letter keys on this computer").click()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("d")
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    assert chosen(page) == number
    assert state_of(number) is CaseState.OPEN


def test_a_pasted_screenshot_is_captured(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage/capture")
    page.get_by_label("Link to the post").fill(LINK)
    page.get_by_label("Link to the post").blur()
    expect(page.locator("#recognized")).to_contain_text("Charlton Public Library (Facebook)")
    page.evaluate(
        """async () => {
            const canvas = new OffscreenCanvas(30, 20);
            canvas.getContext("2d").fillRect(2, 2, 10, 10);
            const file = new File([await canvas.convertToBlob()], "image.png", {type: "image/png"});
            const data = new DataTransfer();
            data.items.add(file);
            const pasted = {clipboardData: data, bubbles: true, cancelable: true};
            document.body.dispatchEvent(new ClipboardEvent("paste", pasted));
        }"""
    )
    expect(page.locator("[data-attached]")).to_contain_text("screenshot-")
    # A refusal in between loses neither the words nor the picture.
    page.get_by_label("When it was posted").fill("2099-01-01T10:00")
    page.get_by_label("What it says").fill(WORDS)
    page.get_by_role("button", name="Capture it").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_label("What it says")).to_have_value(WORDS)
    expect(page.locator("[data-attached]")).to_contain_text("screenshot-")
    page.get_by_label("When it was posted").fill("")
    page.get_by_role("button", name="Capture it").click()
    page.wait_for_url(re.compile(r"/triage/\d+"))
    shown = page.locator(".thumbs img")
    expect(shown).to_have_count(1)
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 30


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_from_the_capture_to_the_end(visit: Visitor, *, javascript: bool) -> None:
    """Coordinator, head, Town Administrator, coordinator: each at their own screen."""
    page = visit("coordinator.library", "/triage/capture", javascript=javascript)
    number = capture(page)
    page.get_by_label("What is the concern?").fill("Advertising for a private stand.")
    page.get_by_text("D. Solicitations of commerce").click()
    page.get_by_label("Screenshots").set_input_files(picture())
    page.get_by_role("button", name="Seal it and ask the department head").click()
    expect(page.get_by_text("is sealed, and the department head has a mail")).to_be_visible()
    assert state_of(number) is CaseState.CONSULTING

    head = visit("head.library", f"/triage/{number}", javascript=javascript)
    head.get_by_text("It breaks the policy", exact=True).click()
    head.get_by_label("Your reasons").fill("It sells something, nothing else.")
    head.get_by_role("button", name="Give this advice").click()
    expect(head.get_by_text("Your advice is on the record")).to_be_visible()

    decider = visit("administrator", f"/triage/{number}", javascript=javascript)
    decider.locator("label", has_text="Remove it").click()
    decider.get_by_role("button", name="Make this determination").click()
    expect(decider.locator("#error-summary")).to_contain_text("Quote the exact words")
    expect(decider.get_by_label("Remove it")).to_be_checked()
    if javascript:
        decider.get_by_role("button", name="Use the words I selected (or all of them)").click()
        expect(decider.get_by_label("The exact words in question")).to_have_value(WORDS)
    else:
        decider.get_by_label("The exact words in question").fill(WORDS)
    decider.get_by_label("Your answer for D").fill("It offers telephones for cash.")
    decider.get_by_label("Reason, about the content alone").fill("The words advertise a private business, no more.")
    decider.get_by_text("Yes, the same").click()
    decider.get_by_role("button", name="Make this determination").click()
    expect(decider.get_by_text(f"Your determination on case {number} is on the record.")).to_be_visible()

    page.goto(f"/triage/{number}")
    page.get_by_role("button", name="It is gone: close the case").click()
    expect(page.locator("#error-summary")).to_contain_text("Add a screenshot")
    page.get_by_label("Screenshot of the place where it was").set_input_files(picture("gone.png", "white"))
    page.get_by_role("button", name="It is gone: close the case").click()
    expect(page.get_by_text("is carried out and closed")).to_be_visible()
    assert state_of(number) is CaseState.CLOSED
    assert page.locator(".step--done").count() == 5


def test_answering_in_the_queue_without_javascript(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage?state=open", javascript=False)
    number = chosen(page)
    page.get_by_role("button", name="No concern", exact=True).click()
    assert chosen(page) != number
    page.get_by_role("button", name=f"Undo no concern for case {number}").click()
    assert chosen(page) == number
    assert state_of(number) is CaseState.OPEN


def test_a_stale_press_in_a_second_tab_keeps_what_was_typed(visit: Visitor) -> None:
    first = visit("coordinator.library", "/triage/capture")
    number = capture(first)
    second = first.context.new_page()
    second.goto(f"/triage/{number}")
    second.get_by_label("What is the concern?").fill("Typed with care in the second tab.")
    second.get_by_text("D. Solicitations of commerce").click()
    first.get_by_role("button", name="No concern").click()
    expect(first.get_by_role("button", name="Undo “no concern”")).to_be_visible()
    second.get_by_role("button", name="Seal it and ask the department head").click()
    expect(second.locator("#problem")).to_contain_text("Somebody was quicker")
    expect(second.get_by_label("What is the concern?")).to_have_value("Typed with care in the second tab.")
    assert state_of(number) is CaseState.DISMISSED


def test_who_else_is_looking(visit: Visitor) -> None:
    number = chosen(visit("coordinator.library", "/triage?state=open"))
    other = visit("administrator", f"/triage/{number}")
    expect(other.locator("#presence")).to_contain_text("Cody Barnes is looking at this")


def test_a_column_that_is_missing_does_not_cost_the_chosen_file(visit: Visitor) -> None:
    page = visit("coordinator.library", "/triage/import")
    page.get_by_label("Site the comments were made on").select_option(index=1)
    page.get_by_label("File of comments").set_input_files(
        FilePayload(name="words.csv", mimeType="text/csv", buffer=b"message\nA question about the hours.\n")
    )
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_text("There is no column “text”").first).to_be_visible()
    page.get_by_label("Words of the comment").fill("message")
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()


def test_an_import_shows_how_far_it_is(visit: Visitor, live: Live) -> None:
    page = visit("it", "/triage/import")
    rows = "".join(f"A question about the hours number {n}.,{n}\n" for n in range(40))
    page.get_by_label("Site the comments were made on").select_option(index=1)
    page.get_by_label("File of comments").set_input_files(
        {"name": "hours.csv", "mimeType": "text/csv", "buffer": f"text,id\n{rows},41\n".encode()}
    )
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    run_imports(live.parts)
    expect(page.get_by_role("heading", name="The import is done")).to_be_visible()
    expect(page.locator(".figures")).to_contain_text("40 new cases")
    expect(page.get_by_role("table", name="Rows that did not go in")).to_contain_text("42")


@pytest.mark.parametrize(
    ("box", "paths"),
    [
        (
            "coordinator.library",
            ("/triage", "/triage?state=dismissed", "/triage?words=zebra", "/triage/capture", "/triage/import"),
        ),
        ("it", ("/triage/import",)),
        ("user.library", ("/triage/capture",)),
        ("auditor", ("/triage?state=open", "/triage?state=closed")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_pages_are_accessible_and_fit_a_phone(
    visit: Visitor, axe: Callable[[Page], list[str]], box: str, paths: tuple[str, ...]
) -> None:
    page = visit(box, "/")
    for path in paths:
        check(page, path, axe)


@pytest.mark.parametrize("box", ["administrator", "head.library", "coordinator.library"])
def test_a_case_in_every_state_is_accessible(
    visit: Visitor, live: Live, axe: Callable[[Page], list[str]], box: str
) -> None:
    department = cast.department_id("Library")
    page = visit(box, "/")
    for state in set(CaseState) - {CaseState.PRESERVED, CaseState.CARRIED_OUT}:
        found = Case.get_or_none((Case.state == state) & (Case.department == department)) or Case.get(
            Case.state == state
        )
        if found.department_id == department or box == "administrator":
            check(page, f"/triage/{found.id}", axe)
            check(page, f"/triage?state={state}&case={found.id}", axe)


def check(page: Page, path: str, axe: Callable[[Page], list[str]]) -> None:
    """Whether axe finds anything on the page, and whether it fits the smallest phone."""
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    assert axe(page) == [], path
    page.set_viewport_size({"width": 320, "height": 700})
    assert not has_sideways_scroll(page), path
    assert axe(page) == [], f"{path} at 320 px"
