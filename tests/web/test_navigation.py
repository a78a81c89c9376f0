import pytest

from charlton_intranet.web.navigation import entries
from tests.conftest import Town


@pytest.mark.parametrize(
    ("box", "labels"),
    [
        ("employee", ["My work", "Sites", "My access", "Incidents", "Policy"]),
        ("user.library", ["My work", "Capture", "Sites", "My access", "Incidents", "Policy"]),
        ("coordinator.library", ["My work", "Triage", "Sites", "Access", "Reviews", "Incidents", "Policy"]),
        (
            "it",
            ["My work", "Referrals", "Sites", "Access", "Incidents", "People", "Policy", "Evidence", "Settings"],
        ),
    ],
)
def test_everybody_is_led_to_what_they_may_open(town: Town, box: str, labels: list[str]) -> None:
    shown = entries(town.actor(box), "/")
    assert [entry.label for entry in shown] == labels
    browser = town.client(box)
    assert {browser.get(entry.url).status_code for entry in shown} == {200}


def test_the_present_page_is_marked_with_all_below_it(town: Town) -> None:
    for path, label in [
        ("/triage/12", "Triage"),
        ("/contributors/3", "Triage"),
        ("/referrals/3", "Triage"),
        ("/", "My work"),
    ]:
        marked = [entry.label for entry in entries(town.actor("coordinator.library"), path) if entry.current]
        assert marked == [label], path
