"""My work: what the reader owes, done in its row where a press or a short field is enough."""

import re
from dataclasses import dataclass

from flask import Response, flash, request, url_for

from charlton_intranet.core.errors import NotFound, StaleState
from charlton_intranet.core.permissions import Permission
from charlton_intranet.oversight.queries.news import news
from charlton_intranet.oversight.queries.waiting import waits
from charlton_intranet.oversight.queries.work import HEADINGS, WorkRow, my_work, owed_row
from charlton_intranet.oversight.service.visits import mark_seen, visit
from charlton_intranet.oversight.web.blueprint import blueprint
from charlton_intranet.sites.web.shared import RECORD, posted_version, taken
from charlton_intranet.web import context
from charlton_intranet.web.failures import is_htmx
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.in_place import Asked, InPlace, offered
from charlton_intranet.web.responding import done, respond

P = Permission
ROW = f"/work/<kind>/<{RECORD}:record_id>"


@dataclass(frozen=True, slots=True)
class Opened:
    """A duty of the reader's that is done in its row: the duty, how it is done, and what it is about."""

    row: WorkRow
    way: InPlace
    asked: Asked
    record_id: int


@blueprint.get("/")
@needs(P.USE_APP)
def home() -> Response:
    """What is new, what the reader owes, with the thing to press, and what others owe the reader."""
    register, actor, today = context.parts().register, context.actor(), context.today()
    seen = visit(actor, clock=context.clock())
    return respond(
        "oversight/my_work.html", "oversight/_my_work.html",
        work=my_work(register, actor, today), waits=waits(register, actor, today), news=news(actor, seen),
    )  # fmt: skip


@blueprint.post("/work/seen")
@needs(P.USE_APP)
def seen() -> Response:
    """Take what the page showed as new for seen."""
    mark_seen(context.actor(), request.form.get("upto", 0, type=int), clock=context.clock())
    return done(url_for("oversight.home"), "Marked as seen.")


@blueprint.get(ROW)
@needs(P.USE_APP)
def open_row(kind: str, record_id: int) -> Response:
    """A row with its form; ``shut`` shows it closed again."""
    opened = _opened(kind, record_id)
    if request.args.get("shut"):
        return respond("oversight/in_place.html", "oversight/_row.html", row=opened.row)
    return _show(opened, opened.way.empty_form(row_id(opened.row), opened.asked.data))


@blueprint.post(ROW)
@needs(P.USE_APP)
def do_in_place(kind: str, record_id: int) -> Response:
    """Do it, and show the row as done; without htmx My work without it."""
    opened = _opened(kind, record_id)
    form, said = opened.way.posted_form(row_id(opened.row)), list[str]()

    def step() -> None:
        said.append(opened.way.act(form, record_id, posted_version()))

    if not taken(form, step):
        return _show(opened, form, status=422)
    if not is_htmx():
        return done(url_for("oversight.home"), said[0])
    flash(said[0], "success")
    register, actor = context.parts().register, context.actor()
    left = my_work(register, actor, context.today()).total(opened.row.urgency)
    return respond(
        "oversight/in_place.html", "oversight/_row_done.html",
        row=opened.row, left=left, heading=HEADINGS[opened.row.urgency],
    )  # fmt: skip


def _opened(kind: str, record_id: int) -> Opened:
    """The duty, for who owes it. Who may not answer is refused by the feature; who need not any more is told so."""
    way = offered(kind)
    if way is None:
        raise NotFound
    asked = way.load(context.actor(), record_id)
    subject = f"{way.record}:{record_id}"
    row = owed_row(context.parts().register, context.actor(), context.today(), kind, subject)
    if row is None:
        raise StaleState("This does not wait for you any more. Nothing was saved.")
    return Opened(row, way, asked, record_id)


def _show(opened: Opened, form: TownForm, *, status: int = 200) -> Response:
    return respond(
        "oversight/in_place.html", "oversight/_row_open.html", status=status,
        row=opened.row, way=opened.way, about=opened.asked.about, form=form,
        version=request.form.get("version", opened.asked.version),
    )  # fmt: skip


@blueprint.app_template_global()
def row_id(row: WorkRow) -> str:
    """What a row and its fields are called in the page."""
    return "row-" + re.sub(r"[^a-z0-9]+", "-", f"{row.kind}-{row.subject}".lower())


@blueprint.app_template_global()
def row_url(row: WorkRow) -> str | None:
    """Where the row is opened; None when its duty is done on a page of its own."""
    way = offered(row.kind)
    record, _, number = row.subject.partition(":")
    if way is None or way.record != record or not number.isdecimal():
        return None
    return url_for("oversight.open_row", kind=row.kind, record_id=int(number))
