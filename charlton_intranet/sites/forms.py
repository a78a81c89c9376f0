"""Forms around sites; shape only."""

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from charlton_intranet.sites.rules import Cadence, Decision, NetworkKind, SiteState, Worded
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
    attested = BooleanField(
        "I attest that this site will comply with the laws, bylaws and town policies that policy 3.1 names",
        validators=[InputRequired("Tick this to confirm that the site will follow policy 3.1.")],
    )


class AdviceForm(TownForm):
    """IT's advice."""

    recommended = RadioField(
        "Your advice",
        choices={"yes": "Recommend the site", "no": "Raise concerns"},
        validators=[InputRequired("Choose one.")],
    )
    text = TextAreaField("In words", filters=[stripped], validators=[Optional(), LONG])


class DecisionForm(TownForm):
    """The Town Administrator's decision on a site."""

    decision = RadioField(
        "Your decision",
        choices=labels(Decision),
        validators=[InputRequired("Choose one.")],
    )
    reason = TextAreaField("Reason", filters=[stripped], validators=[Optional(), LONG])


class StopForm(TownForm):
    """Suspending or deactivating a site."""

    action = RadioField("What to do", validators=[InputRequired("Choose one.")])
    reason = TextAreaField("Reason", filters=[stripped], validators=[InputRequired("Say why."), LONG])


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

    text = TextAreaField("Assessment", filters=[stripped], validators=[InputRequired("Write what you found."), LONG])


class NetworkDecisionForm(TownForm):
    """The Town Administrator's decision on a network."""

    decision = RadioField(
        "Your decision",
        choices={"approve": "Approve", "decline": "Decline"},
        validators=[InputRequired("Choose one.")],
    )
    reason = TextAreaField("Reason", filters=[stripped], validators=[Optional(), LONG])


class ReasonForm(TownForm):
    """A reason alone."""

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
