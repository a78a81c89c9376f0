"""Pages of record sheets, and handing them out."""

import io

from flask import Blueprint, Response, request, send_file

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.records import queries, service
from charlton_intranet.records.queries.trail import anchor
from charlton_intranet.records.rules import Format, Kind, Record, Stamp
from charlton_intranet.sites.web.shared import RECORD, tabs
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond

blueprint = Blueprint("records", __name__, url_prefix="/records")
P = Permission
SITE, DEPARTMENT = f"/sites/<{RECORD}:site_id>", f"/departments/<{RECORD}:department_id>"

# Of the history a page shows this much; the export has all of it.
NEWEST = 50


@blueprint.get("")
@needs(P.READ_SITE_RECORDS)
def index() -> Response:
    """The departments whose records one may read."""
    actor = context.actor()
    found = queries.departments(actor, context.today())
    return respond("records/index.html", departments=found, tabs=tabs(actor, "/records"))


@blueprint.get(SITE)
@needs(P.READ_SITE_RECORDS)
def site(site_id: int) -> Response:
    """The record sheet of a site."""
    found = queries.site_record(context.actor(), site_id, context.today(), newest=NEWEST)
    context.remember_site(site_id)
    return _sheet(found)


@blueprint.post(f"{SITE}/export")
@needs(P.READ_SITE_RECORDS, fresh=True)
def export_site(site_id: int) -> Response:
    """The whole sheet of a site as a file."""
    return _file(Kind.SITE, site_id)


@blueprint.get(DEPARTMENT)
@needs(P.READ_SITE_RECORDS)
def department(department_id: int) -> Response:
    """The record sheet of a department."""
    return _sheet(queries.department_record(context.actor(), department_id, context.today(), newest=NEWEST))


@blueprint.post(f"{DEPARTMENT}/export")
@needs(P.READ_SITE_RECORDS, fresh=True)
def export_department(department_id: int) -> Response:
    """The whole sheet of a department as a file."""
    return _file(Kind.DEPARTMENT, department_id)


def _sheet(record: Record) -> Response:
    number, digest = anchor()
    actor = context.actor()
    stamp = Stamp(context.parts().settings.town_name, context.clock().now(), actor.name, number, digest)
    return respond("records/sheet.html", record=record, stamp=stamp)


def _file(kind: Kind, record_id: int) -> Response:
    wanted = request.form.get("format", "")
    if wanted not in set(Format):
        raise Invalid({"format": "Choose spreadsheets or JSON."})
    made = service.export(
        context.actor(), kind, record_id, Format(wanted),
        town=context.parts().settings.town_name, clock=context.clock(),
    )  # fmt: skip
    answer = send_file(io.BytesIO(made.data), made.media_type, as_attachment=True, download_name=made.name)
    answer.headers["Cache-Control"] = "no-store"  # a browser that was handed on must not hold records
    return answer
