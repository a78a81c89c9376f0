"""Forms around a request to look at a decision again; shape only."""

from flask_wtf.file import MultipleFileField
from wtforms import DateField, Form, RadioField, SearchField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from charlton_intranet.moderation.rules.reconsidering import CameBy
from charlton_intranet.web.forms import TownForm, stripped


class RequestsForm(Form):
    """What the list of requests is searched for; sent with GET, so it carries no token."""

    words = SearchField("Words, or who asked", filters=[stripped])


class AskableForm(Form):
    """What the decision that somebody asks about is found by; sent with GET as well."""

    words = SearchField("Case number, words or writer", filters=[stripped])


class RequestForm(TownForm):
    """What somebody asked, how it came in, and what came with it."""

    text = TextAreaField("What they ask, in their words", filters=[stripped])
    asked_on = DateField("Day it came in", validators=[InputRequired("Enter the day on which it came in.")])
    came_by = RadioField(
        "How it came in",
        choices={way.value: way.label for way in CameBy},
        validators=[InputRequired("Choose how it came in.")],
    )
    asker = StringField("Who asks", filters=[stripped], validators=[Optional()])
    contact = StringField("How to reach them", filters=[stripped], validators=[Optional()])
    papers = MultipleFileField("Their letter or papers", validators=[Optional()])
    late_reason = TextAreaField("Why it is taken late", filters=[stripped], validators=[Optional()])


class AnswerForm(TownForm):
    """The answer, its reason, and counsel if asked."""

    answer = RadioField(
        "Your answer",
        choices={"uphold": "The decision stands", "reverse": "The decision is taken back"},
        validators=[InputRequired("Choose what you answer.")],
    )
    reason = TextAreaField("Reason, about the content alone", filters=[stripped])
    counsel = StringField("Counsel asked", filters=[stripped], validators=[Optional()])
    counsel_on = DateField("Day counsel was asked", validators=[Optional()])
    exception = TextAreaField("Why nobody else can answer it", filters=[stripped], validators=[Optional()])


class WithdrawForm(TownForm):
    """How it was learned that they want no answer any more."""

    reason = TextAreaField("How and when did they withdraw it?", id="withdraw-reason", filters=[stripped])
