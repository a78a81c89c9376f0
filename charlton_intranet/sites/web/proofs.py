"""Proofs as forms hand them in, and their pictures."""

from flask import Response, request

from charlton_intranet.core.permissions import Permission
from charlton_intranet.core.uploads import inspect_picture
from charlton_intranet.sites.queries.proofs import picture_of
from charlton_intranet.sites.service.proofs import ProofFacts
from charlton_intranet.sites.web.shared import RECORD, blueprint
from charlton_intranet.web import context
from charlton_intranet.web.files import send_kept
from charlton_intranet.web.guard import needs


@blueprint.get(f"/proofs/<{RECORD}:proof_id>/picture")
@needs(Permission.READ_SITE_RECORDS)
def proof_picture(proof_id: int) -> Response:
    """The picture of a proof."""
    sha256, media_type, file_name = picture_of(context.actor(), proof_id)
    name = f"The picture of proof {proof_id}"
    return send_kept(sha256, media_type=media_type, file_name=file_name, attachment=False, name=name)


def posted_proof(prefix: str = "") -> ProofFacts:
    """The proof in the posted fields ``link``, ``note`` and ``picture`` (each behind ``prefix``).

    Puts a picture into the store, so it is called before the unit of work opens. Raises ``Invalid`` for a file
    that is no picture.
    """
    file = request.files.get(f"{prefix}picture")
    picture = None
    if file is not None and file.filename:
        upload = inspect_picture(file.read(), file.filename, field=f"{prefix}picture")
        picture = (upload, context.parts().store.put(upload.data))
    return ProofFacts(request.form.get(f"{prefix}link", ""), request.form.get(f"{prefix}note", ""), picture)
