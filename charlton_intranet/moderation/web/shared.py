"""What all views of moderation share: the blueprint, what a posted form carries, the answer to a stale press."""

import re

from flask import Blueprint, request
from flask.wrappers import Response

from charlton_intranet.core.errors import StaleState
from charlton_intranet.moderation.web.place import QUEUE, Place
from charlton_intranet.sites.web.shared import RECORD
from charlton_intranet.web.failures import refuse, typed_text
from charlton_intranet.web.responding import done, go

blueprint = Blueprint("moderation", __name__)

CASE = f"{QUEUE}/<{RECORD}:case_id>"


def case_url(case_id: int) -> str:
    """The address of the case page."""
    return f"{QUEUE}/{case_id}"


def posted_version() -> int:
    """The version of the record that the form was made from; a form without one is as good as a stale one."""
    version = request.form.get("version", type=int)
    if version is None:
        raise StaleState
    return version


def board_place() -> Place | None:
    """The view of the queue that a form stood in; None when it stood on the case page."""
    packed = request.form.get("board")
    return None if packed is None else Place.unpack(packed)


def leave(case_id: int, message: str | None = None, *, answered: bool = False) -> Response:
    """After a successful post: on in the queue when somebody came from there, otherwise the case as it stands now."""
    place = board_place()
    if place is not None:
        return done((place.with_answered(case_id) if answered else place).url, message)
    packed = request.form.get("back", "")
    if packed and answered:
        return go(Place.unpack(packed).with_answered(case_id).url, message)
    return done(case_url(case_id) + (f"?back={packed}" if packed else ""), message)


@blueprint.errorhandler(StaleState)
def stale(error: StaleState) -> Response:
    """Say that somebody was quicker, with the way to how it stands now and everything that was typed."""
    place, case_id = board_place(), (request.view_args or {}).get("case_id")
    back_url = place.at(case_id).url if place else case_url(case_id) if case_id else _back_from(request.path)
    kept = [(label, text) for label, text in typed_text() if label not in {"Back", "Board"}]
    return refuse(409, error.message, back_url=back_url, kept=kept)


def _back_from(path: str) -> str:
    """Who came from a referral or a request goes back to it: IT, say, has no queue."""
    found = re.match(r"/referrals/\d+|/triage/reconsiderations/\d+", path)
    return found.group() if found else QUEUE
