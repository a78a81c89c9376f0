import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from charlton_intranet.accounts import service as people
from charlton_intranet.accounts.models import Person
from charlton_intranet.accounts.rules import FRESH_FOR
from charlton_intranet.policy import queries
from charlton_intranet.policy.clauses import sha256_of
from charlton_intranet.policy.models import Acknowledgement, PolicyDocument
from charlton_intranet.policy.rules import Change, DocumentState
from tests.conftest import Town
from tests.policy import factories

WORDS = {"title": "Social Media Policy", "change": "major", "summary": "New.", "text": "3.8 Network\n\nReport it."}
SIGNED = {"read": "y", "agreed": "y", "typed_name": "Uma Reyes"}
EVERYBODY = ("administrator", "it", "records", "auditor", "head.library", "coordinator.library", "employee")


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def in_force_id() -> int:
    current = queries.in_force()
    assert current is not None
    return current.id


# --- reading


@pytest.mark.parametrize("box", EVERYBODY)
def test_everybody_reads_the_policy_with_an_address_for_each_clause(town: Town, box: str) -> None:
    factories.publish(town)
    answer = town.client(box).get("/policy")
    assert answer.status_code == 200
    for name in ("clause-3.3", "clause-3.3-4", "clause-3.6-3", "clause-3.6.3-A"):
        assert f'id="{name}"' in text_of(answer)


def test_before_the_first_version_the_page_says_so(town: Town) -> None:
    page = text_of(town.client("employee").get("/policy"))
    assert "No policy is in force yet" in page
    assert "Legal risk" in page


def test_the_policys_words_are_never_markup(town: Town) -> None:
    factories.publish(town, text='3.6 <script src="/x"></script>\n\n<img src=x onerror=alert(1)>\n\n1. <b>bold</b>')
    page = text_of(town.client("employee").get("/policy"))
    assert "<img src=x" not in page
    assert "&lt;b&gt;bold" in page


@pytest.mark.parametrize("box", EVERYBODY)
def test_old_versions_stay_readable_and_drafts_are_private(town: Town, box: str) -> None:
    old = factories.publish(town)
    factories.publish(town)
    draft = factories.draft(town)
    browser, private = town.client(box), 200 if box == "administrator" else 404
    assert browser.get(f"/policy/documents/{old}").status_code == 200
    assert browser.get(f"/policy/documents/{draft}").status_code == private
    assert browser.get(f"/policy/documents/{draft}/text").status_code == private
    listed = text_of(browser.get("/policy/documents"))
    assert f"/policy/documents/{old}" in listed
    assert (f"/policy/documents/{draft}" in listed) == (box == "administrator")


def test_the_downloaded_text_has_the_hash_that_is_printed(town: Town) -> None:
    document_id = factories.publish(town)
    answer = town.client("employee").get(f"/policy/documents/{document_id}/text")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="social-media-policy-1.0.txt"'
    assert sha256_of(answer.get_data().decode()) == PolicyDocument.get_by_id(document_id).text_sha256


# --- who may open what

PUBLISHERS = ("/policy/documents/new", "/policy/documents/{draft}/edit", "/policy/documents/{draft}/publish")


@pytest.mark.parametrize("box", EVERYBODY[1:])
@pytest.mark.parametrize("address", PUBLISHERS)
def test_pages_of_the_administrator_are_closed_to_others(town: Town, box: str, address: str) -> None:
    url = address.format(draft=factories.draft(town))
    browser = town.client(box)
    assert browser.get(url).status_code == 403
    assert browser.submit(url, WORDS).status_code == 403
    assert PolicyDocument.select().where(PolicyDocument.state == DocumentState.PUBLISHED).count() == 0


@pytest.mark.parametrize(
    ("box", "status"),
    [("administrator", 200), ("auditor", 200), ("head.library", 200), ("it", 403), ("records", 403), ("employee", 403)],
)
def test_who_sees_the_signatures(town: Town, box: str, status: int) -> None:
    assert town.client(box).get("/policy/acknowledgements").status_code == status


