"""Column types with the house's rules built in."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import peewee

from charlton_intranet.core.clock import as_utc


def as_date(value: Any) -> date:
    """A date out of an aggregate or a subquery, which SQLite gives as text; ``ValueError`` for what is none."""
    return value if isinstance(value, date) else date.fromisoformat(value)


class UtcDateTimeField(peewee.DateTimeField):
    """A moment. Takes aware datetimes only, stores UTC, gives back aware UTC on both engines."""

    def db_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            value = as_utc(value).replace(tzinfo=None)
        return super().db_value(value)

    def python_value(self, value: Any) -> Any:
        value = super().python_value(value)
        if isinstance(value, datetime) and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value


class ChoiceField(peewee.CharField):
    """One member of a ``StrEnum``, with a CHECK constraint that names every allowed value.

    Reading gives the member, so a state that the code does not know can not slip through.
    """

    def __init__(self, choices: type[StrEnum], **options: Any) -> None:
        self.enum = choices
        options.setdefault("max_length", 40)
        super().__init__(**options)

    def __new__(cls, *_arguments: Any, **_options: Any) -> Any:
        return object.__new__(cls)

    def bind(self, model: type[peewee.Model], name: str, set_attribute: bool = True) -> None:  # noqa: FBT001, FBT002 - Peewee's signature
        allowed = ", ".join(f"'{member.value}'" for member in self.enum)
        self.constraints = [peewee.Check(f'"{self.column_name or name}" IN ({allowed})')]
        super().bind(model, name, set_attribute)

    def db_value(self, value: Any) -> Any:
        return None if value is None else self.enum(value).value

    def python_value(self, value: Any) -> Any:
        return None if value is None else self.enum(value)
