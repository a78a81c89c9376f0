"""Working on a run, from where it stands to its end."""

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count, islice

import peewee

from charlton_intranet.accounts.queries import names_of
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import first_row, rows, unit_of_work, update_current
from charlton_intranet.core.errors import NotFound, StaleState
from charlton_intranet.core.permissions import SYSTEM, Actor
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.moderation.comment_file import Comment, Refused, comments
from charlton_intranet.moderation.comment_lines import read_line, split
from charlton_intranet.moderation.importing import writing
from charlton_intranet.moderation.importing.starting import subject
from charlton_intranet.moderation.models import ImportBlock, ImportFile, ImportRefusal, ImportRun
from charlton_intranet.moderation.rules import ImportState, Source
from charlton_intranet.sites.queries import SiteRef, site_ref
from charlton_intranet.sites.rules import normalise

log = logging.getLogger(__name__)

BATCH_DONE = audit.declare("import.batch", "accepted", "joined", "refused", "cases", "content")
FINISHED = audit.declare("import.finished", "before", "after", "accepted", "joined", "refused")

# Without progress for this long a run is taken for dead and gone on with.
DEAD_AFTER = timedelta(minutes=2)
# A batch ends with the row that takes it beyond this: rows may bring pictures.
BATCH_BYTES = 8_000_000

Row = Comment | Refused


def waiting_runs(clock: Clock) -> list[int]:
    """The runs that nobody works on: those in line, and those whose worker died."""
    dead = (ImportRun.state == ImportState.RUNNING) & (ImportRun.moved_at < clock.now() - DEAD_AFTER)
    waiting = ImportRun.select(ImportRun.id).where((ImportRun.state == ImportState.WAITING) | dead)
    return [run_id for (run_id,) in rows(waiting.order_by(ImportRun.id))]


def run_import(run_id: int, *, store: EvidenceStore, clock: Clock, batch: int = 200) -> ImportRun:
    """Work on a run from where it stands to its end; returns it as it is then.

    Whoever takes a run up moves its version on, so that another worker of the same run stops at its next batch
    and leaves the rest to the new one.
    """
    run = _run(run_id)
    if run.state.ended:
        return run
    site, actor = site_ref(run.site_id), _starter(run)
    try:
        run = _moved(run, clock=clock, state=ImportState.RUNNING)
        for chunk in _batches(_found(run, site), batch):
            run = _take_in(actor, run, site, chunk, store=store, clock=clock)
    except StaleState:
        return _run(run_id)
    except (peewee.DataError, peewee.IntegrityError):
        log.exception("import %s stopped behind row %s of %s", run_id, run.done, run.total)
        return _failed(actor, run, clock=clock)
    return run


def _run(run_id: int) -> ImportRun:
    run = ImportRun.get_or_none(ImportRun.id == run_id)
    if run is None:
        raise NotFound
    return run


def _found(run: ImportRun, site: SiteRef) -> Iterator[Row]:
    """The rows of the file that were not worked on yet."""
    mapping = json.loads(run.mapping)
    if mapping:
        return islice(comments(bytes(ImportFile.get_by_id(run.id).content), mapping), run.done, None)
    names = frozenset({str(site.id), site.title.casefold(), normalise(site.address)})
    return (read_line(line, names) for line in islice(split(_blocks(run.id)), run.done, None))


def _blocks(run_id: int) -> Iterator[bytes]:
    """The file's blocks, one at a time."""
    for number in count():
        wanted = (ImportBlock.run == run_id) & (ImportBlock.number == number)
        row = first_row(ImportBlock.select(ImportBlock.content).where(wanted))
        if row is None:
            return
        yield bytes(row[0])


def _batches(found: Iterator[Row], most: int) -> Iterator[list[Row]]:
    """The rows in batches of ``most``, or fewer where they are large."""
    chunk: list[Row] = []
    size = 0
    for row in found:
        chunk.append(row)
        size += row.size if isinstance(row, Comment) else 0
        if len(chunk) == most or size > BATCH_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _starter(run: ImportRun) -> Actor:
    """What a run writes is written in the name of whoever started it."""
    if run.started_by_id is None:
        return SYSTEM
    return Actor(run.started_by_id, names_of([run.started_by_id])[run.started_by_id])


def _moved(run: ImportRun, *, clock: Clock, **changes: object) -> ImportRun:
    """The run a step further; ``StaleState`` when another worker has taken it up."""
    update_current(ImportRun, run.id, run.version, moved_at=clock.now(), **changes)
    return _run(run.id)


def _take_in(
    actor: Actor, run: ImportRun, site: SiteRef, chunk: Sequence[Row], *, store: EvidenceStore, clock: Clock
) -> ImportRun:
    """One batch, in one transaction, with how far the run is after it."""
    taken = [row for row in chunk if isinstance(row, Comment)]
    refused = [row for row in chunk if isinstance(row, Refused)]
    files = {row.number: [(picture, store.put(picture.data)) for picture in row.pictures] for row in taken}
    into = writing.Into(actor, site, files, run.id, Source.FEED if run.mapping == "{}" else Source.IMPORT, clock)
    with unit_of_work():
        known = writing.known_cases(site.id, taken)
        fresh, again = writing.sort(taken, known)
        ids = writing.insert(into, fresh, known)
        writing.join(into, again, known)
        if refused:
            ImportRefusal.insert_many(
                [{"run": run.id, "row_number": r.number, "reason": r.reason, "excerpt": r.excerpt} for r in refused]
            ).execute()
        audit.record(
            BATCH_DONE, actor, subject(run.id), clock=clock,
            accepted=len(fresh), joined=len(again), refused=len(refused), cases=[min(ids), max(ids)] if ids else [],
            content=audit.digest_of(audit.canonical([row.text for row in taken])),
        )  # fmt: skip
        run = _moved(
            run, clock=clock, done=run.done + len(chunk), accepted=run.accepted + len(fresh),
            joined=run.joined + len(again), refused=run.refused + len(refused),
        )  # fmt: skip
        return _ended(actor, run, ImportState.DONE, clock=clock) if run.done >= run.total else run


def _ended(actor: Actor, run: ImportRun, state: ImportState, *, clock: Clock, error: str = "") -> ImportRun:
    """Close the run inside the caller's unit of work and let go of the file."""
    before = run.state
    run = _moved(run, clock=clock, state=state, finished_at=clock.now(), error=error)
    for kept in (ImportFile, ImportBlock):
        kept.delete().where(kept.run == run.id).execute()
    audit.record(
        FINISHED, actor, subject(run.id), clock=clock, before=before, after=state,
        accepted=run.accepted, joined=run.joined, refused=run.refused,
    )  # fmt: skip
    return run


def _failed(actor: Actor, run: ImportRun, *, clock: Clock) -> ImportRun:
    """The database will not take a row however often it is tried: stop, keep what went in, and say so."""
    error = (
        f"A row behind the first {run.done:,} could not be stored. The rows before it are in. Tell the IT "
        "Technician; after a correction the whole file can be imported again, and what is in already stays as it is."
    )
    with unit_of_work():
        return _ended(actor, run, ImportState.FAILED, clock=clock, error=error)
