"""The registry of accounts that nobody has asked for yet (3.7), and the lists they come in."""

from typing import Any

from flask import Response, request, url_for

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.permissions import Permission
from charlton_intranet.core.tables import csv_text
from charlton_intranet.sites.models.registry import RegistryImport
from charlton_intranet.sites.queries import registry as queries
from charlton_intranet.sites.rules.registry import ImportState, ListedState
from charlton_intranet.sites.service import registry
from charlton_intranet.sites.web.registry_forms import (
    LEAVE_OPEN,
    GiveForm,
    ListedFilterForm,
    ListForm,
    StrikeForm,
    columns_form,
    departments_form,
)
from charlton_intranet.sites.web.shared import LARGEST, RECORD, blueprint, number, posted_version, tabs, taken
from charlton_intranet.web import context
from charlton_intranet.web.files import text_file
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission
LISTED = f"/registry/<{RECORD}:listed_id>"
IMPORT = f"/registry/import/<{RECORD}:import_id>"
SHOWN = 50


@blueprint.get("/registry")
@needs(P.READ_SITE_RECORDS)
def registry_list() -> Response:
    """Accounts that are said to be the town's and wait for their department."""
    actor, form = context.actor(), ListedFilterForm(request.args, meta={"csrf": False})
    choices = {"": "All", LEAVE_OPEN: "Nobody's yet"} | {str(d.id): d.name for d in accounts.departments()}
    form.department.choices = choices
    wanted = queries.ListedFilter(
        state=None if form.state.data == "all" else _state(form.state.data),
        department_id=0 if form.department.data == LEAVE_OPEN else number("department"),
        words=(form.q.data or "").replace("\0", ""),
    )
    rows, more = queries.registry_page(actor, wanted, after=number("after"))
    kept: dict[str, Any] = {name: value for name in ("q", "state", "department") if (value := request.args.get(name))}
    return respond(
        "sites/registry.html", "sites/_registry.html",
        rows=rows, form=form, tabs=tabs(actor, "/sites/registry"), filtered=wanted != queries.ListedFilter(),
        next_url=url_for("sites.registry_list", after=more, **kept) if more else None,
    )  # fmt: skip


def _state(value: str | None) -> ListedState:
    return ListedState(value) if value in set(ListedState) else ListedState.LISTED


@blueprint.get(LISTED)
@needs(P.READ_SITE_RECORDS)
def listed(listed_id: int) -> Response:
    """A listed account, and what can be done about it."""
    return _listed(listed_id)


@blueprint.post(f"{LISTED}/strike")
@needs(P.READ_SITE_RECORDS)
def strike_listed(listed_id: int) -> Response:
    """Strike it off: its department head, the Town Administrator or IT."""
    queries.load_listed(context.actor(), listed_id)
    form = StrikeForm()

    def step() -> None:
        registry.strike(
            context.actor(), listed_id, posted_version(), reason=form.reason.data or "", clock=context.clock()
        )

    if taken(form, step):
        return done(url_for("sites.listed", listed_id=listed_id), "Struck off. A later list does not bring it back.")
    return _listed(listed_id, form, status=422)


@blueprint.post(f"{LISTED}/give")
@needs(P.LIST_ACCOUNTS)
def give_listed(listed_id: int) -> Response:
    """Say whose account it is."""
    form = _give_form()

    def step() -> None:
        department_id = _department(form.department.data)
        registry.give(context.actor(), listed_id, posted_version(), department_id=department_id, clock=context.clock())

    if taken(form, step):
        return done(url_for("sites.listed", listed_id=listed_id), "Saved. The department's head is asked about it.")
    return _listed(listed_id, status=422)


def _give_form(**values: object) -> GiveForm:
    form = GiveForm(**values)
    form.department.choices = {LEAVE_OPEN: "Leave open"} | {str(d.id): d.name for d in accounts.departments()}
    return form


def _department(value: str | None) -> int | None:
    return int(value) if value and value != LEAVE_OPEN else None


def _listed(listed_id: int, strike: StrikeForm | None = None, *, status: int = 200) -> Response:
    sheet = queries.listed_sheet(context.actor(), listed_id)
    chosen = str(sheet.account.department_id or LEAVE_OPEN)
    return respond(
        "sites/listed.html", status=status, sheet=sheet, account=sheet.account,
        strike=strike or StrikeForm(formdata=None), give=_give_form(formdata=None, department=chosen),
        version=request.form.get("version", sheet.account.version),
    )  # fmt: skip


# --- lists ------------------------------------------------------------------------------------------------


@blueprint.get("/registry/import")
@needs(P.LIST_ACCOUNTS)
def registry_imports() -> Response:
    """Hand in a list, and the latest ones."""
    return _imports(ListForm(formdata=None))


@blueprint.post("/registry/import")
@needs(P.LIST_ACCOUNTS)
def hand_in_registry() -> Response:
    """Keep the list and show what would happen to its rows."""
    form, made = ListForm(), list[int]()

    def step() -> None:
        data, name = form.file.data.read(), form.file.data.filename or "accounts.csv"
        queries.read_list(data)  # what is no list is not kept
        stored = context.parts().store.put(data)
        made.append(registry.hand_in(context.actor(), file_name=name, data=data, stored=stored, clock=context.clock()))

    if taken(form, step):
        return done(url_for("sites.registry_import", import_id=made[0]))
    return _imports(form, status=422)


