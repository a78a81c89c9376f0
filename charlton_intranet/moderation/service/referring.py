"""Handing something on to IT, the police, human resources or counsel, and what came back."""

from collections.abc import Sequence
from datetime import date

from charlton_intranet.accounts.queries import contact
from charlton_intranet.core import audit, files
from charlton_intranet.core.clock import Clock
from charlton_intranet.core.database import first_row, in_unit_of_work, unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.mail import service as mail
from charlton_intranet.moderation.models import Case, Referral, ReferralPaper
from charlton_intranet.moderation.queries.referrals import SENDERS, may_read
from charlton_intranet.moderation.rules import check_words, clean
from charlton_intranet.moderation.rules.worksheet import (
    REFERRAL_OPEN,
    ReferralState,
    ReferredTo,
    check_referral,
    check_referral_move,
    check_sent,
)
from charlton_intranet.moderation.service._cases import due, visible
from charlton_intranet.moderation.service._mails import tell_holders
from charlton_intranet.sites.queries import site_ref

REFERRED = audit.declare("referral.made", "case", "determination", "to", "reason", "state", "due")
SENT = audit.declare("referral.sent", "before", "after", "how", "due")
ANSWERED = audit.declare("referral.answered", "before", "after", "answer", "papers")
WITHDRAWN = audit.declare("referral.withdrawn", "before", "after", "why")


def refer(
    actor: Actor, case: Case, to: ReferredTo, reason: str, *, determination_id: int | None = None, clock: Clock
) -> int:
    """Hand a case on, inside the caller's unit of work; returns the referral's id. The caller has authorised it.

    IT reads it in the app, so it is sent with this; for the others somebody has to take it there.
    """
    if not in_unit_of_work():
        raise RuntimeError("a referral belongs in the transaction of what it is for")
    reason = clean(reason).strip()
    check_referral(to, reason)
    if case.seal_id is None:
        raise Invalid({"reason": "Raise a concern first: what is referred to others must be sealed."})
    if _open(case.id, to):
        raise Invalid({f"refer_{to.value}": f"It is with {to.label} already. Follow that referral."})
    by_app = to is ReferredTo.IT
    state = ReferralState.SENT if by_app else ReferralState.ASKED
    due_on = due(clock, "referral_answer.business_days" if by_app else "referral_send.business_days")
    sent = {"sent_by": actor.person_id, "sent_at": clock.now(), "sent_how": "In the app"} if by_app else {}
    referral_id = int(
        Referral.insert(
            case=case.id, determination=determination_id, to=to, reason=reason, state=state, due_on=due_on,
            asked_by=actor.person_id, asked_at=clock.now(), **sent,
        ).execute()
    )  # fmt: skip
    audit.record(
        REFERRED, actor, subject(referral_id), clock=clock, case=case.id, determination=determination_id, to=to,
        reason=audit.digest_of(reason), state=state, due=due_on,
    )  # fmt: skip
    _tell(referral_id, case, to, due_on=due_on, clock=clock)
    return referral_id


def refer_case(actor: Actor, case_id: int, *, to: ReferredTo, reason: str, clock: Clock) -> int:
    """Hand a case on before or after its determination; it does not move the case. Returns the referral's id."""
    with unit_of_work():
        case = visible(actor, case_id)
        if not may_read(actor, to, case.department_id):
            raise Forbidden
        try:
            return refer(actor, case, to, reason, clock=clock)
        except Invalid as refusal:
            raise Invalid({"reason": " ".join(refusal.problems.values())}) from refusal


def mark_sent(actor: Actor, referral_id: int, version: int, *, how: str, clock: Clock) -> None:
    """It has left the house: from here the clock of the answer runs."""
    how = " ".join(clean(how).split())
    with unit_of_work():
        found = _at(actor, referral_id, version)
        check_referral_move(found.state, ReferralState.SENT)
        check_sent(how)
        due_on = due(clock, "referral_answer.business_days")
        update_current(
            Referral, found.id, version, state=ReferralState.SENT, sent_by=actor.person_id, sent_at=clock.now(),
            sent_how=how, due_on=due_on,
        )  # fmt: skip
        audit.record(
            SENT, actor, subject(found.id), clock=clock, before=found.state, after=ReferralState.SENT,
            how=audit.digest_of(how), due=due_on,
        )  # fmt: skip


