"""How long it takes from seen to gone: the middle and the longest, as a picture and a table."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from flask import request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.calendar import add_months
from charlton_intranet.core.permissions import Permission
from charlton_intranet.core.tables import csv_text
from charlton_intranet.moderation.queries.times import moments
from charlton_intranet.moderation.rules.times import Grouping, Measure, Moments, Row, row_of, rows_of, said
from charlton_intranet.moderation.web.place import QUEUE
from charlton_intranet.moderation.web.shared import blueprint
from charlton_intranet.web import context
from charlton_intranet.web.files import text_file
from charlton_intranet.web.guard import needs
from charlton_intranet.web.navigation import Entry
from charlton_intranet.web.responding import respond

TIMES = f"{QUEUE}/times"
MONTHS = 12
NAMES: dict[Grouping, Callable[[Moments], Iterable[str]]] = {
    Grouping.MONTH: lambda case: [f"{case.month:%B %Y}"],
    Grouping.SITE: lambda case: [case.site],
    # A case counts in each of its categories.
    Grouping.CATEGORY: lambda case: [f"Category {letter}" for letter in case.letters],
}


def _cases() -> list[Moments]:
    """The last twelve months, this one included."""
    since = add_months(context.today().replace(day=1), 1 - MONTHS)
    return moments(context.actor(), since)


def _grouping() -> Grouping:
    by = request.args.get("by", "")
    return Grouping(by) if by in set(Grouping) else Grouping.MONTH


def _rows(cases: list[Moments], by: Grouping) -> list[Row]:
    """Months in the order of time, everything else by name."""
    found = rows_of(cases, NAMES[by])
    return found if by is Grouping.MONTH else sorted(found, key=lambda row: row.name.casefold())


@blueprint.get(TIMES)
@needs(Permission.READ_CASES)
def times() -> ResponseReturnValue:
    """The page."""
    cases, by = _cases(), _grouping()
    return respond(
        "moderation/times.html",
        by=by,
        tabs=[Entry(f"By {one.label.lower()}", f"{TIMES}?by={one.value}", one is by) for one in Grouping],
        rows=_rows(cases, by),
        overall=row_of("Altogether", cases),
        measures=list(Measure),
        charted=Measure.GONE,
        said=said,
        csv_url=f"{TIMES}.csv?by={by.value}",
    )


@blueprint.get(f"{TIMES}.csv")
@needs(Permission.READ_CASES)
def times_csv() -> ResponseReturnValue:
    """The same table for a spreadsheet, in hours."""
    cases, by = _cases(), _grouping()
    headers = [by.label, "Cases"]
    for measure in Measure:
        headers += [f"{measure.label}: {what}" for what in ("cases", "middle (hours)", "longest (hours)")]
    table = ([row.name, row.cases, *_cells(row)] for row in [*_rows(cases, by), row_of("Altogether", cases)])
    return text_file(csv_text(headers, table), f"times-by-{by.value}-{context.today().isoformat()}.csv", "text/csv")


def _cells(row: Row) -> list[float | int | None]:
    cells: list[float | int | None] = []
    for measure in Measure:
        span = row.spans.get(measure)
        cells += [span.count, _hours(span.middle), _hours(span.longest)] if span else [0, None, None]
    return cells


def _hours(span: timedelta) -> float:
    return round(span / timedelta(hours=1), 2)
