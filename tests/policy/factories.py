"""Versions and signatures for tests, made by the real use cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from charlton_intranet.accounts import queries as accounts
from charlton_intranet.accounts import service as people
from charlton_intranet.core.scope import ScopeLine
from charlton_intranet.policy import queries, service
from charlton_intranet.policy.models import PolicyDocument
from charlton_intranet.policy.rules import Change
from tests.conftest import Town

TEXT = """3.0 Procedures

3.3 Authorized Use

Heads say who uses which site.

4. Each authorized user signs an acknowledgement first.

3.6 Site Content

3. Content may be removed if it holds:
 - A. profane words;
 - B. discrimination.
"""


def draft(town: Town, change: Change = Change.MAJOR, *, text: str = TEXT, summary: str = "Clearer words.") -> int:
    return service.draft(
        town.actor("administrator"),
        title="Social Media Policy",
        change=change,
        summary=summary,
        text=text,
        clock=town.clock,
    )


def publish(town: Town, change: Change = Change.MAJOR, *, text: str = TEXT) -> int:
    """Draft and publish a version; returns its id."""
    document_id = draft(town, change, text=text)
    version = PolicyDocument.get_by_id(document_id).version
    service.publish(town.actor("administrator"), document_id, version, clock=town.clock)
    return document_id


def sign(town: Town, box: str, scope: Sequence[ScopeLine] = ()) -> int:
    """Sign what is in force; returns the signature's id."""
    actor = replace(town.actor(box), address="192.0.2.7")
    current = queries.in_force()
    assert current is not None
    return service.sign(
        actor,
        current.id,
        scope=scope,
        typed_name=actor.name,
        read=True,
        agreed=True,
        agent="Test browser",
        clock=town.clock,
    )


def sign_on(town: Town, box: str, moment: datetime) -> int:
    """Sign at another moment than the clock's."""
    now, town.clock.at = town.clock.at, moment
    try:
        return sign(town, box)
    finally:
        town.clock.at = now


def disable(town: Town, box: str) -> None:
    """Close somebody's account."""
    person = accounts.person(town.person_id(box))
    people.disable(town.actor("it"), person.id, person.version, clock=town.clock)
