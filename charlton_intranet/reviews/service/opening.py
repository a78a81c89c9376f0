"""What comes of something that a round found: a case, an incident, or a line of a checklist to be mended.

Incidents stand above reviews, so they say themselves how one is reported.
"""

from dataclasses import dataclass
from typing import Protocol

from charlton_intranet.core.clock import Clock
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Actor
from charlton_intranet.moderation.rules import Source
from charlton_intranet.moderation.service import Seen, take_in
from charlton_intranet.reviews.rules import Line, Outcome
from charlton_intranet.sites.rules.checklists import ChecklistKind
from charlton_intranet.sites.service.failing import fail_line


@dataclass(frozen=True, slots=True)
class SiteFinding:
    """What a round found, as an incident tells it; ``kind`` is the value of an incident's kind."""

    site_id: int
    what: str
    kind: str
    told: str


class Report(Protocol):
    """Reports an incident inside the caller's unit of work; returns its reference."""

    def __call__(self, actor: Actor, found: SiteFinding, *, clock: Clock) -> str: ...


_REPORTS: list[Report] = []


def reports_incidents(report: Report) -> Report:
    """Register how an incident is reported."""
    _REPORTS[:] = [report]
    return report


@dataclass(frozen=True, slots=True)
class Opened:
    """The record that came of a finding as ``kind:id``, and the number of the case if it is one."""

    record: str = ""
    case_id: int | None = None


def open_record(
    actor: Actor, site_id: int, line: Line, outcome: Outcome, *, note: str, link: str, clock: Clock
) -> Opened:
    """Do what was chosen for a finding, inside the caller's unit of work. ``Invalid`` names the fields of its line."""
    match outcome:
        case Outcome.CASE:
            captured = _case(actor, line, Seen(site_id=site_id, text=note, permalink=link), clock=clock)
            return Opened(f"case:{captured}", captured)
        case Outcome.INCIDENT:
            found = SiteFinding(site_id, f"{note}\n{link}".strip(), line.incident, f"Found in a review: {line.words}")
            return Opened(f"incident:{_REPORTS[0](actor, found, clock=clock)}")
        case Outcome.CHECKLIST:
            checklist, _, key = line.fails.partition(".")
            fail_line(actor, site_id, ChecklistKind(checklist), key, note=note, clock=clock)
            return Opened(f"checklist:{line.fails}")
    return Opened()


def _case(actor: Actor, line: Line, seen: Seen, *, clock: Clock) -> int:
    try:
        return take_in(actor, seen, source=Source.REVIEW, clock=clock).case_id
    except Invalid as refusal:
        fields = {"permalink": f"{line.key}_link"}
        raise Invalid(
            {fields.get(name, f"{line.key}_note"): says for name, says in refusal.problems.items()}
        ) from refusal
