"""Signing the policy."""

from collections.abc import Sequence

from flask import url_for
from flask.typing import ResponseReturnValue

from charlton_intranet.core.errors import Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Permission
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.clauses import sections
from charlton_intranet.policy.comparing import Comparison, compare
from charlton_intranet.policy.forms import SignForm
from charlton_intranet.policy.models import PolicyDocument
from charlton_intranet.policy.web.shared import blueprint, status_of
from charlton_intranet.web import context, sessions
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond


@blueprint.route("/sign", methods=["GET", "POST"])
@needs(Permission.SIGN_POLICY, fresh=True)
def sign() -> ResponseReturnValue:
    """The whole text, what the signature is for, two consents and a name."""
    present = queries.document_in_force()
    if present is None:
        raise NotFound("No policy has been published yet, so there is nothing to sign.")
    scope = context.parts().scope_of(context.actor().person_id or 0, context.today())
    form = SignForm(document_id=present.id, shown=service.fingerprint(scope))
    if form.validate_on_submit():
        try:
            return _signed(form, scope)
        except Invalid as refusal:
            form.refuse(refusal)
    return respond(
        "policy/sign.html",
        form=form,
        document=present,
        sections=sections(present.text),
        scope=scope,
        changed=_changed_since(present),
        months=queries.default("acknowledgement.months"),
        status=status_of(form),
    )


def _changed_since(present: PolicyDocument) -> tuple[str, Comparison] | None:
    """The number of the version the reader signed last, and what changed since; None when that is this one."""
    actor = context.actor()
    person_id = actor.person_id or 0
    signed_id = queries.standing_of([person_id], context.today())[person_id].document_id
    if signed_id is None or signed_id == present.id:
        return None
    signed = queries.document(actor, signed_id)
    return signed.number, compare(signed.text, present.text)


def _signed(form: SignForm, scope: Sequence[ScopeLine]) -> ResponseReturnValue:
    """Sign for what was on the screen, or raise ``StaleState`` when that has changed since."""
    if form.shown.data != service.fingerprint(scope):
        raise StaleState("What you sign for changed while you were reading. Nothing was signed: look at it again.")
    acknowledgement_id = service.sign(
        context.actor(),
        form.document_id.data or 0,
        scope=scope,
        typed_name=form.typed_name.data or "",
        read=form.read.data,
        agreed=form.agreed.data,
        agent=sessions.agent(),
        clock=context.clock(),
    )
    return done(url_for(".certificate", acknowledgement_id=acknowledgement_id), "You have signed the policy.")
