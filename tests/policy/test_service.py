import json
from dataclasses import replace
from datetime import timedelta

import peewee
import pytest

from charlton_intranet.core import audit
from charlton_intranet.core.audit import AuditEvent
from charlton_intranet.core.database import database
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import SYSTEM
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.clauses import sha256_of
from charlton_intranet.policy.models import Acknowledgement, PolicyDocument
from charlton_intranet.policy.rules import CONSENT_READ, CONSENT_SIGN, Change, DocumentState, Standing
from tests.conftest import Town
from tests.policy import factories


def states() -> list[tuple[str, DocumentState]]:
    rows = PolicyDocument.select().order_by(PolicyDocument.id)
    return [(f"{row.major}.{row.minor}", row.state) for row in rows]


def stands(town: Town, box: str) -> Standing:
    person_id = town.person_id(box)
    return queries.standing_of([person_id], town.today)[person_id].standing


def events(tag: str) -> list[dict[str, object]]:
    rows = AuditEvent.select(AuditEvent.detail).where(AuditEvent.tag == tag).order_by(AuditEvent.number)
    return [json.loads(row.detail)["details"] for row in rows]


# --- versions


def test_publishing_supersedes_the_version_before(town: Town) -> None:
    factories.publish(town)
    factories.publish(town, Change.MINOR)
    factories.publish(town, Change.MAJOR)
    assert states() == [
        ("1.0", DocumentState.SUPERSEDED),
        ("1.1", DocumentState.SUPERSEDED),
        ("2.0", DocumentState.PUBLISHED),
    ]
    assert [(e["before"], e["after"]) for e in events("policy.published")] == [
        (None, "1.0"),
        ("1.0", "1.1"),
        ("1.1", "2.0"),
    ]


def test_there_is_one_draft_at_a_time(town: Town) -> None:
    factories.draft(town)
    with pytest.raises(Invalid) as refusal:
        factories.draft(town)
    assert "There is a draft already" in refusal.value.problems["text"]


def test_the_database_itself_keeps_one_in_force(town: Town) -> None:
    document_id = factories.publish(town)
    factories.draft(town, Change.MINOR)
    with pytest.raises(peewee.IntegrityError), database.atomic():
        PolicyDocument.update(state=DocumentState.PUBLISHED).where(PolicyDocument.id != document_id).execute()


def test_a_draft_is_changed_and_counted_anew(town: Town) -> None:
    factories.publish(town)
    document_id = factories.draft(town, Change.MAJOR)
    service.redraft(
        town.actor("administrator"), document_id, 1,
        title="Social Media Policy", change=Change.MINOR, summary="Smaller.", text="3.8 Network\r\n", clock=town.clock,
    )  # fmt: skip
    kept = PolicyDocument.get_by_id(document_id)
    assert (kept.major, kept.minor, kept.text, kept.version) == (1, 1, "3.8 Network\n", 2)
    assert kept.text_sha256 == sha256_of("3.8 Network\n")


def test_a_stale_press_changes_nothing(town: Town) -> None:
    document_id = factories.draft(town)
    with pytest.raises(StaleState):
        service.publish(town.actor("administrator"), document_id, 7, clock=town.clock)
    assert states() == [("1.0", DocumentState.DRAFT)]
    assert events("policy.published") == []


def test_what_is_published_stays_as_it_is(town: Town) -> None:
    document_id = factories.publish(town)
    for again in (
        lambda: service.publish(town.actor("administrator"), document_id, 2, clock=town.clock),
        lambda: service.redraft(
            town.actor("administrator"), document_id, 2,
            title="Other", change=Change.MINOR, summary="x", text="x", clock=town.clock,
        ),
    ):  # fmt: skip
        with pytest.raises(StaleState, match="published already"):
            again()


@pytest.mark.parametrize("box", ["it", "head.library", "auditor", "employee"])
def test_only_the_administrator_publishes(town: Town, box: str) -> None:
    document_id = factories.draft(town)
    with pytest.raises(Forbidden):
        service.draft(town.actor(box), title="x", change=Change.MAJOR, summary="", text="x", clock=town.clock)
    with pytest.raises(NotFound):
        service.publish(town.actor(box), document_id, 1, clock=town.clock)


# --- signatures


def test_a_signature_keeps_everything_that_proves_it(town: Town) -> None:
    document_id = factories.publish(town)
    found = queries.certificate(
        town.actor("coordinator.library"), factories.sign(town, "coordinator.library"), town.today
    )
    assert found.holds
    assert found.seal == sha256_of(found.record)
    told = json.loads(found.record)
    assert told["policy"] == {
        "title": "Social Media Policy",
        "version": "1.0",
        "sha256": sha256_of(PolicyDocument.get_by_id(document_id).text),
    }
    assert told["person"]["email"] == "coordinator.library@charlton.example"
    assert told["consents"] == [CONSENT_READ, CONSENT_SIGN]
    assert (told["scope"], told["address"], told["device"], told["signed_at"], told["expires_on"]) == (
        "Social Media Coordinator; Library",
        "192.0.2.7",
        "Test browser",
        "2026-11-23T15:00:00+00:00",
        "2027-11-23",
    )


