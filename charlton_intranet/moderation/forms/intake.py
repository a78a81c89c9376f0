"""Forms by which something seen comes in: the capture, and a file of comments. Shape only."""

from datetime import datetime

from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional

from charlton_intranet.core.clock import TOWN_ZONE, as_utc
from charlton_intranet.moderation.comment_file import IMPORT_FIELDS
from charlton_intranet.moderation.forms.cases import Sites, site_options
from charlton_intranet.moderation.rules import AuthorKind, Context
from charlton_intranet.web.forms import TownForm, stripped


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
    context_text = TextAreaField("The post it answers", validators=[Optional()])
    context_handle = StringField("Who wrote that post", filters=[stripped], validators=[Optional()])
    context_permalink = StringField("Link to that post", filters=[stripped], validators=[Optional()])
    context_title = StringField("Title of the page", filters=[stripped], validators=[Optional()])

    def offer(self, sites: Sites) -> None:
        """Fill the list of sites; 0 leaves it to the link."""
        self.site_id.choices = {"0": "Recognize it from the link", **site_options(sites)}

    @property
    def context(self) -> Context:
        """What the words answer, empty where nothing was typed."""
        return Context(
            text=self.context_text.data or "",
            handle=self.context_handle.data or "",
            permalink=self.context_permalink.data or "",
            title=self.context_title.data or "",
        )

    @property
    def posted(self) -> datetime | None:
        """When it was posted, read as town time, in UTC."""
        local = self.posted_at.data
        return as_utc(local.replace(tzinfo=TOWN_ZONE)) if local else None


def _column(name: str) -> StringField:
    """Where an import finds one of the fields that a file may leave out."""
    return StringField(IMPORT_FIELDS[name], default=name, filters=[stripped], validators=[Optional()])


class ImportForm(TownForm):
    """A file of comments and, where it is CSV, which of its columns holds what."""

    site_id = SelectField(
        "Site the comments were made on", coerce=int, validators=[NumberRange(1, message="Choose the site.")]
    )
    file = FileField("File of comments", validators=[FileRequired("Choose the file to import.")])
    column_text = StringField(IMPORT_FIELDS["text"], default="text", filters=[stripped])
    column_id = _column("id")
    column_author = _column("author")
    column_posted_at = _column("posted_at")
    column_permalink = _column("permalink")

    def offer(self, sites: Sites) -> None:
        """Fill the list of sites; with several, none is chosen beforehand: an import is not taken back."""
        self.site_id.choices = ({"0": "Choose the site"} if len(sites) > 1 else {}) | site_options(sites)

    @property
    def mapping(self) -> dict[str, str]:
        """From our fields to the names of the file's columns."""
        return {name: self[f"column_{name}"].data or "" for name in IMPORT_FIELDS}