def test_without_a_session_all_pages_lead_to_sign_in(town: Town) -> None:
    browser = town.client()
    for url in (*COSTS, "/policy/certificates/1", "/policy/certificates/1/pdf", "/policy/people/1/paper"):
        answer = browser.get(url)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize(
    ("box", "status"),
    [
        ("user.library", 200),
        ("head.library", 200),
        ("administrator", 200),
        ("auditor", 200),
        ("head.police", 404),
        ("coordinator.library", 404),
        ("it", 404),
        ("employee", 404),
    ],
)
def test_whose_certificate_one_may_see(town: Town, box: str, status: int) -> None:
    factories.publish(town)
    url = f"/policy/certificates/{factories.sign(town, 'user.library')}"
    assert town.client(box).get(url).status_code == status
    assert town.client(box).get(f"{url}/record").status_code == status


@pytest.mark.parametrize(
    "url", ["/policy/documents/999", "/policy/documents/999/text", "/policy/certificates/999", "/policy/documents/x"]
)
def test_what_does_not_exist_is_not_found(town: Town, url: str) -> None:
    assert town.client("administrator").get(url).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/policy",
        "/policy/documents",
        "/policy/changes",
        "/policy/acknowledgements",
        "/policy/acknowledgements.csv",
        "/policy/certificates/1",
        "/policy/certificates/1/pdf",
    ],
)
def test_pages_that_only_show_take_no_post(town: Town, url: str) -> None:
    assert town.client("administrator").submit(url).status_code == 405


# --- signing


def test_signing_leads_to_a_certificate_that_computes(town: Town) -> None:
    document_id = factories.publish(town)
    browser = town.client("user.library")
    page = text_of(browser.get("/policy/sign"))
    assert "Each authorized user signs an acknowledgement first." in page
    assert "checked" not in page
    answer = browser.submit("/policy/sign", {**SIGNED, "document_id": document_id})
    assert answer.status_code == 303
    certificate = text_of(browser.get(answer.location))
    kept = Acknowledgement.get()
    record = browser.get(f"{answer.location}/record").get_data().decode()
    assert sha256_of(record) == kept.seal
    assert kept.seal in certificate
    assert "does not match its seal" not in certificate
    assert kept.expires_on - kept.signed_on == timedelta(days=365)


def test_a_tampered_certificate_says_so(town: Town) -> None:
    factories.publish(town)
    acknowledgement_id = factories.sign(town, "user.library")
    Acknowledgement.update(record=Acknowledgement.record.concat(" ")).execute()
    page = text_of(town.client("user.library").get(f"/policy/certificates/{acknowledgement_id}"))
    assert "This record does not match its seal" in page


@pytest.mark.parametrize("missing", ["read", "agreed", "typed_name"])
def test_an_incomplete_signature_comes_back_as_typed(town: Town, missing: str) -> None:
    document_id = factories.publish(town)
    form = {**SIGNED, "document_id": document_id}
    del form[missing]
    answer = town.client("user.library").submit("/policy/sign", form)
    assert answer.status_code == 422
    assert f'href="#{missing}"' in text_of(answer)
    if missing != "typed_name":
        assert 'value="Uma Reyes"' in text_of(answer)
    assert Acknowledgement.select().count() == 0


def test_an_old_sign_in_is_asked_for_the_password_first(town: Town) -> None:
    document_id = factories.publish(town)
    browser = town.client("user.library")
    token = browser.token()
    town.clock.at += FRESH_FOR + timedelta(seconds=1)
    asked = browser.get("/policy/sign")
    assert (asked.status_code, asked.location) == (303, "/confirm?next=%2Fpolicy%2Fsign")
    answer = browser.post("/policy/sign", data={**SIGNED, "document_id": document_id, "csrf_token": token})
    assert answer.status_code == 401
    assert Acknowledgement.select().count() == 0


def test_a_signature_for_a_text_no_longer_in_force_answers_409(town: Town) -> None:
    old = factories.publish(town)
    factories.publish(town, Change.MINOR)
    answer = town.client("user.library").submit("/policy/sign", {**SIGNED, "document_id": old})
    assert answer.status_code == 409
    assert "came into force while you were reading" in text_of(answer)
    assert Acknowledgement.select().count() == 0


def test_a_repeated_press_is_harmless(town: Town) -> None:
    form = {**SIGNED, "document_id": factories.publish(town)}
    browser = town.client("user.library")
    assert {browser.submit("/policy/sign", form).location for _ in range(3)} == {
        f"/policy/certificates/{Acknowledgement.get().id}"
    }


def test_there_is_nothing_to_sign_before_the_first_version(town: Town) -> None:
    assert town.client("user.library").get("/policy/sign").status_code == 404


