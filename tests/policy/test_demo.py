from charlton_intranet.demo import policy
from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.certificate import pdf_of
from charlton_intranet.policy.clauses import sections
from charlton_intranet.policy.models import Acknowledgement, PolicyOriginal
from charlton_intranet.policy.originals import read_policy
from charlton_intranet.policy.rules import CATEGORIES, DocumentState, Standing
from charlton_intranet.policy.verifying import verify
from tests.conftest import Town
from tests.policy.test_clauses import clauses


def test_the_demo_shows_every_state(town: Town) -> None:
    policy.load(town.clock, town.parts.store)
    administrator = town.actor("administrator")
    assert {row.state for row in queries.versions(administrator)} == set(DocumentState)
    page = queries.acknowledgements_page(administrator, queries.AcknowledgementFilter(), town.today)
    assert {row.standing for row in page.rows} == set(Standing)
    assert {message.kind for message in OutboxMessage.select()} == {
        "policy_expiring",
        "policy_expired",
        "policy_superseded",
    }
    assert service.flag(clock=town.clock) == service.Flagged(0, 0)


def test_every_demo_signature_holds_and_verifies(town: Town) -> None:
    policy.load(town.clock, town.parts.store)
    actor = town.actor("administrator")
    found = [queries.certificate(actor, one.id, town.today) for one in Acknowledgement.select()]
    assert all(one.holds for one in found)
    assert [verify(pdf_of(one.record, one.text), seal=one.seal).faults for one in found if one.scan] == [[]]


def test_one_version_came_as_a_file_whose_text_is_its_text(town: Town) -> None:
    policy.load(town.clock, town.parts.store)
    kept = PolicyOriginal.get()
    data = town.parts.store.get(kept.file.sha256)
    _, text = read_policy(data, kept.file.file_name, field="file")
    assert clauses(sections(text)).keys() == clauses(sections(kept.document.text)).keys()


def test_the_demos_text_has_all_clauses_of_the_policy(town: Town) -> None:
    policy.load(town.clock, town.parts.store)
    document = queries.document_in_force()
    assert document is not None
    named = clauses(sections(document.text))
    first = {"1": 6, "2": 3, "3": 8}
    numbers = [f"{chapter}.{number}" for chapter, last in first.items() for number in range(1, last + 1)]
    counted = {"3.3": 4, "3.4": 3, "3.5": 4, "3.6": 5, "3.7": 4}
    items = [f"{clause}-{number}" for clause, last in counted.items() for number in range(1, last + 1)]
    letters = [f"3.6.3-{letter}" for letter in CATEGORIES]
    assert {*numbers, *items, *letters, "3.1-A"} <= named.keys()
