"""The base of all forms: shape only; rules are checked by the services."""

from flask_wtf import FlaskForm

from charlton_intranet.core.errors import Invalid


class TownForm(FlaskForm):
    """A form that can take a service's refusal and show each sentence beside its field."""

    def refuse(self, refusal: Invalid) -> None:
        """Attach the problems to the fields they name, others to the form as a whole."""
        self.form_errors = list(self.form_errors)
        for name, sentence in refusal.problems.items():
            if name in self._fields:
                field = self._fields[name]
                field.errors = [*field.errors, sentence]
            else:
                self.form_errors.append(sentence)


def stripped(value: str | None) -> str | None:
    """A WTForms filter: without white space around."""
    return value.strip() if isinstance(value, str) else value
