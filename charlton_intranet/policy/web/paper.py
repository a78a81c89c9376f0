"""Filing a signature that somebody gave on paper."""

from collections.abc import Sequence

from flask import url_for
from flask.typing import ResponseReturnValue

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.errors import Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Permission
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.forms import PaperForm
from charlton_intranet.policy.originals import inspect_scan
from charlton_intranet.policy.web.shared import RECORD, blueprint, status_of
from charlton_intranet.web import context, sessions
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond


@blueprint.route(f"/people/<{RECORD}:person_id>/paper", methods=["GET", "POST"])
@needs(Permission.FILE_PAPER_SIGNATURE, fresh=True)
def paper(person_id: int) -> ResponseReturnValue:
    """The scan of a signed paper, the day on it, and what it is signed for."""
    person, versions = accounts.person(person_id), queries.signable()
    if not versions:
        raise NotFound("No policy has been published yet, so there is nothing to sign.")
    scope = context.parts().scope_of(person_id, context.today())
    form = PaperForm(shown=service.fingerprint(scope))
    form.document.choices = versions
    form.covers.choices = [(line.subject, line.words) for line in scope]
    if form.validate_on_submit():
        try:
            acknowledgement_id = _filed(form, person_id, scope)
            url = url_for(".certificate", acknowledgement_id=acknowledgement_id)
            return done(url, f"The paper of {person.name} is filed.")
        except Invalid as refusal:
            form.refuse(refusal)
    own = person_id == context.actor().person_id
    return respond("policy/paper.html", form=form, person=person, scope=scope, own=own, status=status_of(form))


def _filed(form: PaperForm, person_id: int, scope: Sequence[ScopeLine]) -> int:
    """File what was posted, or raise ``StaleState`` when the scope changed since the page was opened."""
    if form.shown.data != service.fingerprint(scope):
        raise StaleState("What this person signs for changed meanwhile. Nothing was filed: look at it again.")
    handed_in = service.Paper(
        scan=_scan(form),
        signed_on=form.signed_on.data,
        scope=[line for line in scope if line.subject in (form.covers.data or [])],
        attested=form.attested.data,
    )
    return service.file_on_paper(
        context.actor(),
        person_id,
        form.document.data,
        handed_in,
        exception=form.exception.data or "",
        agent=sessions.agent(),
        clock=context.clock(),
    )


def _scan(form: PaperForm) -> tuple[Upload, Stored]:
    """The scan, looked into and put into the store before the unit of work opens."""
    file = form.scan.data
    if not file:
        raise Invalid({"scan": "Choose the scan: a picture or a PDF of the signed paper."})
    upload = inspect_scan(file.read(), file.filename or "", field="scan")
    return upload, context.parts().store.put(upload.data)
