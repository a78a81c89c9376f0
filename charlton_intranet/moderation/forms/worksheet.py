"""The form of a determination with its worksheet, and those of referrals; shape only."""

from flask_wtf.file import MultipleFileField
from wtforms import DateField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from charlton_intranet.moderation.forms.cases import categories_field
from charlton_intranet.moderation.rules import Outcome
from charlton_intranet.moderation.rules.letters import LetterHow
from charlton_intranet.moderation.rules.worksheet import (
    Consequence,
    CounselSought,
    Notice,
    ReferredTo,
    Worksheet,
    quotes_of,
)
from charlton_intranet.policy.rules import CATEGORIES
from charlton_intranet.web.forms import TownForm, stripped

# The letter is written after the determination, from the case page.
LATER = ""


class DetermineForm(TownForm):
    """What the Town Administrator decides. Of each letter ``quote_A`` and ``answer_A``, to each office ``refer_it``."""

    outcome = RadioField(
        "Determination",
        choices={
            Outcome.KEEP.value: "Keep it",
            Outcome.HIDE.value: "Hide it",
            Outcome.REMOVE.value: "Remove it",
        },
        validators=[InputRequired("Choose what is to happen with the content.")],
    )
    categories = categories_field("Categories it falls under")
    quote = TextAreaField("The exact words in question", filters=[stripped])
    reason = TextAreaField("Reason, about the content alone", filters=[stripped])
    same_if_praise = RadioField(
        "Would you decide the same if these words praised the town?",
        choices={"yes": "Yes, the same", "no": "No"},
        validate_choice=False,  # left out to keep the content; the service asks for it otherwise
    )
    counsel_on = DateField("Day counsel answered", validators=[Optional()])
    counsel_name = StringField("Counsel who was asked", filters=[stripped])
    counsel_said = TextAreaField("What counsel said", filters=[stripped])
    consequence = RadioField(
        "For whoever wrote it",
        choices={one.value: one.label for one in Consequence},
        default=Consequence.NOTHING.value,
        validate_choice=False,
    )
    referrals = SelectMultipleField(
        "Hand it on to",
        choices={one.value: one.label for one in ReferredTo},
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[Optional()],
    )
    notice_how = SelectField(
        "How the writer is told",
        choices={LATER: "Later, by a letter from the case page"} | {one.value: one.label for one in LetterHow},
        default=LATER,
    )
    notice_subject = StringField("Subject of the letter", filters=[stripped], validators=[Optional()])
    notice_text = TextAreaField("The letter, as it goes out", filters=[stripped], validators=[Optional()])

    @property
    def neutral(self) -> bool | None:
        """The answer to the neutral-viewpoint question, None when it was not given."""
        return None if self.same_if_praise.data is None else self.same_if_praise.data == "yes"

    @property
    def letters(self) -> list[str]:
        """The chosen letters."""
        return [letter for letter in self.categories.data or [] if letter in CATEGORIES]

    def quotes(self, letter: str) -> tuple[str, ...]:
        """The words that were quoted for one category alone."""
        return quotes_of(self[f"quote_{letter}"].data or "")

    @property
    def worksheet(self) -> Worksheet:
        """Everything of the form beyond outcome, categories, words in question, reason and the neutral question."""
        how = self.notice_how.data
        return Worksheet(
            quotes={letter: self.quotes(letter) for letter in self.letters},
            answers={letter: self[f"answer_{letter}"].data or "" for letter in self.letters},
            counsel=CounselSought(self.counsel_on.data, self.counsel_name.data or "", self.counsel_said.data or ""),
            consequence=self.chosen_consequence,
            referrals={
                to: self[f"refer_{to.value}"].data or "" for to in ReferredTo if to in (self.referrals.data or [])
            },
            notice=Notice(self.notice_subject.data or "", self.notice_text.data or "", LetterHow(how)) if how else None,
        )

    @property
    def chosen_consequence(self) -> Consequence:
        """What was chosen for the writer; left out, nothing follows."""
        return Consequence(self.consequence.data) if self.consequence.data in set(Consequence) else Consequence.NOTHING


for _letter in CATEGORIES:
    _quote = TextAreaField(f"Words that fall under {_letter}", filters=[stripped], validators=[Optional()])
    setattr(DetermineForm, f"quote_{_letter}", _quote)
    setattr(DetermineForm, f"answer_{_letter}", TextAreaField(f"Your answer for {_letter}", filters=[stripped]))
for _to in ReferredTo:
    setattr(DetermineForm, f"refer_{_to.value}", TextAreaField(f"{_to.label}: what for", filters=[stripped]))


class ReferForm(TownForm):
    """To whom a case is handed on, and what for."""

    to = SelectField(
        "Hand it on to",
        id="refer-to",
        choices={"": "Choose", **{one.value: one.label for one in ReferredTo}},
        validators=[InputRequired("Choose to whom.")],
    )
    reason = TextAreaField("What for", id="refer-reason", filters=[stripped])

    def offer(self, reach: list[ReferredTo]) -> None:
        """Leave those to whom the actor may hand something on."""
        self.to.choices = {"": "Choose", **{one.value: one.label for one in reach}}


class SentForm(TownForm):
    """How a referral went out."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    how = StringField("How and to whom it went", filters=[stripped])


class AnswerForm(TownForm):
    """What came back."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    text = TextAreaField("The answer", filters=[stripped])
    papers = MultipleFileField("Documents", validators=[Optional()])


class WithdrawForm(TownForm):
    """Why a referral is taken back."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    why = TextAreaField("Why", filters=[stripped])
