"""Taking in a file of comments, batch by batch.

A run is started by somebody and worked on in the background. Each batch is one transaction: cases, what makes
them findable, refusals, and how far the run is; so a page can follow it, and a run that died goes on where it was.
"""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import islice

import peewee

from charlton_intranet.accounts.queries import names_of
from charlton_intranet.core import audit, search
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import rows, serialise, unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission
from charlton_intranet.core.uploads import safe_name
from charlton_intranet.moderation.comment_file import IMPORT_FIELDS, Comment, Refused, check_mapping, comments, read
from charlton_intranet.moderation.models import (
    Case,
    Contributor,
    ImportFile,
    ImportRefusal,
    ImportRun,
)
from charlton_intranet.moderation.queries import all_refusals as refusals
from charlton_intranet.moderation.rules import ImportState, Source, handle_key
from charlton_intranet.moderation.service import intake
from charlton_intranet.moderation.service._cases import due
from charlton_intranet.sites.queries import SiteRef, site_ref

__all__ = ["IMPORT_FIELDS", "refusals", "run_import", "start_import", "waiting_runs"]

log = logging.getLogger(__name__)

STARTED = audit.declare("import.started", "site", "file", "rows", "mapping")
BATCH_DONE = audit.declare("import.batch", "accepted", "joined", "refused", "cases", "content")
FINISHED = audit.declare("import.finished", "before", "after", "accepted", "joined", "refused")

MAX_FILE = 100_000_000
# Without progress for this long a run is taken for dead and gone on with.
DEAD_AFTER = timedelta(minutes=2)
UNFINISHED = (ImportState.WAITING, ImportState.RUNNING)


def subject(run_id: int) -> str:
    """How an import is named in the trail."""
    return f"import:{run_id}"


def start_import(
    actor: Actor, *, site_id: int, file_name: str, data: bytes, mapping: Mapping[str, str], clock: Clock
) -> int:
    """Check a CSV file and put it in line; returns the run's id.

    ``mapping`` goes from :data:`IMPORT_FIELDS` to the file's columns; an empty column leaves a field out. Raises
    ``Invalid`` for the fields ``file``, ``site_id`` and those of the mapping.
    """
    site = intake.open_site(actor, site_id, Permission.IMPORT_COMMENTS)
    chosen = check_mapping(mapping)
    if len(data) > MAX_FILE:
        raise Invalid({"file": "The file is larger than 100 MB. Cut it in several."})
    total = sum(1 for _record in read(data, chosen))
    if not total:
        raise Invalid({"file": "There is a header and no row below it."})
    sha256, now = hashlib.sha256(data).hexdigest(), clock.now()
    with unit_of_work():
        serialise(f"import:{site.id}")
        unfinished = (ImportRun.site == site.id) & ImportRun.state.in_(UNFINISHED)
        if ImportRun.select().where(unfinished & (ImportRun.file_sha256 == sha256)).exists():
            raise Invalid({"file": f"This file is being imported for {site.title} already. Wait until that is done."})
        run_id = int(
            ImportRun.insert(
                site=site.id, file_name=safe_name(file_name), file_sha256=sha256, mapping=json.dumps(chosen),
                started_by=actor.person_id, started_at=now, moved_at=now, total=total,
            ).execute()
        )  # fmt: skip
        ImportFile.insert(run=run_id, content=data).execute()
        audit.record(
            STARTED,
            actor,
            subject(run_id),
            clock=clock,
            site=site.id,
            file=f"sha256:{sha256}",
            rows=total,
            mapping=chosen,
        )
    return run_id


def waiting_runs(clock: Clock) -> list[int]:
    """The runs that nobody works on: those in line, and those whose worker died."""
    dead = (ImportRun.state == ImportState.RUNNING) & (ImportRun.moved_at < clock.now() - DEAD_AFTER)
    waiting = ImportRun.select(ImportRun.id).where((ImportRun.state == ImportState.WAITING) | dead)
    return [run_id for (run_id,) in rows(waiting.order_by(ImportRun.id))]


def run_import(run_id: int, *, clock: Clock, batch: int = 200) -> ImportRun:
    """Work on a run from where it stands to its end; returns it as it is then.

    Whoever takes a run up moves its version on, so that another worker of the same run stops at its next batch
    and leaves the rest to the new one.
    """
    run = _run(run_id)
    if run.state.ended:
        return run
    site, actor = site_ref(run.site_id), _starter(run)
    found = islice(comments(_content(run), json.loads(run.mapping)), run.done, None)
    try:
        run = _moved(run, clock=clock, state=ImportState.RUNNING)
        while chunk := list(islice(found, batch)):
            run = _take_in(actor, run, site, chunk, clock=clock)
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


