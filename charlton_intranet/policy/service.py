"""Use cases around the policy: draft and publish a version, sign it, tell whose signature ends."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import serialise, unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, StaleState
from charlton_intranet.core.permissions import SYSTEM, Actor, Permission
from charlton_intranet.mail import service as mail
from charlton_intranet.policy import queries
from charlton_intranet.policy.clauses import plain_text, sha256_of
from charlton_intranet.policy.models import Acknowledgement, PolicyDocument
from charlton_intranet.policy.rules import (
    CONSENT_READ,
    CONSENT_SIGN,
    EXPIRING_DAYS,
    METHOD,
    MOVES,
    Change,
    DocumentState,
    Told,
    check_document,
    check_signature,
    expiry,
    next_number,
)

DRAFTED = audit.declare("policy.drafted", "number", "text")
REDRAFTED = audit.declare("policy.redrafted", "number", "before", "after")
PUBLISHED = audit.declare("policy.published", "number", "change", "text", "before", "after")
SIGNED = audit.declare("acknowledgement.signed", "document", "number", "seal", "expires")
EXPIRING = audit.declare("acknowledgement.expiring", "person", "signed", "in_force", "expires")
EXPIRED = audit.declare("acknowledgement.expired", "person", "signed", "in_force", "expires")
SUPERSEDED = audit.declare("acknowledgement.superseded", "person", "signed", "in_force", "expires")

# One unit of work tells at most this many people, so that a new major version never holds the database for long.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Flagged:
    """How many signatures one batch flagged."""

    expiring: int
    lapsed: int


def _subject(document_id: int) -> str:
    return f"policy:{document_id}"


# --- versions ---------------------------------------------------------------------------------------------


def draft(actor: Actor, *, title: str, change: Change, summary: str, text: str, clock: Clock) -> int:
    """Write down a new version; returns its id. There is one draft at a time, so that numbers follow each other."""
    text = plain_text(text)
    with unit_of_work():
        actor.must_have(Permission.PUBLISH_POLICY)
        serialise("policy.versions")
        if queries.draft_id() is not None:
            raise Invalid({"text": "There is a draft already. Change or publish that one first."})
        last = _last_published()
        check_document(title=title, change=change, summary=summary, text=text, first=last is None)
        major, minor = next_number(change, last)
        document_id = int(
            PolicyDocument.insert(
                title=title.strip(), major=major, minor=minor, change=change, summary=summary.strip(),
                text=text, text_sha256=sha256_of(text), drafted_by=actor.person_id, drafted_at=clock.now(),
            ).execute()
        )  # fmt: skip
        audit.record(
            DRAFTED, actor, _subject(document_id), clock=clock,
            number=f"{major}.{minor}", text=audit.digest_of(text),
        )  # fmt: skip
    return document_id


def redraft(
    actor: Actor,
    document_id: int,
    version: int,
    *,
    title: str,
    change: Change,
    summary: str,
    text: str,
    clock: Clock,
) -> None:
    """Change the draft; a published version is never changed."""
    text = plain_text(text)
    with unit_of_work():
        kept = _draft(actor, document_id)
        last = _last_published()
        check_document(title=title, change=change, summary=summary, text=text, first=last is None)
        major, minor = next_number(change, last)
        update_current(
            PolicyDocument, document_id, version,
            title=title.strip(), major=major, minor=minor, change=change, summary=summary.strip(),
            text=text, text_sha256=sha256_of(text),
        )  # fmt: skip
        audit.record(
            REDRAFTED, actor, _subject(document_id), clock=clock,
            number=f"{major}.{minor}", before=audit.digest_of(kept.text), after=audit.digest_of(text),
        )  # fmt: skip


def publish(actor: Actor, document_id: int, version: int, *, clock: Clock) -> str:
    """Put the draft into force in place of the version before; returns its number.

    After a major version no signature counts any more until it is given anew (3.3-4).
    """
    with unit_of_work():
        serialise("policy.versions")
        kept = _draft(actor, document_id)
        before = queries.in_force()
        if before is not None:
            PolicyDocument.update(state=DocumentState.SUPERSEDED, version=PolicyDocument.version + 1).where(
                PolicyDocument.id == before.id
            ).execute()
        update_current(
            PolicyDocument, document_id, version,
            state=DocumentState.PUBLISHED, published_by=actor.person_id, published_at=clock.now(),
        )  # fmt: skip
        number = f"{kept.major}.{kept.minor}"
        audit.record(
            PUBLISHED, actor, _subject(document_id), clock=clock, number=number, change=kept.change,
            text=audit.digest_of(kept.text), before=before.number if before else None, after=number,
        )  # fmt: skip
    return number


def _last_published() -> tuple[int, int] | None:
    current = queries.in_force()
    return (current.major, current.minor) if current else None


def _draft(actor: Actor, document_id: int) -> PolicyDocument:
    """The draft, for those who publish; a version that has left that state answers as stale."""
    kept = queries.document(actor, document_id)
    actor.must_have(Permission.PUBLISH_POLICY)
    if DocumentState.PUBLISHED not in MOVES[kept.state]:
        raise StaleState("This version has been published already. A published version is never changed.")
    return kept


# --- signatures -------------------------------------------------------------------------------------------


def sign(actor: Actor, document_id: int, *, typed_name: str, read: bool, agreed: bool, agent: str, clock: Clock) -> int:
    """Sign the version in force (3.3-4) and return the signature's id; a second press the same day signs once.

    The caller has made sure of a fresh sign-in. ``agent`` is the browser's name for itself. Raises ``StaleState``
    when another version came into force while this one was read.
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
        if present is not None and (present.document_id, present.signed_on) == (document_id, day):
            return int(present.id)
        Acknowledgement.update(told=Told.REPLACED).where(newest).execute()
        return _write(actor, document, typed_name=" ".join(typed_name.split()), agent=agent[:200], clock=clock)


