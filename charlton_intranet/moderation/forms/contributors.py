"""Forms about contributors; shape only. A field is named as the service names it when it refuses."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    Form,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from charlton_intranet.moderation.rules import Position
from charlton_intranet.moderation.rules.contributors import TERMS, Cause
from charlton_intranet.moderation.rules.letters import LetterHow
from charlton_intranet.web.forms import TownForm, stripped

_DAYS = {str(days): f"{days} days" for days in TERMS}


class LedgerFilterForm(Form):
    """What narrows the ledger; sent with GET, so it carries no token."""

    q = SearchField("Name")
    network = SelectField("Network")
    restricted = BooleanField("Restricted now")


class LinkForm(TownForm):
    """Another name of the same person."""

    network_id = SelectField("Network of the other name", coerce=int)
    handle = StringField("The other name", filters=[stripped])
    reason = TextAreaField("What shows that both are one person?", id="link-reason", filters=[stripped])


class LinkDecisionForm(TownForm):
    """A second person's answer to a link."""

    answer = RadioField(
        "Are both one person?",
        choices={"agree": "Yes, take them as one person", "decline": "No, this does not show it"},
        validators=[InputRequired("Choose whether both are one person.")],
    )
    reason = TextAreaField("Why not", id="decision-reason", filters=[stripped], validators=[Optional()])
    exception = TextAreaField("Why nobody else can answer", filters=[stripped], validators=[Optional()])


class ReasonForm(TownForm):
    """Why something is undone or taken back."""

    reason = TextAreaField("Why?", id="undo-reason", filters=[stripped])


class GroundsField(SelectMultipleField):
    """The decisions that a proposal rests on, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ProposeForm(TownForm):
    """A restriction of a writer on one site."""

    place = SelectField("Site, and the name to keep away")
    cause = RadioField(
        "Cause",
        choices={cause.value: cause.label for cause in Cause},
        default=Cause.REPEATED.value,
    )
    grounds = GroundsField("Decisions it rests on", coerce=int)
    days = RadioField("For how long?", choices=_DAYS, default=str(TERMS[0]))
    deviation = TextAreaField("Why another length than the next step?", filters=[stripped], validators=[Optional()])
    reason = TextAreaField("Reason, about the content alone", filters=[stripped])


class ViewForm(TownForm):
    """The department head's view of a proposal."""

    position = RadioField(
        "Your view",
        choices={
            Position.VIOLATION.value: "The writer should be kept away for a time",
            Position.NO_VIOLATION.value: "The writer should not be kept away",
        },
        validators=[InputRequired("Choose what you advise.")],
    )
    text = TextAreaField("Your reasons", filters=[stripped])


class DecideRestrictionForm(TownForm):
    """The Town Administrator's determination on a person."""

    decision = RadioField(
        "Determination",
        choices={"approve": "Keep the writer away from this site for a time", "decline": "Do not keep the writer away"},
        validators=[InputRequired("Choose what you determine.")],
    )
    days = RadioField("For how long?", choices=_DAYS)
    deviation = TextAreaField("Why another length than the next step?", filters=[stripped], validators=[Optional()])
    reason = TextAreaField("Reason, about the content alone", id="determination-reason", filters=[stripped])
    same_if_praise = RadioField(
        "Would you keep a writer away for the same words if they praised the town?",
        choices={"yes": "Yes, just the same", "no": "No"},
        validate_choice=False,  # left out to decline; the service asks for it otherwise
    )
    exception = TextAreaField("Why nobody else can decide it", filters=[stripped], validators=[Optional()])

    @property
    def neutral(self) -> bool | None:
        """The answer to the neutral-viewpoint question, None when it was not given."""
        return None if self.same_if_praise.data is None else self.same_if_praise.data == "yes"


class ProofForm(TownForm):
    """A picture that shows that something was done at the network."""

    screenshots = FileField("Screenshot that shows it", validators=[FileRequired("Add a screenshot that shows it.")])


class ReviewRestrictionForm(TownForm):
    """Whether a restriction stays until its end."""

    stays = RadioField(
        "What comes out of it?",
        choices={"yes": "It stays until its end", "no": "It goes now"},
        validators=[InputRequired("Choose what comes out of it.")],
    )
    reason = TextAreaField("Reason", id="review-reason", filters=[stripped])


class LetterForm(TownForm):
    """A letter as it goes out, and how."""

    subject = StringField("Subject", filters=[stripped])
    text = TextAreaField("Letter", id="letter-text")
    how = RadioField(
        "How does it go out?",
        choices={how.value: how.label for how in LetterHow},
        validators=[InputRequired("Choose how it goes out, or that it can not.")],
    )
    sent_on = DateField("Sent on", validators=[Optional()])
    why_not = StringField("Why can it not be sent?", filters=[stripped], validators=[Optional()])

    @property
    def typed(self) -> dict[str, Any]:
        """The letter as the services take it."""
        return {
            "subject": self.subject.data or "",
            "text": self.text.data or "",
            "how": LetterHow(self.how.data),
            "sent_on": self.sent_on.data,
            "why_not": self.why_not.data or "",
        }
