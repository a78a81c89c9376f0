"""The certificate of a signature: to read, to keep, and to compute again."""

from flask import Response
from flask.typing import ResponseReturnValue

from charlton_intranet.core.errors import NotFound, Unavailable
from charlton_intranet.core.permissions import Permission
from charlton_intranet.policy import queries
from charlton_intranet.policy.certificate import SHOWS, SHOWS_NOT, pdf_of
from charlton_intranet.policy.web.shared import RECORD, blueprint
from charlton_intranet.web import context
from charlton_intranet.web.files import send_kept, text_file
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond


@blueprint.get(f"/certificates/<{RECORD}:acknowledgement_id>")
@needs(Permission.READ_POLICY)
def certificate(acknowledgement_id: int) -> ResponseReturnValue:
    """Everything a signature was made of, to print and to keep."""
    found = queries.certificate(context.actor(), acknowledgement_id, context.today())
    return respond("policy/certificate.html", certificate=found, shows=SHOWS, shows_not=SHOWS_NOT)


@blueprint.get(f"/certificates/<{RECORD}:acknowledgement_id>/pdf")
@needs(Permission.READ_POLICY)
def certificate_pdf(acknowledgement_id: int) -> ResponseReturnValue:
    """The same on paper, with the record and the policy's text attached."""
    found = queries.certificate(context.actor(), acknowledgement_id, context.today())
    if not found.holds:
        raise Unavailable("This record does not match its seal, so no certificate is printed. Tell the IT Technician.")
    headers = {"Content-Disposition": f'attachment; filename="acknowledgement-{acknowledgement_id}.pdf"'}
    return Response(pdf_of(found.record, found.text), headers=headers, mimetype="application/pdf")


@blueprint.get(f"/certificates/<{RECORD}:acknowledgement_id>/record")
@needs(Permission.READ_POLICY)
def certificate_record(acknowledgement_id: int) -> ResponseReturnValue:
    """The very bytes whose SHA-256 is the seal."""
    found = queries.certificate(context.actor(), acknowledgement_id, context.today())
    return text_file(found.record, f"acknowledgement-{acknowledgement_id}.json", "application/json")


@blueprint.get(f"/certificates/<{RECORD}:acknowledgement_id>/paper")
@needs(Permission.READ_POLICY)
def certificate_paper(acknowledgement_id: int) -> ResponseReturnValue:
    """The scan of a signature on paper."""
    scan = queries.certificate(context.actor(), acknowledgement_id, context.today()).scan
    if scan is None:
        raise NotFound("This signature was not given on paper.")
    name = f"The paper of signature {acknowledgement_id}"
    return send_kept(scan.sha256, media_type=scan.media_type, file_name=scan.file_name, attachment=True, name=name)