def _write(actor: Actor, document: PolicyDocument, *, typed_name: str, agent: str, clock: Clock) -> int:
    """Write the signature with its record and seal inside the caller's unit of work."""
    now, day = clock.now(), today(clock)
    expires = expiry(day, queries.default("acknowledgement.months"))
    scope = _scope(actor)
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
            "scope": scope,
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
            person=actor.person_id, document=document.id, major=document.major, scope=scope,
            typed_name=typed_name, signed_at=now, signed_on=day, expires_on=expires, address=actor.address,
            agent=agent, method=METHOD, text_sha256=document.text_sha256, record=record, seal=seal,
        ).execute()
    )  # fmt: skip
    audit.record(
        SIGNED, actor, f"acknowledgement:{acknowledgement_id}", clock=clock,
        document=document.id, number=f"{document.major}.{document.minor}", seal=seal, expires=expires,
    )  # fmt: skip
    return acknowledgement_id


def _scope(actor: Actor) -> str:
    """In whose name the signer acts: roles in the policy's words, and the department."""
    roles = ", ".join(actor.role_labels)
    return f"{roles}; {actor.department_name}"[:300] if actor.department_name else roles[:300]


# --- what ends ----------------------------------------------------------------------------------------------


def flag(*, clock: Clock) -> Flagged:
    """Flag the next signatures that are for an old major version, have expired or expire soon, and tell their people.

    Each is claimed by one conditional update, so every signature is flagged once per step whoever runs this and how
    often. One step and at most ``BATCH`` signatures a call; call again until nothing is flagged.
    """
    day = today(clock)
    with unit_of_work():
        current = queries.in_force()
        if current is None:
            return Flagged(0, 0)
        # In this order: a step finds only what the steps before it have left.
        if rows := _claim(Told.LAPSED, Acknowledgement.major < current.major):
            _tell(SUPERSEDED, "policy_superseded", rows, current, clock=clock)
            return Flagged(0, len(rows))
        if rows := _claim(Told.LAPSED, Acknowledgement.expires_on < day):
            _tell(EXPIRED, "policy_expired", rows, current, clock=clock)
            return Flagged(0, len(rows))
        rows = _claim(Told.EXPIRING, Acknowledgement.expires_on <= day + timedelta(days=EXPIRING_DAYS))
        _tell(EXPIRING, "policy_expiring", rows, current, clock=clock)
        return Flagged(len(rows), 0)


def _claim(to: Told, due: Any) -> list[Any]:
    """Move what is due on to ``to`` in one statement and return those rows (person, expiry, major)."""
    before = (Told.NOTHING,) if to is Told.EXPIRING else (Told.NOTHING, Told.EXPIRING)
    waiting = Acknowledgement.told.in_(before) & due
    chosen = Acknowledgement.select(Acknowledgement.id).where(waiting).order_by(Acknowledgement.id).limit(BATCH)
    # The condition stands outside as well: another runner may have claimed a row between choosing and locking.
    return list(
        Acknowledgement.update(told=to)
        .where(Acknowledgement.id.in_(chosen) & waiting)
        .returning(Acknowledgement.id, Acknowledgement.person, Acknowledgement.expires_on, Acknowledgement.major)
        .execute()
    )


def _tell(tag: str, template: str, rows: list[Acknowledgement], current: queries.InForce, *, clock: Clock) -> None:
    """One event for each signature, and one mail to each person whose account is open."""
    if not rows:
        return
    people = queries.contacts(row.person_id for row in rows)
    for row in rows:
        audit.record(
            tag, SYSTEM, f"acknowledgement:{row.id}", clock=clock,
            person=row.person_id, signed=row.major, in_force=current.major, expires=row.expires_on,
        )  # fmt: skip
        contact = people.get(row.person_id)
        if contact is not None:
            mail.queue(
                template,
                occasion=f"acknowledgement:{row.id}:{template}",
                recipient=contact.email,
                recipient_name=contact.name,
                clock=clock,
                number=current.number,
                expires=row.expires_on,
            )
