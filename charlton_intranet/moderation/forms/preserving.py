"""Forms around the evidence of a case; shape only."""

from collections.abc import Iterable

from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional

from charlton_intranet.evidence.models import Failing, PieceKind
from charlton_intranet.evidence.queries import PieceRow
from charlton_intranet.moderation.rules.looks import Seen
from charlton_intranet.web.forms import TownForm, stripped


class EvidenceForm(TownForm):
    """More pieces for a case."""

    evidence = MultipleFileField("Files", id="evidence-files", validators=[FileRequired("Choose at least one file.")])


class FailedForm(TownForm):
    """What is wrong with a capture, and what takes its place."""

    piece = SelectField(
        "Which one?",
        id="failed-piece",
        coerce=int,
        validate_choice=False,  # the service says which are there
    )
    why = RadioField(
        "What is wrong with it?",
        choices={why.value: why.label for why in Failing},
        validators=[InputRequired("Choose what is wrong with it.")],
    )
    reason = TextAreaField("In a sentence", id="failed-reason", filters=[stripped])
    replacement = FileField("The capture that takes its place", validators=[Optional()])

    def offer(self, pieces: Iterable[PieceRow]) -> "FailedForm":
        """Fill the list of pieces; the words themselves can not fail."""
        self.piece.choices = {
            str(piece.id): f"{piece.id}. {piece.kind.label}: {piece.file_name}"
            for piece in pieces
            if piece.kind is not PieceKind.TEXT
        }
        return self


class LookForm(TownForm):
    """What stands at the link now."""

    seen = RadioField(
        "What do you see?",
        choices={seen.value: seen.label for seen in Seen},
        validators=[InputRequired("Choose what you see.")],
    )
    words = TextAreaField("The words as they are now", id="look-words", validators=[Optional()])
    remark = TextAreaField("Remark", id="look-remark", filters=[stripped], validators=[Optional()])
    picture = FileField("Screenshot", id="look-picture", validators=[Optional()])
