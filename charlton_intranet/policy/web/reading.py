"""Reading the policy: the version in force, and every other one."""

from flask import request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.policy import queries
from charlton_intranet.policy.clauses import sections
from charlton_intranet.policy.comparing import compare
from charlton_intranet.policy.forms import CompareForm
from charlton_intranet.policy.rules import DocumentState
from charlton_intranet.policy.web.shared import RECORD, blueprint
from charlton_intranet.web import context
from charlton_intranet.web.files import send_kept, text_file
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond


@blueprint.get("")
@needs(Permission.READ_POLICY)
def index() -> ResponseReturnValue:
    """The version in force with its categories, and where the reader's own signature stands."""
    today, person_id = context.today(), context.actor().person_id or 0
    document = queries.document_in_force()
    return respond(
        "policy/index.html",
        document=document,
        sections=sections(document.text) if document else [],
        categories=queries.categories().by_letter.values(),
        before=queries.version_before(document) if document else None,
        mine=queries.standing_of([person_id], today)[person_id],
        not_signed_for=queries.not_signed_for(context.parts().scopes([person_id], today)).get(person_id, []),
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


@blueprint.get("/changes")
@needs(Permission.READ_POLICY)
def changes() -> ResponseReturnValue:
    """What changed between two versions; without a choice, up to the one in force from the one before it."""
    actor = context.actor()
    listed = queries.versions(actor)
    if len(listed) < 2:
        raise NotFound("There is only one version of the policy, so there is nothing to compare.")
    form = CompareForm(request.args)
    form.before.choices = form.after.choices = [(one.id, one.number) for one in listed]
    present = queries.in_force()
    chosen = [request.args.get(name, type=int) for name in ("before", "after")]
    form.after.data = chosen[1] or (present.id if present else listed[0].id)
    after = queries.document(actor, form.after.data)
    form.before.data = chosen[0] or queries.version_before(after) or listed[-1].id
    before = queries.document(actor, form.before.data)
    found = compare(before.text, after.text)
    return respond("policy/changes.html", form=form, before=before, after=after, comparison=found)


@blueprint.get(f"/documents/<{RECORD}:document_id>")
@needs(Permission.READ_POLICY)
def document(document_id: int) -> ResponseReturnValue:
    """One version, old ones and the draft too."""
    found = queries.document(context.actor(), document_id)
    original = queries.original_of(document_id)
    return respond("policy/document.html", document=found, sections=sections(found.text), original=original)


@blueprint.get(f"/documents/<{RECORD}:document_id>/text")
@needs(Permission.READ_POLICY)
def document_text(document_id: int) -> ResponseReturnValue:
    """The very bytes whose SHA-256 stands on the certificates."""
    found = queries.document(context.actor(), document_id)
    return text_file(found.text, f"social-media-policy-{found.major}.{found.minor}.txt", "text/plain")


@blueprint.get(f"/documents/<{RECORD}:document_id>/original")
@needs(Permission.READ_POLICY)
def document_original(document_id: int) -> ResponseReturnValue:
    """The file that was handed in for a version."""
    found = queries.document(context.actor(), document_id)
    original = queries.original_of(document_id)
    if original is None:
        raise NotFound("The text of this version was typed: there is no file.")
    name = f"The original of version {found.number}"
    return send_kept(
        original.sha256, media_type=original.media_type, file_name=original.file_name, attachment=True, name=name
    )
