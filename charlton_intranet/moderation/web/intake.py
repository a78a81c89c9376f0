"""Import of a file of comments."""

from functools import partial
from typing import BinaryIO

from flask import request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.core.tables import json_text
from charlton_intranet.moderation import importing, queries
from charlton_intranet.moderation.comment_file import IMPORT_FIELDS
from charlton_intranet.moderation.comment_lines import schema
from charlton_intranet.moderation.forms import ImportForm
from charlton_intranet.moderation.rules import CaseState
from charlton_intranet.moderation.web.place import QUEUE, Place
from charlton_intranet.moderation.web.shared import blueprint
from charlton_intranet.sites.queries import site_choices, site_ref
from charlton_intranet.sites.web.shared import RECORD
from charlton_intranet.web import context
from charlton_intranet.web.files import text_file
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import go, respond

P = Permission

IMPORT = f"{QUEUE}/import"
RUN = f"{IMPORT}/<{RECORD}:run_id>"


@blueprint.get(IMPORT)
@needs(P.IMPORT_COMMENTS)
def imports() -> ResponseReturnValue:
    """The import form and the latest imports."""
    return _show_imports(ImportForm(formdata=None))


def _show_imports(form: ImportForm, *, status: int = 200) -> Response:
    form.offer(site_choices(context.actor(), P.IMPORT_COMMENTS))
    return respond(
        "moderation/import.html",
        "moderation/_import.html",
        status=status,
        form=form,
        recent=queries.recent_imports(context.actor()),
        lost_files=status != 200 and bool(form.file.data),
    )


@blueprint.post(IMPORT)
@needs(P.IMPORT_COMMENTS)
def start_import() -> ResponseReturnValue:
    """Check the file and put it in line."""
    form = ImportForm()
    form.offer(site_choices(context.actor(), P.IMPORT_COMMENTS))
    if form.validate_on_submit():
        try:
            run_id = _start(form, form.file.data.stream)
        except Invalid as refusal:
            form.refuse(
                Invalid({f"column_{n}" if n in IMPORT_FIELDS else n: why for n, why in refusal.problems.items()})
            )
        else:
            return go(f"{IMPORT}/{run_id}")
    return _show_imports(form, status=422)


def _start(form: ImportForm, file: BinaryIO) -> int:
    """Start the run. A proposed column that the file does not have is left out; one that was typed must be there."""
    mapping = form.mapping
    start = partial(
        importing.start_file, context.actor(), site_id=int(form.site_id.data),
        file_name=form.file.data.filename or "comments.csv", file=file, clock=context.clock(),
    )  # fmt: skip
    try:
        return start(mapping=mapping)
    except Invalid as refusal:
        left_out = {field for field in refusal.problems if mapping.get(field) == field != "text"}
        if left_out != refusal.problems.keys():
            raise Invalid({name: why for name, why in refusal.problems.items() if name not in left_out}) from refusal
    return start(mapping={field: column for field, column in mapping.items() if field not in left_out})


@blueprint.get(f"{IMPORT}/format")
@needs(P.IMPORT_COMMENTS)
def import_format() -> ResponseReturnValue:
    """The intake format as JSON Schema, for whoever writes a connector."""
    return text_file(json_text(schema()), "intake-format.schema.json", "application/schema+json")


@blueprint.get(RUN)
@needs(P.IMPORT_COMMENTS)
def import_run(run_id: int) -> ResponseReturnValue:
    """How far an import is, and what it refused; htmx asks again until it has ended."""
    actor = context.actor()
    run = queries.import_view(actor, run_id)
    after = request.args.get("after", 0, type=int)
    refused, next_key = queries.refusals_page(actor, run_id, after) if run.state.ended else ([], None)
    site = site_ref(run.site_id)
    return respond(
        "moderation/import_run.html",
        "moderation/_import_run.html",
        run=run,
        refused=refused,
        next_url=f"{IMPORT}/{run_id}?after={next_key}" if next_key else None,
        after=after,
        queue_url=Place(tab=CaseState.OPEN.value, site=run.site_id).url,
        may_read=actor.may(P.READ_CASES, site.department_id),
    )