def _content(run: ImportRun) -> bytes:
    return bytes(ImportFile.get_by_id(run.id).content)


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
    actor: Actor, run: ImportRun, site: SiteRef, chunk: Sequence[Comment | Refused], *, clock: Clock
) -> ImportRun:
    """One batch, in one transaction, with how far the run is after it."""
    taken = [row for row in chunk if isinstance(row, Comment)]
    refused = [row for row in chunk if isinstance(row, Refused)]
    with unit_of_work():
        intake.serialise_intake(site.id)
        fresh, again = _sort(site.id, taken)
        ids = _insert(run, site, fresh, clock=clock)
        _join(actor, site.id, again, clock=clock)
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


def _sort(site_id: int, taken: Sequence[Comment]) -> tuple[list[Comment], list[Comment]]:
    """Comments that are new, and those of a post that is a case already or stands earlier in the batch."""
    keys = [row.key for row in taken if row.key is not None]
    there = Case.select(Case.origin_key).where((Case.site == site_id) & Case.origin_key.in_(keys))
    known = {key for (key,) in rows(there)}
    fresh: list[Comment] = []
    again: list[Comment] = []
    for row in taken:
        (again if row.key in known else fresh).append(row)
        if row.key is not None:
            known.add(row.key)
    return fresh, again


def _insert(run: ImportRun, site: SiteRef, fresh: Sequence[Comment], *, clock: Clock) -> list[int]:
    """Open a case for each comment and make it findable; returns the ids."""
    if not fresh:
        return []
    contributors = _contributors(site.network_id, fresh)
    now, due_on = clock.now(), due(clock, "triage.business_days")
    inserted = rows(
        Case.insert_many(
            [
                {
                    "site": site.id, "department": site.department_id, "text": row.text, "permalink": row.permalink,
                    "contributor": contributors.get(handle_key(row.handle)), "origin_key": row.key,
                    "posted_at": row.posted_at, "seen_at": now, "seen_by": run.started_by_id,
                    "source": Source.IMPORT, "import_run": run.id, "changed_at": now, "due_on": due_on,
                }
                for row in fresh
            ]
        ).returning(Case.id, Case.text, Case.contributor)
    )  # fmt: skip
    handles = {contributors.get(handle_key(row.handle)): row.handle for row in fresh}
    search.put_many("case", [(case_id, f"{text}\n{handles.get(by, '')}") for case_id, text, by in inserted])
    return [case_id for case_id, _text, _by in inserted]


def _contributors(network_id: int, fresh: Sequence[Comment]) -> dict[str, int]:
    """Ids of the writers by their key, made where they are not known."""
    handles = {handle_key(row.handle): row.handle for row in reversed(fresh) if handle_key(row.handle)}
    if not handles:
        return {}
    Contributor.insert_many(
        [{"network": network_id, "handle": handle, "handle_key": key} for key, handle in handles.items()]
    ).on_conflict(conflict_target=[Contributor.network, Contributor.handle_key], action="NOTHING").execute()
    known = (Contributor.network == network_id) & Contributor.handle_key.in_(list(handles))
    return dict(rows(Contributor.select(Contributor.handle_key, Contributor.id).where(known)))


def _join(actor: Actor, site_id: int, again: Sequence[Comment], *, clock: Clock) -> None:
    """A comment that is a case already changes nothing, unless somebody has edited it since."""
    cases = {case.origin_key: case for case in _cases(site_id, again)}
    for row in again:
        case = cases[row.key]
        if intake.words_are_new(case, row.text):
            intake.join(actor, case, text=row.text, permalink=row.permalink, clock=clock)
            cases[row.key] = Case.get_by_id(case.id)


def _cases(site_id: int, again: Sequence[Comment]) -> list[Case]:
    keys = [row.key for row in again]
    return list(Case.select().where((Case.site == site_id) & Case.origin_key.in_(keys))) if keys else []


def _ended(actor: Actor, run: ImportRun, state: ImportState, *, clock: Clock, error: str = "") -> ImportRun:
    """Close the run inside the caller's unit of work and let go of the file."""
    before = run.state
    run = _moved(run, clock=clock, state=state, finished_at=clock.now(), error=error)
    ImportFile.delete().where(ImportFile.run == run.id).execute()
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
