"""Filing a signature that was given on paper (3.3-4): the alternative for whoever would rather not sign here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts.rules import PersonState
from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core import audit, files
from charlton_intranet.core.clock import Clock, today, town_time
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.policy import queries
from charlton_intranet.policy.models import Acknowledgement, PaperSignature, PolicyDocument
from charlton_intranet.policy.rules import ATTESTED, ON_PAPER, check_paper
from charlton_intranet.policy.service.keeping import Act, identity, keep_signature, newest_of, says_the_same

FILED = audit.declare("acknowledgement.filed", "person", "document", "number", "seal", "expires", "paper")


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper as it was handed in: the scan, which lies in the store, its day, and what it is signed for."""

    scan: tuple[Upload, Stored]
    signed_on: date | None
    scope: Sequence[ScopeLine] = ()
    attested: bool = False


def file_on_paper(
    actor: Actor, person_id: int, document_id: int, paper: Paper, *, exception: str = "", agent: str, clock: Clock
) -> int:
    """File somebody's signature on paper under one version of the major one in force; returns the signature's id.

    It counts from its filing, and for as long as if it had been given here on the paper's day. The same paper again
    is filed once. The caller has made sure of a fresh sign-in.
    """
    with unit_of_work():
        actor.must_have(Permission.FILE_PAPER_SIGNATURE)
        signer = _signer(person_id, today(clock))
        must_not_be_own(
            actor, own=person_id == actor.person_id, exception=exception,
            step="file one's own signature on paper", subject=f"person:{person_id}", clock=clock,
        )  # fmt: skip
        document, present = _version(document_id), newest_of(person_id)
        signed_on = check_paper(
            signed_on=paper.signed_on,
            today=today(clock),
            since=town_time(document.published_at).date(),
            months=queries.default("acknowledgement.months"),
            present=present.signed_on if present is not None and present.major == document.major else None,
            attested=paper.attested,
        )
        if present is not None and _is_this_paper(present, document_id, signed_on, paper.scope):
            return present.id
        return _keep(actor, signer, document, paper, signed_on, agent=agent[:200], clock=clock)


def _signer(person_id: int, day: date) -> Actor:
    """Whoever signed the paper, with what they hold today; only for open accounts."""
    person = accounts.person(person_id)
    if person.state != PersonState.ACTIVE:
        raise NotFound("This account is closed, so no signature is filed for it.")
    return accounts.actor_of(person, day)


def _version(document_id: int) -> PolicyDocument:
    """A version that was published under the major one in force, or ``StaleState``."""
    current = queries.in_force()
    found = PolicyDocument.get_or_none(PolicyDocument.id == document_id)
    if found is None or current is None or found.major != current.major or found.published_at is None:
        raise StaleState("Another major version came into force meanwhile, so this paper can not be filed any more.")
    return found


def _is_this_paper(present: Acknowledgement, document_id: int, day: date, scope: Sequence[ScopeLine]) -> bool:
    return present.method == ON_PAPER and says_the_same(present, document_id, day, scope)


def _keep(
    actor: Actor, signer: Actor, document: PolicyDocument, paper: Paper, signed_on: date, *, agent: str, clock: Clock
) -> int:
    upload, stored = paper.scan
    scan = {
        "file": upload.file_name,
        "media_type": upload.media_type,
        "sha256": stored.sha256,
        "size": stored.size,
    }
    told = {
        "signed_on": signed_on,
        "attested": ATTESTED,
        "filed_by": identity(actor),
        "filed_at": clock.now(),
        "paper": scan,
    }
    act = Act(signed_on, signer.name, actor.address, agent, ON_PAPER, told)
    kept = keep_signature(signer, document, paper.scope, act, clock=clock)
    file_id = files.keep(stored, media_type=upload.media_type, file_name=upload.file_name, clock=clock)
    PaperSignature.insert(
        acknowledgement=kept.id, file=file_id, filed_by=actor.person_id, filed_at=clock.now()
    ).execute()
    audit.record(
        FILED, actor, f"acknowledgement:{kept.id}", clock=clock, person=signer.person_id, document=document.id,
        number=document.number, seal=kept.seal, expires=kept.expires_on, paper=f"sha256:{stored.sha256}",
    )  # fmt: skip
    return kept.id
