"""Pages of incidents: report one from anywhere, follow one's own, handle them."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.incidents import queries, service
from charlton_intranet.incidents.forms import LabelForm, MoveForm, NoteForm, ReportForm
from charlton_intranet.incidents.rules import ADVICE, WHAT_MAX, Severity, Status, Tlp
from charlton_intranet.sites import queries as sites
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, go, respond

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")


@blueprint.get("")
@needs(Permission.REPORT_INCIDENT)
def index() -> ResponseReturnValue:
    """One's own incidents; all of them for IT and the Town Administrator."""
    actor = context.actor()
    over, after = request.args.get("state") == "over", request.args.get("after", "")
    after_id = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else None
    found = queries.incidents_page(actor, over=over, after=after_id)
    return respond("incidents/index.html", found=found, over=over, all=actor.may(Permission.READ_INCIDENTS))


@blueprint.route("/report", methods=["GET", "POST"])
@needs(Permission.REPORT_INCIDENT)
def report() -> ResponseReturnValue:
    """The form behind the button in the header, and its answer: a reference number."""
    form = ReportForm(site=request.args.get("site", ""), what=request.args.get("what", "")[:WHAT_MAX])
    choices = sites.site_choices(context.actor())
    form.site.choices = [("", "None, or not in this list"), *((str(number), title) for number, title in choices)]
    if form.validate_on_submit():
        try:
            reference = service.report(context.actor(), form.report(), clock=context.clock())
            message = f"Thank you. Your report is in, its reference is {reference}."
            return go(url_for(".incident", reference=reference), message)
        except Invalid as refusal:
            form.refuse(refusal)
    status = 422 if form.is_submitted() else 200
    return respond("incidents/report.html", "incidents/_report.html", form=form, status=status)


@blueprint.get("/<reference>")
@needs(Permission.REPORT_INCIDENT)
def incident(reference: str) -> ResponseReturnValue:
    """One incident: what to do now, where it stands, its log."""
    return _show(reference)


def _show(
    reference: str,
    *,
    move: MoveForm | None = None,
    labels: LabelForm | None = None,
    note: NoteForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page or its part; a form that came back takes the place of a fresh one."""
    view = queries.incident_view(context.actor(), reference)
    found = view.incident
    return respond(
        "incidents/incident.html",
        "incidents/_incident.html",
        status=status,
        view=view,
        incident=found,
        advice=ADVICE[found.kind],
        move=move or MoveForm(formdata=None, version=found.version),
        labels=labels or LabelForm(formdata=None, version=found.version, severity=found.severity or "", tlp=found.tlp),
        note=note or NoteForm(formdata=None),
    )


@blueprint.post("/<reference>/move")
@needs(Permission.HANDLE_INCIDENT)
def move(reference: str) -> ResponseReturnValue:
    """The next step, or a false alarm."""
    form = MoveForm()
    if form.validate():
        try:
            to = Status(form.to.data)
            service.move(
                context.actor(), reference, form.version.data or 0, to, note=form.note.data or "", clock=context.clock()
            )
            return done(url_for(".incident", reference=reference), f"{reference} stands at “{to.label}”.")
        except Invalid as refusal:
            form.refuse(refusal)
    return _show(reference, move=form, status=422)


@blueprint.post("/<reference>/labels")
@needs(Permission.HANDLE_INCIDENT)
def label(reference: str) -> ResponseReturnValue:
    """Severity and TLP."""
    form = LabelForm()
    if not form.validate():
        return _show(reference, labels=form, status=422)
    service.label(
        context.actor(),
        reference,
        form.version.data or 0,
        severity=Severity(form.severity.data) if form.severity.data else None,
        tlp=Tlp(form.tlp.data),
        clock=context.clock(),
    )
    return done(url_for(".incident", reference=reference), "Severity and label are saved.")


@blueprint.post("/<reference>/notes")
@needs(Permission.REPORT_INCIDENT)
def add_note(reference: str) -> ResponseReturnValue:
    """A note by the reporter, by IT or by the Town Administrator."""
    form = NoteForm()
    try:
        service.add_note(context.actor(), reference, form.text.data or "", clock=context.clock())
    except Invalid as refusal:
        form.refuse(refusal)
        return _show(reference, note=form, status=422)
    return done(url_for(".incident", reference=reference), "Your note is in the log.")
