"""Incidents for tests, made by the real use cases."""

from typing import Any

from charlton_intranet.incidents import queries, service
from charlton_intranet.incidents.rules import STAGES, Status
from charlton_intranet.incidents.service import Report
from tests.conftest import Town


def report(
    town: Town, box: str = "employee", what: str = "The page shows a post that nobody wrote.", **facts: Any
) -> str:
    """Somebody reports; returns the reference."""
    return service.report(town.actor(box), Report(what=what, **facts), clock=town.clock)


def version(town: Town, reference: str) -> int:
    return queries.incident(town.actor("it"), reference).version


def move(town: Town, reference: str, to: Status, note: str = "Looked into it.") -> None:
    service.move(town.actor("it"), reference, version(town, reference), to, note=note, clock=town.clock)


def at(town: Town, status: Status, **facts: Any) -> str:
    """An incident that has come as far as ``status``."""
    reference = report(town, what=f"For {status}", **facts)
    if status is Status.FALSE_ALARM:
        move(town, reference, status)
        return reference
    for stage in STAGES[1 : STAGES.index(status) + 1]:
        move(town, reference, stage)
    return reference
