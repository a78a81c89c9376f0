from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core.clock import town_time
from charlton_intranet.incidents import queries
from charlton_intranet.incidents.models import Incident, IncidentStep
from charlton_intranet.incidents.rules import IncidentKind, Severity, Status, Tlp
from charlton_intranet.sites.rules import SiteState
from tests.conftest import Town
from tests.incidents import factories
from tests.sites import factories as sites

HTMX = {"HX-Request": "true"}


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


# --- reporting


@pytest.mark.parametrize(
    "box", ["employee", "user.library", "head.police", "auditor", "records", "it", "administrator"]
)
def test_everybody_reports_in_two_presses(town: Town, box: str) -> None:
    browser = town.client(box)
    home = text_of(browser.get("/incidents"))
    assert 'href="/incidents/report"' in home
    answer = browser.submit("/incidents/report", {"what": "Odd sign-in codes."})
    assert (answer.status_code, answer.location) == (303, "/incidents/INC-2026-0001")
    page = text_of(browser.get(answer.location))
    assert "its reference is INC-2026-0001" in page
    assert "Told by mail: Sam Ellery." in page
    assert "Stop using the account or device until IT has answered." in page


def test_the_site_of_the_page_is_chosen_already(town: Town) -> None:
    site = sites.site(town)
    page = text_of(town.client("employee").get(f"/incidents/report?site={site.id}"))
    assert f'<option selected value="{site.id}">Charlton Public Library (Facebook)</option>' in page


@pytest.mark.parametrize("site", ["999999", "x", "-1", "1 OR 1=1"])
def test_an_unknown_site_in_the_address_is_no_obstacle(town: Town, site: str) -> None:
    answer = town.client("employee").get("/incidents/report", query_string={"site": site})
    assert answer.status_code == 200


def test_sites_that_one_may_not_know_of_are_not_offered(town: Town) -> None:
    sites.site(town, "Police", handle="secret", title="Undercover", state=SiteState.REQUESTED)
    assert "Undercover" not in text_of(town.client("employee").get("/incidents/report"))


