"""The ways a use case can refuse, each with a sentence for the person at the screen.

The web room maps each class to one HTTP status (RFC 9110) in one place; nothing below it knows of HTTP.
"""

from collections.abc import Mapping


class Refusal(Exception):
    """A use case said no, on purpose, and says why in plain words."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(Refusal):
    """Absent, or not this actor's to know about: the two must look the same from outside."""

    def __init__(self, message: str = "There is no such record, or it is not yours to see.") -> None:
        super().__init__(message)


class Forbidden(Refusal):
    """The actor may see the record but may not do this to it."""

    def __init__(self, message: str = "Your role does not allow this.") -> None:
        super().__init__(message)


class StaleState(Refusal):
    """Somebody else moved the record on, or the move is not open in its present state."""

    def __init__(
        self, message: str = "Somebody changed this record while you had it open. Nothing of yours was saved."
    ) -> None:
        super().__init__(message)


class Invalid(Refusal):
    """What was typed cannot be taken; ``problems`` maps a field name to how to mend it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class TooMany(Refusal):
    """The budget for this action is spent; ``retry_after`` is in seconds."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """The machine cannot do this now (database locked, disk full); nothing was written."""
