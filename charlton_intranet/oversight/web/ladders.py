"""The settings of reminders: who hears of which kind of duty, and when."""

from datetime import date
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Permission
from charlton_intranet.mail.messages import letterhead
from charlton_intranet.oversight import service
from charlton_intranet.oversight.forms.reminders import LadderForm, ResetForm
from charlton_intranet.oversight.queries.ladders import LadderRow, ladder_row, ladder_rows
from charlton_intranet.oversight.queries.preview import FURTHEST, Preview, next_digest_day, preview
from charlton_intranet.oversight.rules.ladders import parse_days
from charlton_intranet.oversight.service.ladders import Proposal
from charlton_intranet.oversight.web.blueprint import blueprint, settings_tabs
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

URL = "/settings/reminders"
_RESET = "reset-"  # two forms on one page


@blueprint.get(URL)
@needs(Permission.READ_SETTINGS)
def ladders() -> ResponseReturnValue:
    """Every kind of duty by clause, with who hears when."""
    actor = context.actor()
    return respond(
        "oversight/ladders.html",
        "oversight/_ladders.html",
        tabs=settings_tabs(actor, URL),
        may_change=actor.may(Permission.CHANGE_REMINDERS),
        rows=ladder_rows(context.parts().register.kinds),
        reply_to=letterhead().reply_to,
    )


def _row(name: str) -> LadderRow:
    return ladder_row(context.parts().register.kinds, name)


def _show(row: LadderRow, form: LadderForm, reset: ResetForm | None = None, status: int = 200, **more: Any) -> Response:
    shown: dict[str, Preview | None] = {"preview": None, **more}
    reset = reset or ResetForm(formdata=None, prefix=_RESET, version=row.version)
    return respond(
        "oversight/ladder.html", "oversight/_ladder.html", row=row, form=form, reset=reset, status=status, **shown
    )


def _as_it_is(row: LadderRow) -> LadderForm:
    ladder = row.ladder
    return LadderForm(
        formdata=None,
        before=", ".join(map(str, ladder.before)),
        repeat_days=ladder.repeat_days,
        head_after=ladder.head_after,
        administrator_after=ladder.administrator_after,
        courtesy=ladder.courtesy,
        day=next_digest_day(context.today()),
        version=row.version,
    )


def _version(words: str | None) -> int:
    if not (words or "").isdecimal():
        raise StaleState
    return int((words or "0")[:9])


def _proposed(form: LadderForm) -> Proposal:
    return Proposal(
        parse_days(form.before.data or ""),
        form.repeat_days.data or 0,
        form.head_after.data or 0,
        form.administrator_after.data or 0,
        form.courtesy.data,
        form.reason.data or "",
    )


def _day_of(form: LadderForm) -> date:
    """The day to look at; ``Invalid`` when nothing can be said of it."""
    today = context.today()
    day = form.day.data or next_digest_day(today)
    if not today <= day <= today + FURTHEST:
        raise Invalid({"day": f"Choose a day from today on, at most {FURTHEST.days} days ahead."})
    return day


@blueprint.get(f"{URL}/<name>")
@needs(Permission.CHANGE_REMINDERS)
def ladder(name: str) -> ResponseReturnValue:
    """One kind's ladder, to be tried and changed."""
    row = _row(name)
    return _show(row, _as_it_is(row))


@blueprint.post(f"{URL}/<name>")
@needs(Permission.CHANGE_REMINDERS)
def change_ladder(name: str) -> ResponseReturnValue:
    """Show who would get what with this ladder, or save it."""
    row, form = _row(name), LadderForm()
    version = _version(form.version.data)
    if not form.validate():
        return _show(row, form, status=422)
    try:
        if request.form.get("press") == "preview":
            return _show(row, form, preview=_tried(row, form))
        service.change_ladder(
            context.actor(), context.parts().register.kinds, name, _proposed(form), version, clock=context.clock()
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _show(row, form, status=422)
    return done(URL, f"“{row.kind.label}”: the new ladder counts from the next digest on.")


def _tried(row: LadderRow, form: LadderForm) -> Preview:
    ladder = _proposed(form).ladder_for(row.kind)
    return preview(context.parts().register, row.kind, ladder, _day_of(form), context.today())


@blueprint.post(f"{URL}/<name>/reset")
@needs(Permission.CHANGE_REMINDERS)
def reset_ladder(name: str) -> ResponseReturnValue:
    """Back to the ladder as shipped."""
    row, form = _row(name), ResetForm(prefix=_RESET)
    version = _version(form.version.data)
    if not form.validate():
        return _show(row, _as_it_is(row), form, status=422)
    service.reset_ladder(
        context.actor(), context.parts().register.kinds, name, form.reason.data or "", version, clock=context.clock()
    )
    return done(URL, f"“{row.kind.label}”: the ladder as shipped counts again.")
