"""Forms around who is on a page; shape only."""

from collections.abc import Sequence
from typing import Any

from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from charlton_intranet.access.rules import Asked, DepartureKind, EntryKind, Line, Match, PageRole
from charlton_intranet.sites.forms import ProofFields
from charlton_intranet.web.forms import TownForm, stripped

SHOWN = {
    PageRole.NOTHING.value: "Nothing: they were taken off the page",
    **{role.value: role.label for role in PageRole if role.level},
}
KINDS = {kind.value: kind.label for kind in EntryKind if kind is not EntryKind.PERSON}


class ListForm(TownForm):
    """The list as it was copied."""

    text = TextAreaField("Everybody on the page, one a line", validators=[InputRequired("Paste the list.")])


class ConfirmForm(ProofFields):
    """A list that was read, to be confirmed line by line; :func:`confirm_form` adds the lines."""

    text = HiddenField(validators=[InputRequired("Paste the list anew.")])
    after = IntegerField(widget=HiddenInput(), validators=[InputRequired("Reload the page and paste the list anew.")])


def confirm_form(
    lines: Sequence[Line], matches: Sequence[Match], people: Sequence[tuple[int, str]], **options: Any
) -> ConfirmForm:
    """A form with three fields a line: ``who-N``, ``email-N`` for somebody not among the choices, ``role-N``."""
    roles = {role.value: role.label for role in PageRole if role is not PageRole.NOTHING}
    fields: dict[str, Any] = {}
    for place, (line, match) in enumerate(zip(lines, matches, strict=True)):
        who = str(match.person_id) if match.kind is EntryKind.PERSON else match.kind.value
        fields[f"who-{place}"] = SelectField(f"“{line.name}” is", choices=who_choices(people), default=who)
        fields[f"email-{place}"] = StringField(
            f"Official address of “{line.name}”, if somebody else",
            filters=[stripped],
            validators=[Optional(), Length(max=254)],
        )
        fields[f"role-{place}"] = SelectField(f"“{line.name}” can", choices=roles, default=line.role.value)
    made: type[ConfirmForm] = type("ConfirmedLines", (ConfirmForm,), fields)
    return made(**options)


def who_choices(people: Sequence[tuple[int, str]]) -> dict[str, str]:
    """Whom an entry can be taken for: a shared account, nobody, a heading, or one of ``people``."""
    return KINDS | {str(person_id): words for person_id, words in people}


class IdentifyForm(TownForm):
    """Whom an entry turned out to be."""

    who = SelectField("This is", validators=[InputRequired("Choose who it is.")])
    email = StringField(
        "Official address, if somebody else", filters=[stripped], validators=[Optional(), Length(max=254)]
    )


class ChangeForm(ProofFields):
    """What the page gives somebody from now on, with proof."""

    role = RadioField("What the page gives them now", choices=SHOWN, validators=[InputRequired("Choose one.")])


class AnswerForm(TownForm):
    """The answer about one grant under review."""

    answer = RadioField(
        "Is this access still needed?",
        choices={"keep": "Keep it", "revoke": "Revoke it", "ask": "Ask first"},
        validators=[InputRequired("Choose one.")],
    )
    asked = RadioField(
        "Whom to ask",
        choices={Asked.PERSON.value: "The person", Asked.COORDINATOR.value: "The department's coordinator"},
        default=Asked.COORDINATOR.value,
    )
    note = TextAreaField("Reason, or question", filters=[stripped], validators=[Optional()])
    exception = TextAreaField(
        "Why nobody else can answer for your own grant", filters=[stripped], validators=[Optional()]
    )


class ReplyForm(TownForm):
    """The reply to a question about a grant."""

    reply = TextAreaField("Your reply", filters=[stripped], validators=[InputRequired("Write what you know about it.")])


class ReviewFilterForm(TownForm):
    """What the list of grants under review is narrowed to; it lives in the address."""

    department = SelectField("Department")
    open = SelectField("Answer", choices={"": "All", "yes": "To answer"})


class DepartureForm(TownForm):
    """Somebody leaves, or moves to another department."""

    email = StringField(
        "Official address of the person",
        filters=[stripped],
        validators=[InputRequired("Type the official address."), Length(max=254)],
    )
    kind = RadioField(
        "What happens",
        choices={kind.value: kind.label for kind in DepartureKind},
        validators=[InputRequired("Choose one.")],
    )
    last_day = DateField("Last day in the department", validators=[InputRequired("Type the last day.")])
    note = TextAreaField("Note", filters=[stripped], validators=[Optional()])


class HandoverForm(TownForm):
    """What was handed over."""

    note = TextAreaField(
        "Devices, drafts, scheduled posts, and what only this person knew",
        filters=[stripped],
        validators=[InputRequired("Say what was handed over, and to whom; “nothing” is an answer, too.")],
    )


class SettleForm(TownForm):
    """Closing a checklist; the exception is asked for only when it is one's own."""

    exception = TextAreaField("Why nobody else can close it", filters=[stripped], validators=[Optional()])
