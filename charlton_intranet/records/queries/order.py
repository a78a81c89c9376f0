"""What is not in order with a site today, one sentence each, as the features themselves say it."""

from collections.abc import Iterator

from charlton_intranet.records.queries.about import About
from charlton_intranet.records.rules import Field, Section, Value
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.queries.sheets import hindrances
from charlton_intranet.sites.rules import LIVE

CONCERNS = (Field("clause", "Clause"), Field("what", "What"))


def not_in_order(about: About, sections: list[Section]) -> Section:
    """The sites' concerns, those of ``sections`` the reader sees included."""
    rows = ((site.id, row) for site in about.sites for row in _concerns(about, site, sections))
    return about.section("order", "Not in order", "3.7", CONCERNS, rows, empty="Everything is in order.")


def _concerns(about: About, site: Site, _sections: list[Section]) -> Iterator[tuple[Value, ...]]:
    if site.state in LIVE:
        yield from (("2.2", sentence) for sentence in hindrances(site, about.day))
