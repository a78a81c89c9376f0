"""What a sheet is about, and how its sections are made: the same builders serve one site and a whole department."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from charlton_intranet.core.permissions import Actor
from charlton_intranet.records.rules import Field, Section, Value
from charlton_intranet.sites.models import Site

SITE = Field("site", "Site")


@dataclass(frozen=True, slots=True)
class About:
    """The sites of one sheet with their networks and department, its coordinators, and who reads it on which day.

    ``whole`` is False for one site: its sections need no column that names it.
    """

    actor: Actor
    day: date
    department_id: int
    sites: tuple[Site, ...]
    coordinators: tuple[str, ...]
    whole: bool = False

    @property
    def ids(self) -> list[int]:
        return [site.id for site in self.sites]

    def section(
        self,
        key: str,
        title: str,
        clause: str,
        fields: tuple[Field, ...],
        rows: Iterable[tuple[int, tuple[Value, ...]]],
        *,
        facts: bool = False,
        empty: str = "Nothing on record.",
        url: str = "",
    ) -> Section:
        """A section from rows with the site they belong to; ``facts`` there is one row for each site.

        ``url`` leads to where the app keeps them for one site; ``{}`` stands for its number.
        """
        if self.whole:
            titles = {site.id: site.title for site in self.sites}
            named = tuple((titles[site_id], *row) for site_id, row in rows)
            return Section(key, title, clause, (SITE, *fields), named, empty=empty)
        found = tuple(row for _, row in rows)
        return Section(
            key, title, clause, fields, found, single=facts and len(found) == 1, empty=empty, url=url.format(*self.ids)
        )
