"""Pages of the policy: read it, sign it, publish a version, see who has signed."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.clauses import decode, sections
from charlton_intranet.policy.forms import AcknowledgementFilterForm, DocumentForm, PublishForm, SignForm
from charlton_intranet.policy.models import PolicyDocument
from charlton_intranet.policy.rules import CATEGORIES, Change, DocumentState
from charlton_intranet.web import context, sessions
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

blueprint = Blueprint("policy", __name__, url_prefix="/policy")


@blueprint.context_processor
def _tabs() -> dict[str, Any]:
    """The pages of the policy that the reader may open."""
    pages = [("The policy", ".index"), ("Versions", ".versions")]
    who = context.signed_in()  # nobody is, on the page that asks to sign in again
    if who and who.actor.may(Permission.READ_ACKNOWLEDGEMENTS, anywhere=True):
        pages.append(("Signatures", ".acknowledgements"))
    return {
        "policy_tabs": [
            {"label": label, "url": url_for(endpoint), "current": request.path == url_for(endpoint)}
            for label, endpoint in pages
        ]
    }


def _status(form: TownForm) -> int:
    """A form that came back was refused."""
    return 422 if form.is_submitted() else 200


# --- reading ----------------------------------------------------------------------------------------------


@blueprint.get("")
@needs(Permission.READ_POLICY)
def index() -> ResponseReturnValue:
    """The version in force with its categories, and where the reader's own signature stands."""
    actor, today = context.actor(), context.today()
    person_id = actor.person_id or 0
    document = queries.document_in_force()
    return respond(
        "policy/index.html",
        document=document,
        sections=sections(document.text) if document else [],
        categories=CATEGORIES.values(),
        mine=queries.standing_of([person_id], today)[person_id],
        must_sign=queries.must_sign(person_id, today),
        signatures=queries.own_signatures(person_id),
    )


@blueprint.get("/documents")
@needs(Permission.READ_POLICY)
def versions() -> ResponseReturnValue:
    """Every version, newest first."""
    actor = context.actor()
    rows = queries.versions(actor)
    may_draft = actor.may(Permission.PUBLISH_POLICY) and all(row.state is not DocumentState.DRAFT for row in rows)
    return respond("policy/versions.html", versions=rows, may_draft=may_draft)


@blueprint.get("/documents/<int:document_id>")
@needs(Permission.READ_POLICY)
def document(document_id: int) -> ResponseReturnValue:
    """One version, old ones and the draft too."""
    found = queries.document(context.actor(), document_id)
    return respond("policy/document.html", document=found, sections=sections(found.text))


@blueprint.get("/documents/<int:document_id>/text")
@needs(Permission.READ_POLICY)
def document_text(document_id: int) -> ResponseReturnValue:
    """The very bytes whose SHA-256 stands on the certificates."""
    found = queries.document(context.actor(), document_id)
    return _file(found.text, f"social-media-policy-{found.major}.{found.minor}.txt", "text/plain")


