"""JSON lines from connectors: what goes in to the letter, and every hostile line refused while the rest goes in."""

import base64
import csv
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from charlton_intranet.cli import main
from charlton_intranet.core import audit
from charlton_intranet.core.database import bind, connection, database, disconnect
from charlton_intranet.core.errors import Forbidden, Invalid
from charlton_intranet.core.uploads import MAX_PICTURES
from charlton_intranet.evidence.models import Piece, PieceKind
from charlton_intranet.moderation import comment_lines, importing, service
from charlton_intranet.moderation.comment_file import Comment, Refused
from charlton_intranet.moderation.comment_lines import Line, read_line, split
from charlton_intranet.moderation.importing import running, starting
from charlton_intranet.moderation.models import (
    Case,
    CaseAlias,
    CaseNote,
    Contributor,
    ImportBlock,
    ImportRefusal,
    ImportRun,
    StaffPost,
)
from charlton_intranet.moderation.queries import context_of
from charlton_intranet.moderation.rules import AuthorKind, CaseState, Context, ImportState, Source
from charlton_intranet.parts import Parts
from tests.conftest import Town
from tests.moderation import factories

POST = "https://facebook.com/CharltonLibrary/posts/7"
NAMES = frozenset({"7", "charlton library", "facebook.com/CharltonLibrary"})


def line(**facts: Any) -> bytes:
    return json.dumps({"version": 1, "text": "A question about the hours.", **facts}).encode()


def read(data: bytes) -> Comment | Refused:
    [found] = [read_line(one, NAMES) for one in split([data])]
    return found


def start(town: Town, *lines: bytes, box: str = "coordinator.library") -> int:
    return importing.start_lines(
        town.actor(box), site_id=factories.site(town).id, file_name="feed.jsonl", file=io.BytesIO(b"\n".join(lines)),
        clock=town.clock,
    )  # fmt: skip


def bring_in(town: Town, *lines: bytes) -> ImportRun:
    return importing.run_import(start(town, *lines), store=town.parts.store, clock=town.clock)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.total, run.accepted, run.joined, run.refused


# --- real comments ----------------------------------------------------------------------------------------


def converted(file: Path) -> Iterator[bytes]:
    """Real comments as a connector would hand them in."""
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            yield line(
                id=row["id"], text=row["text"], author={"handle": f"writer {row['id']}"},
                permalink=f"{POST}?comment_id={row['id']}", posted_at="2026-11-20T09:30:00-05:00",
                in_reply_to={"text": "Our new hours", "author": "Charlton Library", "permalink": POST},
            )  # fmt: skip


def test_all_real_comments_go_in_to_the_letter(town: Town, shared_data: Path) -> None:
    lines = list(converted(shared_data / "moderation_hand.csv"))
    run = bring_in(town, *lines)
    assert (run.state, *counts(run)) == (ImportState.DONE, 2040, 2040, 0, 0)
    assert sorted(case.text for case in Case.select(Case.text)) == sorted(json.loads(one)["text"] for one in lines)
    assert {case.source for case in Case.select(Case.source).distinct()} == {Source.FEED}
    assert context_of(Case.get().id) == Context(text="Our new hours", handle="Charlton Library", permalink=POST)
    assert not ImportBlock.select().exists(), "the file goes when the cases hold the words"
    assert counts(bring_in(town, *lines)) == (2040, 0, 2040, 0)
    assert not CaseNote.select().exists()
    assert audit.verify().fault is None


# --- hostile lines ----------------------------------------------------------------------------------------


