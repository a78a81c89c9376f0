"""Captures and full reviews: one form, one press, and everything that comes of it."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.evidence.models import Piece, Seal
from charlton_intranet.incidents.models import Incident
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.rules import Source
from charlton_intranet.reviews.models import Finding, Review, Rhythm, Round
from charlton_intranet.reviews.rules import Result, ReviewKind, lines_of
from charlton_intranet.sites.models import ChecklistAnswer, ChecklistRun, Site
from charlton_intranet.sites.queries.checklists import standing_of
from charlton_intranet.sites.rules import SiteState
from charlton_intranet.sites.rules.checklists import ChecklistKind, ChecklistState
from tests.conftest import Town
from tests.moderation.factories import picture
from tests.page_checks import without_token
from tests.reviews.factories import make_site
from tests.reviews.test_service import without_coordinator

# Sites that went live on this day are due for a capture on the Monday of the tests, and were for a full review.
LONG_AGO = date(2026, 8, 23)
DUE = {"capture": "2026-09-23", "full": "2026-11-23"}


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def filled(kind: str = "full", **changes: Any) -> dict[str, Any]:
    """Every line in order; a capture with its picture. Streams are read once: each press has its own."""
    lines = lines_of(ReviewKind(kind))
    typed: dict[str, Any] = {"due_on": DUE[kind], "edition": "1", **{f"{key}_answer": "fine" for key in lines}}
    if kind == "capture":
        typed["files"] = picture()
    typed |= changes
    if typed.get("files"):
        typed["files"] = (io.BytesIO(typed["files"]), "page.png")
    return typed


def found(key: str, outcome: str, note: str = "Somebody poses as us", link: str = "") -> dict[str, str]:
    return {f"{key}_answer": "found", f"{key}_note": note, f"{key}_outcome": outcome, f"{key}_link": link}


def post(town: Town, site_id: int, kind: str = "full", box: str = "coordinator.library", **changes: Any) -> Any:
    return town.client(box).submit(f"/reviews/sites/{site_id}/{kind}", filled(kind, **changes))


@pytest.fixture
def site_id(town: Town) -> int:
    return make_site(town, title="Library page", active_since=LONG_AGO)


def test_a_full_review_without_findings_is_on_record_and_moves_the_next_one_on(town: Town, site_id: int) -> None:
    answer = post(town, site_id, note="Quiet.")
    made = Round.get()
    assert answer.location == f"/reviews/rounds/{made.id}"
    assert (made.kind, made.due_on, made.result, made.note) == (
        ReviewKind.FULL, date(2026, 11, 23), Result.CLEAN, "Quiet.",
    )  # fmt: skip
    client = town.client("coordinator.library")
    page = text_of(client.get(answer.location))
    assert page.count("In order") == len(lines_of(ReviewKind.FULL))
    assert "Due Tue, Feb 23, 2027" in text_of(client.get("/reviews/full"))
    assert AuditEvent.select().order_by(AuditEvent.number.desc()).get().tag == "site.reviewed"
    assert not Review.select().exists(), "a look is a record of its own"


def test_findings_open_their_case_incident_and_line_of_the_checklist_in_one_press(town: Town, site_id: int) -> None:
    link = "https://facebook.com/x/posts/1"
    changes = (
        found("comments", "case", "Buy cheap sneakers", link)
        | found("lookalikes", "incident", "Charlton Library Grants has our seal")
        | found("guideline", "checklist", "The link leads nowhere")
        | found("plan", "noted", "Fewer posts than planned")
    )
    answer = post(town, site_id, **changes)
    page = text_of(town.client("coordinator.library").get(answer.location))
    case, incident = Case.get(), Incident.get()
    assert (case.text, case.permalink, case.source, case.site_id) == (
        "Buy cheap sneakers",
        link,
        Source.REVIEW,
        site_id,
    )
    assert (incident.kind, incident.site_id) == ("impersonation", site_id)
    assert "Charlton Library Grants has our seal" in incident.what
    assert OutboxMessage.select().where(OutboxMessage.kind == "incident_reported").count() == 1
    standing = standing_of([site_id], town.today)[site_id][ChecklistKind.AUTHENTICITY]
    assert standing.state is ChecklistState.FAILING
    for url in (
        f"/triage/{case.id}", f"/incidents/{incident.reference}", f"/sites/{site_id}/checklists/authenticity/guideline",
    ):  # fmt: skip
        assert f'href="{url}"' in page
    assert "Fewer posts than planned" in page
    assert Round.get().result is Result.FINDINGS
    case_page = text_of(town.client("coordinator.library").get(f"/triage/{case.id}"))
    assert f'Found in <a href="/reviews/rounds/{Round.get().id}">the full review of' in case_page


def test_the_case_is_in_the_sites_history(town: Town, site_id: int) -> None:
    post(town, site_id, **found("comments", "case", "Buy cheap sneakers"))
    page = text_of(town.client("coordinator.library").get(f"/reviews/sites/{site_id}?kind=full"))
    assert f'<a href="/triage/{Case.get().id}">Case {Case.get().id}</a>' in page
    assert f'href="/reviews/rounds/{Round.get().id}"' in page


def test_a_line_of_the_checklist_that_fails_already_keeps_its_date(town: Town, site_id: int) -> None:
    post(town, site_id, **found("guideline", "checklist", "The link leads nowhere"))
    before = ChecklistAnswer.select().count()
    town.clock.at += timedelta(days=92)
    post(town, site_id, due_on="2027-02-23", **found("guideline", "checklist", "Still nowhere"))
    assert Round.select().count() == 2
    assert ChecklistAnswer.select().count() == before


def test_a_site_whose_checklist_was_never_answered_keeps_the_finding(town: Town, site_id: int) -> None:
    ChecklistAnswer.delete().execute()
    ChecklistRun.delete().execute()
    answer = post(town, site_id, **found("guideline", "checklist", "No link at all"))
    assert answer.status_code == 303
    assert Finding.get().note == "No link at all"
    assert not ChecklistAnswer.select().exists()


def test_a_capture_keeps_its_files_sealed_and_leads_back_to_itself(town: Town, site_id: int) -> None:
    answer = post(town, site_id, "capture")
    piece = Piece.get()
    assert piece.site_id == site_id
    assert piece.seal_id is not None
    assert f'"about":"round:{Round.get().id}"' in Seal.get().manifest
    client = town.client("coordinator.library")
    assert f'href="/evidence/{piece.id}/about">page.png</a>' in text_of(client.get(answer.location))
    assert f'href="/reviews/rounds/{Round.get().id}"' in text_of(client.get(f"/evidence/{piece.id}/about"))


def test_a_capture_without_a_file_is_refused_and_keeps_what_was_typed(town: Town, site_id: int) -> None:
    answer = post(town, site_id, "capture", files=[], note="I looked at it", **found("posts", "case", "Sneakers"))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Add at least one picture, PDF or web archive" in page
    assert "I looked at it" in page
    assert "Sneakers" in page
    assert not Case.select().exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"posts_answer": ""}, "Answer this line."),
        ({"posts_answer": "invented"}, "Answer this line."),
        (found("posts", "case", "  "), "Say what you found, in a sentence."),
        (found("posts", ""), "Choose what becomes of it."),
        (found("plan", "incident"), "Choose what becomes of it."),
        (found("comments", "case", "x" * 2001), "2,001"),
        (found("comments", "case", link="https://facebook.com/" + "x" * 1000), "longer than 1000"),
        ({"note": "x" * 2001}, "2,001"),
        ({"files": b"no picture"}, "page.png"),
    ],
)
def test_nothing_is_kept_of_a_form_that_comes_back(
    town: Town, site_id: int, changes: dict[str, Any], sentence: str
) -> None:
    head = audit.head()
    answer = post(town, site_id, **found("lookalikes", "incident", "A false page") | changes)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "A false page" in text_of(answer)
    assert audit.head() == head
    assert not any(table.select().exists() for table in (Round, Case, Incident, Piece))


def test_the_same_press_twice_leaves_one_of_each(town: Town, site_id: int) -> None:
    changes = found("comments", "case", "Sneakers") | found("lookalikes", "incident")
    answers = [post(town, site_id, **changes) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/reviews/rounds/{Round.get().id}"] * 2
    assert (Round.select().count(), Case.select().count(), Incident.select().count()) == (1, 1, 1)


def test_a_stale_press_is_told_and_keeps_the_words(town: Town, site_id: int) -> None:
    post(town, site_id)
    answer = post(town, site_id, **found("lookalikes", "incident", "A page with our seal"))
    assert answer.status_code == 409
    assert "A page with our seal" in text_of(answer)
    assert not Incident.select().exists()


def test_another_edition_is_stale(town: Town, site_id: int) -> None:
    assert post(town, site_id, edition="2").status_code == 409


def test_too_early_says_from_when(town: Town) -> None:
    site_id = make_site(town, active_since=town.today)
    page = text_of(town.client("coordinator.library").get(f"/reviews/sites/{site_id}/full"))
    assert "This can be recorded from Tue, Feb 9, 2027 on." in page
    answer = post(town, site_id, due_on="2027-02-23")
    assert (answer.status_code, Round.select().count()) == (422, 0)


@pytest.mark.parametrize("box", ["head.library", "administrator", "records", "auditor"])
@pytest.mark.parametrize("kind", ["capture", "full"])
def test_readers_see_the_record_and_may_not_make_one(town: Town, site_id: int, box: str, kind: str) -> None:
    post(town, site_id, kind)
    client = town.client(box)
    assert client.get(f"/reviews/rounds/{Round.get().id}").status_code == 200
    assert client.get(f"/reviews/sites/{site_id}?kind={kind}").status_code == 200
    assert client.get(f"/reviews/sites/{site_id}/{kind}").status_code == 403
    assert post(town, site_id, kind, box).status_code == 403


def test_the_head_records_while_there_is_no_coordinator(town: Town, site_id: int) -> None:
    without_coordinator(town)
    assert post(town, site_id, box="head.library").status_code == 303


@pytest.mark.parametrize(
    "url", ["/reviews/sites/{site}/full", "/reviews/sites/{site}/capture", "/reviews/rounds/{round}"]
)
def test_another_department_and_a_missing_record_look_the_same(town: Town, site_id: int, url: str) -> None:
    post(town, site_id)
    client = town.client("coordinator.police")
    theirs = client.get(url.format(site=site_id, round=Round.get().id))
    missing = client.get(url.format(site=999_999, round=999_999))
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert without_token(theirs) == without_token(missing)
    assert post(town, site_id, box="coordinator.police").status_code == 404


@pytest.mark.parametrize("box", ["employee", "user.library", "it"])
def test_who_does_not_read_reviews_is_refused(town: Town, site_id: int, box: str) -> None:
    client = town.client(box)
    for url in ("/reviews/captures", "/reviews/full", f"/reviews/sites/{site_id}/full", "/reviews/rounds/1"):
        assert client.get(url).status_code == 403


@pytest.mark.parametrize(
    "url", ["/reviews/full?after=x", "/reviews/sites/{id}?kind=weekly", "/reviews/sites/{id}/weekly"]
)
def test_addresses_that_lead_nowhere(town: Town, site_id: int, url: str) -> None:
    assert town.client("coordinator.library").get(url.format(id=site_id)).status_code == 404


def test_a_site_that_is_over_is_owed_nothing(town: Town, site_id: int) -> None:
    Site.update(state=SiteState.DEACTIVATED).where(Site.id == site_id).execute()
    assert post(town, site_id).status_code == 404


def set_rhythm(
    town: Town, site_id: int, months: str, *, version: str = "0", box: str = "administrator", **changes: str
) -> Any:
    typed = {"kind": "capture", "version": version, "months": months, "why": "Hardly any posts", **changes}
    return town.client(box).submit(f"/reviews/sites/{site_id}/rhythm", typed)


def test_the_administrator_sets_a_sites_own_rhythm(town: Town, site_id: int) -> None:
    assert set_rhythm(town, site_id, "6").status_code == 303
    client = town.client("coordinator.library")
    page = text_of(client.get(f"/reviews/sites/{site_id}?kind=capture"))
    assert "Every 6 months" in page
    assert "Due Tue, Feb 23, 2027" in page
    assert set_rhythm(town, site_id, "0", version="1").status_code == 303
    assert "None: it is left out on this site." in text_of(client.get(f"/reviews/sites/{site_id}?kind=capture"))
    assert client.get(f"/reviews/sites/{site_id}/capture").status_code == 404
    assert set_rhythm(town, site_id, "", version="2").status_code == 303
    assert "Due Wed, Dec 23, 2026" in text_of(client.get(f"/reviews/sites/{site_id}?kind=capture")), "from today on"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"why": ""}, 422),
        ({"months": "13"}, 422),
        ({"months": ""}, 422),
        ({"version": "4"}, 409),
        ({"kind": "look"}, 404),
    ],
)
def test_a_rhythm_that_can_not_be_set(town: Town, site_id: int, changes: dict[str, str], status: int) -> None:
    typed = {"months": "6"} | changes
    assert set_rhythm(town, site_id, **typed).status_code == status
    assert not Rhythm.select().exists()


@pytest.mark.parametrize("box", ["coordinator.library", "head.library", "auditor", "it"])
def test_nobody_else_sets_a_rhythm(town: Town, site_id: int, box: str) -> None:
    assert set_rhythm(town, site_id, "6", box=box).status_code == 403
    assert "Change how often" not in text_of(town.client("head.library").get(f"/reviews/sites/{site_id}?kind=capture"))


def test_pages_cost_the_same_however_many_sites_and_rounds(town: Town) -> None:
    client, costs = town.client("coordinator.library"), []
    for size in (3, 40):
        ids = [make_site(town, active_since=LONG_AGO) for _ in range(size)]
        Round.insert_many(
            [
                {
                    "site": ids[0], "kind": ReviewKind.FULL, "due_on": LONG_AGO - timedelta(days=n), "edition": 1,
                    "done_at": town.clock.now() - timedelta(days=n), "done_by": town.person_id("coordinator.library"),
                    "result": Result.CLEAN,
                }
                for n in range(size)
            ]
        ).execute()  # fmt: skip
        spent = []
        for url in (
            "/reviews/captures",
            "/reviews/full",
            f"/reviews/sites/{ids[0]}?kind=full",
            f"/reviews/sites/{ids[1]}/full",
        ):
            with count_queries() as counted:
                assert client.get(url).status_code == 200
            spent.append(counted.count)
        costs.append(spent)
    assert costs[0] == costs[1]