def test_the_policy_page_follows_the_readers_standing(town: Town) -> None:
    factories.publish(town)
    browser = town.client("user.library")
    assert "Never signed" in text_of(browser.get("/policy"))
    factories.sign(town, "user.library")
    assert "Your certificate" in text_of(browser.get("/policy"))


# --- publishing


def test_from_draft_to_force(town: Town) -> None:
    browser = town.client("administrator")
    drafted = browser.submit("/policy/documents/new", WORDS)
    assert drafted.status_code == 303
    draft_id = int(drafted.location.rsplit("/", 1)[1])
    assert "No policy is in force yet" in text_of(browser.get("/policy"))
    page = text_of(browser.get(f"/policy/documents/{draft_id}/publish"))
    assert "Every signature under an earlier version stops counting" in page
    answer = browser.submit(f"/policy/documents/{draft_id}/publish", {"version": 1})
    assert (answer.status_code, answer.location) == (303, "/policy")
    assert in_force_id() == draft_id


def test_a_file_takes_the_place_of_the_text(town: Town) -> None:
    upload = (io.BytesIO("\ufeff3.8 Réseau\r\n\r\nReport it.\r\n".encode()), "policy.md")
    town.client("administrator").submit("/policy/documents/new", {**WORDS, "file": upload})
    assert PolicyDocument.get().text == "3.8 Réseau\n\nReport it.\n"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff\xfe3\x00", "not a UTF-8 text"),
        (b"%PDF-1.7\xe2\xe3", "not a whole PDF"),
        (b"text\x00", "not a UTF-8 text"),
    ],
)
def test_a_file_that_is_no_text_is_refused_and_the_rest_kept(town: Town, data: bytes, sentence: str) -> None:
    form = {**WORDS, "summary": "Keep this sentence.", "file": (io.BytesIO(data), "policy.txt")}
    answer = town.client("administrator").submit("/policy/documents/new", form)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Keep this sentence." in text_of(answer)
    assert PolicyDocument.select().count() == 0


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("text", " "), ("change", "minor"), ("change", "huge"), ("summary", "x" * 501)]
)
def test_a_bad_draft_names_the_field_and_keeps_the_text(town: Town, field: str, value: str) -> None:
    answer = town.client("administrator").submit("/policy/documents/new", {**WORDS, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}' in text_of(answer)
    if field != "text":
        assert "Report it." in text_of(answer)
    assert PolicyDocument.select().count() == 0


def test_the_draft_starts_from_the_version_in_force(town: Town) -> None:
    factories.publish(town)
    assert "Each authorized user signs" in text_of(town.client("administrator").get("/policy/documents/new"))


def test_a_stale_draft_answers_409_and_shows_what_was_typed(town: Town) -> None:
    draft_id = factories.draft(town)
    browser = town.client("administrator")
    url = f"/policy/documents/{draft_id}/edit"
    assert browser.submit(url, {**WORDS, "version": 1}).status_code == 303
    answer = browser.submit(url, {**WORDS, "text": "3.8 My own words", "version": 1})
    assert answer.status_code == 409
    assert "3.8 My own words" in text_of(answer)
    assert "My own words" not in PolicyDocument.get_by_id(draft_id).text
    assert browser.submit(f"/policy/documents/{draft_id}/publish", {"version": 1}).status_code == 409


def test_publishing_twice_publishes_once(town: Town) -> None:
    draft_id = factories.draft(town)
    browser = town.client("administrator")
    url = f"/policy/documents/{draft_id}/publish"
    assert browser.submit(url, {"version": 1}).status_code == 303
    assert browser.submit(url, {"version": 1}).status_code == 409
    assert browser.get(url).status_code == 404


def test_publishing_asks_for_a_fresh_sign_in(town: Town) -> None:
    draft_id = factories.draft(town)
    browser = town.client("administrator")
    town.clock.at += FRESH_FOR + timedelta(seconds=1)
    answer = browser.get(f"/policy/documents/{draft_id}/publish")
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/confirm")


# --- the list of signatures


def test_a_head_sees_the_own_department_alone(town: Town) -> None:
    factories.publish(town)
    page = text_of(town.client("head.library").get("/policy/acknowledgements"))
    assert "Uma Reyes" in page
    assert "Umar Dietz" not in page
    assert "Police" not in page


@pytest.mark.parametrize(
    ("query", "named", "absent"),
    [
        ("standing=current", "Uma Reyes", "Umar Dietz"),
        ("standing=missing", "Umar Dietz", "Uma Reyes"),
        ("q=Uma+R", "Uma Reyes", "Umar Dietz"),
        ("everybody=y&q=Lowe", "Edith Lowe", "Umar Dietz"),
        ("q=Lowe", "Nobody matches", "Edith Lowe"),
        ("standing=nonsense", "Umar Dietz", "Edith Lowe"),
        ("department=x", "Umar Dietz", "Edith Lowe"),
        ("after=x:y", "Umar Dietz", "Edith Lowe"),
        ("after=9999999999999999999:A", "Umar Dietz", "Edith Lowe"),
    ],
)
def test_filters_live_in_the_address(town: Town, query: str, named: str, absent: str) -> None:
    factories.publish(town)
    factories.sign(town, "user.library")
    part = text_of(town.client("administrator").part(f"/policy/acknowledgements?{query}"))
    assert "<html" not in part
    assert named in part
    assert absent not in part


def test_the_pages_lead_through_everybody_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.publish(town)
    whole = queries.acknowledgements_page

    def short(*given: Any, **named: Any) -> Any:
        return whole(*given, **named, size=2)

    monkeypatch.setattr(queries, "acknowledgements_page", short)
    browser, url, names = town.client("administrator"), "/policy/acknowledgements?standing=missing", []
    while url:
        page = text_of(browser.part(url))
        names += [name for name in NAMES if name in page]
        _, found, rest = page.partition('rel="next" href="')
        url = rest.partition('"')[0].replace("&amp;", "&") if found else ""
    assert sorted(names) == sorted(NAMES)


NAMES = ("Helen Marsh", "Cody Barnes", "Uma Reyes", "Paul Hadley", "Carla Nunez", "Umar Dietz")


def test_the_list_goes_into_a_spreadsheet_whole_and_safe(town: Town) -> None:
    factories.publish(town)
    factories.sign(town, "user.library")
    Person.update(name="=HYPERLINK(1)").where(Person.id == town.person_id("user.police")).execute()
    answer = town.client("administrator").get("/policy/acknowledgements.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="signatures-2026-11-23.csv"'
    listed = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert {row["Name"]: (row["Signature"], row["Signed"]) for row in listed} == {
        "'=HYPERLINK(1)": ("Never signed", ""),
        "Carla Nunez": ("Never signed", ""),
        "Cody Barnes": ("Never signed", ""),
        "Helen Marsh": ("Never signed", ""),
        "Paul Hadley": ("Never signed", ""),
        "Uma Reyes": ("Counts", "2026-11-23"),
    }
    some = text_of(town.client("administrator").get("/policy/acknowledgements.csv?standing=current"))
    assert "Uma Reyes" in some
    assert "Carla" not in some


@pytest.mark.parametrize(("box", "status"), [("head.library", 200), ("auditor", 200), ("it", 403), ("employee", 403)])
def test_who_may_take_the_list_along(town: Town, box: str, status: int) -> None:
    answer = town.client(box).get("/policy/acknowledgements.csv")
    assert answer.status_code == status
    assert "Police" not in text_of(answer) or box == "auditor"


# --- cost

COSTS = {
    "/policy": 13,  # one of them for the categories in force
    "/policy/documents": 6,
    "/policy/changes": 9,
    "/policy/sign": 8,
    "/policy/acknowledgements": 11,
    "/policy/acknowledgements.csv": 11,
}


@pytest.mark.parametrize("url", COSTS)
def test_no_page_costs_more_as_rows_grow(town: Town, url: str) -> None:
    for change in (Change.MAJOR, Change.MINOR):
        factories.publish(town, change)
    browser = town.client("administrator")
    browser.get(url)
    with count_queries() as few:
        assert browser.get(url).status_code == 200
    for change in (Change.MINOR, Change.MINOR, Change.MAJOR):
        factories.publish(town, change)
    for box in ("administrator", "head.library", "user.library", "head.police"):
        factories.sign(town, box)
    people.make_department(town.actor("it"), "Recreation", clock=town.clock)
    with count_queries() as many:
        assert browser.get(url).status_code == 200
    assert few.count == many.count <= COSTS[url]
