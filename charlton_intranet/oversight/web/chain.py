"""The chain of the audit trail: its proof with how far it is, the heads that were handed out, and to whom."""

from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from charlton_intranet.core.audit import head
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.oversight.forms.chain import HeadForm, WitnessForm
from charlton_intranet.oversight.queries import chain as queries
from charlton_intranet.oversight.rules.trail import WITNESSES, read_anchor
from charlton_intranet.oversight.service import chain, heads
from charlton_intranet.oversight.web.blueprint import blueprint, oversight_tabs
from charlton_intranet.policy.queries import default
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission
PAGE = "/oversight/audit/chain"


@blueprint.get(PAGE)
@needs(P.READ_FIXITY)
def trail_chain() -> ResponseReturnValue:
    """How far the chain is proven; with ``head`` in the address, whether that head still fits."""
    form = HeadForm(request.args)
    asked = "head" in request.args
    valid = form.validate() if asked else True
    rows, older = queries.heads_page(_day(request.args.get("before", "")))
    return _show(
        form=form,
        compared=_compared(form.head.data or "") if asked and valid else None,
        heads=rows,
        next_url=url_for("oversight.trail_chain", before=older) if older else None,
        status=200 if valid else 422,
    )


def _show(*, status: int, **values: Any) -> Response:
    actor, day = context.actor(), context.today()
    return respond(
        "oversight/chain.html",
        "oversight/_chain.html",
        tabs=oversight_tabs(actor, "/oversight/audit"),
        head=head(),
        check=queries.open_check(),
        checks=queries.last_checks(),
        witnesses=queries.witnesses(day),
        enough=WITNESSES,
        days=default("trail.days"),
        may_check=actor.may(P.READ_AUDIT),
        may_choose=actor.may(P.ASSIGN_ROLES),
        status=status,
        **values,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _compared(text: str) -> tuple[int, str]:
    """The number that was asked about, and ``same``, ``other`` or ``missing``."""
    number, digest = read_anchor(text)
    found = queries.digest_now(number)
    return number, "missing" if found is None else "same" if found == digest else "other"


@blueprint.post("/oversight/audit/verify")
@needs(P.READ_AUDIT)
def verify_trail() -> ResponseReturnValue:
    """Begin to walk the whole chain; a small one is done at once."""
    check = chain.start_check(context.actor(), clock=context.clock())
    if check.ended_at is None:
        return done(PAGE, "The check has begun. You can leave this page and come back.")
    if not check.fault:
        return done(PAGE, f"The trail is whole: {check.reached:,} events, head {check.digest}.")
    words = f"The trail is broken at event {check.fault_number:,}: {check.fault}. Keep a copy of the database."
    return done(PAGE, words, "error")


@blueprint.get("/oversight/audit/witnesses")
@needs(P.ASSIGN_ROLES)
def witness_form() -> ResponseReturnValue:
    """Who gets the day's head, to be changed."""
    chosen = "\n".join(person.email for person in queries.chosen_witnesses())
    return _witnesses(WitnessForm(addresses=chosen), 200)


@blueprint.post("/oversight/audit/witnesses")
@needs(P.ASSIGN_ROLES, fresh=True)
def choose_witnesses() -> ResponseReturnValue:
    """Change who gets the day's head."""
    form = WitnessForm()
    if not form.validate():
        return _witnesses(form, 422)
    try:
        heads.choose_witnesses(context.actor(), (form.addresses.data or "").splitlines(), clock=context.clock())
    except Invalid as refusal:
        form.refuse(refusal)
        return _witnesses(form, 422)
    return done(PAGE, "From the next business day on the head goes to the people below.")


def _witnesses(form: WitnessForm, status: int) -> Response:
    return respond(
        "oversight/witnesses.html", form=form, tabs=oversight_tabs(context.actor(), "/oversight/audit"), status=status
    )