def _imports(form: ListForm, *, status: int = 200) -> Response:
    return respond("sites/registry_import.html", form=form, recent=queries.recent_imports(), status=status)


@blueprint.get(IMPORT)
@needs(P.LIST_ACCOUNTS)
def registry_import(import_id: int) -> Response:
    """What would happen to the rows of a list, or what happened."""
    run = queries.load_import(context.actor(), import_id)
    if run.state is not ImportState.PREVIEWED:
        after = min(request.args.get("after", 0, type=int), LARGEST)
        refused = queries.refusals(import_id, after=max(after, 0), size=SHOWN + 1)
        return respond(
            "sites/registry_result.html", run=run, refused=[one[1:] for one in refused[:SHOWN]], after=after,
            next_url=url_for("sites.registry_import", import_id=import_id, after=refused[SHOWN - 1][0])
            if len(refused) > SHOWN else None,
        )  # fmt: skip
    return _preview(run)


def _data(run: RegistryImport) -> bytes:
    return context.parts().store.get(run.file.sha256)


def _preview(run: RegistryImport, columns: TownForm | None = None, *, status: int = 200) -> Response:
    found = queries.preview(run, _data(run))
    first = max(request.args.get("skip", 0, type=int), 0)
    refused = [(one.row, one.reason, one.cells) for one in found.sorted.unusable[first : first + SHOWN]]
    last = first + SHOWN
    return respond(
        "sites/registry_preview.html", status=status, run=run, found=found, refused=refused, first=first,
        columns=columns or columns_form(found, formdata=None), departments=departments_form(found, formdata=None),
        version=request.form.get("version", run.version),
        next_url=url_for("sites.registry_import", import_id=run.id, skip=last)
        if last < len(found.sorted.unusable) else None,
    )  # fmt: skip


@blueprint.post(f"{IMPORT}/columns")
@needs(P.LIST_ACCOUNTS)
def read_registry_anew(import_id: int) -> Response:
    """Change what the columns hold."""
    run = queries.load_import(context.actor(), import_id)
    form = columns_form(queries.preview(run, _data(run)))
    chosen = {int(name.partition("_")[2]): value for name, value in form.data.items() if name.startswith("column_")}

    def step() -> None:
        registry.read_anew(context.actor(), import_id, posted_version(), columns=chosen, clock=context.clock())

    if taken(form, step):
        return done(url_for("sites.registry_import", import_id=import_id), "Read anew.")
    return _preview(run, form, status=422)


@blueprint.post(f"{IMPORT}/networks")
@needs(P.LIST_ACCOUNTS)
def propose_missing_networks(import_id: int) -> Response:
    """Propose the networks of the list that the catalogue does not have."""
    run = queries.load_import(context.actor(), import_id)
    names = [name for name, _number in queries.preview(run, _data(run)).sorted.missing_networks]
    proposed = registry.propose_missing(context.actor(), names, clock=context.clock())
    said = f"Proposed: {', '.join(proposed)}. IT assesses them next." if proposed else "There was none to propose."
    return done(url_for("sites.registry_import", import_id=import_id), said)


@blueprint.post(f"{IMPORT}/take-in")
@needs(P.LIST_ACCOUNTS)
def take_in_registry(import_id: int) -> Response:
    """List every account of the file that is new."""
    run = queries.load_import(context.actor(), import_id)
    found = queries.preview(run, _data(run))
    form = departments_form(found)

    def step() -> None:
        names = [name for name, _number in found.sorted.departments]
        chosen = {
            names[int(name.partition("_")[2])]: _department(value)
            for name, value in form.data.items()
            if name.startswith("department_")
        }
        registry.take_in(
            context.actor(), import_id, posted_version(), read=found.read, departments=chosen, clock=context.clock()
        )

    if taken(form, step):
        return done(url_for("sites.registry_import", import_id=import_id), "The list is in.")
    return _preview(run, status=422)


@blueprint.post(f"{IMPORT}/drop")
@needs(P.LIST_ACCOUNTS)
def drop_registry(import_id: int) -> Response:
    """Put the list away."""
    registry.drop(context.actor(), import_id, posted_version(), clock=context.clock())
    return done(url_for("sites.registry_imports"), "Put away. Nothing of it was listed.")


@blueprint.get(f"{IMPORT}/refused.csv")
@needs(P.LIST_ACCOUNTS)
def refused_rows(import_id: int) -> Response:
    """Every row that did not or would not go in, with the reason, to be mended and handed in again."""
    run = queries.load_import(context.actor(), import_id)
    data = _data(run)
    if run.state is ImportState.PREVIEWED:
        refused = [(one.row, one.reason, list(one.cells)) for one in queries.preview(run, data).sorted.unusable]
    else:
        refused = [(row, reason, cells) for _key, row, reason, cells in queries.refusals(import_id, size=None)]
    header = queries.header_of(data)
    text = csv_text(["Row", "Why", *header], ([row, reason, *cells] for row, reason, cells in refused))
    return text_file(text, f"refused-rows-{import_id}.csv", "text/csv")
