"""Taking in what was seen: capture by hand, and import of a file of comments."""

from flask import request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.moderation import importing, queries, service
from charlton_intranet.moderation.comment_file import IMPORT_FIELDS
from charlton_intranet.moderation.forms import CaptureForm, ImportForm
from charlton_intranet.moderation.rules import AuthorKind, Captured, CaseState
from charlton_intranet.moderation.web.place import QUEUE, Place
from charlton_intranet.moderation.web.shared import blueprint, case_url, take_pictures
from charlton_intranet.sites.queries import SiteRef, guess_site, site_choices, site_ref
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import go, respond

P = Permission

CAPTURE = f"{QUEUE}/capture"
IMPORT = f"{QUEUE}/import"
RUN = f"{IMPORT}/<int(max=2147483647):run_id>"


@blueprint.get(CAPTURE)
@needs(P.CAPTURE_CONTENT)
def capture() -> ResponseReturnValue:
    """The capture form; ``link``, ``text`` and ``site`` in the address fill it, so that other pages can point here."""
    form = CaptureForm(
        formdata=None,
        permalink=request.args.get("link", "")[:1000],
        text=request.args.get("text", "")[:10_000],
        site_id=request.args.get("site", 0, type=int),
    )
    return _show_capture(form)


def _show_capture(form: CaptureForm, *, status: int = 200) -> Response:
    form.offer(site_choices(context.actor(), P.CAPTURE_CONTENT))
    return respond(
        "moderation/capture.html",
        "moderation/_capture.html",
        status=status,
        form=form,
        link_site=_named(form.permalink.data or ""),
        lost_files=status != 200 and bool(request.files.getlist("screenshots")),
    )


def _named(link: str) -> tuple[bool, SiteRef | None]:
    """Whether there is a link, and the town's site that it names."""
    return bool(link.strip()), guess_site(link) if link.strip() else None


@blueprint.get(f"{CAPTURE}/site")
@needs(P.CAPTURE_CONTENT)
def recognise() -> ResponseReturnValue:
    """One line on the site that a pasted link belongs to."""
    return respond("moderation/_recognized.html", link_site=_named(request.args.get("permalink", "")[:1000]))


@blueprint.post(CAPTURE)
@needs(P.CAPTURE_CONTENT)
def take_capture() -> ResponseReturnValue:
    """Take in what was seen; the same post again joins its case, and says so."""
    form = CaptureForm()
    form.offer(site_choices(context.actor(), P.CAPTURE_CONTENT))
    if form.validate_on_submit():
        try:
            captured = _capture(form, _chosen_site(form))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return _captured(captured)
    return _show_capture(form, status=422)


def _chosen_site(form: CaptureForm) -> int:
    """The site that was chosen, or the one that the link names if the actor may capture there."""
    if form.site_id.data:
        return int(form.site_id.data)
    _given, named = _named(form.permalink.data or "")
    if named is None:
        raise Invalid({"site_id": "Choose the site: the link does not tell which one it is."})
    if not context.actor().may(P.CAPTURE_CONTENT, named.department_id):
        raise Invalid(
            {
                "site_id": f"The link belongs to {named.title} of another department ({named.department_name}). "
                "Send it to the coordinator there, or choose the site."
            }
        )
    return named.id


def _capture(form: CaptureForm, site_id: int) -> Captured:
    return service.capture(
        context.actor(),
        site_id=site_id,
        text=form.text.data or "",
        permalink=form.permalink.data or "",
        handle=form.handle.data or "",
        author_kind=AuthorKind(form.author_kind.data),
        posted_at=form.posted,
        urgent=form.urgent.data,
        uploads=take_pictures(form.screenshots.data),
        clock=context.clock(),
    )


def _captured(captured: Captured) -> Response:
    """To the case; who may not read cases gets the empty form again."""
    says = f"Captured as case {captured.case_id}."
    if captured.joined:
        says = f"This post is case {captured.case_id} already: what you added is with it now."
    if captured.reopened:
        says += " It had been answered “no concern” and is open again."
    if context.actor().may(P.READ_CASES, anywhere=True):
        return go(case_url(captured.case_id), says)
    return go(CAPTURE, f"{says} The coordinator of the department looks at it. Thank you.")


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
            run_id = _start(form, form.file.data.read())
        except Invalid as refusal:
            form.refuse(
                Invalid({f"column_{n}" if n in IMPORT_FIELDS else n: why for n, why in refusal.problems.items()})
            )
        else:
            return go(f"{IMPORT}/{run_id}")
    return _show_imports(form, status=422)


def _start(form: ImportForm, data: bytes) -> int:
    """Start the run. A proposed column that the file does not have is left out; one that was typed must be there."""
    actor, clock, mapping = context.actor(), context.clock(), form.mapping
    site_id, name = int(form.site_id.data), form.file.data.filename or "comments.csv"
    try:
        return importing.start_import(actor, site_id=site_id, file_name=name, data=data, mapping=mapping, clock=clock)
    except Invalid as refusal:
        left_out = {field for field in refusal.problems if mapping.get(field) == field != "text"}
        if left_out != refusal.problems.keys():
            raise Invalid({name: why for name, why in refusal.problems.items() if name not in left_out}) from refusal
        mapping = {field: column for field, column in mapping.items() if field not in left_out}
    return importing.start_import(actor, site_id=site_id, file_name=name, data=data, mapping=mapping, clock=clock)


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
