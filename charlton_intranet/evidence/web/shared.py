"""What the views of evidence share."""

from flask import Blueprint

from charlton_intranet.sites.web.shared import RECORD

blueprint = Blueprint("evidence", __name__, url_prefix="/evidence")

PIECE = f"/<{RECORD}:piece_id>"
