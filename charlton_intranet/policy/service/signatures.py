"""Signing the policy in the app (3.3-4; M.G.L. c. 110G)."""

from collections.abc import Sequence

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Forbidden, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.policy import queries
from charlton_intranet.policy.clauses import sha256_of
from charlton_intranet.policy.rules import CONSENT_READ, CONSENT_SIGN, METHOD, check_signature
from charlton_intranet.policy.service.keeping import Act, keep_signature, newest_of, says_the_same

SIGNED = audit.declare("acknowledgement.signed", "document", "number", "seal", "expires")


def fingerprint(scope: Sequence[ScopeLine]) -> str:
    """By which a form knows the lines again that were on the screen; empty for none."""
    return sha256_of(audit.canonical([[one.subject, one.level, one.words] for one in scope])) if scope else ""


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
        document = queries.document_in_force()
        if document is None or document.id != document_id:
            raise StaleState(
                "Another version of the policy came into force while you were reading. Nothing was signed."
            )
        check_signature(typed_name=typed_name, account_name=actor.name, read=read, agreed=agreed)
        present = newest_of(actor.person_id)
        if present is not None and says_the_same(present, document_id, day, scope):
            return present.id
        name = " ".join(typed_name.split())
        told = {"typed_name": name, "consents": [CONSENT_READ, CONSENT_SIGN], "signed_at": clock.now()}
        act = Act(day, name, actor.address, agent[:200], METHOD, told)
        kept = keep_signature(actor, document, scope, act, clock=clock)
        audit.record(
            SIGNED, actor, f"acknowledgement:{kept.id}", clock=clock,
            document=document.id, number=document.number, seal=kept.seal, expires=kept.expires_on,
        )  # fmt: skip
    return kept.id
