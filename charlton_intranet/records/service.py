"""Handing out a record sheet: read as it stands at one moment, and on the audit trail with its digest."""

from collections.abc import Callable

from charlton_intranet.core import audit
from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.permissions import Actor
from charlton_intranet.records import queries
from charlton_intranet.records.files import File, file_of
from charlton_intranet.records.queries.trail import EXPORTED, anchor
from charlton_intranet.records.rules import Format, Kind, Record, Stamp

RECORDS: dict[Kind, Callable[..., Record]] = {
    Kind.SITE: queries.site_record,
    Kind.DEPARTMENT: queries.department_record,
}


def export(actor: Actor, kind: Kind, record_id: int, wanted: Format, *, town: str, clock: Clock) -> File:
    """The whole sheet as a file, and the event that says who took it. ``NotFound`` for who may not read it.

    Nothing else is written while it is read, so all sections tell of one moment.
    """
    with unit_of_work():
        record = RECORDS[kind](actor, record_id, clocks.today(clock))
        number, digest = anchor()
        made = file_of(record, Stamp(town, clock.now(), actor.name, number, digest), wanted)
        audit.record(
            EXPORTED, actor, record.subject, clock=clock,
            what=record.title, format=wanted, sha256=made.sha256, size=len(made.data), head=number,
        )  # fmt: skip
    return made
