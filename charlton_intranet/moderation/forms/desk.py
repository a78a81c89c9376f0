"""Forms of the queue: what narrows it, what waits out of sight, and views that are kept; shape only."""

from collections.abc import Mapping

from wtforms import BooleanField, DateField, Form, SearchField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from charlton_intranet.moderation.rules import AuthorKind, Source
from charlton_intranet.moderation.rules.desk import Claimed
from charlton_intranet.web.forms import TownForm, stripped

Choices = list[tuple[int, str]]

BACK_ON = "Choose the day of its return."


def _any(label: str, choices: Mapping[str, str], everything: str) -> SelectField:
    return SelectField(label, choices={"": everything, **choices}, validate_choice=False)


class FilterForm(Form):
    """What narrows the queue; sent with GET, so it carries no token."""

    site = SelectField("Site", validate_choice=False)
    words = SearchField("Words")
    urgent = BooleanField("Urgent only")
    claimed = _any("Claimed by", {Claimed.ME: "Me", Claimed.NOBODY: "Nobody"}, "Anybody")
    department = SelectField("Department", validate_choice=False)
    author = _any("Written by", {kind: kind.label for kind in AuthorKind}, "Anybody")
    source = _any("Came in", {source: source.label for source in Source}, "Any way")
    category = SelectField("Concern names category", validate_choice=False)
    seen_from = DateField("Seen from", validators=[Optional()])
    seen_to = DateField("Seen to", validators=[Optional()])

    def offer(self, sites: Choices, departments: Choices, categories: Mapping[str, str]) -> None:
        """Fill the lists; with one department there is nothing to choose."""
        self.site.choices = {"": "All sites", **{str(number): title for number, title in sites}}
        self.department.choices = {"": "All departments", **{str(number): name for number, name in departments}}
        self.category.choices = {"": "Any", **{letter: f"{letter}. {words}" for letter, words in categories.items()}}


class SnoozeForm(TownForm):
    """Until when a case is out of sight, and why."""

    reason = StringField("What does it wait for?", id="snooze-reason", filters=[stripped])
    until = DateField("Back on", id="snooze-until", validators=[InputRequired(BACK_ON)])


class TickedSnoozeForm(SnoozeForm):
    """The same for the ticked cases."""

    reason = StringField("What do they wait for?", id="ticked-reason", filters=[stripped])
    until = DateField("Back on", id="ticked-until", validators=[InputRequired(BACK_ON)])


class ViewForm(TownForm):
    """The name of a view."""

    name = StringField("Name of this view", id="view-name", filters=[stripped])
