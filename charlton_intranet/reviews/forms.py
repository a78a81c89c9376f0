"""The form of a review; shape only."""

from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from charlton_intranet.reviews.rules import Result
from charlton_intranet.web.forms import TownForm, stripped


class ReviewForm(TownForm):
    """What was found. ``due_on`` says which review is meant, so that a stale press is noticed."""

    due_on = DateField("Due", widget=HiddenInput(), validators=[InputRequired("Reload the page and record again.")])
    result = RadioField(
        "What did you find?",
        choices={Result.CLEAN.value: "Nothing to act on", Result.FINDINGS.value: "Something to act on"},
        validators=[InputRequired("Choose one.")],
    )
    note = TextAreaField("Note", filters=[stripped], validators=[Optional()])
