"""Who is on the page itself: the last list taken from the network, and what differs from authority (3.3-3)."""

from collections.abc import Iterator, Mapping

from charlton_intranet.access.queries import Page
from charlton_intranet.records.queries.about import About
from charlton_intranet.records.rules import Field, Release, Section, Value

LISTED = (
    Field("name", "On the network's list", Release.REVIEW, "c"),
    Field("taken_for", "Taken for", Release.REVIEW, "c"),
    Field("role", "May do there", Release.REVIEW, "n"),
    Field("listed_at", "List taken"),
    Field("listed_by", "By"),
)
DIFFERENCES = (
    Field("kind", "Difference", Release.REVIEW, "n"),
    Field("what", "In words", Release.REVIEW, "n"),
    Field("since", "Since"),
)


def listed(about: About, pages: Mapping[int, Page]) -> Section:
    """The last list, entry by entry, with whom each is taken for today."""
    told = ((site_id, row) for site_id in about.ids for row in _listed(pages[site_id]))
    return about.section(
        "page", "On the page, by the last list", "3.3-3", LISTED, told,
        empty="No list of the network has been entered yet.", url="/sites/{}/admins",
    )  # fmt: skip


def _listed(page: Page) -> Iterator[tuple[Value, ...]]:
    if page.last is None:
        return
    names = {person.person_id: person.name for person in page.people}
    for entry in page.last.entries:
        taken_for = names.get(entry.person_id or 0) or entry.kind.label
        yield entry.name, taken_for, entry.role.label, page.last.taken_at, page.last.taken_by


def differences(about: About, pages: Mapping[int, Page]) -> Section:
    """What is open between the page and authority."""
    told = (
        (site_id, (found.kind.label, found.sentence, found.since))
        for site_id in about.ids
        for found in pages[site_id].differences
    )
    return about.section(
        "differences", "What differs between the page and authority", "3.3-3", DIFFERENCES, told,
        empty="No difference is known.", url="/sites/{}/admins",
    )  # fmt: skip
