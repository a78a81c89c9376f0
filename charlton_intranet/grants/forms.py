"""Forms around grants; shape only."""

from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from charlton_intranet.grants.rules import Capability
from charlton_intranet.web.forms import TownForm, stripped

CAPABILITIES = {capability.value: capability.label for capability in Capability}
LONG = Length(max=2_000, message="Use at most 2,000 characters.")


class MatrixForm(TownForm):
    """What the matrix is narrowed to; it lives in the address."""

    q = SearchField("Name of a person", filters=[stripped])
    department = SelectField("Department")
    site = SelectField("Site")
    capability = SelectField("Granted", choices={"": "All"} | CAPABILITIES)
    lapsed = BooleanField("Only what has lapsed")


class DesignateForm(TownForm):
    """Whom a head designates for which sites, how far and what for (3.3-1, 3.3-2)."""

    people = SelectMultipleField(
        "People of your department",
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[Optional()],
    )
    others = TextAreaField("People of other departments", filters=[stripped], validators=[Optional(), LONG])
    sites = SelectMultipleField(
        "Sites", coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    capability = RadioField(
        "What they may do",
        choices=CAPABILITIES,
        validators=[InputRequired("Choose what they may do.")],
    )
    purpose = TextAreaField(
        "Town business it is for",
        filters=[stripped],
        validators=[InputRequired("Say which town business it is for (policy 3.3-1)."), LONG],
    )
    limits = TextAreaField("Limits", filters=[stripped], validators=[Optional(), LONG])
    until = DateField("Last day", validators=[Optional()])


class DecisionsForm(TownForm):
    """The Town Administrator's answer to one or many designations."""

    decision = RadioField(
        "Decision",
        choices={"approve": "Approve", "decline": "Decline"},
        validators=[InputRequired("Choose whether to approve or to decline.")],
    )
    reason = TextAreaField("Reason", filters=[stripped], validators=[Optional(), LONG])
    exception = TextAreaField("Exception", filters=[stripped], validators=[Optional(), LONG])


class EndForm(TownForm):
    """Why a grant is taken back."""

    reason = TextAreaField(
        "Reason", filters=[stripped], validators=[InputRequired("Say why; it stays on the grant's record."), LONG]
    )


class AskForm(TownForm):
    """May this person do this on this site today?"""

    person = SelectField("May")
    capability = SelectField("do this", choices=CAPABILITIES)
    site = SelectField("on this site")


class HistoryForm(TownForm):
    """Who could do what on which day?"""

    site = SelectField("Site")
    capability = SelectField("Who could", choices=CAPABILITIES)
    day = DateField("On the day")
