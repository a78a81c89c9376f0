"""Forms of oversight and settings; shape only."""

from typing import Any

from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from charlton_intranet.core.audit import declared
from charlton_intranet.mail.models import MailState
from charlton_intranet.moderation.suggestions import RULES
from charlton_intranet.oversight.rules import in_words
from charlton_intranet.web.forms import TownForm, stripped

_DAY = "%Y-%m-%d"


class FilterForm(TownForm):
    """A form in the address: nothing is changed by it, so it carries no token, and no field of it is needed."""

    class Meta:
        csrf = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.flags.optional = False  # saying "(optional)" of each would be noise


class TrailForm(FilterForm):
    """What to show of the audit trail."""

    tag = SelectField("What", validators=[Optional()])
    person = StringField("Name or address", filters=[stripped], validators=[Optional(), Length(max=200)])
    subject = StringField("About, say case:12", filters=[stripped], validators=[Optional(), Length(max=80)])
    since = DateField("From", format=_DAY, validators=[Optional()])
    until = DateField("Until", format=_DAY, validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tag.choices = {"": "Everything", **{tag: in_words(tag) for tag in sorted(declared())}}


class MailForm(FilterForm):
    """Which messages to show."""

    state = SelectField(
        "State",
        choices={"": "All", **{state.value: in_words(state) for state in MailState}},
        validators=[Optional()],
    )


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