def test_all_that_was_filled_in_arrives(town: Town) -> None:
    site = sites.site(town)
    form = {
        "what": " Strange posts. ",
        "kind": "takeover",
        "site": site.id,
        "noticed_at": "2026-11-23T09:30",
        "started_at": "2026-11-22T21:00",
        "done": "Password changed.",
        "told": "My head.",
    }
    town.client("user.library").submit("/incidents/report", form)
    kept = Incident.get()
    assert (kept.what, kept.kind, kept.site_id, kept.done, kept.told) == (
        "Strange posts.",
        IncidentKind.TAKEOVER,
        site.id,
        "Password changed.",
        "My head.",
    )
    assert [f"{town_time(at):%d %H:%M}" for at in (kept.started_at, kept.noticed_at)] == ["22 21:00", "23 09:30"]
    assert (kept.tlp, kept.status) == (Tlp.AMBER_STRICT, Status.REPORTED)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("what", ""),
        ("what", "x" * 5_001),
        ("kind", "aliens"),
        ("site", "999999"),
        ("site", "x"),
        ("noticed_at", "2026-11-24T09:30"),
        ("noticed_at", "yesterday"),
        ("started_at", "2026-11-23T09:31"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_can_not_be_taken_is_named_and_the_rest_kept(
    town: Town, field: str, value: str, headers: dict[str, str]
) -> None:
    form = {"what": "Strange posts.", "done": "Kept words.", "noticed_at": "2026-11-23T09:30", field: value}
    answer = town.client("employee").submit("/incidents/report", form, headers=headers)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'href="#' + ("noticed_at" if field == "started_at" else field) in page
    assert "Kept words." in page
    assert ("<html" in page) == (not headers)
    assert Incident.select().count() == 0


def test_under_htmx_the_answer_leaves_the_form(town: Town) -> None:
    answer = town.client("employee").submit("/incidents/report", {"what": "Odd."}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/incidents/INC-2026-0001")


def test_a_repeated_press_is_harmless(town: Town) -> None:
    browser = town.client("employee")
    answers = [browser.submit("/incidents/report", {"what": "Odd."}).location for _ in range(3)]
    assert answers == ["/incidents/INC-2026-0001"] * 3
    assert Incident.select().count() == 1


def test_words_of_a_report_are_never_markup(town: Town) -> None:
    reference = factories.report(town, what="<img src=x onerror=alert(1)>", done="<b>x</b>")
    page = text_of(town.client("it").get(f"/incidents/{reference}"))
    assert "<img src=x" not in page
    assert "<b>x</b>" not in page


# --- who sees what


@pytest.mark.parametrize(
    ("box", "status"),
    [
        ("employee", 200),
        ("it", 200),
        ("administrator", 200),
        ("auditor", 404),
        ("records", 404),
        ("head.library", 404),
        ("user.library", 404),
    ],
)
def test_an_incident_is_confidential(town: Town, box: str, status: int) -> None:
    reference = factories.report(town)
    browser = town.client(box)
    assert browser.get(f"/incidents/{reference}").status_code == status
    assert browser.submit(f"/incidents/{reference}/notes", {"text": "x"}).status_code == (303 if status == 200 else 404)
    assert (reference in text_of(browser.get("/incidents"))) == (status == 200)


def test_not_mine_and_not_there_look_the_same(town: Town) -> None:
    reference = factories.report(town)
    browser = town.client("head.library")
    mine, none = browser.get(f"/incidents/{reference}"), browser.get("/incidents/INC-2026-9999")
    assert text_of(mine).replace(reference, "") == text_of(none).replace("INC-2026-9999", "")


@pytest.mark.parametrize("box", ["employee", "administrator", "auditor", "head.library"])
@pytest.mark.parametrize("step", ["move", "labels"])
def test_only_it_handles(town: Town, box: str, step: str) -> None:
    reference = factories.report(town)
    form = {"version": 1, "to": "acknowledged", "tlp": "TLP:RED"}
    assert town.client(box).submit(f"/incidents/{reference}/{step}", form).status_code == 403
    kept = queries.incident(town.actor("it"), reference)
    assert (kept.status, kept.tlp) == (Status.REPORTED, Tlp.AMBER_STRICT)


@pytest.mark.parametrize("step", ["move", "labels", "notes"])
def test_steps_are_posts_and_need_an_incident(town: Town, step: str) -> None:
    reference = factories.report(town)
    browser = town.client("it")
    assert browser.get(f"/incidents/{reference}/{step}").status_code == 405
    form = {"version": 1, "to": "acknowledged", "note": "x", "tlp": "TLP:RED", "text": "x"}
    assert browser.submit(f"/incidents/INC-1999-0001/{step}", form).status_code == 404


@pytest.mark.parametrize("url", ["/incidents", "/incidents/report", "/incidents/INC-2026-0001"])
def test_without_a_session_all_pages_lead_to_sign_in(town: Town, url: str) -> None:
    answer = town.client().get(url)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")


def test_the_reporter_sees_where_it_stands_but_no_handling(town: Town) -> None:
    reference = factories.at(town, Status.CONTAINMENT)
    page = text_of(town.client("employee").get(f"/incidents/{reference}"))
    assert "IT keeps the harm from spreading." in page
    assert f"/incidents/{reference}/notes" in page
    assert f"/incidents/{reference}/move" not in page
    assert f"/incidents/{reference}/labels" not in page


# --- handling


def test_it_goes_through_with_the_buttons_on_the_page(town: Town) -> None:
    reference = factories.report(town)
    browser = town.client("it")
    for number, to in enumerate(("acknowledged", "containment", "eradication", "recovery", "closed"), start=1):
        assert f'name="to" value="{to}"' in text_of(browser.get(f"/incidents/{reference}"))
        form = {"version": number, "to": to, "note": f"Note {number}"}
        assert browser.submit(f"/incidents/{reference}/move", form).status_code == 303
    page = text_of(browser.get(f"/incidents/{reference}"))
    assert 'name="to"' not in page
    assert all(f"Note {number}" in page for number in range(1, 6))


def test_a_stale_step_answers_409_and_shows_what_was_typed(town: Town) -> None:
    reference = factories.at(town, Status.ACKNOWLEDGED)
    form = {"version": 1, "to": "containment", "note": "My long note"}
    answer = town.client("it").submit(f"/incidents/{reference}/move", form)
    assert answer.status_code == 409
    assert "My long note" in text_of(answer)
    labels = {"version": 1, "severity": "low", "tlp": "TLP:RED"}
    assert town.client("it").submit(f"/incidents/{reference}/labels", labels).status_code == 409


def test_a_step_that_is_not_open_answers_409(town: Town) -> None:
    reference = factories.report(town)
    form = {"version": 1, "to": "closed", "note": "Done."}
    assert town.client("it").submit(f"/incidents/{reference}/move", form).status_code == 409


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("step", "form", "field"),
    [
        ("move", {"version": 1, "to": "false_alarm", "note": " "}, "note"),
        ("move", {"version": 1, "to": "nowhere", "note": "Kept words."}, "to"),
        ("labels", {"version": 1, "severity": "awful", "tlp": "TLP:RED"}, "severity"),
        ("labels", {"version": 1, "severity": "low", "tlp": "TLP:PINK"}, "tlp"),
        ("notes", {"text": ""}, "text"),
        ("notes", {"text": "x" * 2_001}, "text"),
    ],
)
def test_a_bad_step_names_the_field(
    town: Town, step: str, form: dict[str, Any], field: str, headers: dict[str, str]
) -> None:
    reference = factories.report(town)
    answer = town.client("it").submit(f"/incidents/{reference}/{step}", form, headers=headers)
    page = text_of(answer)
    assert answer.status_code == 422
    assert f'href="#{field}' in page
    assert form.get("note", "").strip() in page
    assert ("<html" in page) == (not headers)
    assert IncidentStep.select().count() == 1


def test_severity_and_label_are_saved(town: Town) -> None:
    reference = factories.report(town)
    form = {"version": 1, "severity": "high", "tlp": "TLP:RED"}
    answer = town.client("it").submit(f"/incidents/{reference}/labels", form, follow_redirects=True)
    assert "Severity and label are saved." in text_of(answer)
    kept = queries.incident(town.actor("it"), reference)
    assert (kept.severity, kept.tlp) == (Severity.HIGH, Tlp.RED)


def test_a_note_is_added_in_place(town: Town) -> None:
    reference = factories.report(town)
    answer = town.client("employee").submit(
        f"/incidents/{reference}/notes", {"text": "It stopped."}, headers=HTMX, follow_redirects=True
    )
    part = text_of(answer)
    assert "<html" not in part
    assert "It stopped." in part
    assert "Your note is in the log." in part


# --- the list


def test_open_and_over_have_their_own_lists(town: Town) -> None:
    references = {status: factories.at(town, status) for status in Status}
    browser = town.client("it")
    opened, over = text_of(browser.get("/incidents")), text_of(browser.get("/incidents?state=over"))
    for status, reference in references.items():
        is_over = status in {Status.CLOSED, Status.FALSE_ALARM}
        assert (reference in opened, reference in over) == (not is_over, is_over)


def test_the_pages_lead_through_everything_once(town: Town) -> None:
    expected = [factories.report(town, what=str(number)) for number in range(30)]
    browser, url, seen = town.client("administrator"), "/incidents", []
    while url:
        page = text_of(browser.get(url))
        seen += [reference for reference in reversed(expected) if f"/incidents/{reference}" in page]
        _, found, rest = page.partition('rel="next" href="')
        url = rest.partition('"')[0].replace("&amp;", "&") if found else ""
    assert seen == expected[::-1]


@pytest.mark.parametrize("after", ["x", "-1", "99999999999999999999", "²"])
def test_nonsense_in_the_address_starts_from_the_top(town: Town, after: str) -> None:
    reference = factories.report(town)
    assert reference in text_of(town.client("it").get("/incidents", query_string={"after": after}))


@pytest.mark.parametrize("url", ["/incidents", "/incidents/report", "/incidents/INC-2026-0001"])
def test_no_page_costs_more_as_rows_grow(town: Town, url: str) -> None:
    site = sites.site(town)
    factories.report(town, site_id=site.id)
    browser = town.client("it")
    browser.get(url)
    with count_queries() as few:
        assert browser.get(url).status_code == 200
    for number in range(5):
        factories.report(town, what=str(number), site_id=site.id)
        factories.move(town, "INC-2026-0001", list(Status)[number + 1])
    with count_queries() as many:
        assert browser.get(url).status_code == 200
    assert few.count == many.count <= 6
