"""One's own reminders: put off, wanted again, courtesies switched off; and the link in the mail."""

from datetime import date

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.duties import Duty, Kind
from charlton_intranet.core.errors import NotFound
from charlton_intranet.core.permissions import Permission
from charlton_intranet.mail.messages import letterhead
from charlton_intranet.oversight import service
from charlton_intranet.oversight.forms.reminders import CourtesiesForm, PauseForm
from charlton_intranet.oversight.queries.ladders import courtesies
from charlton_intranet.oversight.queries.pauses import my_pauses, pauses_page, switched_off
from charlton_intranet.oversight.rules.ladders import LONGEST_PAUSE, NO_PAUSE
from charlton_intranet.oversight.service.pauses import DutyKey, duty_of
from charlton_intranet.oversight.web.blueprint import blueprint, oversight_tabs
from charlton_intranet.sites.web.shared import RECORD, number, taken
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs, public
from charlton_intranet.web.responding import done, go, respond

URL = "/reminders"


def _kinds() -> tuple[Kind, ...]:
    return context.parts().register.kinds


def _mine(form: CourtesiesForm, status: int = 200) -> Response:
    return respond(
        "oversight/reminders.html",
        "oversight/_reminders.html",
        pauses=my_pauses(context.actor().person_id, context.today()),
        form=form,
        reply_to=letterhead().reply_to,
        status=status,
    )


def _courtesies_form(**values: object) -> CourtesiesForm:
    form = CourtesiesForm(**values)
    form.off.choices = {kind.name: f"{kind.label} (clause {kind.clause})" for kind in courtesies(_kinds())}
    return form


@blueprint.get(URL)
@needs(Permission.USE_APP)
def reminders() -> ResponseReturnValue:
    """What the reader put off, and which courtesies they want."""
    return _mine(_courtesies_form(formdata=None, off=switched_off(context.actor().person_id)))


@blueprint.post(f"{URL}/courtesies")
@needs(Permission.USE_APP)
def choose_courtesies() -> ResponseReturnValue:
    """Switch courtesies off and on."""
    form = _courtesies_form()

    def step() -> None:
        service.choose_courtesies(context.actor(), _kinds(), form.off.data or [], clock=context.clock())

    if taken(form, step):
        return done(URL, "Your choice counts from the next digest on.")
    return _mine(form, 422)


def _key() -> DutyKey:
    """Which duty the address names, or ``NotFound``."""
    try:
        due = date.fromisoformat(request.args.get("due", ""))
    except ValueError as unreadable:
        raise NotFound from unreadable
    return DutyKey(request.args.get("kind", ""), request.args.get("subject", ""), due)


def _pause(duty: Duty, form: PauseForm, status: int = 200) -> Response:
    return respond(
        "oversight/pause.html",
        "oversight/_pause.html",
        duty=duty,
        form=form,
        no_pause=NO_PAUSE if duty.kind.legal_clock else "",
        last=context.today() + LONGEST_PAUSE,
        status=status,
    )


@blueprint.get(f"{URL}/pause")
@needs(Permission.USE_APP)
def pause_form() -> ResponseReturnValue:
    """Put the reminder of one duty off, where that is allowed."""
    duty = duty_of(context.parts().register, context.actor(), _key(), context.today())
    return _pause(duty, PauseForm(formdata=None))


@blueprint.post(f"{URL}/pause")
@needs(Permission.USE_APP)
def pause() -> ResponseReturnValue:
    """No reminder of it until the day."""
    register, actor, key, form = context.parts().register, context.actor(), _key(), PauseForm()

    def step() -> None:
        until = form.until.data or date.min
        service.put_off(actor, register, key, until, form.reason.data or "", clock=context.clock())

    if taken(form, step):
        return go(URL, "The reminder is put off. The due date stays as it is.")
    return _pause(duty_of(register, actor, key, context.today()), form, 422)


@blueprint.post(f"{URL}/pauses/<{RECORD}:pause_id>/end")
@needs(Permission.USE_APP)
def want_again(pause_id: int) -> ResponseReturnValue:
    """Remind me again from the next digest on."""
    service.want_again(context.actor(), pause_id, clock=context.clock())
    return done(URL, "You are reminded again from the next digest on.")


@blueprint.get("/oversight/reminders")
@needs(Permission.READ_OVERSIGHT)
def put_off_reminders() -> ResponseReturnValue:
    """Who put which reminder off, until when and why."""
    actor = context.actor()
    rows, last = pauses_page(actor, context.today(), number("after"))
    return respond(
        "oversight/pauses.html",
        tabs=oversight_tabs(actor, "/oversight/reminders"),
        rows=rows,
        next_url=f"/oversight/reminders?after={last}" if last else None,
    )


def _unsubscribe(token: str, *, done: bool) -> Response:
    return respond(
        "oversight/unsubscribe.html",
        token=token,
        done=done,
        kinds=courtesies(_kinds()),
        reply_to=letterhead().reply_to,
    )


@blueprint.get("/unsubscribe/<token>")
@public
def unsubscribe_page(token: str) -> ResponseReturnValue:
    """What the link in a digest leads to. Opening it changes nothing: programs that check mail open links too."""
    service.holder_of(token)
    return _unsubscribe(token, done=False)


@blueprint.post("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Switch the courtesies off: by the page's button, or by the mail program's own press (RFC 8058)."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        current_app.extensions["csrf"].protect()  # the page's form has the token, a mail program has none
    service.unsubscribe(token, _kinds(), address=context.client_address(), clock=context.clock())
    return _unsubscribe(token, done=True)


# A mail program posts without a page before it; the view asks for the token itself wherever there was one.
blueprint.record_once(lambda state: state.app.extensions["csrf"].exempt(unsubscribe))
