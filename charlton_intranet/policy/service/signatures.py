"""Signing the policy in the app (3.3-4; M.G.L. c. 110G)."""

from collections.abc import Sequence
from datetime import date

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import rows, serialise, unit_of_work
from charlton_intranet.core.errors import Forbidden, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.policy import queries
from charlton_intranet.policy.clauses import sha256_of
from charlton_intranet.policy.models import AcknowledgedScope, Acknowledgement, PolicyDocument
from charlton_intranet.policy.rules import CONSENT_READ, CONSENT_SIGN, METHOD, Told, check_signature, expiry

SIGNED = audit.declare("acknowledgement.signed", "document", "number", "seal", "expires")


def sign(
    actor: Actor,
    document_id: int,
    *,
    scope: Sequence[ScopeLine] = (),
    typed_name: str,
    read: bool,
    agreed: bool,
    agent: str,
    clock: Clock,
) -> int:
    """Sign the version in force (3.3-4) for the lines of ``scope`` and return the signature's id.

    A second press the same day signs once, unless the version or the scope is another. The caller has made sure of a
    fresh sign-in. ``agent`` is the browser's name for itself. Raises ``StaleState`` when another version came into
    force while this one was read.
    """
    if actor.person_id is None:
        raise Forbidden("Only a person can sign.")
    day = today(clock)
    with unit_of_work():
        actor.must_have(Permission.SIGN_POLICY)
        serialise(f"acknowledgement:{actor.person_id}")
        document = queries.document_in_force()
        if document is None or document.id != document_id:
            raise StaleState(
                "Another version of the policy came into force while you were reading. Nothing was signed."
            )
        check_signature(typed_name=typed_name, account_name=actor.name, read=read, agreed=agreed)
        newest = (Acknowledgement.person == actor.person_id) & (Acknowledgement.told != Told.REPLACED)
        present = Acknowledgement.get_or_none(newest)
        if present is not None and _says_the_same(present, document_id, day, scope):
            return int(present.id)
        Acknowledgement.update(told=Told.REPLACED).where(newest).execute()
        return _write(actor, document, scope, typed_name=" ".join(typed_name.split()), agent=agent[:200], clock=clock)


def fingerprint(scope: Sequence[ScopeLine]) -> str:
    """By which a form knows the lines again that were on the screen; empty for none."""
    return sha256_of(audit.canonical([[one.subject, one.level, one.words] for one in scope])) if scope else ""


def _says_the_same(present: Acknowledgement, document_id: int, day: date, scope: Sequence[ScopeLine]) -> bool:
    """Whether a signature is of this day, for the same version and the same lines."""
    if (present.document_id, present.signed_on) != (document_id, day):
        return False
    lines = AcknowledgedScope.select(AcknowledgedScope.subject, AcknowledgedScope.level)
    kept = rows(lines.where(AcknowledgedScope.acknowledgement == present.id))
    return set(kept) == {(line.subject, line.level) for line in scope}


def _write(
    actor: Actor, document: PolicyDocument, scope: Sequence[ScopeLine], *, typed_name: str, agent: str, clock: Clock
) -> int:
    """Write the signature with its record and seal inside the caller's unit of work."""
    now, day = clock.now(), today(clock)
    expires = expiry(day, queries.default("acknowledgement.months"))
    record = audit.canonical(
        {
            "what": "acknowledgement of the Social Media Policy (3.3-4)",
            "person": {"id": actor.person_id, "name": actor.name, "email": actor.email},
            "typed_name": typed_name,
            "policy": {
                "title": document.title,
                "version": f"{document.major}.{document.minor}",
                "sha256": document.text_sha256,
            },
            "consents": [CONSENT_READ, CONSENT_SIGN],
            "scope": _acts_as(actor),
            "signs_for": [{"subject": one.subject, "level": one.level, "words": one.words} for one in scope],
            "signed_at": now,
            "expires_on": expires,
            "address": actor.address,
            "device": agent,
            "method": METHOD,
        }
    )
    seal = sha256_of(record)
    acknowledgement_id = int(
        Acknowledgement.insert(
            person=actor.person_id, document=document.id, major=document.major, scope=_acts_as(actor),
            typed_name=typed_name, signed_at=now, signed_on=day, expires_on=expires, address=actor.address,
            agent=agent, method=METHOD, text_sha256=document.text_sha256, record=record, seal=seal,
        ).execute()
    )  # fmt: skip
    for line in scope:
        AcknowledgedScope.insert(
            acknowledgement=acknowledgement_id, subject=line.subject, level=line.level, words=line.words
        ).execute()
    audit.record(
        SIGNED, actor, f"acknowledgement:{acknowledgement_id}", clock=clock,
        document=document.id, number=f"{document.major}.{document.minor}", seal=seal, expires=expires,
    )  # fmt: skip
    return acknowledgement_id


def _acts_as(actor: Actor) -> str:
    """In whose name the signer acts: roles in the policy's words, and the department."""
    roles = ", ".join(actor.role_labels)
    return f"{roles}; {actor.department_name}"[:300] if actor.department_name else roles[:300]
