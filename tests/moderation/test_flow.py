"""One case from the moment somebody sees it to the picture that shows that it is gone."""

import json

import pytest

from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation import queries
from charlton_intranet.moderation.rules import CaseState, Outcome, Position
from tests.conftest import Town
from tests.moderation import factories


def test_from_seen_to_gone(town: Town) -> None:
    case = factories.closed(town, handle="@Firestarter", permalink="https://facebook.com/CharltonLibrary/posts/1")
    view = queries.case_view(town.actor("auditor"), case.id)
    assert view.state is CaseState.CLOSED
    assert (view.seen_by, view.handle) == ("Cody Barnes", "@Firestarter")
    assert view.consultation is not None
    assert (view.consultation.position, view.consultation.given_by) == (Position.VIOLATION, "Helen Marsh")
    assert view.determination is not None
    assert (view.determination.outcome, view.determination.by) == (Outcome.REMOVE, "Ruth Okafor")
    assert view.order is not None
    assert view.order.done_by == "Cody Barnes"
    assert view.order.gone_id == view.pieces[-1].id
    assert all(piece.seal_id for piece in view.pieces)
    assert view.steps == set()
    assert audit.verify().fault is None


def test_each_step_is_on_the_record_with_before_and_after_and_without_content(town: Town) -> None:
    case = factories.closed(town)
    events = AuditEvent.select().where(AuditEvent.subject == f"case:{case.id}").order_by(AuditEvent.number)
    steps = [(event.tag, json.loads(event.detail)["details"].get("after")) for event in events]
    assert steps == [
        ("case.captured", None),
        ("case.preserved", "preserved"),
        ("case.advice_asked", "consulting"),
        ("case.advised", "advised"),
        ("case.determined", "determined"),
        ("case.ordered", None),
        ("case.carried_out", "carried_out"),
        ("case.closed", "closed"),
    ]
    assert not any("burn" in event.detail or "fire" in event.detail for event in AuditEvent.select())


@pytest.mark.parametrize(
    ("template", "box", "link"),
    [
        ("case_advice_asked", "head.library", "Read the case and advise"),
        ("case_ready", "administrator", "Read the case and decide"),
        ("case_order", "coordinator.library", "add the picture to the case"),
    ],
)
def test_whoever_has_a_clock_started_for_them_is_told_once_and_without_the_words(
    town: Town, template: str, box: str, link: str
) -> None:
    case = factories.closed(town)
    [message] = OutboxMessage.select().where(OutboxMessage.kind == template)
    assert message.recipient == f"{box}@charlton.example"
    assert f"{link}: http://127.0.0.1:8000/triage/{case.id}" in message.text
    assert f"/triage/{case.id}" in message.html
    assert "Tue, Nov 24, 2026" in message.text or "Wed, Nov 25, 2026" in message.text
    assert "matches" not in message.text + message.subject + message.html
