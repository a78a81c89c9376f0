"""Forms around the registry of listed accounts; shape only."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import SearchField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from charlton_intranet.sites.forms import LONG, labels
from charlton_intranet.sites.queries.registry import Preview
from charlton_intranet.sites.rules import KNOWN_NETWORKS, slug_of
from charlton_intranet.sites.rules.registry import Column, ListedState
from charlton_intranet.web.forms import TownForm, stripped

# More columns are kept as further facts, more names of departments stay open.
MOST_COLUMNS, MOST_DEPARTMENTS = 60, 100
LEAVE_OPEN = "0"


class ListedFilterForm(TownForm):
    """What the registry is narrowed to; it lives in the address."""

    q = SearchField("Name, account or link", filters=[stripped])
    state = SelectField("State", choices=labels(ListedState) | {"all": "All"}, default=ListedState.LISTED.value)
    department = SelectField("Department")


class ListForm(TownForm):
    """A list of accounts."""

    file = FileField("List of accounts", validators=[FileRequired("Choose the file.")])


class GiveForm(TownForm):
    """Whose account it is."""

    department = SelectField("Department")


class StrikeForm(TownForm):
    """Why an account is struck off."""

    reason = TextAreaField("Reason", filters=[stripped], validators=[InputRequired("Say why."), LONG])


def columns_form(preview: Preview, **options: Any) -> TownForm:
    """One choice for each column of the list."""
    choices = {"": "Keep as a further fact"} | labels(Column)
    choices |= {f"on:{slug_of(n.name)}": f"Account on {n.name}" for n in KNOWN_NETWORKS if n.page}
    fields = {
        f"column_{place}": SelectField(name[:80], choices=choices, default=preview.columns.get(place, ""))
        for place, name in enumerate(preview.sheet.header[:MOST_COLUMNS])
    }
    return _made(fields, options)


def departments_form(preview: Preview, **options: Any) -> TownForm:
    """One choice for each department that the list names; what is plain is chosen beforehand."""
    choices = {LEAVE_OPEN: "Leave open"} | {str(key): name for key, name in preview.departments.items()}
    fields = {
        f"department_{place}": SelectField(
            f"{name} ({number})", choices=choices, default=str(preview.guesses.get(name, LEAVE_OPEN))
        )
        for place, (name, number) in enumerate(preview.sorted.departments[:MOST_DEPARTMENTS])
    }
    return _made(fields, options)


def _made(fields: dict[str, Any], options: dict[str, Any]) -> TownForm:
    form: type[TownForm] = type("ChoicesForm", (TownForm,), fields)
    return form(**options)
