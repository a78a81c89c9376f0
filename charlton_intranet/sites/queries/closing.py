"""The steps before a site is over for good, and what shows each (3.7-1)."""

from dataclasses import dataclass
from datetime import datetime

from charlton_intranet.accounts.models import Person
from charlton_intranet.core.database import rows
from charlton_intranet.sites.models import DeactivationStep
from charlton_intranet.sites.queries.proofs import ProofRow, proofs
from charlton_intranet.sites.rules import Closing


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step that was shown: by a proof, or with the reason why it is impossible."""

    proof: ProofRow | None
    impossible: str
    by: str
    at: datetime


def closing_of(site_id: int) -> dict[Closing, ShownStep]:
    """The steps that are shown, in two queries."""
    query = (
        DeactivationStep.select(
            DeactivationStep.step, DeactivationStep.proof, DeactivationStep.impossible,
            Person.name, DeactivationStep.done_at,
        )
        .join(Person, on=(DeactivationStep.done_by == Person.id))
        .where(DeactivationStep.site == site_id)
    )  # fmt: skip
    found = rows(query)
    shown = proofs(proof_id for _, proof_id, *_ in found)
    return {
        step: ShownStep(shown.get(proof_id or 0), impossible, by, at) for step, proof_id, impossible, by, at in found
    }


def not_shown(site_id: int) -> list[Closing]:
    """The steps that are still to be shown, in their order."""
    done = {
        step for (step,) in rows(DeactivationStep.select(DeactivationStep.step).where(DeactivationStep.site == site_id))
    }
    return [step for step in Closing if step not in done]
