"""The directory of official accounts, its export, and the question whether an address is the town's."""

import io

from flask import Response, request, send_file

from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.sites.queries.directory import Verdict, official, official_accounts
from charlton_intranet.sites.service.directory import FORMS, directory_files
from charlton_intranet.sites.web.shared import blueprint, tabs
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond

P = Permission


@blueprint.get("/official")
@needs(P.READ_SITES)
def is_official() -> Response:
    """Whether a pasted address, or an account name, is the town's."""
    asked = request.args.get("q", "")[:500].replace("\0", "")
    verdict: Verdict | None = official(asked) if asked.strip() else None
    return respond("sites/official.html", "sites/_official.html", asked=asked, verdict=verdict)


@blueprint.get("/directory")
@needs(P.READ_SITES)
def directory() -> Response:
    """The accounts that speak for the town today."""
    rows, actor = official_accounts(context.today()), context.actor()
    return respond("sites/directory.html", rows=rows, tabs=tabs(actor, "/sites/directory"))


@blueprint.get("/directory/<kind>")
@needs(P.PUBLISH_DIRECTORY)
def directory_file(kind: str) -> Response:
    """The directory as a file for the town's public web site."""
    if kind not in FORMS:
        raise NotFound
    parts = context.parts()
    now = context.clock().now()
    made = directory_files(official_accounts(context.today()), town=parts.settings.town_name, now=now)
    name = f"official-accounts.{kind}"
    return send_file(io.BytesIO(made[name]), mimetype=FORMS[kind], as_attachment=True, download_name=name)
