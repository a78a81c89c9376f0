"""The forms of checklists: one group of fields for each line of the edition that is answered."""

from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import RadioField, TextAreaField, URLField
from wtforms.validators import InputRequired, Length, Optional

from charlton_intranet.core.errors import Invalid
from charlton_intranet.sites.forms import LONG
from charlton_intranet.sites.queries.checks import OpenCheck
from charlton_intranet.sites.rules.checklists import Answer
from charlton_intranet.sites.service.checklists import LineFacts
from charlton_intranet.sites.service.proofs import ProofFacts
from charlton_intranet.sites.web.proofs import posted_proof
from charlton_intranet.web.forms import TownForm, stripped

KEPT = "kept"


class AdviceOnLineForm(TownForm):
    """IT's advice on one line."""

    text = TextAreaField("Your advice", filters=[stripped], validators=[InputRequired("Write what you advise."), LONG])


def checklist_form(check: OpenCheck, **options: Any) -> TownForm:
    """An answer and something that shows it for every line; what a draft holds is chosen already."""
    fields: dict[str, Any] = {}
    for key, line in check.lines.items():
        fields[f"{key}_answer"] = RadioField(line.words, choices=_choices(check, key), validate_choice=False)
        fields[f"{key}_note"] = TextAreaField("In words", filters=[stripped], validators=[Optional(), LONG])
        fields[f"{key}_link"] = URLField(
            "Link that shows it", filters=[stripped], validators=[Optional(), Length(max=500)]
        )
        fields[f"{key}_picture"] = FileField("Picture that shows it", validators=[Optional()])
    typed = {f"{key}_answer": KEPT for key, row in check.saved.items() if row.answer}
    typed |= {f"{key}_note": row.note for key, row in check.saved.items() if not row.answer}
    form: TownForm = type("ChecklistForm", (TownForm,), fields)(data=typed, **options)
    return form


def _choices(check: OpenCheck, key: str) -> dict[str, str]:
    """The answers; first what is there already, which takes a fresh tick unless it is this draft's own."""
    kept, found = check.kept(key), {choice.value: choice.label for choice in Answer}
    if kept is None or kept.answer is None:
        return found
    word = "As saved" if check.saved.get(key) is kept else "Still so"
    return {KEPT: f"{word}: {kept.answer.label.lower()}"} | found


def posted_lines(check: OpenCheck) -> dict[str, LineFacts]:
    """What was handed in for each line. Raises ``Invalid`` for files that are no pictures, all at once."""
    found, problems = {}, {}
    for key in check.lines:
        chosen = request.form.get(f"{key}_answer", "")
        try:
            proof = posted_proof(f"{key}_")
        except Invalid as refusal:
            problems.update(refusal.problems)
            proof = ProofFacts()
        found[key] = LineFacts(Answer(chosen) if chosen in set(Answer) else None, chosen == KEPT, proof)
    if problems:
        raise Invalid(problems)
    return found
