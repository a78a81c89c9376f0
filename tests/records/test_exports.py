"""Handing a sheet out: the same facts as on the page, safe in a spreadsheet, and on the audit trail."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from charlton_intranet.accounts.models import LoginSession
from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.clock import town_time
from charlton_intranet.records import queries
from charlton_intranet.records.files import MANIFEST
from charlton_intranet.records.rules import FORMAT, Release, Section
from charlton_intranet.sites.models import Site
from tests.conftest import Town
from tests.records import factories
from tests.sites import factories as sites

DOCUMENT = Path(__file__).parents[2] / "docs" / "record-sheets.md"
FORMULA = '=HYPERLINK("http://evil.example","Press")'


def taken(town: Town, path: str, wanted: str, box: str = "administrator") -> Any:
    answer = town.client(box).submit(f"{path}/export", {"format": wanted})
    assert answer.status_code == 200
    return answer


def files_in(answer: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
        assert bundle.testzip() is None
        # The moment of the record, whatever the machine's clock says.
        assert {entry.date_time[:3] for entry in bundle.infolist()} == {(2026, 12, 2)}
        return {name: bundle.read(name) for name in bundle.namelist()}


def table(data: bytes) -> list[list[str]]:
    """A CSV file as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def events() -> list[dict[str, Any]]:
    """The handings-out on the trail, oldest first."""
    found = AuditEvent.select().where(AuditEvent.tag == "record.exported").order_by(AuditEvent.number)
    return [json.loads(event.detail) for event in found]


