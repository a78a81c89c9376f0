"""Proving the audit trail from its page, and the heads that go to people outside IT."""

from datetime import timedelta
from typing import Any

import pytest

from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent, AuditHead
from charlton_intranet.core.errors import Forbidden, Invalid, StaleState
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.oversight.models import TrailAnchor, TrailCheck
from charlton_intranet.oversight.queries import chain as queries
from charlton_intranet.oversight.service import chain, heads
from tests.conftest import Town
from tests.core.test_audit import rewrite

PAGE = "/oversight/audit/chain"


def text_of(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def hand_out(town: Town) -> str:
    town.clock.at = town.clock.at.replace(hour=15)
    return heads.hand_out_head(clock=town.clock)


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.select().where(OutboxMessage.kind == "trail_head").order_by(OutboxMessage.recipient))


def test_a_long_trail_is_walked_in_stretches_and_the_page_says_how_far(town: Town) -> None:
    number = audit.head()[0]
    chain.start_check(town.actor("administrator"), clock=town.clock)
    TrailCheck.update(ended_at=None, reached=0, digest=audit.GENESIS).execute()
    with pytest.raises(StaleState):
        chain.start_check(town.actor("administrator"), clock=town.clock)
    assert "so far" in chain.work_on_check(clock=town.clock, stretch=2)
    page = text_of(town.client("administrator").get(PAGE))
    assert 'value="2"' in page
    assert "every 5s" in page
    while (said := chain.work_on_check(clock=town.clock, stretch=2)).endswith("so far"):
        pass
    assert "whole" in said
    assert queries.last_checks(1)[0].reached == number
    assert chain.work_on_check(clock=town.clock) == ""


@pytest.mark.parametrize("damage", ["changed", "cut", "rewritten"])
def test_what_was_done_to_the_trail_since_a_head_was_handed_out_is_found(town: Town, damage: str) -> None:
    hand_out(town)
    [anchor] = queries.handed_out()
    if damage == "changed":
        rewrite(town, "UPDATE audit_event SET detail = replace(detail, '{', '{ ') WHERE number = 3")
    else:
        rewrite(town, "DELETE FROM audit_event WHERE number >= (SELECT max(number) FROM trail_anchor)")
        before = AuditEvent.get(AuditEvent.number == anchor[0] - 1)
        AuditHead.update(number=before.number, digest=before.digest).execute()
    if damage == "rewritten":
        with_unit(town)
    check = chain.start_check(town.actor("auditor"), clock=town.clock)
    assert check.ended_at is not None
    assert check.fault_number == (3 if damage == "changed" else anchor[0])
    page = text_of(town.client("auditor").get(PAGE))
    assert f"The trail is broken at event {check.fault_number:,}" in page


def with_unit(town: Town) -> None:
    """Somebody who holds the database lets the chain go on as if nothing had been there."""
    heads.choose_witnesses(town.actor("administrator"), [], clock=town.clock)


def test_the_head_goes_once_a_business_day_to_two_people_outside_it(town: Town) -> None:
    assert hand_out(town).startswith("Mailed the head")
    assert hand_out(town) == ""
    assert [message.recipient for message in mails()] == ["administrator@charlton.example", "records@charlton.example"]
    [anchor] = TrailAnchor.select()
    assert audit.verify([(anchor.number, anchor.digest)]).fault is None
    town.clock.at += timedelta(days=1)
    hand_out(town)
    assert TrailAnchor.select().count() == 2
    town.clock.at += timedelta(days=4 - town.clock.at.weekday() + 1)  # the next Saturday
    assert hand_out(town) == ""


def test_a_kept_head_is_compared_from_the_page(town: Town) -> None:
    number, digest = audit.head()
    client = town.client("auditor")
    assert "The head fits" in text_of(client.get(f"{PAGE}?head={number}:{digest}"))
    assert "does not fit" in text_of(client.get(f"{PAGE}?head={number}:{'0' * 64}"))
    assert "There is no event" in text_of(client.get(f"{PAGE}?head={number + 1}:{digest}"))
    answer = client.get(f"{PAGE}?head=nonsense")
    assert answer.status_code == 422
    assert "nonsense" in text_of(answer)


@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        (["it@charlton.example", "auditor@charlton.example"], "is IT"),
        (["auditor@charlton.example"], "at least two"),
        (["nobody@charlton.example"], "Nobody who works here"),
    ],
)
def test_who_may_not_keep_the_head_is_refused_and_named(town: Town, addresses: list[str], why: str) -> None:
    with pytest.raises(Invalid) as refusal:
        heads.choose_witnesses(town.actor("administrator"), addresses, clock=town.clock)
    assert why in str(refusal.value.problems["addresses"])


def test_the_town_administrator_chooses_and_it_can_not(town: Town) -> None:
    typed = {"addresses": "auditor@charlton.example\nhead.library@charlton.example"}
    town.client("administrator").submit("/oversight/audit/witnesses", typed)
    hand_out(town)
    assert {message.recipient for message in mails()} == set(typed["addresses"].split())
    with pytest.raises(Forbidden):
        heads.choose_witnesses(town.actor("it"), [], clock=town.clock)


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"details": {}}', '{"actor": 1, "details": {}, "subject": 2}'])
def test_the_trail_is_read_on_where_somebody_wrote_over_an_event(town: Town, text: str) -> None:
    number = audit.head()[0]
    rewrite(town, f"UPDATE audit_event SET detail = '{text}' WHERE number = {number}")  # noqa: S608
    answer = town.client("auditor").get("/oversight/audit")
    assert answer.status_code == 200
    assert f'id="event-{number}"' in answer.text
    assert f'id="event-{number - 1}"' in answer.text
    assert "can not be read: prove the chain" in answer.text
    assert f"broken at event {number}" in text_of(
        town.client("auditor").submit("/oversight/audit/verify", follow_redirects=True)
    )
