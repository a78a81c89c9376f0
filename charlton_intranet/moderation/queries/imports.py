"""Reads of comment imports: how far they are, and what they refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import first_row, rows
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation.models import ImportRefusal, ImportRun
from charlton_intranet.moderation.rules import ImportState
from charlton_intranet.sites.models import Network, Site

RECENT = 10


@dataclass(frozen=True, slots=True)
class ImportView:
    """A run of an import. ``done`` of ``total`` rows were read; accepted + joined + refused make up ``done``."""

    id: int
    state: ImportState
    file_name: str
    total: int
    done: int
    accepted: int
    joined: int
    refused: int
    error: str
    started_at: datetime
    finished_at: datetime | None
    started_by: str
    site_id: int
    site_title: str
    network_name: str
    department_id: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that did not go in; ``row_number`` as a spreadsheet counts it, the header being row 1."""

    id: int
    row_number: int
    reason: str
    excerpt: str


def import_view(actor: Actor, run_id: int) -> ImportView:
    """One run, for somebody who may import for its site's department; otherwise ``NotFound``."""
    row = first_row(_views().where(ImportRun.id == run_id))
    if row is None:
        raise NotFound
    view = _view(row)
    actor.must_see(Permission.IMPORT_COMMENTS, view.department_id)
    return view


def recent_imports(actor: Actor) -> list[ImportView]:
    """The newest runs of the departments for which the actor may import."""
    views = _views().order_by(ImportRun.id.desc()).limit(RECENT)
    reach = actor.departments_for(Permission.IMPORT_COMMENTS)
    if reach is not None:
        views = views.where(Site.department.in_(sorted(reach)))
    return [_view(row) for row in rows(views)]


def refusals_page(actor: Actor, run_id: int, after: int = 0, size: int = 50) -> tuple[list[RefusedRow], int | None]:
    """Refused rows in the file's order, and the key of the next page (None on the last)."""
    import_view(actor, run_id)
    wanted = _refusals(run_id).where(ImportRefusal.id > after).limit(size + 1)
    found = [RefusedRow(*row) for row in rows(wanted)]
    return found[:size], (found[size - 1].id if len(found) > size else None)


def all_refusals(run_id: int) -> list[RefusedRow]:
    """Every refused row of a run, for the command line; asks nobody's rights."""
    return [RefusedRow(*row) for row in rows(_refusals(run_id))]


def _refusals(run_id: int) -> Any:
    columns = (ImportRefusal.id, ImportRefusal.row_number, ImportRefusal.reason, ImportRefusal.excerpt)
    return ImportRefusal.select(*columns).where(ImportRefusal.run == run_id).order_by(ImportRefusal.id)


def _views() -> Any:
    return (
        ImportRun.select(
            ImportRun.id, ImportRun.state, ImportRun.file_name, ImportRun.total, ImportRun.done, ImportRun.accepted,
            ImportRun.joined, ImportRun.refused, ImportRun.error, ImportRun.started_at, ImportRun.finished_at,
            Person.name, ImportRun.site, Site.title, Network.name, Site.department,
        )
        .join_from(ImportRun, Site)
        .join_from(Site, Network)
        .join_from(ImportRun, Person, peewee.JOIN.LEFT_OUTER)
    )  # fmt: skip


def _view(row: tuple[Any, ...]) -> ImportView:
    return ImportView(*(*row[:11], row[11] or "", *row[12:]))
