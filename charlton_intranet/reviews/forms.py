"""The forms of reviews; shape only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from charlton_intranet.core.errors import Invalid
from charlton_intranet.moderation.service.intake import Files
from charlton_intranet.reviews.queries import Standing
from charlton_intranet.reviews.rules import (
    MAX_MONTHS,
    Answer,
    Outcome,
    Result,
    ReviewKind,
    check_record,
    every,
    lines_of,
)
from charlton_intranet.reviews.service import LineFacts, Look, RoundFacts
from charlton_intranet.web.forms import TownForm, stripped

RELOAD = "Reload the page and record again."


class ReviewForm(TownForm):
    """What was found. ``due_on`` says which review is meant, so that a stale press is noticed."""

    due_on = DateField("Due", widget=HiddenInput(), validators=[InputRequired(RELOAD)])
    result = RadioField(
        "What did you find?",
        choices={Result.CLEAN.value: "Nothing to act on", Result.FINDINGS.value: "Something to act on"},
        validators=[InputRequired("Choose one.")],
    )
    note = TextAreaField("Note", filters=[stripped], validators=[Optional()])


class CleanForm(TownForm):
    """Nothing was found. What was found needs words and leads on to a case: that is done on the page of reviews."""

    due_on = DateField("Due", widget=HiddenInput(), validators=[InputRequired(RELOAD)])


class HandOverForm(TownForm):
    """Which sites go to whom, and for how long."""

    sites = SelectMultipleField(
        "Sites", coerce=int, option_widget=CheckboxInput(), widget=ListWidget(),
        validators=[InputRequired("Choose at least one site.")],
    )  # fmt: skip
    person = SelectField("To", coerce=int, validators=[NumberRange(min=1, message="Choose a colleague.")])
    starts_on = DateField("From", validators=[InputRequired("Enter the first day.")])
    ends_on = DateField("Through", validators=[InputRequired("Enter the last day.")])
    note = StringField("Note", filters=[stripped], validators=[Optional()])


class RhythmForm(TownForm):
    """How often; the first choice is the town's rhythm."""

    months = SelectField(
        "How often",
        choices={"": "As in the whole town"}
        | {str(months): every(months) for months in range(1, MAX_MONTHS + 1)}
        | {"0": "Not on this site"},
    )
    why = StringField("Why", filters=[stripped], validators=[InputRequired("Say why, in a sentence.")])

    @property
    def chosen(self) -> int | None:
        """The months that were chosen."""
        return int(self.months.data) if self.months.data else None


def round_form(kind: ReviewKind, **options: Any) -> Any:
    """The checklist of a capture or full review: an answer for every line, and what becomes of something found."""
    fields: dict[str, Any] = {
        "due_on": DateField("Due", widget=HiddenInput(), validators=[InputRequired(RELOAD)]),
        "edition": IntegerField("Edition", widget=HiddenInput(), validators=[InputRequired(RELOAD)]),
    }
    for key, line in lines_of(kind).items():
        fields[f"{key}_answer"] = RadioField(
            line.words, choices={one.value: one.label for one in Answer}, validate_choice=False
        )
        fields[f"{key}_note"] = TextAreaField("What did you find?", filters=[stripped], validators=[Optional()])
        fields[f"{key}_outcome"] = RadioField(
            "What becomes of it?", choices={one.value: one.label for one in line.outcomes},
            default=line.outcomes[0].value, validate_choice=False,
        )  # fmt: skip
        fields[f"{key}_link"] = URLField("Link to it", filters=[stripped], validators=[Optional(), Length(max=1000)])
    needed = [] if kind is ReviewKind.CAPTURE else [Optional()]
    fields["files"] = MultipleFileField("Pictures and archives", validators=needed)
    fields["note"] = TextAreaField("Note", filters=[stripped], validators=[Optional()])
    return type("RoundForm", (TownForm,), fields)(**options)


def posted_round(form: Any, kind: ReviewKind, uploads: Files) -> RoundFacts:
    """What the checklist says."""
    return RoundFacts(
        due_on=form.due_on.data,
        edition=form.edition.data,
        lines={key: _line(form.data, key) for key in lines_of(kind)},
        note=form.note.data or "",
        uploads=uploads,
    )


def _line(typed: Mapping[str, Any], key: str) -> LineFacts:
    answer, outcome = typed[f"{key}_answer"], typed[f"{key}_outcome"]
    return LineFacts(
        Answer(answer) if answer in set(Answer) else None,
        typed[f"{key}_note"] or "",
        Outcome(outcome) if outcome in set(Outcome) else None,
        typed[f"{key}_link"] or "",
    )


def together_form(rows: Iterable[Standing], **options: Any) -> TownForm:
    """One line a site: a tick, or words; the hidden date says which look is meant."""
    fields: dict[str, Any] = {}
    for row in rows:
        title, number = row.site.title, row.site.id
        fields[f"due_{number}"] = DateField(
            title, widget=HiddenInput(), default=row.due, validators=[InputRequired(RELOAD)]
        )
        fields[f"clean_{number}"] = BooleanField(f"Nothing to act on at {title}")
        fields[f"note_{number}"] = TextAreaField(
            f"What did you find at {title}?", filters=[stripped], validators=[Optional()]
        )
    form: TownForm = type("TogetherForm", (TownForm,), fields)(**options)
    return form


def posted_looks(form: TownForm, rows: Sequence[Standing]) -> list[Look]:
    """The lines that were ticked or described. Raises ``Invalid`` for both at once, and when there is none."""
    looks: list[Look] = []
    problems: dict[str, str] = {}
    if not form.validate():
        raise Invalid({"sites": RELOAD})
    for row in rows:
        number = row.site.id
        clean, note = form.data[f"clean_{number}"], form.data[f"note_{number}"] or ""
        if clean and note:
            problems[f"note_{number}"] = "You ticked “nothing to act on” and found something. Take back one of them."
        elif clean or note:
            result = Result.CLEAN if clean else Result.FINDINGS
            looks.append(Look(number, form.data[f"due_{number}"], result, note))
            try:
                check_record(result, note)
            except Invalid as refusal:
                problems[f"note_{number}"] = " ".join(refusal.problems.values())
    if not looks and not problems:
        problems["sites"] = "Tick the sites where you found nothing, and describe what you found at the others."
    if problems:
        raise Invalid(problems)
    return looks
