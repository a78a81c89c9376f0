"""Forms around the policy; shape only."""

from typing import Self

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

from charlton_intranet.policy.queries import AcknowledgementFilter, Categories
from charlton_intranet.policy.rules import (
    ATTESTED,
    CATEGORIES,
    CONSENT_READ,
    CONSENT_SIGN,
    HIDE_AT_MOST,
    SUMMARY_MAX,
    TITLE_MAX,
    Category,
    Change,
    Risk,
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


class CategoriesForm(TownForm):
    """Another edition of the categories: of each letter ``test_A``, ``risk_A`` and so on (below).

    ``number`` is the edition it starts from, ``shown`` what was on the screen as its changes.
    """

    number = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])
    shown = HiddenField(default="")
    why = TextAreaField("Why they are judged differently from now on", filters=[stripped])
    counsel = StringField("Counsel who signed", filters=[stripped], validators=[Optional()])
    signed_on = DateField("Day counsel signed", validators=[Optional()])

    @classmethod
    def of(cls, present: Categories) -> Self:
        """The form filled with an edition."""
        kept = {
            f"{name}_{letter}": getattr(category, name)
            for letter, category in present.by_letter.items()
            for name in ("test", "risk", "guard", "alone", "counsel", "hide_at_once")
        }
        return cls(formdata=None, data={"number": present.number, **kept})

    def entries(self, present: Categories) -> dict[str, Category]:
        """What was entered, with the policy's words of ``present``."""
        return {letter: self._entry(letter, kept.words) for letter, kept in present.by_letter.items()}

    def _entry(self, letter: str, words: str) -> Category:
        return Category(
            letter,
            words,
            test=self[f"test_{letter}"].data or "",
            risk=Risk(self[f"risk_{letter}"].data),
            guard=self[f"guard_{letter}"].data or "",
            alone=self[f"alone_{letter}"].data,
            counsel=self[f"counsel_{letter}"].data,
            hide_at_once=letter in HIDE_AT_MOST and self[f"hide_at_once_{letter}"].data,
        )


for _letter in CATEGORIES:
    setattr(CategoriesForm, f"test_{_letter}", TextAreaField(f"{_letter}: ask first", filters=[stripped]))
    setattr(
        CategoriesForm,
        f"risk_{_letter}",
        SelectField(f"{_letter}: legal risk", choices={risk.value: risk.value.capitalize() for risk in Risk}),
    )
    setattr(CategoriesForm, f"guard_{_letter}", TextAreaField(f"{_letter}: guard", filters=[stripped]))
    setattr(CategoriesForm, f"alone_{_letter}", BooleanField(f"{_letter} may be the only ground"))
    setattr(CategoriesForm, f"counsel_{_letter}", BooleanField(f"{_letter} needs counsel before a removal"))
    if _letter in HIDE_AT_MOST:
        setattr(CategoriesForm, f"hide_at_once_{_letter}", BooleanField(f"{_letter} may be hidden before the decision"))
