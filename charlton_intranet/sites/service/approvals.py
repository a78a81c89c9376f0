"""What was approved of a site, what its department changes since, and the approval of every year (2.2, 3.7)."""

from collections.abc import Collection

from charlton_intranet.accounts.service.exceptions import must_not_be_own
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work, update_current
from charlton_intranet.core.errors import Invalid, StaleState
from charlton_intranet.core.permissions import Actor
from charlton_intranet.sites.models import Site, SiteChange, YearlyAnswer
from charlton_intranet.sites.queries.approvals import Approval, approval_of, facts_of
from charlton_intranet.sites.rules import FACTS, ApprovalKind, Cadence, SiteFacts, may_renew
from charlton_intranet.sites.service.requests import begin, checked, keep_approval, subject

CHANGED = audit.declare("site.record_changed", "fields", "facts")
CONFIRMED = audit.declare("site.change_confirmed", "facts", "note")
REFUSED = audit.declare("site.change_refused", "reason")
SET_BACK = audit.declare("site.record_set_back", "fields", "facts")
ANSWERED = audit.declare("site.need_answered", "needed", "note")
RENEWED = audit.declare("site.renewed", "facts", "note")


def change_record(
    actor: Actor, site_id: int, version: int, facts: SiteFacts, *, domains: Collection[str], clock: Clock
) -> None:
    """Change what is on record of an approved site; the Town Administrator is asked to consent (2.2)."""
    with unit_of_work():
        site = begin(actor, site_id, "change_record")
        _change(actor, site, version, facts, CHANGED, domains=domains, clock=clock)


def set_back(actor: Actor, site_id: int, version: int, *, domains: Collection[str], clock: Clock) -> None:
    """Put the record back to what was approved."""
    with unit_of_work():
        site = begin(actor, site_id, "change_record")
        kept = _flagged(site).facts
        facts = SiteFacts(
            address=kept["address"],
            title=kept["title"],
            account_email=kept["account_email"],
            purpose=kept["purpose"],
            audience=kept["audience"],
            plan=kept["plan"],
            cadence=Cadence(kept["cadence"]),
        )
        _change(actor, site, version, facts, SET_BACK, domains=domains, clock=clock)


def _change(
    actor: Actor, site: Site, version: int, facts: SiteFacts, tag: str, *, domains: Collection[str], clock: Clock
) -> None:
    moved = facts.address.strip() != site.address
    columns = checked(actor, facts, domains, besides=site.id, moved=moved)
    before = facts_of(site)
    after = before | {name: str(value) for name, value in columns.items() if name in FACTS}
    if before == after:
        raise Invalid({"record": "Nothing is different from what is on record. Nothing was saved."})
    update_current(Site, site.id, version, **columns)
    SiteChange.insert(
        site=site.id,
        before=audit.canonical(before),
        after=audit.canonical(after),
        changed_by=actor.person_id,
        changed_on=today(clock),
    ).execute()
    audit.record(
        tag, actor, subject(site.id), clock=clock,
        fields=[name for name in FACTS if before[name] != after[name]],
        facts=audit.digest_of(audit.canonical(after)),
    )  # fmt: skip


def confirm_change(
    actor: Actor, site_id: int, version: int, *, note: str = "", exception: str = "", clock: Clock
) -> None:
    """Approve the record as it stands now. Nobody confirms their own change."""
    with unit_of_work():
        site = begin(actor, site_id, "settle_change")
        approval = _flagged(site)
        own = approval.changed_by_id == actor.person_id
        _must_not_be_own(actor, site, "confirm the change", own=own, exception=exception, clock=clock)
        update_current(Site, site.id, version)
        digest = keep_approval(actor, site, ApprovalKind.CHANGE, note=note, clock=clock)
        audit.record(CONFIRMED, actor, subject(site.id), clock=clock, facts=digest, note=audit.digest_of(note.strip()))


def refuse_change(actor: Actor, site_id: int, version: int, *, reason: str, clock: Clock) -> None:
    """Ask the department to set its record back."""
    with unit_of_work():
        site = begin(actor, site_id, "settle_change")
        approval = _flagged(site)
        if approval.refused:
            raise StaleState("The department is asked to set it back already. Nothing was saved.")
        if not reason.strip():
            raise Invalid({"text": "Say why, so that the department head can act on it."})
        update_current(Site, site.id, version)
        SiteChange.update(refused_by=actor.person_id, refused_on=today(clock), reason=reason.strip()).where(
            SiteChange.id == approval.change_id
        ).execute()
        audit.record(REFUSED, actor, subject(site.id), clock=clock, reason=audit.digest_of(reason.strip()))


def answer_need(actor: Actor, site_id: int, version: int, *, needed: bool, note: str = "", clock: Clock) -> None:
    """The department's word whether the site is still used and its plan still true."""
    with unit_of_work():
        site = begin(actor, site_id, "answer_need")
        approval = _approval(site)
        if approval.answer or not may_renew(approval.renew_by, today(clock)):
            raise StaleState("The department is not asked now. Nothing was saved.")
        if not needed and not note.strip():
            raise Invalid({"text": "Say what becomes of the page, so that it can be stopped in order."})
        update_current(Site, site.id, version)
        YearlyAnswer.insert(
            site=site.id,
            approval=approval.year_id,
            needed=needed,
            note=note.strip(),
            answered_by=actor.person_id,
            answered_on=today(clock),
        ).execute()
        audit.record(ANSWERED, actor, subject(site.id), clock=clock, needed=needed, note=audit.digest_of(note.strip()))


def renew(actor: Actor, site_id: int, version: int, *, note: str = "", exception: str = "", clock: Clock) -> None:
    """Approve the site as it stands for another year, once its department has said that it is needed."""
    with unit_of_work():
        site = begin(actor, site_id, "renew")
        approval = _approval(site)
        if approval.answer is None or not approval.answer.needed:
            raise StaleState("The department has not said that the site is still needed. Nothing was saved.")
        own = actor.person_id in approval.authors
        _must_not_be_own(actor, site, "approve the site for another year", own=own, exception=exception, clock=clock)
        update_current(Site, site.id, version)
        digest = keep_approval(actor, site, ApprovalKind.YEARLY, note=note, clock=clock)
        audit.record(RENEWED, actor, subject(site.id), clock=clock, facts=digest, note=audit.digest_of(note.strip()))


def _approval(site: Site) -> Approval:
    found = approval_of([site.id]).get(site.id)
    if found is None:
        raise StaleState("This site is not approved. Nothing was saved.")
    return found


def _flagged(site: Site) -> Approval:
    found = _approval(site)
    if not found.changes:
        raise StaleState("The record is as it was approved. Nothing was saved.")
    return found


def _must_not_be_own(actor: Actor, site: Site, step: str, *, own: bool, exception: str, clock: Clock) -> None:
    must_not_be_own(actor, own=own, exception=exception, step=step, subject=subject(site.id), clock=clock)
