"""Who has signed, and who has not."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.permissions import Permission
from charlton_intranet.policy import queries
from charlton_intranet.policy.forms import AcknowledgementFilterForm
from charlton_intranet.policy.web.shared import blueprint
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond


@blueprint.get("/acknowledgements")
@needs(Permission.READ_ACKNOWLEDGEMENTS)
def acknowledgements() -> ResponseReturnValue:
    """Who has signed, who has not, whose signature ends."""
    actor = context.actor()
    form = AcknowledgementFilterForm(request.args)
    reach = actor.departments_for(Permission.READ_ACKNOWLEDGEMENTS)
    form.department.choices = [
        ("", "All"),
        *((str(one.id), one.name) for one in accounts.departments() if reach is None or one.id in reach),
    ]
    found = queries.acknowledgements_page(actor, form.chosen(), context.today(), after=_after())
    return respond(
        "policy/acknowledgements.html",
        "policy/_acknowledgements.html",
        form=form,
        found=found,
        may_file=actor.may(Permission.FILE_PAPER_SIGNATURE),
        next_url=_next(found.next_key),
    )


def _after() -> tuple[str, int] | None:
    """The last person of the page before, as ``id:name``; nonsense starts from the top."""
    number, _, name = request.args.get("after", "").partition(":")
    return (name, int(number)) if name and number.isascii() and number.isdigit() and len(number) < 10 else None


def _next(key: tuple[str, int] | None) -> str | None:
    """The address of the next page with the same filters."""
    if key is None:
        return None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "after"}
    return url_for(".acknowledgements", **kept, after=f"{key[1]}:{key[0]}")
