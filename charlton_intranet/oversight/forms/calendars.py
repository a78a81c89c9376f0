"""The form of one's own calendar feed; shape only."""

from wtforms import RadioField

from charlton_intranet.oversight.rules.calendars import CalendarDetail
from charlton_intranet.web.forms import TownForm


class CalendarForm(TownForm):
    """How much the feed says."""

    detail = RadioField(
        "What the calendar says",
        choices={detail.value: detail.label for detail in CalendarDetail},
        default=CalendarDetail.TITLES.value,
    )