def answer(
    actor: Actor,
    referral_id: int,
    version: int,
    *,
    text: str,
    papers: Sequence[tuple[Upload, Stored]] = (),
    clock: Clock,
) -> None:
    """What came back, with the documents that prove it, and mail whoever asked."""
    text = clean(text).strip()
    with unit_of_work():
        found = _at(actor, referral_id, version)
        check_referral_move(found.state, ReferralState.ANSWERED)
        check_words("text", text, ask="Say what they answered, or what was done.")
        _close(actor, found, ReferralState.ANSWERED, text, clock=clock)
        for upload, stored in papers:
            kept = files.keep(stored, media_type=upload.media_type, file_name=upload.file_name, clock=clock)
            ReferralPaper.insert(referral=found.id, file=kept).execute()
        audit.record(
            ANSWERED, actor, subject(found.id), clock=clock, before=found.state, after=ReferralState.ANSWERED,
            answer=audit.digest_of(text), papers=[stored.sha256 for _upload, stored in papers],
        )  # fmt: skip
        _tell_answer(actor, found, clock=clock)


def withdraw(actor: Actor, referral_id: int, version: int, *, why: str, clock: Clock) -> None:
    """Take a referral back; that it was made stays on record."""
    why = clean(why).strip()
    with unit_of_work():
        found = _at(actor, referral_id, version)
        actor.must_have(Permission.READ_CASES, found.case.department_id)
        check_referral_move(found.state, ReferralState.WITHDRAWN)
        check_words("why", why, ask="Say why it is taken back.")
        _close(actor, found, ReferralState.WITHDRAWN, why, clock=clock)
        audit.record(
            WITHDRAWN, actor, subject(found.id), clock=clock, before=found.state, after=ReferralState.WITHDRAWN,
            why=audit.digest_of(why),
        )  # fmt: skip


def subject(referral_id: int) -> str:
    """How a referral is named in the trail."""
    return f"referral:{referral_id}"


def _open(case_id: int, to: ReferredTo) -> bool:
    there = Referral.select(Referral.id).where(
        (Referral.case == case_id) & (Referral.to == to) & Referral.state.in_(list(REFERRAL_OPEN))
    )
    return first_row(there.limit(1)) is not None


def _at(actor: Actor, referral_id: int, version: int) -> Referral:
    """The referral as the actor had it open, for somebody who may follow it."""
    found = Referral.get_or_none(Referral.id == referral_id)
    if found is None or not may_read(actor, found.to, found.case.department_id):
        raise NotFound
    if found.version != version:
        raise StaleState
    return found


def _close(actor: Actor, found: Referral, state: ReferralState, text: str, *, clock: Clock) -> None:
    update_current(
        Referral, found.id, found.version, state=state, answer=text, closed_by=actor.person_id, closed_at=clock.now()
    )


def _tell(referral_id: int, case: Case, to: ReferredTo, *, due_on: date, clock: Clock) -> None:
    """Mail whoever is to act on it or to send it. Neither the words nor the reason leave the app by this."""
    role = SENDERS[to]
    tell_holders(
        role, "case_referral", site_id=case.site_id, department_id=case.department_id, occasion=str(referral_id),
        path=f"/referrals/{referral_id}", clock=clock, to=to, office=role, due_on=due_on,
    )  # fmt: skip


def _tell_answer(actor: Actor, found: Referral, *, clock: Clock) -> None:
    asker, site = contact(found.asked_by_id), site_ref(found.case.site_id)
    if asker is None or asker.person_id == actor.person_id:
        return
    mail.queue(
        "referral_answered", occasion=f"referral_answered:{found.id}", recipient=asker.email,
        recipient_name=asker.name, clock=clock, to=found.to, site=f"{site.title} ({site.network_name})",
        path=f"/referrals/{found.id}",
    )  # fmt: skip
