"""Duties that are done in their row of My work, without leaving it.

A feature offers it for a kind of duty that one press or a short field ends, where the row can show everything the
answer needs: nothing that asks for a fresh proof of identity or takes back what others did. My work opens the row and
passes on what was entered; it knows nothing of what is behind it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from charlton_intranet.core.duties import Kind
from charlton_intranet.core.permissions import Actor
from charlton_intranet.web.forms import TownForm

# Loads what the row shows, for who may answer; NotFound, Forbidden and StaleState for everybody else.
Load = Callable[[Actor, int], "Asked"]
# Does it with the form, the record's id and the version that the row was opened at; says what was done.
Act = Callable[[Any, int, int], str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an opened row is about, for its template, and the version of the record it was read at.

    ``data`` is what the fields begin with.
    """

    about: Any
    version: int
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InPlace:
    """How a kind of duty is done in its row. ``record`` is the kind of its subject, ``case`` in ``case:12``.

    ``template`` shows ``asked.about``, the fields of ``form``, what the press leaves behind, and the buttons.
    """

    record: str
    form: type[TownForm]
    template: str
    load: Load
    act: Act

    def empty_form(self, row_id: str, data: Mapping[str, Any]) -> TownForm:
        """The form as the row opens; no other open row's fields have the same ids."""
        return self._named(self.form(formdata=None, data=data), row_id)

    def posted_form(self, row_id: str) -> TownForm:
        """The form as it was sent."""
        return self._named(self.form(), row_id)

    @staticmethod
    def _named(form: TownForm, row_id: str) -> TownForm:
        for one in form:
            one.id = f"{row_id}-{one.short_name}"
            one.label.field_id = one.id
        return form


_OFFERED: dict[str, InPlace] = {}


def in_place(kind: Kind, *, record: str, form: type[TownForm], template: str, load: Load) -> Callable[[Act], Act]:
    """Offer that duties of ``kind`` are done in their row by the function so marked."""

    def offer(act: Act) -> Act:
        if kind.name in _OFFERED:
            raise RuntimeError(f"{kind.name} is done in place already")
        _OFFERED[kind.name] = InPlace(record, form, template, load, act)
        return act

    return offer


def offered(kind: str) -> InPlace | None:
    """How duties of this kind are done in their row, or None when they are done on a page of their own."""
    return _OFFERED.get(kind)


def all_offered() -> frozenset[str]:
    """The names of the kinds that are done in place."""
    return frozenset(_OFFERED)
