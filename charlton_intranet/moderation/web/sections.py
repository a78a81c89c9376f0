"""Parts of the case page that bring their own data and forms.

A part of moderation registers its loader; the template that includes it finds the result as ``sections.<name>``, and
its forms in ``forms``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from charlton_intranet.core.permissions import Actor
from charlton_intranet.moderation.queries import CaseView
from charlton_intranet.web.forms import TownForm

Load = Callable[[Actor, CaseView], Any]
MakeForm = Callable[[CaseView], TownForm]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the case page; ``in_queue``: the queue shows it beside the chosen case as well."""

    load: Load
    forms: Mapping[str, MakeForm] = field(default_factory=dict)
    in_queue: bool = False


_SECTIONS: dict[str, Section] = {}


def section(
    name: str, *, forms: Mapping[str, MakeForm] | None = None, in_queue: bool = False
) -> Callable[[Load], Load]:
    """Register a loader ``(actor, case) -> data``; ``forms`` make the forms of the part, empty, by name."""

    def register(load: Load) -> Load:
        if name in _SECTIONS:
            raise RuntimeError(f"the case page has a section {name} already")
        _SECTIONS[name] = Section(load, forms or {}, in_queue)
        return load

    return register


def load_sections(actor: Actor, case: CaseView, *, in_queue: bool = False) -> dict[str, Any]:
    """What the sections of the case page (or of the queue) show, by name."""
    return {name: one.load(actor, case) for name, one in _SECTIONS.items() if one.in_queue or not in_queue}


def section_forms(case: CaseView) -> dict[str, TownForm]:
    """The empty forms of all sections, by name."""
    return {name: make(case) for one in _SECTIONS.values() for name, make in one.forms.items()}
