"""Forms around cases; shape only. A field is named as the service names it when it refuses."""

from datetime import datetime

from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Form,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from charlton_intranet.core.clock import TOWN_ZONE, as_utc
from charlton_intranet.moderation.comment_file import IMPORT_FIELDS
from charlton_intranet.moderation.rules import AuthorKind, Outcome, Position
from charlton_intranet.policy.queries import categories
from charlton_intranet.web.forms import TownForm, stripped

Sites = list[tuple[int, str]]


class CategoriesField(SelectMultipleField):
    """The categories A to K of policy 3.6-3 as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _categories(label: str) -> CategoriesField:
    return CategoriesField(
        label,
        choices=lambda: {c.letter: f"{c.letter}. {c.words}" for c in categories().by_letter.values()},
    )


def _options(sites: Sites) -> dict[str, str]:
    return {str(number): title for number, title in sites}


class FilterForm(Form):
    """What narrows the queue; sent with GET, so it carries no token."""

    site = SelectField("Site")
    words = SearchField("Words")
    urgent = BooleanField("Urgent only")

    def offer(self, sites: Sites) -> None:
        """Fill the list of sites."""
        self.site.choices = {"": "All sites", **_options(sites)}


class CaptureForm(TownForm):
    """Something seen on a site."""

    permalink = StringField("Link to the post", filters=[stripped], validators=[Optional()])
    site_id = SelectField("Site", coerce=int)
    text = TextAreaField("What it says")
    handle = StringField("Who wrote it", filters=[stripped], validators=[Optional()])
    author_kind = RadioField(
        "Whose words are these?",
        choices={
            AuthorKind.PUBLIC.value: "Somebody from the public",
            AuthorKind.STAFF.value: "Written for the town",
        },
        default=AuthorKind.PUBLIC.value,
    )
    posted_at = DateTimeLocalField("When it was posted", format="%Y-%m-%dT%H:%M", validators=[Optional()])
    urgent = BooleanField("Urgent: a threat, a safety matter, or spreading fast")
    screenshots = MultipleFileField("Screenshots", validators=[Optional()])

    def offer(self, sites: Sites) -> None:
        """Fill the list of sites; 0 leaves it to the link."""
        self.site_id.choices = {"0": "Recognize it from the link", **_options(sites)}

    @property
    def posted(self) -> datetime | None:
        """When it was posted, read as town time, in UTC."""
        local = self.posted_at.data
        return as_utc(local.replace(tzinfo=TOWN_ZONE)) if local else None


class ConcernForm(TownForm):
    """Why something may break the policy."""

    concern = TextAreaField("What is the concern?", filters=[stripped])
    categories = _categories("Categories it may fall under")
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


class DetermineForm(TownForm):
    """What the Town Administrator decides."""

    outcome = RadioField(
        "Determination",
        choices={
            Outcome.KEEP.value: "Keep it",
            Outcome.HIDE.value: "Hide it",
            Outcome.REMOVE.value: "Remove it",
        },
        validators=[InputRequired("Choose what is to happen with the content.")],
    )
    categories = _categories("Categories it falls under")
    quote = TextAreaField("The exact words in question", filters=[stripped])
    reason = TextAreaField("Reason, about the content alone", filters=[stripped])
    same_if_praise = RadioField(
        "Would you decide the same if these words praised the town?",
        choices={"yes": "Yes, the same", "no": "No"},
        validate_choice=False,  # left out to keep the content; the service asks for it otherwise
    )

    @property
    def neutral(self) -> bool | None:
        """The answer to the neutral-viewpoint question, None when it was not given."""
        return None if self.same_if_praise.data is None else self.same_if_praise.data == "yes"


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


def _column(name: str) -> StringField:
    """Where an import finds one of the fields that a file may leave out."""
    return StringField(IMPORT_FIELDS[name], default=name, filters=[stripped], validators=[Optional()])


class ImportForm(TownForm):
    """A file of comments and which of its columns holds what."""

    site_id = SelectField(
        "Site the comments were made on", coerce=int, validators=[NumberRange(1, message="Choose the site.")]
    )
    file = FileField("CSV file", validators=[FileRequired("Choose the file to import.")])
    column_text = StringField(IMPORT_FIELDS["text"], default="text", filters=[stripped])
    column_id = _column("id")
    column_author = _column("author")
    column_posted_at = _column("posted_at")
    column_permalink = _column("permalink")

    def offer(self, sites: Sites) -> None:
        """Fill the list of sites; with several, none is chosen beforehand: an import is not taken back."""
        self.site_id.choices = ({"0": "Choose the site"} if len(sites) > 1 else {}) | _options(sites)

    @property
    def mapping(self) -> dict[str, str]:
        """From our fields to the names of the file's columns."""
        return {name: self[f"column_{name}"].data or "" for name in IMPORT_FIELDS}
