"""Forms around incidents; shape only."""

from datetime import datetime
from typing import Any

from wtforms import DateTimeLocalField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from charlton_intranet.core.clock import TOWN_ZONE
from charlton_intranet.incidents.rules import IncidentKind, Severity, Status, Tlp
from charlton_intranet.incidents.service import Report
from charlton_intranet.web.forms import TownForm, stripped


class TownMomentField(DateTimeLocalField):
    """A moment as the clock at Town Hall shows it; ``data`` is aware."""

    data: datetime | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the browser's local date and time."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write the date and time like 2026-11-23 14:30.") from None
        if self.data is not None:
            self.data = self.data.replace(tzinfo=TOWN_ZONE)


class ReportForm(TownForm):
    """Only the first field is needed."""

    what = TextAreaField("What happened?", filters=[stripped])
    kind = SelectField(
        "What does it look like?",
        choices={kind.value: kind.label for kind in IncidentKind},
        default=IncidentKind.NOT_SURE.value,
    )
    site = SelectField("Town site", default="")
    noticed_at = TownMomentField("When was it noticed?", validators=[Optional()])
    started_at = TownMomentField("When did it start?", validators=[Optional()])
    done = TextAreaField("What has been done already?", filters=[stripped], validators=[Optional()])
    told = TextAreaField("Who has been told?", filters=[stripped], validators=[Optional()])

    def report(self) -> Report:
        """What was filled in."""
        return Report(
            what=self.what.data or "",
            kind=IncidentKind(self.kind.data or IncidentKind.NOT_SURE),
            site_id=int(self.site.data) if self.site.data else None,
            started_at=self.started_at.data,
            noticed_at=self.noticed_at.data,
            done=self.done.data or "",
            told=self.told.data or "",
        )


class MoveForm(TownForm):
    """The next step; the button that was pressed says which."""

    version = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])
    to = SelectField("Step", choices={status.value: status.label for status in Status})
    note = TextAreaField("What was found or done?", filters=[stripped])


class LabelForm(TownForm):
    """How bad it is and who may be told."""

    version = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])
    severity = RadioField(
        "Severity",
        choices={"": "Not judged yet"} | {severity.value: severity.value.capitalize() for severity in Severity},
        default="",
    )
    tlp = SelectField("Who may be told", choices={tlp.value: f"{tlp.value}: {tlp.meaning}" for tlp in Tlp})


class NoteForm(TownForm):
    """A note for the log."""

    text = TextAreaField("Add a note", filters=[stripped])
