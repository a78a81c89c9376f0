"""Files of comments: what goes in, what is refused and why, and a run that can be watched, left and taken up again."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import peewee
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charlton_intranet.core import audit
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound
from charlton_intranet.core.permissions import SYSTEM
from charlton_intranet.moderation import comment_file, importing, jobs, queries, service
from charlton_intranet.moderation.comment_file import Comment, Refused
from charlton_intranet.moderation.importing import running, writing
from charlton_intranet.moderation.models import Case, CaseNote, Contributor, ImportFile, ImportRun
from charlton_intranet.moderation.queries import QueueFilter
from charlton_intranet.moderation.rules import CaseState, ImportState, Source
from tests.conftest import Town
from tests.moderation import factories

ALL = {field: field for field in importing.IMPORT_FIELDS}


def start(town: Town, data: bytes | str, *, box: str = "coordinator.library", **mapping: str) -> int:
    return importing.start_import(
        town.actor(box), site_id=factories.site(town).id, file_name="comments.csv",
        data=data.encode() if isinstance(data, str) else data, mapping=mapping or {"text": "text", "id": "id"},
        clock=town.clock,
    )  # fmt: skip


def bring_in(town: Town, data: bytes | str, **mapping: str) -> ImportRun:
    return importing.run_import(start(town, data, **mapping), store=town.parts.store, clock=town.clock)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.total, run.accepted, run.joined, run.refused


def comments(number: int) -> str:
    return "id,text\n" + "".join(f"{n},Comment {n}\n" for n in range(number))


# --- a real file ----------------------------------------------------------------------------------------------


def test_all_comments_of_a_real_file_go_in_to_the_letter(town: Town, shared_data: Path) -> None:
    with (shared_data / "moderation_hand.csv").open(encoding="utf-8", newline="") as file:
        expected = sorted(row["text"] for row in csv.DictReader(file))
    run = bring_in(town, (shared_data / "moderation_hand.csv").read_bytes())
    assert (run.state, *counts(run)) == (ImportState.DONE, 2040, 2040, 0, 0)
    assert sorted(case.text for case in Case.select(Case.text)) == expected
    again = bring_in(town, (shared_data / "moderation_hand.csv").read_bytes())
    assert counts(again) == (2040, 0, 2040, 0)
    found = queries.queue_page(
        town.actor("coordinator.library"), QueueFilter(words="NBA arena airport"), now=town.clock.now()
    )
    assert [Case.get_by_id(row.id).text for row in found.rows] == [
        "We need an NBA team. I think we should put the arena where the airport is. Think about it."
    ]
    assert audit.verify().fault is None


# --- what a file must be --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "mapping", "field", "words"),
    [
        (b"", {"text": "text"}, "file", "is empty"),
        (b"\xef\xbb\xbf \r\n", {"text": "text"}, "file", "is empty"),
        (b"id,text\n", {"text": "text"}, "file", "no row below"),
        (b"id,text\n,\n\n , \n", {"text": "text"}, "file", "no row below"),
        (b"id,text\n1,ok\n2,caf\xe9\n", {"text": "text"}, "file", "Line 3 is not UTF-8"),
        ("id,text\n1,x\n".encode("utf-16"), {"text": "text"}, "file", "not UTF-8"),
        (
            b"id,message\n1,x\n",
            {"text": "text"},
            "text",
            "There is no column “text”. The first row holds “id”, “message”",
        ),
        (b"text,text\n1,x\n", {"text": "text"}, "text", "2 columns “text”"),
        (b"text\nx\n", {"text": "text", "author": "who", "id": "nr"}, "author", "no column “who”"),
        (b"text\nx\n", {"text": "text", "author": "who", "id": "nr"}, "id", "no column “nr”"),
        (b"text\nx\n", {"text": " "}, "text", "Say which column"),
        (b"text\nx\n", {"text": "text", "mood": "text"}, "mapping", "no field mood"),
        (b";;;", {"text": "text"}, "text", "The first row holds “;;;”"),
        (b"text\nx\n" + b"\n" * comment_file.MAX_ROWS, {"text": "text"}, "file", "more than 250,000 rows"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_before_anything_is_written(
    town: Town, data: bytes, mapping: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        start(town, data, **mapping)
    assert words in refusal.value.problems[field]
    assert not ImportRun.select().exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_usual_shapes_of_csv_are_all_read(town: Town, delimiter: str, mark: str, newline: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL)
    words = ["Commas, and; others | and\ttabs", 'He said "no"', "Two\nlines"]
    writer.writerows([["ID", " The  Text "], *enumerate(words)])
    run = bring_in(town, mark + out.getvalue(), text="the text", id="id")
    assert counts(run) == (3, 3, 0, 0)
    assert [case.text for case in Case.select().order_by(Case.id)] == words


def test_columns_become_facts_of_the_case(town: Town) -> None:
    run = bring_in(
        town,
        "id,text,author,posted_at,permalink\n"
        '9,"Hello, town",@Jo,2026-11-20 09:30,https://facebook.com/CharltonLibrary/posts/9?fbclid=1\n',
        **ALL,
    )
    case = Case.get()
    assert (case.text, case.source, case.import_run_id) == ("Hello, town", Source.IMPORT, run.id)
    assert case.contributor is not None
    assert (case.contributor.handle, case.origin_key) == ("@Jo", "id:9")
    assert case.posted_at == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    assert case.permalink.endswith("/posts/9?fbclid=1")
    assert case.seen_by_id == town.person_id("coordinator.library")
    found = queries.queue_page(town.actor("coordinator.library"), QueueFilter(words="jo"), now=town.clock.now())
    assert [row.id for row in found.rows] == [case.id]


# --- rows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,", "no words"),
        ("1, ", "no words"),
        (f"1,{'x' * 50_001}", "longer than 50,000"),
        (f"1,{'x' * 1_000_000}", "longer than 50,000"),
        ("1,no quotes, so a third column", "more columns"),
        (f"1,x,{'h' * 151}", "at most 150"),
        ("1,x,,yesterday", "“yesterday” is not a date"),
        ("1,x,,9999-12-31T23:59:59-23:00", "is not a date"),
        (f"1,x,,,https://x.com/{'a' * 1000}", "at most 1,000"),
    ],
)
def test_a_row_that_can_not_go_in_is_named_with_the_reason_and_the_others_go_in(
    town: Town, row: str, words: str
) -> None:
    header = "id,text" if row.count(",") < 3 and "third" in row else "id,text,author,posted_at,permalink"
    mapping = {field: field for field in header.split(",")}
    run = bring_in(town, f"{header}\n7,before\n\n{row}\n8,after\n", **mapping)
    assert (run.state, *counts(run)) == (ImportState.DONE, 3, 2, 0, 1)
    [refused], more = queries.refusals_page(town.actor("coordinator.library"), run.id)
    assert more is None
    assert refused.row_number == 4
    assert words in refused.reason
    assert len(refused.excerpt) <= 200
    assert sorted(case.text for case in Case.select()) == ["after", "before"]


def test_what_databases_choke_on_goes_in(town: Town) -> None:
    texts = [
        "nul \0 here",
        "emoji 🚲",
        "x" * 50_000,
        "'; DROP TABLE person; --",
        "=HYPERLINK(1)",
        "%s %d {0}",
        "\u202eback",
    ]
    out = io.StringIO()
    csv.writer(out).writerows([["text"], *([text] for text in texts)])
    run = bring_in(town, out.getvalue(), text="text")
    assert counts(run) == (len(texts), len(texts), 0, 0)
    kept = [case.text for case in Case.select().order_by(Case.id)]
    assert kept == ["nul \ufffd here", *texts[1:]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), min_size=1, max_size=8))
def test_every_row_of_any_file_comes_out_as_a_comment_or_a_refusal(texts: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["id", "text"], *([str(n), text] for n, text in enumerate(texts))])
    found = list(comment_file.comments(out.getvalue().encode(), {"text": "text", "id": "id"}))
    assert [row.number for row in found] == list(range(2, len(texts) + 2))
    for text, row in zip(texts, found, strict=True):
        assert isinstance(row, Comment if text.strip() else Refused)
        if isinstance(row, Comment):
            assert row.text == text.replace("\0", "\ufffd")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20 09:30", "2026-11-20T14:30:00+00:00"),
        ("2026-11-20T09:30:00Z", "2026-11-20T09:30:00+00:00"),
        ("2026-11-20T09:30:00+0000", "2026-11-20T09:30:00+00:00"),
        ("2026-07-01", "2026-07-01T04:00:00+00:00"),
        ("7/1/2026 1:05 PM", "2026-07-01T17:05:00+00:00"),
        ("07/01/2026", "2026-07-01T04:00:00+00:00"),
        ("1782910800", "2026-07-01T13:00:00+00:00"),
        ("1782910800000", "2026-07-01T13:00:00+00:00"),
        ("", None),
    ],
)
def test_dates_as_networks_export_them(text: str, moment: str | None) -> None:
    data = f'text,at\nx,"{text}"\n'.encode()
    [row] = comment_file.comments(data, {"text": "text", "posted_at": "at"})
    assert isinstance(row, Comment)
    assert (row.posted_at.isoformat() if row.posted_at else None) == moment


# --- the same comment again -----------------------------------------------------------------------------------


def test_a_number_that_comes_twice_in_one_file_is_one_case_and_no_words_are_lost(town: Town) -> None:
    run = bring_in(town, "id,text\n1,first\n2,other\n1,first\n1,edited\n1,edited\n,no number\n,no number\n")
    assert counts(run) == (7, 4, 3, 0)
    assert [case.text for case in Case.select().order_by(Case.id)] == ["first", "other", "no number", "no number"]
    assert [note.text for note in CaseNote.select()] == ["Captured again with other words:\nedited"]


def test_importing_again_leaves_what_was_dismissed_unless_it_was_edited(town: Town) -> None:
    bring_in(town, "id,text\n1,same\n2,before\n")
    actor = factories.coordinator(town)
    same, before = Case.select().order_by(Case.id)
    for case in (same, before):
        service.dismiss(actor, case.id, case.version, clock=town.clock)
    run = bring_in(town, "id,text\n1,same\n2,after\n")
    assert counts(run) == (2, 0, 2, 0)
    assert factories.again(same).state is CaseState.DISMISSED
    assert factories.again(before).state is CaseState.OPEN


def test_a_comment_captured_by_hand_is_joined_by_its_link(town: Town) -> None:
    case = factories.case(town, "By hand", permalink="https://www.facebook.com/CharltonLibrary/posts/5/")
    data = "text,link\nBy hand,http://m.facebook.com/CharltonLibrary/posts/5?fbclid=2\n"
    assert counts(bring_in(town, data, text="text", permalink="link")) == (1, 0, 1, 0)
    assert [c.id for c in Case.select()] == [case.id]


def test_writers_are_told_apart_by_name_and_kept_once(town: Town) -> None:
    data = "text,who\na,@Jo\nb,jo\nc,Max\nd,@\ne,\n"
    assert counts(bring_in(town, data, text="text", author="who")) == (5, 5, 0, 0)
    assert sorted(c.handle for c in Contributor.select()) == ["@Jo", "Max"]


# --- runs -----------------------------------------------------------------------------------------------------


def test_a_run_is_committed_batch_by_batch_and_taken_up_where_it_died(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = start(town, comments(25))
    real, calls = writing.insert, []  # the machine dies inside a batch

    def dies_in_the_third(*args: Any, **facts: Any) -> list[int]:
        calls.append(1)
        ids = real(*args, **facts)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return ids

    monkeypatch.setattr(writing, "insert", dies_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        importing.run_import(run_id, store=town.parts.store, clock=town.clock, batch=10)
    half = queries.import_view(town.actor("coordinator.library"), run_id)
    assert (half.state, half.done, half.accepted) == (ImportState.RUNNING, 20, 20)
    assert Case.select().count() == 20
    assert importing.waiting_runs(town.clock) == []
    town.clock.advance(minutes=3)
    assert importing.waiting_runs(town.clock) == [run_id]
    run = importing.run_import(run_id, store=town.parts.store, clock=town.clock, batch=10)
    assert (run.state, run.done, *counts(run)) == (ImportState.DONE, 25, 25, 25, 0, 0)
    assert sorted(case.origin_key or "" for case in Case.select()) == sorted(f"id:{n}" for n in range(25))
    assert not ImportFile.select().exists()


def test_a_worker_whose_run_was_taken_over_stops(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = start(town, comments(25))
    real = running._take_in  # noqa: SLF001 - another worker comes in between two batches

    def overtaken(*args: Any, **facts: Any) -> ImportRun:
        run = real(*args, **facts)
        monkeypatch.setattr(running, "_take_in", real)
        importing.run_import(run_id, store=town.parts.store, clock=town.clock, batch=10)
        return run

    monkeypatch.setattr(running, "_take_in", overtaken)
    run = importing.run_import(run_id, store=town.parts.store, clock=town.clock, batch=10)
    assert (run.state, *counts(run)) == (ImportState.DONE, 25, 25, 0, 0)
    assert Case.select().count() == 25


def test_the_same_file_on_the_same_site_waits_for_the_first(town: Town) -> None:
    run_id = start(town, comments(3))
    with pytest.raises(Invalid) as refusal:
        start(town, comments(3))
    assert "being imported" in refusal.value.problems["file"]
    importing.run_import(run_id, store=town.parts.store, clock=town.clock)
    start(town, comments(3))
    assert ImportRun.select().count() == 2


def test_a_row_that_the_database_will_not_take_stops_the_run_and_says_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_args: Any, **_facts: Any) -> None:
        raise peewee.DataError("out of range")

    run_id = start(town, comments(3))
    monkeypatch.setattr(writing, "insert", refuses)
    run = importing.run_import(run_id, store=town.parts.store, clock=town.clock)
    assert (run.state, run.done) == (ImportState.FAILED, 0)
    assert "Tell the IT" in run.error
    assert "out of range" not in run.error
    assert importing.waiting_runs(town.clock) == []


def test_the_timetable_works_on_what_waits_and_says_what_it_did(town: Town) -> None:
    first, second = start(town, comments(3)), start(town, "id,text\n0,Comment 0\n9,\n")
    assert jobs.run_imports(town.parts) == (
        f"Import {first}: 3 cases, 0 known, 0 refused; Import {second}: 0 cases, 1 known, 1 refused"
    )
    assert jobs.run_imports(town.parts) == ""
    assert importing.run_import(first, store=town.parts.store, clock=town.clock).accepted == 3
    with pytest.raises(NotFound):
        importing.run_import(999_999, store=town.parts.store, clock=town.clock)


def test_a_command_imports_in_the_name_of_the_app(town: Town) -> None:
    run_id = importing.start_import(
        SYSTEM, site_id=factories.site(town).id, file_name="x.csv", data=b"id,text\n1,a\n1,b\n2,\n",
        mapping={"text": "text", "id": "id"}, clock=town.clock,
    )  # fmt: skip
    run = importing.run_import(run_id, store=town.parts.store, clock=town.clock)
    assert counts(run) == (3, 1, 1, 1)
    assert [(row.row_number, row.reason) for row in importing.refusals(run_id)] == [
        (4, "There are no words in this row.")
    ]
    view = queries.case_view(town.actor("coordinator.library"), Case.get().id)
    assert (view.seen_by, view.notes[0].by) == ("", "")


# --- who may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "may"),
    [
        ("coordinator.library", True),
        ("administrator", True),
        ("it", True),
        ("coordinator.police", False),
        ("head.library", False),
        ("user.library", False),
        ("auditor", False),
    ],
)
def test_who_may_import_and_follow_an_import(town: Town, box: str, *, may: bool) -> None:
    run_id = start(town, comments(1))
    actor = town.actor(box)
    if may:
        start(town, comments(2), box=box)
        assert queries.import_view(actor, run_id).file_name == "comments.csv"
        assert len(queries.recent_imports(actor)) == 2
        assert queries.refusals_page(actor, run_id) == ([], None)
        return
    with pytest.raises(Forbidden):
        start(town, comments(2), box=box)
    with pytest.raises(NotFound):
        queries.import_view(actor, run_id)
    with pytest.raises(NotFound):
        queries.refusals_page(actor, run_id)
    assert queries.recent_imports(actor) == []


def test_refused_rows_come_page_by_page(town: Town) -> None:
    run = bring_in(town, "id,text\n" + "".join(f"{n},\n" for n in range(7)))
    actor, seen, after = factories.coordinator(town), [], 0
    while True:
        page, more = queries.refusals_page(actor, run.id, after, size=3)
        seen += [row.row_number for row in page]
        if more is None:
            break
        after = more
    assert seen == [2, 3, 4, 5, 6, 7, 8]