def _file(content: str, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": f"{media_type}; charset=utf-8"}
    return Response(content.encode(), headers=headers)


# --- publishing -------------------------------------------------------------------------------------------


def _words(form: DocumentForm) -> dict[str, Any]:
    """What was typed; a file takes the place of the text, and stays in it when the form comes back."""
    upload = form.file.data
    if upload:
        form.text.data = decode(upload.read())
    return {
        "title": form.title.data or "",
        "change": Change(form.change.data),
        "summary": form.summary.data or "",
        "text": form.text.data or "",
        "clock": context.clock(),
    }


@blueprint.route("/documents/new", methods=["GET", "POST"])
@needs(Permission.PUBLISH_POLICY)
def new_document() -> ResponseReturnValue:
    """Draft a version, starting from the one in force; while there is a draft, that one is changed."""
    if request.method == "GET" and (draft_id := queries.draft_id()) is not None:
        return done(url_for(".edit_document", document_id=draft_id), "There is a draft already: this one.", "info")
    present = queries.document_in_force()
    form = DocumentForm(title=present.title, text=present.text) if present else DocumentForm()
    if form.validate_on_submit():
        try:
            document_id = service.draft(context.actor(), **_words(form))
            return done(url_for(".document", document_id=document_id), "The draft is saved. Only you can see it.")
        except Invalid as refusal:
            form.refuse(refusal)
    return respond("policy/edit.html", form=form, document=None, status=_status(form))


@blueprint.route("/documents/<int:document_id>/edit", methods=["GET", "POST"])
@needs(Permission.PUBLISH_POLICY)
def edit_document(document_id: int) -> ResponseReturnValue:
    """Change the draft."""
    found = _open_draft(document_id)
    form = DocumentForm(obj=found)
    if form.validate_on_submit():
        try:
            service.redraft(context.actor(), document_id, form.version.data or 0, **_words(form))
            return done(url_for(".document", document_id=document_id), "The draft is saved.")
        except Invalid as refusal:
            form.refuse(refusal)
    return respond("policy/edit.html", form=form, document=found, status=_status(form))


@blueprint.route("/documents/<int:document_id>/publish", methods=["GET", "POST"])
@needs(Permission.PUBLISH_POLICY, fresh=True)
def publish(document_id: int) -> ResponseReturnValue:
    """Say what publishing does, and do it."""
    found = _open_draft(document_id)
    form = PublishForm(version=found.version)
    if form.validate_on_submit():
        number = service.publish(context.actor(), document_id, form.version.data or 0, clock=context.clock())
        return done(url_for(".index"), f"Version {number} is in force.")
    return respond(
        "policy/publish.html",
        form=form,
        document=found,
        before=queries.in_force(),
        days=queries.default("acknowledgement.business_days"),
        status=_status(form),
    )


def _open_draft(document_id: int) -> PolicyDocument:
    """The draft on its pages; for a published version there is no such page."""
    found = queries.document(context.actor(), document_id)
    if request.method == "GET" and found.state != DocumentState.DRAFT:
        raise NotFound
    return found


# --- signing ----------------------------------------------------------------------------------------------


@blueprint.route("/sign", methods=["GET", "POST"])
@needs(Permission.SIGN_POLICY, fresh=True)
def sign() -> ResponseReturnValue:
    """The whole text, two consents and a name."""
    present = queries.document_in_force()
    if present is None:
        raise NotFound("No policy has been published yet, so there is nothing to sign.")
    form = SignForm(document_id=present.id)
    if form.validate_on_submit():
        try:
            acknowledgement_id = service.sign(
                context.actor(),
                form.document_id.data or 0,
                typed_name=form.typed_name.data or "",
                read=form.read.data,
                agreed=form.agreed.data,
                agent=sessions.agent(),
                clock=context.clock(),
            )
            return done(url_for(".certificate", acknowledgement_id=acknowledgement_id), "You have signed the policy.")
        except Invalid as refusal:
            form.refuse(refusal)
    return respond(
        "policy/sign.html",
        form=form,
        document=present,
        sections=sections(present.text),
        months=queries.default("acknowledgement.months"),
        status=_status(form),
    )


@blueprint.get("/certificates/<int:acknowledgement_id>")
@needs(Permission.READ_POLICY)
def certificate(acknowledgement_id: int) -> ResponseReturnValue:
    """Everything a signature was made of, to print and to keep."""
    found = queries.certificate(context.actor(), acknowledgement_id, context.today())
    return respond("policy/certificate.html", certificate=found)


@blueprint.get("/certificates/<int:acknowledgement_id>/record")
@needs(Permission.READ_POLICY)
def certificate_record(acknowledgement_id: int) -> ResponseReturnValue:
    """The very bytes whose SHA-256 is the seal."""
    found = queries.certificate(context.actor(), acknowledgement_id, context.today())
    return _file(found.record, f"acknowledgement-{acknowledgement_id}.json", "application/json")


@blueprint.get("/acknowledgements")
@needs(Permission.READ_ACKNOWLEDGEMENTS)
def acknowledgements() -> ResponseReturnValue:
    """Who has signed, who has not, whose signature ends."""
    actor = context.actor()
    form = AcknowledgementFilterForm(request.args)
    reach = actor.departments_for(Permission.READ_ACKNOWLEDGEMENTS)
    form.department.choices = [
        ("", "All"),
        *((str(one.id), one.name) for one in accounts.departments() if reach is None or one.id in reach),
    ]
    found = queries.acknowledgements_page(actor, form.chosen(), context.today(), after=_after())
    part = "policy/_acknowledgements.html"
    return respond("policy/acknowledgements.html", part, form=form, found=found, next_url=_next(found.next_key))


def _after() -> tuple[str, int] | None:
    """The last person of the page before, as ``id:name``; nonsense starts from the top."""
    number, _, name = request.args.get("after", "").partition(":")
    return (name, int(number)) if name and number.isascii() and number.isdigit() and len(number) < 10 else None


def _next(key: tuple[str, int] | None) -> str | None:
    """The address of the next page with the same filters."""
    if key is None:
        return None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "after"}
    return url_for(".acknowledgements", **kept, after=f"{key[1]}:{key[0]}")
