"""Putting a message in the outbox, in the transaction of what it tells of."""

import hashlib
from typing import Any

from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import in_unit_of_work
from charlton_intranet.mail.messages import letterhead, render
from charlton_intranet.mail.models import OCCASION_MAX, OneClick, OutboxMessage


def queue(
    template: str,
    *,
    occasion: str,
    recipient: str,
    recipient_name: str,
    clock: Clock,
    unsubscribe: str = "",
    **context: Any,
) -> bool:
    """Queue one message to one address; False when this ``occasion`` was queued for them before.

    ``occasion`` says what happened and when, say ``incident-reported:12``; the recipient is added to it. The text
    is fixed now, so what was sent can be read later to the letter. ``unsubscribe`` is the own path of the page that
    switches off what may be switched off: the template knows it by this name, and the message's header names it.
    """
    if not in_unit_of_work():
        raise RuntimeError("a message belongs in the transaction of what it tells of")
    words = render(template, {**context, "recipient_name": recipient_name, "unsubscribe": unsubscribe})
    now = clock.now()
    inserted = list(
        OutboxMessage.insert(
            occasion=_key(occasion, recipient),
            kind=template,
            recipient=recipient,
            recipient_name=recipient_name,
            subject=words.subject,
            text=words.text,
            html=words.html,
            queued_at=now,
            next_try_at=now,
        )
        .on_conflict(conflict_target=[OutboxMessage.occasion], action="NOTHING")
        .returning(OutboxMessage.id)
        .execute()
    )
    if inserted and unsubscribe:
        OneClick.insert(message=inserted[0].id, url=letterhead().base_url.rstrip("/") + unsubscribe).execute()
    return bool(inserted)


def _key(occasion: str, recipient: str) -> str:
    """The occasion and whom it concerns; a long one ends in its digest, so that two never fall together."""
    key = f"{occasion}|{recipient}"
    return key if len(key) <= OCCASION_MAX else f"{key[: OCCASION_MAX - 65]}#{hashlib.sha256(key.encode()).hexdigest()}"
