"""Forms about reminders; shape only."""

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from charlton_intranet.web.forms import TownForm, stripped

_DAY = "%Y-%m-%d"
_WHOLE = "Enter a whole number of days."


class LadderForm(TownForm):
    """When people are reminded of a kind of duty, and a day to look at before it is saved."""

    before = StringField(
        "Days before it is due", filters=[stripped], validators=[DataRequired("Enter the days."), Length(max=60)]
    )
    repeat_days = IntegerField("Then again every … days", validators=[InputRequired(_WHOLE)])
    head_after = IntegerField("The Department Head hears after … days late", validators=[InputRequired(_WHOLE)])
    administrator_after = IntegerField(
        "The Town Administrator hears after … days late", validators=[InputRequired(_WHOLE)]
    )
    courtesy = BooleanField("A courtesy: everybody may switch these reminders off for themselves")
    day = DateField("Who would get what on", format=_DAY, validators=[Optional()])
    reason = TextAreaField("Why it is changed", filters=[stripped], validators=[Length(max=500)])
    version = HiddenField()


class ResetForm(TownForm):
    """Back to the ladder as shipped."""

    reason = StringField(
        "Why", filters=[stripped], validators=[DataRequired("Say why, in a few words."), Length(max=500)]
    )
    version = HiddenField()


class PauseForm(TownForm):
    """Until when, and why."""

    until = DateField("Remind me again on", format=_DAY, validators=[InputRequired("Choose the day.")])
    reason = TextAreaField(
        "Why", filters=[stripped], validators=[DataRequired("Say why, in a few words."), Length(max=500)]
    )


class CourtesiesForm(TownForm):
    """Which courtesies somebody does not want."""

    off = SelectMultipleField(
        "Switch off",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[Optional()],
    )
