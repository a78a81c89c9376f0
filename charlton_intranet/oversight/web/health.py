"""What monitors ask."""

import logging

import peewee
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from charlton_intranet.oversight.queries.health import DATABASE_AWAY, Status
from charlton_intranet.oversight.queries.health import health as state_of_health
from charlton_intranet.web import context
from charlton_intranet.web.guard import public

log = logging.getLogger(__name__)

# A blueprint of its own: the request's connection is opened before any view, and its failure must answer here too.
health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """200 while people can be served, 503 while they can not."""
    found = state_of_health(context.clock())
    return jsonify(found.as_dict()), 503 if found.status is Status.DOWN else 200


@health.errorhandler(peewee.PeeweeException)
def database_away(error: peewee.PeeweeException) -> ResponseReturnValue:
    """The database gave no answer."""
    log.error("the database gave no answer", exc_info=error)
    return jsonify(DATABASE_AWAY.as_dict()), 503
