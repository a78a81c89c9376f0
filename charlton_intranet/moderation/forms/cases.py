"""Forms around cases; shape only. A field is named as the service names it when it refuses."""

from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import (
    RadioField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from charlton_intranet.moderation.rules import Position
from charlton_intranet.policy.queries import categories
from charlton_intranet.web.forms import TownForm, stripped

Sites = list[tuple[int, str]]


class CategoriesField(SelectMultipleField):
    """The categories A to K of policy 3.6-3 as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def categories_field(label: str) -> CategoriesField:
    """The categories of the edition in force."""
    return CategoriesField(
        label,
        choices=lambda: {c.letter: f"{c.letter}. {c.words}" for c in categories().by_letter.values()},
    )


def site_options(sites: Sites) -> dict[str, str]:
    """The sites as a list to choose from holds them."""
    return {str(number): title for number, title in sites}


class ConcernForm(TownForm):
    """Why something may break the policy."""

    concern = TextAreaField("What is the concern?", filters=[stripped])
    categories = categories_field("Categories it may fall under")
    screenshots = MultipleFileField("Screenshots", validators=[Optional()])


class AdviceForm(TownForm):
    """What the department head advises."""

    position = RadioField(
        "Your advice",
        choices={
            Position.VIOLATION.value: "It breaks the policy",
            Position.NO_VIOLATION.value: "It does not break the policy",
        },
        validators=[InputRequired("Choose what you advise.")],
    )
    text = TextAreaField("Your reasons", id="advice-text", filters=[stripped])


class CarryOutForm(TownForm):
    """Proof that the content is gone."""

    screenshots = FileField(
        "Screenshot of the place where it was",
        validators=[FileRequired("Add a screenshot that shows that the content is gone.")],
    )
    gone_note = TextAreaField("Remark", filters=[stripped], validators=[Optional()])


class VanishedForm(TownForm):
    """How it was noticed that the content went away by itself."""

    note = TextAreaField("What did you see?", id="vanished-note", filters=[stripped])


class NoteForm(TownForm):
    """A remark for everybody who works on the case."""

    text = TextAreaField("Note", id="note-text", filters=[stripped])
