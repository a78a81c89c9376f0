"""What narrows the list of decisions; sent with GET, so it carries no token."""

from wtforms import Form, SearchField, SelectField, StringField

from charlton_intranet.moderation.rules import Outcome
from charlton_intranet.moderation.rules.reconsidering import ReconsiderationState
from charlton_intranet.web.forms import stripped

_ANSWERED = (ReconsiderationState.REVERSED, ReconsiderationState.UPHELD)


class DecisionsForm(Form):
    """Outcome, category, words and quarter of a decision."""

    outcome = SelectField(
        "Outcome",
        choices={
            "": "Any outcome",
            Outcome.KEEP.value: "Kept",
            Outcome.HIDE.value: "Hidden",
            Outcome.REMOVE.value: "Removed",
            **{state.value: f"{state.label} when looked at again" for state in _ANSWERED},
        },
        default="",
    )
    letter = SelectField(
        "Category", choices={"": "Any category", **{letter: letter for letter in "ABCDEFGHIJK"}}, default=""
    )
    quarter = StringField("Quarter", filters=[stripped])
    words = SearchField("Words", filters=[stripped])

    def chosen(self, field: SelectField) -> str:
        """The choice of a list, empty when it is none of those offered."""
        return field.data if field.validate(self) and field.data else ""
