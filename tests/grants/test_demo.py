from charlton_intranet.demo import grants, policy, sites
from charlton_intranet.grants.models import Grant
from charlton_intranet.grants.queries.authority import standings
from charlton_intranet.grants.rules import GrantState
from tests.conftest import Town


def test_the_demo_shows_every_state_and_every_kind_of_lapse_and_its_pages_open(town: Town) -> None:
    for wing in (policy, sites, grants):
        end = town.clock.at
        wing.load(town.clock, town.parts.store)
        town.clock.at = end
    assert {grant.state for grant in Grant.select()} == set(GrantState)
    found = standings(day=town.today)
    good = [(one.person, one.by_office) for one in found if one.capability and not one.lapses]
    assert ("Helen Marsh", True) in good
    assert ("Edith Lowe", False) in good
    reasons = " ".join(lapse for one in found for lapse in one.lapses)
    for words in (
        "The site is not in use", "has not signed the policy", "for an earlier version", "expired on",
        "is not for this scope", "The last day of the grant was",
    ):  # fmt: skip
        assert words in reasons, words
    administrator = town.client("administrator")
    pages = [f"/grants/{grant.id}" for grant in Grant.select()]
    pages += [f"/grants/people/{person_id}" for person_id in {grant.person_id for grant in Grant.select()}]
    pages += [f"/sites/{site_id}/people" for site_id in {grant.site_id for grant in Grant.select()}]
    assert {administrator.get(page).status_code for page in pages} == {200}
