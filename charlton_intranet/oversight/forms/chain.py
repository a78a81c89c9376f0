"""Forms about the chain of the audit trail; shape only."""

from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from charlton_intranet.oversight.forms.filters import FilterForm
from charlton_intranet.oversight.rules.trail import read_anchor
from charlton_intranet.web.forms import TownForm, stripped


class HeadForm(FilterForm):
    """A head that somebody kept, to be compared."""

    head = StringField(
        "Head as you kept it, NUMBER:DIGEST",
        filters=[stripped],
        validators=[InputRequired("Copy number and digest from the mail."), Length(max=200)],
    )

    def validate_head(self, field: StringField) -> None:
        """It is a number, a colon and a digest."""
        try:
            read_anchor(field.data or "")
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong


class WitnessForm(TownForm):
    """Who gets the day's head."""

    addresses = TextAreaField("Official addresses, one a line", validators=[Optional(), Length(max=4000)])
