"""One's own account, with the calendar feed; and the feed as calendar programs read it."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from charlton_intranet.core.permissions import Permission
from charlton_intranet.oversight.calendar_file import MEDIA_TYPE, calendar_file
from charlton_intranet.oversight.forms.calendars import CalendarForm
from charlton_intranet.oversight.queries.calendars import feed_card
from charlton_intranet.oversight.rules.calendars import CalendarDetail
from charlton_intranet.oversight.service import calendars as service
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs, public
from charlton_intranet.web.responding import done, respond

blueprint = Blueprint("calendars", __name__)

_PAGE = "/account"


def _account(form: CalendarForm | None = None, *, address: str = "", status: int = 200) -> Response:
    feed = feed_card(context.actor().person_id)
    form = form or CalendarForm(formdata=None, detail=(feed.detail if feed else CalendarDetail.TITLES).value)
    return respond(
        "oversight/account.html", "oversight/_calendar.html", feed=feed, form=form, address=address, status=status
    )


@blueprint.get(_PAGE)
@needs(Permission.USE_APP)
def account() -> ResponseReturnValue:
    """Who one is here, and one's calendar feed."""
    return _account()


@blueprint.post("/account/calendar")
@needs(Permission.USE_APP, fresh=True)
def make_calendar() -> ResponseReturnValue:
    """Make an address. It stands in this answer and nowhere else, so there is no redirect."""
    form = CalendarForm()
    if not form.validate():
        return _account(form, status=422)
    token = service.make_feed(context.actor(), CalendarDetail(form.detail.data), clock=context.clock())
    return _account(address=f"{context.parts().settings.base_url.rstrip('/')}/calendar/{token}.ics")


@blueprint.post("/account/calendar/detail")
@needs(Permission.USE_APP)
def change_calendar() -> ResponseReturnValue:
    """Say more or less in the feed."""
    form = CalendarForm()
    if not form.validate():
        return _account(form, status=422)
    service.change_detail(context.actor(), CalendarDetail(form.detail.data), clock=context.clock())
    return done(_PAGE, "Saved. Your calendar shows it when it reads the address next.")


@blueprint.post("/account/calendar/revoke")
@needs(Permission.USE_APP)
def revoke_calendar() -> ResponseReturnValue:
    """End the address."""
    ended = service.revoke_feed(context.actor(), clock=context.clock())
    return done(_PAGE, "The address has ended." if ended else "There was no address any more.")


@blueprint.get("/calendar/<token>.ics")
@public
def calendar(token: str) -> ResponseReturnValue:
    """The feed: no session and no cookie, the address alone opens it."""
    settings = context.parts().settings
    feed = service.read_feed(
        token, context.parts().register, address=context.client_address(), clock=context.clock()
    )  # fmt: skip
    name = f"{settings.town_name} social media: {feed.owner}"
    answer = Response(
        calendar_file(feed.entries, name=name, host=settings.host, base_url=settings.base_url),
        content_type=f"{MEDIA_TYPE}; charset=utf-8",
        headers={"Cache-Control": "private, no-cache", "Content-Disposition": 'inline; filename="duties.ics"'},
    )
    answer.add_etag()
    return answer.make_conditional(request)
