"""What every signature has in common, in the app or on paper: one sealed record, and rows that say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import rows
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.policy import queries
from charlton_intranet.policy.clauses import sha256_of
from charlton_intranet.policy.models import AcknowledgedScope, Acknowledgement, PolicyDocument
from charlton_intranet.policy.rules import Told, expiry

WHAT = "acknowledgement of the Social Media Policy (3.3-4)"


@dataclass(frozen=True, slots=True)
class Act:
    """How somebody signed. ``told`` stands in the record beside what all signatures tell."""

    signed_on: date
    typed_name: str
    address: str
    agent: str
    method: str
    told: dict[str, Any]


def identity(actor: Actor) -> dict[str, Any]:
    """A person as a record names them."""
    return {"id": actor.person_id, "name": actor.name, "email": actor.email}


def newest_of(person_id: int) -> Acknowledgement | None:
    """The one signature of a person that no other has replaced."""
    mine = Acknowledgement.person == person_id
    return Acknowledgement.get_or_none(mine & (Acknowledgement.told != Told.REPLACED))


def says_the_same(kept: Acknowledgement, document_id: int, day: date, scope: Sequence[ScopeLine]) -> bool:
    """Whether a signature is of this day, for the same version and the same lines."""
    if (kept.document_id, kept.signed_on) != (document_id, day):
        return False
    lines = AcknowledgedScope.select(AcknowledgedScope.subject, AcknowledgedScope.level)
    covered = rows(lines.where(AcknowledgedScope.acknowledgement == kept.id))
    return set(covered) == {(line.subject, line.level) for line in scope}


def keep_signature(
    signer: Actor, document: PolicyDocument, scope: Sequence[ScopeLine], act: Act, *, clock: Clock
) -> Acknowledgement:
    """Seal the record of a signature and write it in place of the one before, inside the caller's unit of work."""
    expires = expiry(act.signed_on, queries.default("acknowledgement.months"))
    record = audit.canonical(
        {
            "what": WHAT,
            "person": identity(signer),
            "policy": {
                "title": document.title,
                "version": document.number,
                "sha256": document.text_sha256,
                **queries.original_digest(document.id),
            },
            "scope": _acts_as(signer),
            "signs_for": [{"subject": one.subject, "level": one.level, "words": one.words} for one in scope],
            "expires_on": expires,
            "address": act.address,
            "device": act.agent,
            "method": act.method,
            **act.told,
        }
    )
    before = newest_of(signer.person_id or 0)
    if before is not None:
        Acknowledgement.update(told=Told.REPLACED).where(Acknowledgement.id == before.id).execute()
    kept = Acknowledgement.create(
        person=signer.person_id, document=document.id, major=document.major, scope=_acts_as(signer),
        typed_name=act.typed_name, signed_at=clock.now(), signed_on=act.signed_on, expires_on=expires,
        address=act.address, agent=act.agent, method=act.method, text_sha256=document.text_sha256,
        record=record, seal=sha256_of(record),
    )  # fmt: skip
    for line in scope:
        AcknowledgedScope.insert(
            acknowledgement=kept.id, subject=line.subject, level=line.level, words=line.words
        ).execute()
    return kept


def _acts_as(actor: Actor) -> str:
    """In whose name the signer acts: roles in the policy's words, and the department."""
    roles = ", ".join(actor.role_labels)
    return f"{roles}; {actor.department_name}"[:300] if actor.department_name else roles[:300]
