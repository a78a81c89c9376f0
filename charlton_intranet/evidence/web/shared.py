"""What the views of evidence share."""

from flask import Blueprint

blueprint = Blueprint("evidence", __name__, url_prefix="/evidence")

# No record has a higher number, and PostgreSQL refuses to look for one.
PIECE = "/<int(max=2147483647):piece_id>"
