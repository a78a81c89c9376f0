"""Drafting and publishing a version."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from charlton_intranet.core.errors import Invalid, NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.forms import DocumentForm, PublishForm
from charlton_intranet.policy.models import PolicyDocument
from charlton_intranet.policy.originals import read_policy
from charlton_intranet.policy.rules import Change, DocumentState
from charlton_intranet.policy.web.shared import RECORD, blueprint, status_of
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond


def _words(form: DocumentForm) -> dict[str, Any]:
    """What was typed; the text in a file takes its place, and stays in the form when that comes back."""
    file, original = form.file.data, None
    if file:
        upload, form.text.data = read_policy(file.read(), file.filename or "", field="file")
        original = (upload, context.parts().store.put(upload.data))
    return {
        "title": form.title.data or "",
        "change": Change(form.change.data),
        "summary": form.summary.data or "",
        "text": form.text.data or "",
        "original": original,
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
    return respond("policy/edit.html", form=form, document=None, original=None, status=status_of(form))


@blueprint.route(f"/documents/<{RECORD}:document_id>/edit", methods=["GET", "POST"])
@needs(Permission.PUBLISH_POLICY)
def edit_document(document_id: int) -> ResponseReturnValue:
    """Change the draft."""
    found = _open_draft(document_id)
    form = DocumentForm(obj=found)
    if form.validate_on_submit():
        try:
            words = _words(form)
            service.redraft(context.actor(), document_id, form.version.data or 0, typed=form.typed.data, **words)
            return done(url_for(".document", document_id=document_id), "The draft is saved.")
        except Invalid as refusal:
            form.refuse(refusal)
    original = queries.original_of(document_id)
    return respond("policy/edit.html", form=form, document=found, original=original, status=status_of(form))


@blueprint.route(f"/documents/<{RECORD}:document_id>/publish", methods=["GET", "POST"])
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
        status=status_of(form),
    )


def _open_draft(document_id: int) -> PolicyDocument:
    """The draft on its pages; for a published version there is no such page."""
    found = queries.document(context.actor(), document_id)
    if request.method == "GET" and found.state != DocumentState.DRAFT:
        raise NotFound
    return found
