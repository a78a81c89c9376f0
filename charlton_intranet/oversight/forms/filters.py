"""Forms that live in the address: what to show of a list."""

from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from charlton_intranet.core.audit import declared
from charlton_intranet.mail.models import MailState
from charlton_intranet.oversight.rules.trail import in_words
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
