"""Forms of hiding at once, of its proof, and of putting back; shape only."""

from flask_wtf.file import FileField, MultipleFileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from charlton_intranet.moderation.rules.emergency import Ground
from charlton_intranet.web.forms import TownForm, stripped


class HideNowForm(TownForm):
    """Why something is hidden before it is determined."""

    ground = RadioField(
        "Ground",
        choices={ground.value: ground.label for ground in Ground},
        validate_choice=False,  # the service says why another category does not do
    )
    words = TextAreaField("The exact words, or the harmful link", id="hide-words", filters=[stripped])
    answer = TextAreaField("Your answer to the question of the ground", id="hide-answer", filters=[stripped])
    screenshots = MultipleFileField("Pictures of the post", id="hide-screenshots", validators=[Optional()])


class ProofForm(TownForm):
    """One picture of how the place looks now."""

    screenshots = FileField("Screenshot of the place where it was", id="proof-screenshots")


class RestoredForm(TownForm):
    """One picture of the post in its place."""

    screenshots = FileField("Screenshot of the post in its place", id="restored-screenshots")


class NotRestoredForm(TownForm):
    """Why it can not be brought back."""

    note = TextAreaField("Why not, and what was done instead", id="not-restored-note", filters=[stripped])


class ObstacleForm(TownForm):
    """What keeps an order from being carried out."""

    what = TextAreaField("What you tried, and what the network answered", id="obstacle-what", filters=[stripped])
    reported = StringField("How it was reported to the network", id="obstacle-reported", filters=[stripped])
