"""Forms around sites; shape only."""

from flask_wtf.file import FileField
from wtforms import (
    DateField,
    EmailField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from charlton_intranet.sites.rules import (
    ATTESTATIONS,
    PREPARATIONS,
    Cadence,
    Decision,
    NetworkKind,
    SiteState,
    Worded,
    unticked,
)
from charlton_intranet.web.forms import TownForm, stripped


def labels(choices: type[Worded]) -> dict[str, str]:
    """The members of an enum as choices, in words."""
    return {choice.value: choice.label for choice in choices}


LONG = Length(max=10_000, message="Use at most 10,000 characters.")


class ProofFields(TownForm):
    """The fields of a proof, for forms that ask for one."""

    note = TextAreaField("What you saw, in words", filters=[stripped], validators=[Optional(), LONG])
    link = URLField("Link that shows it", filters=[stripped], validators=[Optional(), Length(max=500)])
    picture = FileField("Picture that shows it", validators=[Optional()])


class SiteFilterForm(TownForm):
    """What the list is narrowed to; it lives in the address."""

    q = SearchField("Name, account or link", filters=[stripped])
    state = SelectField("State", choices={"": "All"} | labels(SiteState))
    department = SelectField("Department")
    network = SelectField("Network")


class SiteForm(TownForm):
    """What a department head says about a site."""

    department = SelectField("Department", coerce=int, validators=[InputRequired("Choose the department.")])
    address = URLField(
        "Address of the page",
        filters=[stripped],
        validators=[InputRequired("Paste the address of the page."), Length(max=500)],
    )
    title = StringField(
        "Name of the page",
        filters=[stripped],
        validators=[InputRequired("Type the name that the page shows."), Length(max=150)],
    )
    account_email = EmailField(
        "Official email of the account",
        filters=[stripped],
        validators=[
            InputRequired("Type the official address the account belongs to."),
            Email("This is no email address. Check it for missing or extra characters."),
            Length(max=254),
        ],
    )
    purpose = TextAreaField(
        "Purpose", filters=[stripped], validators=[InputRequired("Say what the site is for."), LONG]
    )
    audience = TextAreaField(
        "Audience", filters=[stripped], validators=[InputRequired("Say whom it is meant to reach."), LONG]
    )
    plan = TextAreaField(
        "Plan", filters=[stripped], validators=[InputRequired("Say who posts, how often, and who answers."), LONG]
    )
    cadence = SelectField(
        "Regular review",
        choices=labels(Cadence),
        default=Cadence.WEEKLY.value,
    )
    attested = SelectMultipleField(
        "I attest that this site will comply with",
        choices=ATTESTATIONS,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    prepared = SelectMultipleField(
        "Before anything is posted we check",
        choices=PREPARATIONS,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )

    # With the empty fields, so that nobody is sent back a second time for the ticks.
    def validate_attested(self, field: SelectMultipleField) -> None:
        """Every sentence is ticked."""
        _all_ticked(field, len(ATTESTATIONS))

    def validate_prepared(self, field: SelectMultipleField) -> None:
        """Every check is ticked."""
        _all_ticked(field, len(PREPARATIONS))


def _all_ticked(field: SelectMultipleField, of: int) -> None:
    if missing := of - len(set(field.data or ())):
        raise ValidationError(unticked(missing))


class AdviceForm(TownForm):
    """IT's advice."""

    recommended = RadioField(
        "Your advice",
        choices={"yes": "Recommend the site", "no": "Raise concerns"},
        validators=[InputRequired("Choose one.")],
    )
    text = TextAreaField("In words", filters=[stripped], validators=[Optional(), LONG])


class OwnMatterForm(TownForm):
    """A step that nobody takes in a matter of their own, unless they record the exception."""

    exception = TextAreaField("Why nobody else can settle this", filters=[stripped], validators=[Optional(), LONG])


class DecisionForm(OwnMatterForm):
    """The Town Administrator's decision on a site."""

    decision = RadioField(
        "Your decision",
        choices=labels(Decision),
        validators=[InputRequired("Choose one.")],
    )
    reason = TextAreaField("Reason", filters=[stripped], validators=[Optional(), LONG])


class NeedForm(TownForm):
    """The department's word whether a site is still needed; the button says which."""

    decision = RadioField(choices={"needed": "Still needed", "over": "No longer needed"})
    text = TextAreaField("In words", filters=[stripped], validators=[Optional(), LONG])


class SettleForm(OwnMatterForm):
    """The Town Administrator's word on a changed record, or on another year; the button says which."""

    decision = RadioField(choices={"confirm": "Confirm", "refuse": "Ask to set it back", "renew": "Approve anew"})
    text = TextAreaField("In words", filters=[stripped], validators=[Optional(), LONG])


class ClosingForm(ProofFields):
    """One step before a site is deactivated: its proof, or why there is none."""

    impossible = TextAreaField("Or why this can not be done", filters=[stripped], validators=[Optional(), LONG])


class NetworkForm(TownForm):
    """A proposal for the catalogue."""

    name = StringField(
        "Name", filters=[stripped], validators=[InputRequired("Type the network's name."), Length(max=80)]
    )
    kind = SelectField("Kind", choices=labels(NetworkKind))
    hosts = StringField(
        "Host names",
        filters=[stripped],
        validators=[InputRequired("Type the network's host name, such as example.com."), Length(max=300)],
    )
    terms_url = URLField("Address of its terms", filters=[stripped], validators=[Optional(), Length(max=500)])


class AssessmentForm(TownForm):
    """IT's assessment of a network."""

    terms_url = URLField("Address of its terms", filters=[stripped], validators=[Optional(), Length(max=500)])
    text = TextAreaField("Assessment", filters=[stripped], validators=[InputRequired("Write what you found."), LONG])


class NetworkDecisionForm(OwnMatterForm):
    """The Town Administrator's decision on a network."""

    decision = RadioField(
        "Your decision",
        choices={"approve": "Approve", "decline": "Decline"},
        validators=[InputRequired("Choose one.")],
    )
    reason = TextAreaField("Reason", filters=[stripped], validators=[Optional(), LONG])


class ReasonForm(TownForm):
    """A reason alone: why a site or a network is stopped, or proposed anew."""

    reason = TextAreaField("Reason", filters=[stripped], validators=[InputRequired("Say why."), LONG])


class MailboxForm(TownForm):
    """A mailbox outside the town's domains."""

    address = EmailField(
        "Address",
        filters=[stripped],
        validators=[
            InputRequired("Type the mailbox's address."),
            Email("This is no email address. Check it for missing or extra characters."),
            Length(max=254),
        ],
    )
    purpose = StringField(
        "What it is for",
        filters=[stripped],
        validators=[InputRequired("Say what the mailbox is for."), Length(max=200)],
    )


class AppointmentForm(TownForm):
    """The letter that appoints a coordinator."""

    department = SelectField("Department", coerce=int, validators=[InputRequired("Choose the department.")])
    person = SelectField(
        "Social Media Coordinator", coerce=int, validators=[NumberRange(1, message="Choose a person.")]
    )
    starts_on = DateField("First day", validators=[InputRequired("Choose the first day.")])
    letter = TextAreaField("Letter", filters=[stripped], validators=[InputRequired("Write the letter."), LONG])


class FilingForm(OwnMatterForm):
    """The receipt of a letter."""


class HandOverForm(TownForm):
    """The letter that appoints the next coordinator, and what the one before leaves to them."""

    person = SelectField("Next coordinator", coerce=int, validators=[NumberRange(1, message="Choose a person.")])
    starts_on = DateField("First day of the next coordinator", validators=[InputRequired("Choose the first day.")])
    last_day = DateField("Last day of the present one", validators=[InputRequired("Choose the last day.")])
    letter = TextAreaField("Letter", filters=[stripped], validators=[InputRequired("Write the letter."), LONG])
    notes = TextAreaField("What the next coordinator should know", filters=[stripped], validators=[Optional(), LONG])


class NoteForm(TownForm):
    """A note for the next coordinator."""

    text = TextAreaField("Note", filters=[stripped], validators=[InputRequired("Write the note."), LONG])