def as_typed(value: Any) -> str:
    """A value of a section as its CSV shows it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{town_time(value):%Y-%m-%d %H:%M:%S}"
    return str(value)


# --- the same facts


def paths(town: Town, site: Site) -> tuple[str, str]:
    return f"/records/sites/{site.id}", f"/records/departments/{town.department_id('Library')}"


def records(town: Town, site: Site, box: str) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    actor = town.actor(box)
    return (
        queries.site_record(actor, site.id, town.today).sections,
        queries.department_record(actor, town.department_id("Library"), town.today).sections,
    )


@pytest.mark.parametrize("box", ["administrator", "it", "coordinator.library"])
def test_json_holds_every_section_row_and_field_of_the_page(town: Town, box: str) -> None:
    site = factories.lively(town)
    for path, sections in zip(paths(town, site), records(town, site, box), strict=True):
        told = taken(town, path, "json", box).get_json()
        assert told["format"] == FORMAT
        assert [one["key"] for one in told["sections"]] == [section.key for section in sections]
        for one, section in zip(told["sections"], sections, strict=True):
            assert [field["key"] for field in one["fields"]] == [field.key for field in section.fields]
            assert [field["release"] for field in one["fields"]] == [field.release for field in section.fields]
            values = [
                [value.isoformat() if isinstance(value, date) else value for value in row] for row in section.rows
            ]
            assert [list(row.values()) for row in one["rows"]] == values


@pytest.mark.parametrize("box", ["administrator", "it", "coordinator.library"])
def test_the_spreadsheets_hold_every_section_and_row(town: Town, box: str) -> None:
    site = factories.lively(town)
    for path, sections in zip(paths(town, site), records(town, site, box), strict=True):
        files = files_in(taken(town, path, "csv", box))
        for number, section in enumerate(sections, 1):
            told = table(files[f"{number:02}-{section.key.replace('_', '-')}.csv"])
            if section.single:
                assert [line[0] for line in told[1:]] == [field.label for field in section.fields]
                assert [line[1] for line in told[1:]] == [as_typed(value) for value in section.rows[0]]
            else:
                assert told[0] == [field.label for field in section.fields]
                assert told[1:] == [[as_typed(value) for value in row] for row in section.rows]
        fields = table(files["fields.csv"])
        assert len(fields) - 1 == sum(len(section.fields) for section in sections)


def test_the_export_has_all_of_the_history(town: Town) -> None:
    site = sites.site(town)
    factories.many_events(town, site, 120)
    told = taken(town, f"/records/sites/{site.id}", "json").get_json()
    assert len(told["sections"][-1]["rows"]) == 120


# --- what it pins


def test_it_names_the_moment_its_maker_and_the_head_of_the_trail(town: Town) -> None:
    site = factories.lively(town)
    number, digest = audit.head()
    answer = taken(town, f"/records/sites/{site.id}", "json", "auditor")
    told = answer.get_json()
    assert told["audit"] == {"number": number, "digest": digest}
    assert (told["as_of"], told["made_by"]) == (town.clock.now().isoformat(), "Jonas Weld")
    assert told["left_out"] == ["Incidents"]
    about = dict(table(files_in(taken(town, f"/records/sites/{site.id}", "csv", "auditor"))["00-about.csv"]))
    assert (about["Last event of the audit trail"], about["Digest of that event"]) == (str(number), digest)
    assert about["Left out, as its maker does not read them"] == "Incidents"
    assert audit.verify([(number, digest)]).fault is None


@pytest.mark.parametrize("wanted", ["csv", "json"])
def test_a_second_run_at_the_same_moment_gives_the_same_bytes(town: Town, wanted: str) -> None:
    site = factories.lively(town)
    for path in paths(town, site):
        first, second = taken(town, path, wanted), taken(town, path, wanted)
        assert first.data == second.data
        assert first.headers["Content-Disposition"] == second.headers["Content-Disposition"]
        factories.many_events(town, site, 1)
        assert taken(town, path, wanted).data != first.data


def test_the_manifest_holds_the_digest_of_every_file(town: Town) -> None:
    files = files_in(taken(town, f"/records/sites/{factories.lively(town).id}", "csv"))
    sums = files.pop(MANIFEST).decode().splitlines()
    assert sums == [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in files.items()]


@pytest.mark.parametrize("wanted", ["csv", "json"])
def test_each_export_is_on_the_trail_with_its_digest(town: Town, wanted: str) -> None:
    site = sites.site(town)
    answer = taken(town, f"/records/sites/{site.id}", wanted, "head.library")
    (event,) = events()
    assert (event["actor"]["name"], event["subject"]) == ("Helen Marsh", f"site_record:{site.id}")
    assert event["details"]["format"] == wanted
    assert event["details"]["sha256"] == hashlib.sha256(answer.data).hexdigest()
    assert event["details"]["size"] == len(answer.data)


def test_a_page_leaves_nothing_on_the_trail(town: Town) -> None:
    site = sites.site(town)
    before = audit.head()
    town.client("auditor").get(f"/records/sites/{site.id}")
    assert audit.head() == before


# --- how it is handed out


def test_it_is_a_download_that_no_browser_keeps(town: Town) -> None:
    site = sites.site(town)
    for wanted, media_type in (("csv", "application/zip"), ("json", "application/json")):
        answer = taken(town, f"/records/sites/{site.id}", wanted)
        assert answer.mimetype == media_type
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=record-site-")
        assert answer.headers["Cache-Control"] == "no-store"


def test_it_asks_for_a_fresh_sign_in(town: Town) -> None:
    site = sites.site(town)
    browser = town.client("administrator")
    long_ago = town.clock.now() - timedelta(minutes=16)
    LoginSession.update(proven_at=long_ago).where(LoginSession.person == town.person_id("administrator")).execute()
    assert browser.submit(f"/records/sites/{site.id}/export", {"format": "json"}).status_code == 401
    assert browser.get(f"/records/sites/{site.id}").status_code == 200
    assert events() == []


@pytest.mark.parametrize("wanted", ["", "pdf", "CSV", "../csv"])
def test_another_format_is_refused(town: Town, wanted: str) -> None:
    site = sites.site(town)
    answer = town.client("administrator").submit(f"/records/sites/{site.id}/export", {"format": wanted})
    assert answer.status_code == 422
    assert events() == []


def test_it_is_not_a_link(town: Town) -> None:
    site = sites.site(town)
    browser = town.client("administrator")
    assert browser.get(f"/records/sites/{site.id}/export").status_code == 405
    assert browser.post(f"/records/sites/{site.id}/export", data={"format": "csv"}).status_code == 400


def test_no_cell_runs_in_a_spreadsheet(town: Town) -> None:
    site = factories.lively(town)
    texts = {"title": FORMULA, "purpose": "+1+1", "plan": "@SUM(A1)", "audience": "-2+3", "stop_reason": "\t=1"}
    Site.update(**texts).where(Site.id == site.id).execute()
    for path in paths(town, factories.now(site)):
        for name, data in files_in(taken(town, path, "csv")).items():
            if name.endswith(".csv"):
                cells = [cell for line in table(data) for cell in line]
                assert not [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@")], name
    assert f"'{FORMULA}" in str(table(files_in(taken(town, f"/records/sites/{site.id}", "csv"))["01-account.csv"]))


def test_incidents_and_the_public_s_words_do_not_leave_with_who_may_not_read_them(town: Town) -> None:
    site = factories.lively(town)
    for path in paths(town, site):
        bundle = b"".join(files_in(taken(town, path, "csv", "head.library")).values())
        bundle += taken(town, path, "json", "head.library").data
        for told in ("INC-2026", factories.HANDLE.lstrip("@"), factories.WORDS_OF_INCIDENT, "lovely"):
            assert told.encode() not in bundle


# --- what is promised in writing


def test_every_section_and_field_is_documented_with_its_mark(town: Town) -> None:
    site = factories.lively(town)
    lines = DOCUMENT.read_text("utf-8").splitlines()
    for sections in records(town, site, "administrator"):
        for section in sections:
            told = next(line for line in lines if line.startswith(f"| `{section.key}` |"))
            for field in section.fields:
                mark = "" if field.release is Release.PUBLIC else f" ({field.release}: {field.exemption})"
                assert field.key == "site" or f"`{field.key}`{mark}" in re.split(r", | \| | \|$", told), field
