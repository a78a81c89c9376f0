"""Forms of the settings; shape only."""

from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from charlton_intranet.moderation.suggestions import RULES
from charlton_intranet.web.forms import TownForm, stripped

_DAY = "%Y-%m-%d"


class DepartmentForm(TownForm):
    """A new department."""

    name = StringField(
        "Name", filters=[stripped], validators=[DataRequired("Type the department's name."), Length(max=120)]
    )


class ClosureForm(TownForm):
    """A day on which the offices are closed."""

    day = DateField("Day", format=_DAY, validators=[InputRequired("Choose the day.")])
    reason = StringField(
        "Reason", filters=[stripped], validators=[DataRequired("Say why, say “Snow day”."), Length(max=200)]
    )


class DefaultForm(TownForm):
    """A legal default."""

    value = IntegerField("Value", validators=[InputRequired("Enter a whole number.")])
    basis = StringField("Basis", filters=[stripped], validators=[DataRequired("Say on what this value rests.")])
    verified = BooleanField("The town's counsel or clerk has confirmed this basis")
    version = HiddenField()


class SuggestionsForm(TownForm):
    """Which helpers point at words."""

    enabled = BooleanField("Point at words that may matter")
    on = SelectMultipleField(
        "Helpers that speak",
        choices={rule.name: rule.label for rule in RULES},
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[Optional()],
    )
    version = HiddenField()
