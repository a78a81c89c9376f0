"""Who has signed, and who has not."""

from datetime import date
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.core.tables import csv_text
from charlton_intranet.policy import queries
from charlton_intranet.policy.forms import STANDINGS, AcknowledgementFilterForm
from charlton_intranet.policy.rules import Standing
from charlton_intranet.policy.web.shared import blueprint
from charlton_intranet.web import context
from charlton_intranet.web.files import text_file
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import respond


@blueprint.get("/acknowledgements")
@needs(Permission.READ_ACKNOWLEDGEMENTS)
def acknowledgements() -> ResponseReturnValue:
    """Who has signed, who has not, whose signature ends."""
    actor = context.actor()
    form = _filters(actor)
    day = context.today()
    holders = context.parts().holders_on(day)
    found = queries.acknowledgements_page(actor, form.chosen(), day, holders=holders, after=_after())
    return respond(
        "policy/acknowledgements.html",
        "policy/_acknowledgements.html",
        form=form,
        found=found,
        lacking=_lacking(found, day),
        may_file=actor.may(Permission.FILE_PAPER_SIGNATURE),
        next_url=_next(found.next_key),
        export_url=url_for(".acknowledgements_csv", **_kept()),
    )


@blueprint.get("/acknowledgements.csv")
@needs(Permission.READ_ACKNOWLEDGEMENTS, fresh=True)
def acknowledgements_csv() -> ResponseReturnValue:
    """The whole list with the same filters, for a spreadsheet."""
    actor, day = context.actor(), context.today()
    found = queries.acknowledgements_page(
        actor, _filters(actor).chosen(), day, holders=context.parts().holders_on(day), size=queries.EVERYBODY
    )
    lacking = _lacking(found, day)
    headers = (
        "Name", "Department", "Must sign", "Signature", "Not signed for", "Signed", "Counts until", "Certificate",
    )  # fmt: skip
    table = [
        (
            row.name,
            row.department or "Town",
            "yes" if row.must_sign else "no",
            STANDINGS[row.standing],
            "; ".join(line.words for line in lacking.get(row.person_id, ())),
            row.signed_on,
            row.expires_on,
            row.acknowledgement_id,
        )
        for row in found.rows
    ]
    return text_file(csv_text(headers, table), f"signatures-{day.isoformat()}.csv", "text/csv")


def _lacking(found: queries.AcknowledgementPage, day: date) -> dict[int, list[ScopeLine]]:
    """What those on the page whose signature counts were given since and have not signed for (3.3-4)."""
    counting = [row.person_id for row in found.rows if row.standing in {Standing.CURRENT, Standing.EXPIRING}]
    return queries.not_signed_for(context.parts().scopes(counting, day))


def _filters(actor: Actor) -> AcknowledgementFilterForm:
    """The filters in the address, with the departments that ``actor`` may read."""
    form = AcknowledgementFilterForm(request.args)
    reach = actor.departments_for(Permission.READ_ACKNOWLEDGEMENTS)
    form.department.choices = [
        ("", "All"),
        *((str(one.id), one.name) for one in accounts.departments() if reach is None or one.id in reach),
    ]
    return form


def _after() -> tuple[str, int] | None:
    """The last person of the page before, as ``id:name``; nonsense starts from the top."""
    number, _, name = request.args.get("after", "").partition(":")
    return (name, int(number)) if name and number.isascii() and number.isdigit() and len(number) < 10 else None


def _kept() -> dict[str, Any]:
    """The filters in the address."""
    return {name: value for name, value in request.args.items() if name != "after"}


def _next(key: tuple[str, int] | None) -> str | None:
    """The address of the next page with the same filters."""
    return url_for(".acknowledgements", **_kept(), after=f"{key[1]}:{key[0]}") if key is not None else None
