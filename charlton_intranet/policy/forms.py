"""Forms around the policy; shape only."""

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from charlton_intranet.policy.queries import AcknowledgementFilter
from charlton_intranet.policy.rules import (
    ATTESTED,
    CONSENT_READ,
    CONSENT_SIGN,
    SUMMARY_MAX,
    TITLE_MAX,
    Change,
    Standing,
)
from charlton_intranet.web.forms import TownForm, stripped

STANDINGS = {
    Standing.MISSING: "Never signed",
    Standing.SUPERSEDED: "Signed an older version",
    Standing.EXPIRED: "Expired",
    Standing.EXPIRING: "Expires soon",
    Standing.CURRENT: "Counts",
}


class DocumentForm(TownForm):
    """A version of the policy, pasted or as a file."""

    title = StringField("Title", filters=[stripped], validators=[Length(max=TITLE_MAX)])
    change = RadioField(
        "Kind of change",
        choices={Change.MAJOR.value: "Major", Change.MINOR.value: "Minor"},
        default=Change.MAJOR.value,
    )
    summary = TextAreaField("What changed", filters=[stripped], validators=[Length(max=SUMMARY_MAX)])
    text = TextAreaField("The policy's text")
    file = FileField("Or a file with the text", validators=[Optional()])
    typed = BooleanField("Take the file away: the text above is what counts, and no file belongs to it")
    version = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])


class CompareForm(TownForm):
    """Two versions to compare, in the address."""

    class Meta:
        csrf = False

    before = SelectField("From version", coerce=int)
    after = SelectField("To version", coerce=int)


class PublishForm(TownForm):
    """The version number that was on the screen when the button was pressed."""

    version = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])


class SignForm(TownForm):
    """Two consents that start unticked, and the signer's name. ``shown`` is the scope that was on the screen."""

    document_id = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])
    shown = HiddenField(default="")
    read = BooleanField(CONSENT_READ)
    agreed = BooleanField(CONSENT_SIGN)
    typed_name = StringField("Your full name, as your signature", filters=[stripped], validators=[Length(max=200)])


class PaperForm(TownForm):
    """A signature on paper: the scan, its day, and what it is signed for. ``shown`` is the scope on the screen."""

    shown = HiddenField(default="")
    document = SelectField("Version on the paper", coerce=int)
    signed_on = DateField("Day on the paper", validators=[InputRequired("Enter the day that stands on the paper.")])
    scan = FileField("Scan of the signed paper")
    covers = SelectMultipleField(
        "Signed for", option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), validators=[Optional()]
    )
    attested = BooleanField(ATTESTED)
    exception = TextAreaField("Why nobody else can file it", filters=[stripped], validators=[Length(max=2000)])


class AcknowledgementFilterForm(TownForm):
    """Filters of the list of signatures, in the address."""

    class Meta:
        csrf = False

    standing = SelectField(
        "Signature",
        choices={"": "All"} | {standing.value: words for standing, words in STANDINGS.items()},
        default="",
    )
    department = SelectField("Department", default="")
    q = StringField("Name", filters=[stripped], validators=[Length(max=100)])
    everybody = BooleanField("Also people who need not sign")

    def chosen(self) -> AcknowledgementFilter:
        """What was asked for; nonsense in the address asks for everything."""
        if not self.validate():
            return AcknowledgementFilter()
        return AcknowledgementFilter(
            standing=Standing(self.standing.data) if self.standing.data else None,
            department_id=int(self.department.data) if self.department.data else None,
            words=self.q.data or "",
            everybody=self.everybody.data,
        )