HOSTILE = {
    "deep nesting": (b'{"version":1,"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    "deep objects": (b'{"version":1,"text":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "nested too deeply"),
    "huge number": (b'{"version":' + b"1" * 10_000 + b',"text":"x"}', "too large"),
    "huge exponent": (b'{"version":1e999,"text":"x"}', "“version” must be 1"),
    "fraction": (b'{"version":1.0,"text":"x"}', "“version” must be 1"),
    "truth": (b'{"version":true,"text":"x"}', "“version” must be 1"),
    "another version": (line(version=2), "“version” must be 1"),
    "no version": (b'{"text":"x"}', "“version” must be 1"),
    "NaN": (b'{"version":NaN,"text":"x"}', "NaN is not JSON"),
    "Infinity": (b'{"version":1,"text":-Infinity}', "-Infinity is not JSON"),
    "a name twice": (b'{"version":1,"text":"harmless","text":"threat"}', "stands in the line twice"),
    "a name twice inside": (b'{"version":1,"text":"x","author":{"kind":"staff","kind":"public"}}', "in the line twice"),
    "surrogate alone": (b'{"version":1,"text":"half \\ud83d"}', "half a character"),
    "override": (line(text="pay me \u202e001$"), "U+202E"),
    "embedding": (line(text="\u202bhidden\u202c"), "U+202B"),
    "isolate in a name": (line(author={"handle": "\u2066admin\u2069"}), "sign of direction"),
    "mark in a link": (line(permalink="https://x.com/\u200e1"), "sign of direction"),
    "name on two lines": (line(author={"handle": "Jo\nTown of Charlton"}), "line end"),
    "NUL": (line(text="end\x00more"), "U+0000"),
    "escape": (line(text="\x1b[31mred"), "U+001B"),
    "raw NUL": (b'{"version":1,"text":"a\x00b"}', "not JSON"),
    "not UTF-8": (b'{"version":1,"text":"caf\xe9"}', "not UTF-8"),
    "UTF-16": ('{"version":1,"text":"x"}'.encode("utf-16-be"), "JSON"),
    "10 MB": (line(text="x" * 10_000_000), "longer than 8 MB"),
    "long words": (line(text="x" * 50_001), "longer than 50,000"),
    "no words": (line(text=" \n\t"), "no words"),
    "words missing": (b'{"version":1}', "no words"),
    "words as number": (line(text=5), "“text” must be text"),
    "words as list": (line(text=["a"]), "“text” must be text"),
    "a list": (b'["version", 1]', "not a JSON object"),
    "text alone": (b'"x"', "not a JSON object"),
    "cut off": (line()[:-5], "not JSON"),
    "two objects": (line() + line(), "not JSON"),
    "unknown field": (line(price=3), "“price”, which the format does not know"),
    "unknown field of the author": (line(author={"email": "x"}), "“email”, which"),
    "unknown field, hidden": (b'{"version":1,"text":"x","\\u202e":1}', "which the format does not know"),
    "author as text": (line(author="Jo"), "“author” must be an object"),
    "author of another kind": (line(author={"kind": "bot"}), "must be one of public, staff"),
    "long name": (line(author={"handle": "h" * 151}), "longer than 150"),
    "long link": (line(permalink="h" * 1_001), "longer than 1,000"),
    "long id": (line(id="h" * 301), "longer than 300"),
    "id as number": (line(id=5), "“id” must be text"),
    "town time": (line(posted_at="2026-11-20T09:30:00"), "RFC 3339"),
    "no date": (line(posted_at="yesterday"), "RFC 3339"),
    "no such day": (line(posted_at="2026-02-30T09:30:00Z"), "RFC 3339"),
    "beyond time": (line(posted_at="9999-12-31T23:59:59-23:00"), "RFC 3339"),
    "Arabic digits": (line(posted_at="٢٠٢٦-11-20T09:30:00Z"), "RFC 3339"),
    "another site": (line(site="https://facebook.com/Elsewhere"), "another site than the one chosen"),
    "context with override": (line(in_reply_to={"text": "\u202ex"}), "U+202E"),
    "pictures as object": (line(pictures={"name": "x"}), "must be a list"),
    "pictures of text": (line(pictures=["x"]), "must be a list"),
    "eleven pictures": (line(pictures=[{"data": ""}] * (MAX_PICTURES + 1)), "at most 10"),
    "no base64": (line(pictures=[{"data": "a b"}]), "must be base64"),
    "base64 with half a character": (line(pictures=[{"data": "é"}]), "must be base64"),
    "no picture": (line(pictures=[{"data": base64.b64encode(b"<svg onload=alert(1)>").decode()}]), "not a whole PNG"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_line_is_refused_with_a_sentence(name: str) -> None:
    data, sentence = HOSTILE[name]
    found = read(data)
    assert isinstance(found, Refused)
    assert sentence in found.reason
    assert len(found.reason) <= 300
    assert found.excerpt.isprintable()
    assert len(found.excerpt) <= 200


def test_the_lines_around_hostile_ones_go_in(town: Town) -> None:
    lines = [one for name in sorted(HOSTILE) for one in (HOSTILE[name][0], line(text=f"After {name}"))]
    run = bring_in(town, b"\xef\xbb\xbf" + line(text="First"), b"", *lines, b"\r")
    assert (run.state, *counts(run)) == (ImportState.DONE, 2 * len(HOSTILE) + 1, len(HOSTILE) + 1, 0, len(HOSTILE))
    assert {case.text for case in Case.select()} == {"First", *(f"After {name}" for name in HOSTILE)}
    numbers = [row.row_number for row in ImportRefusal.select().order_by(ImportRefusal.id)]
    assert numbers == [3 + 2 * at for at in range(len(HOSTILE))], "counted as an editor counts lines"


@given(st.binary(max_size=300))
def test_no_bytes_whatever_end_a_run(data: bytes) -> None:
    assert all(isinstance(read_line(one, NAMES), Comment | Refused) for one in split([data]))


SHORT = st.text(max_size=8)
JSON: st.SearchStrategy[Any] = (
    st.sampled_from([None, True, 1, 1.5, {}, []])
    | st.integers()
    | SHORT
    | st.lists(SHORT, max_size=2)
    | st.dictionaries(st.sampled_from(["handle", "kind", "text", "data", "x"]), SHORT, max_size=2)
)


@given(st.fixed_dictionaries({"version": st.just(1)}, optional=dict.fromkeys(comment_lines.FIELDS - {"version"}, JSON)))
def test_no_object_whatever_ends_a_run(facts: dict[str, Any]) -> None:
    found = read(json.dumps(facts).encode())
    if isinstance(found, Comment):
        assert found.text == facts["text"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u202a\u202b\u202c\u202d\u202e")))
def test_words_come_through_to_the_letter(text: str) -> None:
    found = read(json.dumps({"version": 1, "text": f"_{text}"}, ensure_ascii=False).encode())
    assert isinstance(found, Comment)
    assert found.text == f"_{text}"


@given(st.lists(st.binary(max_size=40)), st.integers(1, 9))
def test_blocks_cut_anywhere_make_the_same_lines(blocks: list[bytes], size: int) -> None:
    data = b"\n".join(blocks)
    whole = [Line(number, part) for number, part in enumerate(data.split(b"\n"), start=1) if part.strip()]
    assert list(split(data[at : at + size] for at in range(0, len(data), size))) == whole


def test_an_endless_line_is_not_kept_in_memory() -> None:
    [found] = split(b"x" * 1_000_000 for _ in range(50))
    assert found.too_long
    assert len(found.data) < 1_000


# --- what a line becomes -----------------------------------------------------------------------------------


def test_everything_of_a_line_comes_to_its_case(town: Town) -> None:
    picture = {"name": "seen.png", "data": base64.b64encode(factories.picture()).decode()}
    run = bring_in(
        town,
        line(
            site="https://www.facebook.com/CharltonLibrary/", id="9", permalink=f"{POST}?comment_id=9",
            author={"handle": "@Jo", "kind": "public"}, text="Hello,\ntown \u2066@Jo\u2069",
            posted_at="2026-11-20t14:30:00.123456789z", in_reply_to={"author": "Library"}, pictures=[picture],
        ),
    )  # fmt: skip
    assert counts(run) == (1, 1, 0, 0)
    case = Case.get()
    assert (case.text, case.source, case.origin_key) == ("Hello,\ntown \u2066@Jo\u2069", Source.FEED, "id:9")
    assert case.posted_at is not None
    assert case.posted_at.isoformat() == "2026-11-20T14:30:00.123456+00:00"
    assert case.contributor is not None
    assert case.contributor.handle == "@Jo"
    assert context_of(case.id) == Context(handle="Library")
    piece = Piece.get()
    assert (piece.kind, piece.file_name) == (PieceKind.SCREENSHOT, "seen.png")
    assert town.parts.store.get(piece.sha256) == factories.picture()
    found = town.client("coordinator.library").get("/triage?words=jo").get_data(as_text=True)
    assert f"/triage/{case.id}" in found


def test_staff_posts_come_without_a_contributor(town: Town) -> None:
    bring_in(town, line(id="1", author={"handle": "Charlton Library", "kind": "staff"}))
    assert Case.get().author_kind is AuthorKind.STAFF
    assert StaffPost.get().account == "Charlton Library"
    assert not Contributor.select().exists()


@pytest.mark.parametrize("name", ["https://facebook.com/CharltonLibrary", "Charlton Library", "number"])
def test_a_line_may_name_its_site(town: Town, name: str) -> None:
    site = str(factories.site(town).id) if name == "number" else name
    assert counts(bring_in(town, line(site=site))) == (1, 1, 0, 0)


def test_the_same_file_again_changes_nothing_and_brings_no_second_picture(town: Town) -> None:
    picture = {"data": base64.b64encode(factories.picture()).decode()}
    lines = [line(id="1", pictures=[picture]), line(id="1", text="Edited"), line(text="No id"), line(permalink=POST)]
    assert counts(bring_in(town, *lines)) == (4, 3, 1, 0)
    assert counts(bring_in(town, *lines)) == (4, 1, 3, 0), "without id and link nothing tells that it is the same"
    assert Piece.select().count() == 1
    assert [note.text for note in CaseNote.select()] == ["Captured again with other words:\nEdited"]


def test_new_pictures_open_a_dismissed_case_again(town: Town) -> None:
    bring_in(town, line(id="1"))
    case = Case.get()
    service.dismiss(factories.coordinator(town), case.id, case.version, clock=town.clock)
    bring_in(town, line(id="1"))
    assert Case.get().state is CaseState.DISMISSED
    bring_in(town, line(id="1", pictures=[{"data": base64.b64encode(factories.picture()).decode()}]))
    assert Case.get().state is CaseState.OPEN


# --- one post, two ways ------------------------------------------------------------------------------------


def test_what_was_captured_by_its_link_is_the_same_when_it_comes_with_its_id(town: Town) -> None:
    case = factories.case(town, "Closed  again?", permalink=POST)
    assert counts(bring_in(town, line(id="5", permalink=POST, text="Closed again?"))) == (1, 0, 1, 0)
    assert counts(bring_in(town, line(id="5", permalink=POST, text="Closed again? (edited)"))) == (1, 0, 1, 0)
    assert CaseAlias.select().count() == 1
    assert counts(bring_in(town, line(id="6", permalink=POST, text="Another below the same post"))) == (1, 1, 0, 0)
    assert factories.again(case).text == "Closed  again?"
    assert "(edited)" in CaseNote.get(CaseNote.case == case.id).text


def test_what_came_with_its_id_is_found_by_its_link(town: Town) -> None:
    bring_in(town, line(id="5", permalink=POST, text="Closed again?"))
    first = Case.get()
    client = town.client("coordinator.library")
    told = client.part("/triage/capture/site", query_string={"permalink": POST}).get_data(as_text=True)
    assert f"case {first.id}</a> already" in told
    assert factories.case(town, "Closed again!", permalink=POST).id == first.id
    bring_in(town, line(id="6", permalink=POST, text="Below the same post"))
    told = client.part("/triage/capture/site", query_string={"permalink": POST}).get_data(as_text=True)
    assert "already" not in told, "the link leads to two; the words will tell"
    assert factories.case(town, "Below the same  post", permalink=POST).id != first.id
    assert factories.case(town, "Not one of them", permalink=POST).id not in {case.id for case in Case.select()[:2]}


# --- the file and its run ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "words"), [(b"", "is empty"), (b" \n\r\n", "is empty")])
def test_an_empty_file_is_refused(town: Town, data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        start(town, data)
    assert not ImportRun.select().exists()


def test_a_file_that_is_too_large_is_refused_while_it_is_read(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "MAX_FILE", 1_000)
    with pytest.raises(Invalid, match="larger than"):
        start(town, b" " * 2_000)
    monkeypatch.setattr(starting, "MAX_LINES", 2)
    with pytest.raises(Invalid, match="more than 2 lines"):
        start(town, b"1", b"2", b"3")


def test_the_same_file_waits_for_the_first(town: Town) -> None:
    start(town, line())
    with pytest.raises(Invalid, match="being imported"):
        start(town, line())


@pytest.mark.parametrize("box", ["auditor", "coordinator.police", "head.library", "user.library"])
def test_who_may_not_import_for_the_site_is_refused(town: Town, box: str) -> None:
    with pytest.raises(Forbidden):
        start(town, line(), box=box)


def test_a_run_that_died_goes_on_where_it_was(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "BLOCK", 100)
    run_id = start(town, *(line(id=str(number), text=f"Comment {number}") for number in range(25)))
    assert ImportBlock.select().count() > 10
    real, calls = running._take_in, []  # noqa: SLF001 - the machine dies between two batches

    def dies_after_two(*args: Any, **facts: Any) -> ImportRun:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args, **facts)

    monkeypatch.setattr(running, "_take_in", dies_after_two)
    with pytest.raises(KeyboardInterrupt):
        importing.run_import(run_id, store=town.parts.store, clock=town.clock, batch=10)
    run = importing.run_import(run_id, store=town.parts.store, clock=town.clock, batch=10)
    assert counts(run) == (25, 25, 0, 0)
    assert sorted(case.text for case in Case.select()) == sorted(f"Comment {number}" for number in range(25))


def test_a_batch_with_large_pictures_is_a_small_one(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH_BYTES", 50)
    bring_in(town, *(line(id=str(number)) for number in range(6)))
    batches = audit.AuditEvent.select().where(audit.AuditEvent.tag == "import.batch")
    assert batches.count() == 3


# --- the command, the page, the schema ----------------------------------------------------------------------


@pytest.fixture
def command(own_town: Parts) -> Iterator[Callable[..., Result]]:
    """Runs import-comments against a committed database of the engine."""
    handlers, level = list(logging.root.handlers), logging.root.level

    def run_it(*arguments: str) -> Result:
        options = {"database_url": own_town.settings.database_url, "secret_key": "k" * 64}
        config = "\n".join(f'{name} = "{value}"' for name, value in options.items())
        (own_town.settings.instance / "config.toml").write_text(config, encoding="utf-8")
        result = CliRunner().invoke(
            main, ["--instance", str(own_town.settings.instance), "import-comments", *arguments]
        )
        disconnect(database.obj)
        bind(own_town.database)
        return result

    yield run_it
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def test_the_command_takes_either_kind_and_names_what_it_refused(
    command: Callable[..., Result], own_town: Parts, tmp_path: Path
) -> None:
    with connection():
        town = Town(own_town, own_town.clock, Flask("none"))  # type: ignore[arg-type] # a fixed clock
        factories.site(town)
    (tmp_path / "feed.jsonl").write_bytes(b"\n".join([line(id="1"), b"{}", line(id="2", text="Two")]))
    (tmp_path / "list.csv").write_bytes(b"id,text\n1,A question about the hours.\n3,Three\n")
    by = ("--site", "Charlton Library", "--as", "coordinator.library@charlton.example")
    done = command(str(tmp_path / "feed.jsonl"), *by)
    assert done.exit_code == 0, done.output
    assert "3 rows: 2 new, 0 joined a case that was there, 1 refused." in done.output
    assert "row 2: “version” must be 1" in done.output
    done = command(str(tmp_path / "list.csv"), *by, "--map", "id=id", "--map", "text=text", "--json")
    assert json.loads(done.output)["accepted"] == 1
    assert json.loads(done.output)["joined"] == 1
    refused = command(str(tmp_path / "feed.jsonl"), "--site", "Charlton Library", "--as", "auditor@charlton.example")
    assert (refused.exit_code, refused.output.strip()) == (1, "Error: Your role does not allow this.")
    with connection():
        assert sorted((case.source, case.text) for case in Case.select()) == [
            (Source.FEED, "A question about the hours."), (Source.FEED, "Two"), (Source.IMPORT, "Three"),
        ]  # fmt: skip


def test_the_page_tells_the_two_kinds_of_files_apart(town: Town) -> None:
    site = factories.site(town)
    client = town.client("coordinator.library")
    for name, data in (("feed.jsonl", b"\r\n " + line()), ("feed.csv", line()), ("a.csv", b"text\nHello\n")):
        answer = client.submit("/triage/import", {"site_id": str(site.id), "file": (io.BytesIO(data), name)})
        assert answer.status_code == 303
        run = importing.run_import(int(answer.location.rpartition("/")[2]), store=town.parts.store, clock=town.clock)
        assert counts(run) == (1, 1, 0, 0), name
        assert "The import is done" in client.get(answer.location).get_data(as_text=True)
    assert [case.source for case in Case.select().order_by(Case.id)] == [Source.FEED, Source.FEED, Source.IMPORT]


def test_the_schema_is_handed_out_and_says_what_is_read(town: Town) -> None:
    answer = town.client("it").get("/triage/import/format")
    assert answer.mimetype == "application/schema+json"
    told = json.loads(answer.get_data())
    fields = told["properties"]
    assert set(fields) == comment_lines.FIELDS
    assert set(fields["author"]["properties"]) == comment_lines.AUTHOR_FIELDS
    assert set(fields["in_reply_to"]["properties"]) == comment_lines.REPLY_FIELDS
    assert set(fields["pictures"]["items"]["properties"]) == comment_lines.PICTURE_FIELDS
    assert fields["version"]["const"] == comment_lines.VERSION
    assert fields["author"]["properties"]["kind"]["enum"] == list(AuthorKind)
    for name, limit in {"id": 300, "permalink": 1_000, "text": 50_000}.items():
        assert fields[name]["maxLength"] == limit
        letters = {"permalink": "x"}.get(name, "x")
        assert isinstance(read(line(**{name: letters * limit})), Comment)
        assert isinstance(read(line(**{name: letters * (limit + 1)})), Refused)
    assert town.client("auditor").get("/triage/import/format").status_code == 403


def test_the_documented_example_is_read() -> None:
    text = (Path(__file__).parents[2] / "docs" / "intake-format.md").read_text("utf-8")
    [example] = [part.partition("```")[0] for part in text.split("```json\n")[1:]]
    found = [read_line(one, NAMES) for one in split([example.encode()])]
    assert found
    assert all(isinstance(one, Comment) for one in found), found
