"""The blueprint that the views of this room register with."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
