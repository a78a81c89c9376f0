"""Reading everything again: in stretches, in bounded memory, with every fault told until it is mended."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from charlton_intranet.core import audit
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.duties import Scope
from charlton_intranet.core.errors import Forbidden, StaleState
from charlton_intranet.core.files import StoredFile, keep
from charlton_intranet.evidence import fixity
from charlton_intranet.evidence.jobs import check_fixity
from charlton_intranet.evidence.models import FixityFault, FixityRun, Piece, PieceKind, Seal
from charlton_intranet.evidence.service import checking
from charlton_intranet.moderation.models import Case
from tests.conftest import Town
from tests.evidence.test_web import piece
from tests.moderation import factories

# Measured once at 100,000 as well: 11 MB.
MANY = 5_000


@contextmanager
def damaged(town: Town, sha256: str) -> Iterator[None]:
    """One content is something else on disk for a while."""
    path = town.parts.store.path_of(sha256)
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(whole + b"!")
    try:
        yield
    finally:
        path.write_bytes(whole)
        path.chmod(0o440)


def run(town: Town) -> FixityRun:
    """One run from its start to its end, an hour after the one before."""
    town.clock.advance(hours=1)
    checking.start(town.actor("it"), clock=town.clock)
    while (found := checking.work(town.parts.store, clock=town.clock)) is not None:
        if found.ended_at is not None:
            return found
    raise AssertionError("the run went away")


def owed(town: Town, box: str) -> list[str]:
    return [duty.title for duty in town.parts.register.owed(Scope(town.today, actor=town.actor(box)))
            if duty.kind.name == "mend_evidence"]  # fmt: skip


def test_a_fault_is_told_until_a_reading_finds_the_piece_whole(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    assert (run(town).faults, owed(town, "it")) == (0, [])
    with damaged(town, shot.sha256):
        found = run(town)
        again = run(town)
    assert (found.faults, again.faults, FixityFault.select().count()) == (1, 1, 1)
    assert owed(town, "it") == owed(town, "records") == ["1 piece of evidence is not what was kept"]
    assert owed(town, "administrator") == []
    case = Case.get()
    page = town.client("head.library").get(f"/triage/{case.id}").text
    assert "Some of it is not what was kept" in page
    assert ">Damaged</span>" in page
    about = town.client("head.library").get(f"/evidence/{shot.id}/about").text
    assert about.count("does not match its digest any more") == 3  # the alert, and two readings
    assert run(town).faults == 0
    assert owed(town, "it") == []
    assert "Some of it" not in town.client("head.library").get(f"/triage/{case.id}").text
    assert FixityFault.get().mended_at == town.clock.now()


def test_what_will_not_open_is_a_fault_at_once(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    with damaged(town, shot.sha256):
        for _ in range(2):
            assert town.client("head.library").get(f"/evidence/{shot.id}").status_code == 503
        assert owed(town, "records") == ["1 piece of evidence is not what was kept"]
        answer = town.client("records").submit(f"/evidence/{shot.id}/check", follow_redirects=True)
        assert "Damaged:" in answer.text
    answer = town.client("records").submit(f"/evidence/{shot.id}/check", follow_redirects=True)
    assert "is what was kept" in answer.text
    assert owed(town, "records") == []


def test_a_changed_manifest_is_a_fault_of_every_piece_under_it(town: Town) -> None:
    piece(town, PieceKind.SCREENSHOT)
    sealed = Seal.get()
    Seal.update(manifest=sealed.manifest + " ").execute()
    assert run(town).faults == Piece.select().count() == 2
    assert {fault.seal_id for fault in FixityFault.select()} == {sealed.id}
    Seal.update(manifest=sealed.manifest).execute()
    assert run(town).faults == 0
    assert not FixityFault.select().where(FixityFault.mended_at.is_null()).exists()


def test_files_of_records_are_read_too(town: Town) -> None:
    stored = town.parts.store.put(b"A proof.")
    with unit_of_work():
        file_id = keep(stored, media_type="text/plain", file_name="proof.txt", clock=town.clock)
    with damaged(town, stored.sha256):
        found = run(town)
        page = town.client("it").get("/evidence/fixity").text
    assert (found.files, found.faults, FixityFault.get().file_id) == (1, 1, file_id)
    assert f"File {file_id} of a record" in page


def test_a_run_that_was_left_goes_on_where_it_was(town: Town) -> None:
    for number in range(5):
        factories.case(town, f"Words {number}", uploads=[factories.upload(town, f"#0000{number}0")])
    checking.start(town.actor("records"), clock=town.clock)
    reads: list[str] = []
    real, fixity_batch = town.parts.store.get, fixity.BATCH

    class Counting(type(town.parts.store)):  # type: ignore[misc] # the store itself, counting what it hands out
        def get(self, sha256: str) -> bytes:
            reads.append(sha256)
            return real(sha256)

    store = Counting(town.parts.store.root)
    fixity.BATCH = 2
    try:
        stretches = 0
        while (found := checking.work(store, clock=town.clock, stretch_rows=2)) and found.ended_at is None:
            stretches += 1
            page = town.client("records").get("/evidence/fixity").text
            assert f"{found.pieces} of 5" in page
            assert 'hx-trigger="every 5s"' in page
    finally:
        fixity.BATCH = fixity_batch
    assert found is not None
    assert (stretches, found.pieces, len(reads), len(set(reads))) == (2, 5, 5, 5)


def test_the_timetable_reads_everything_once_a_week(town: Town) -> None:
    assert check_fixity(town.parts) == ""
    factories.case(town, uploads=[factories.upload(town)])
    assert check_fixity(town.parts) == "Check 1: 1 read, 0 faults".replace("1:", f"{FixityRun.get().id}:")
    assert check_fixity(town.parts) == ""
    town.clock.at += timedelta(days=6, hours=23)
    assert check_fixity(town.parts) == ""
    town.clock.at += timedelta(hours=2)
    assert check_fixity(town.parts).endswith("1 read, 0 faults")
    assert FixityRun.select().count() == 2


def test_one_reading_at_a_time_and_by_two_offices(town: Town) -> None:
    for box in ("administrator", "auditor"):
        assert town.client(box).get("/evidence/fixity").status_code == 200
        assert town.client(box).submit("/evidence/fixity").status_code == 403
        with pytest.raises(Forbidden):
            checking.start(town.actor(box), clock=town.clock)
    assert town.client("head.library").get("/evidence/fixity").status_code == 403
    assert town.client("records").submit("/evidence/fixity").status_code == 303
    assert town.client("it").submit("/evidence/fixity").status_code == 409
    with pytest.raises(StaleState):
        checking.start(town.actor("it"), clock=town.clock)
    assert FixityRun.select().count() == 1


def test_links_to_the_case_are_for_those_who_may_open_it(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    case = Case.get()
    with damaged(town, shot.sha256):
        run(town)
    assert f'href="/triage/{case.id}"' in town.client("records").get("/evidence/fixity").text
    page = town.client("it").get("/evidence/fixity").text
    assert f"Piece {shot.id}" in page
    assert f'href="/triage/{case.id}"' not in page
    assert shot.file_name not in page


def test_many_pieces_are_read_in_bounded_memory(town: Town) -> None:
    """Rows that share a few contents: the memory must not follow the rows, and each content is read once."""
    site = factories.site(town)
    stored = [town.parts.store.put(f"Content {n}".encode()) for n in range(500)]
    line = {"site": site.id, "kind": PieceKind.SCREENSHOT, "media_type": "image/png", "file_name": "x.png",
            "captured_at": town.clock.now()}  # fmt: skip
    for start in range(0, MANY, 1_000):
        rows = [{**line, "sha256": stored[n % 500].sha256, "size": stored[n % 500].size}
                for n in range(start, start + 1_000)]  # fmt: skip
        Piece.insert_many(rows).execute()
    checking.start(town.actor("it"), clock=town.clock)
    tracemalloc.start()
    while (found := checking.work(town.parts.store, clock=town.clock)) and found.ended_at is None:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is not None
    print(f"{found.pieces:,} pieces: peak {peak / 1e6:.0f} MB")  # noqa: T201 - the figure (pytest -s)
    assert (found.pieces, found.faults) == (MANY, 0)
    assert found.bytes == sum(one.size for one in stored)
    assert peak < 16_000_000


def test_what_is_found_stands_in_the_trail(town: Town) -> None:
    shot = piece(town, PieceKind.SCREENSHOT)
    with damaged(town, shot.sha256):
        run(town)
    run(town)
    tags = [event.tag for event in audit.AuditEvent.select().order_by(audit.AuditEvent.number)]
    assert [tag for tag in tags if tag.startswith("fixity.")] == [
        "fixity.started", "fixity.damaged", "fixity.ended", "fixity.started", "fixity.mended", "fixity.ended",
    ]  # fmt: skip
    assert not StoredFile.select().exists()
