"""Checking a file of comments and putting it in line."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.uploads import safe_name
from charlton_intranet.moderation.comment_file import check_mapping, read
from charlton_intranet.moderation.comment_lines import MAX_LINES, is_lines, split
from charlton_intranet.moderation.models import ImportBlock, ImportFile, ImportRun
from charlton_intranet.moderation.rules import ImportState
from charlton_intranet.moderation.service import intake
from charlton_intranet.sites.queries import SiteRef

STARTED = audit.declare("import.started", "site", "file", "rows", "mapping")

MAX_FILE = 100_000_000
BLOCK = 1_000_000
UNFINISHED = (ImportState.WAITING, ImportState.RUNNING)


def subject(run_id: int) -> str:
    """How an import is named in the trail."""
    return f"import:{run_id}"


def start_file(
    actor: Actor, *, site_id: int, file_name: str, file: BinaryIO, mapping: Mapping[str, str], clock: Clock
) -> int:
    """Check a file of either kind and put it in line; returns the run's id. What it is, its beginning tells."""
    file.seek(0)
    start = file.read(1_000)
    file.seek(0)
    if is_lines(start):
        return start_lines(actor, site_id=site_id, file_name=file_name, file=file, clock=clock)
    return start_import(
        actor, site_id=site_id, file_name=file_name, data=file.read(MAX_FILE + 1), mapping=mapping, clock=clock
    )


def start_import(
    actor: Actor, *, site_id: int, file_name: str, data: bytes, mapping: Mapping[str, str], clock: Clock
) -> int:
    """Check a CSV file and put it in line; returns the run's id.

    ``mapping`` goes from :data:`IMPORT_FIELDS` to the file's columns; an empty column leaves a field out. Raises
    ``Invalid`` for the fields ``file``, ``site_id`` and those of the mapping.
    """
    site = intake.open_site(actor, site_id, Permission.IMPORT_COMMENTS)
    chosen = check_mapping(mapping)
    _check_size(len(data))
    total = sum(1 for _record in read(data, chosen))
    if not total:
        raise Invalid({"file": "There is a header and no row below it."})
    return _put_in_line(
        actor, site, file_name=file_name, sha256=hashlib.sha256(data).hexdigest(), total=total, mapping=chosen,
        keep=lambda run_id: ImportFile.insert(run=run_id, content=data).execute(), clock=clock,
    )  # fmt: skip


def start_lines(actor: Actor, *, site_id: int, file_name: str, file: BinaryIO, clock: Clock) -> int:
    """Check a file in the intake format and put it in line; returns the run's id.

    It is read twice, block by block, so that its size does not matter to the memory. What its lines hold is looked at
    when the run comes to them. Raises ``Invalid`` for the fields ``file`` and ``site_id``.
    """
    site = intake.open_site(actor, site_id, Permission.IMPORT_COMMENTS)
    size, digest = 0, hashlib.sha256()
    for block in _blocks(file):
        size += len(block)
        digest.update(block)
        _check_size(size)
    file.seek(0)
    total = sum(1 for _line in split(_blocks(file)))
    if total > MAX_LINES:
        raise Invalid({"file": f"The file has more than {MAX_LINES:,} lines. Cut it in several."})
    if not total:
        raise Invalid({"file": "The file is empty."})
    file.seek(0)

    def keep(run_id: int) -> None:
        for number, block in enumerate(_blocks(file)):
            ImportBlock.insert(run=run_id, number=number, content=block).execute()

    return _put_in_line(
        actor, site, file_name=file_name, sha256=digest.hexdigest(), total=total, mapping={}, keep=keep, clock=clock
    )


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _check_size(size: int) -> None:
    if size > MAX_FILE:
        raise Invalid({"file": f"The file is larger than {MAX_FILE // 1_000_000} MB. Cut it in several."})


def _put_in_line(
    actor: Actor,
    site: SiteRef,
    *,
    file_name: str,
    sha256: str,
    total: int,
    mapping: dict[str, str],
    keep: Callable[[int], object],
    clock: Clock,
) -> int:
    """Write the run of a file that was found good; ``keep`` writes the file itself, given the run's id."""
    now = clock.now()
    with unit_of_work():
        unfinished = (ImportRun.site == site.id) & ImportRun.state.in_(UNFINISHED)
        if ImportRun.select().where(unfinished & (ImportRun.file_sha256 == sha256)).exists():
            raise Invalid({"file": f"This file is being imported for {site.title} already. Wait until that is done."})
        run_id = int(
            ImportRun.insert(
                site=site.id, file_name=safe_name(file_name), file_sha256=sha256, mapping=json.dumps(mapping),
                started_by=actor.person_id, started_at=now, moved_at=now, total=total,
            ).execute()
        )  # fmt: skip
        keep(run_id)
        audit.record(
            STARTED, actor, subject(run_id), clock=clock,
            site=site.id, file=f"sha256:{sha256}", rows=total, mapping=mapping,
        )  # fmt: skip
    return run_id