def test_the_trail_holds_the_seal(town: Town) -> None:
    factories.publish(town)
    kept = Acknowledgement.get_by_id(factories.sign(town, "employee"))
    assert [event["seal"] for event in events("acknowledgement.signed")] == [kept.seal]


@pytest.mark.parametrize("column", ["record", "text_sha256"])
def test_a_changed_signature_shows_on_its_certificate(town: Town, column: str) -> None:
    factories.publish(town)
    acknowledgement_id = factories.sign(town, "employee")
    forged = Acknowledgement.get_by_id(acknowledgement_id)
    setattr(forged, column, getattr(forged, column)[::-1])
    forged.save()
    assert not queries.certificate(town.actor("employee"), acknowledgement_id, town.today).holds


def test_a_changed_text_shows_on_every_certificate_under_it(town: Town) -> None:
    factories.publish(town)
    acknowledgement_id = factories.sign(town, "employee")
    PolicyDocument.update(text="Nothing is asked of anybody.\n").execute()
    assert not queries.certificate(town.actor("employee"), acknowledgement_id, town.today).holds


def test_a_second_press_signs_once(town: Town) -> None:
    factories.publish(town)
    assert factories.sign(town, "employee") == factories.sign(town, "employee")
    assert Acknowledgement.select().count() == 1


def test_signing_again_later_replaces_and_keeps_the_first(town: Town) -> None:
    factories.publish(town)
    first = factories.sign(town, "employee")
    town.clock.advance(days=340)
    second = factories.sign(town, "employee")
    assert [one.id for one in queries.own_signatures(town.person_id("employee"))] == [second, first]
    assert stands(town, "employee") is Standing.CURRENT


def test_two_signatures_can_not_count_at_once(town: Town) -> None:
    factories.publish(town)
    kept = Acknowledgement.get_by_id(factories.sign(town, "employee"))
    twin = {**kept.__data__, "id": None, "seal": "0" * 64}
    with pytest.raises(peewee.IntegrityError), database.atomic():
        Acknowledgement.insert(**twin).execute()


def test_who_read_an_older_version_signs_nothing(town: Town) -> None:
    old = factories.publish(town)
    factories.publish(town, Change.MINOR)
    with pytest.raises(StaleState, match="came into force while you were reading"):
        service.sign(
            town.actor("employee"), old,
            typed_name="Edith Lowe", read=True, agreed=True, agent="", clock=town.clock,
        )  # fmt: skip
    assert Acknowledgement.select().count() == 0


def test_the_app_itself_can_not_sign(town: Town) -> None:
    document_id = factories.publish(town)
    with pytest.raises(Forbidden):
        service.sign(SYSTEM, document_id, typed_name="", read=True, agreed=True, agent="", clock=town.clock)


def test_an_actor_without_roles_can_not_sign(town: Town) -> None:
    document_id = factories.publish(town)
    nobody = replace(town.actor("employee"), held=frozenset())
    with pytest.raises(Forbidden):
        service.sign(nobody, document_id, typed_name="Edith Lowe", read=True, agreed=True, agent="", clock=town.clock)


def test_a_signature_goes_through_its_life(town: Town) -> None:
    assert stands(town, "employee") is Standing.MISSING
    factories.publish(town)
    factories.sign(town, "employee")
    assert stands(town, "employee") is Standing.CURRENT
    factories.publish(town, Change.MINOR)
    assert stands(town, "employee") is Standing.CURRENT
    town.clock.advance(days=335)
    assert stands(town, "employee") is Standing.EXPIRING
    town.clock.advance(days=31)
    assert stands(town, "employee") is Standing.EXPIRED
    factories.publish(town, Change.MAJOR)
    assert stands(town, "employee") is Standing.SUPERSEDED
    factories.sign(town, "employee")
    assert stands(town, "employee") is Standing.CURRENT


def test_the_list_and_the_rule_agree_on_every_standing(town: Town) -> None:
    """The page asks SQL, the rest asks ``rules.standing``: both must say the same of everybody."""
    start = town.clock.now()
    factories.publish(town)
    factories.sign(town, "user.library")
    town.clock.at = start + timedelta(days=10)
    factories.publish(town, Change.MAJOR)
    for box, days in (("head.library", 20), ("head.police", 50), ("coordinator.police", 200)):
        factories.sign_on(town, box, start + timedelta(days=days))
    seen = set()
    for days in (*range(350, 390), 560):
        town.clock.at = start + timedelta(days=days)
        seen |= agreeing(town)
    assert seen == set(Standing)


def agreeing(town: Town) -> set[Standing]:
    """What both say today."""
    page = queries.acknowledgements_page(town.actor("administrator"), queries.AcknowledgementFilter(), town.today)
    listed = {row.person_id: row.standing for row in page.rows}
    ruled = queries.standing_of(listed, town.today)
    assert listed == {person_id: found.standing for person_id, found in ruled.items()}
    assert sum(page.counts.values()) == len(listed)
    return set(listed.values())


def test_the_chain_holds_after_all_of_it(town: Town) -> None:
    factories.publish(town)
    factories.sign(town, "employee")
    assert audit.verify().fault is None
