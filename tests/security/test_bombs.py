"""Small requests that would make the app work for a long time."""

import io

from charlton_intranet.core.uploads import MAX_PICTURES
from charlton_intranet.moderation.models import Case
from tests.conftest import Town
from tests.moderation import factories


def test_more_pictures_than_can_be_looked_at_in_time_are_refused_at_once(town: Town) -> None:
    site = factories.site(town)
    pictures = [(io.BytesIO(factories.picture()), f"{number}.png") for number in range(MAX_PICTURES + 1)]
    answer = town.client("coordinator.library").submit(
        "/triage/capture",
        {"site_id": site.id, "text": "What somebody wrote", "author_kind": "public", "screenshots": pictures},
    )
    assert answer.status_code == 422
    assert "Add at most 10 pictures at a time" in answer.get_data(as_text=True)
    assert not Case.select().exists()
