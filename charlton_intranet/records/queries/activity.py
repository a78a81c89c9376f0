"""What is done with a site: reviews, captured evidence, cases and incidents, as figures of the features' own reads."""

from charlton_intranet.evidence.queries import piece_counts
from charlton_intranet.incidents.queries import incidents_of
from charlton_intranet.moderation.queries import tallies
from charlton_intranet.records.queries.about import About
from charlton_intranet.records.rules import Field, Release, Section, Value
from charlton_intranet.reviews.queries import Punctuality, Standing, punctuality, standings_of
from charlton_intranet.sites.models import Site

REVIEWS = (
    Field("cadence", "How often"),
    Field("last_at", "Last review"),
    Field("last_by", "By"),
    Field("last_result", "Result"),
    Field("next_due", "Next one due"),
    Field("days_overdue", "Days overdue today"),
    Field("on_time", "Done on time, last 12 months"),
    Field("late", "Done late, last 12 months"),
    Field("ever", "On record altogether"),
)
EVIDENCE = (
    Field("kind", "What was captured"),
    Field("pieces", "Pieces"),
    Field("sealed", "Of these sealed"),
    Field("last_at", "Last one"),
)
CASES = (Field("state", "State"), Field("outcome", "Determination"), Field("cases", "Cases"))
INCIDENTS = tuple(
    Field(key, label, Release.EXEMPT, "n")
    for key, label in (
        ("reference", "Reference"),
        ("kind", "Kind"),
        ("status", "Status"),
        ("severity", "Severity"),
        ("reported_at", "Reported"),
        ("over_on", "Over since"),
    )
)
_RESULTS = {"clean": "Nothing to act on", "findings": "Something to act on"}
_NEVER = Punctuality(0, 0, 0)


def reviews(about: About) -> Section:
    """The last review, the next one, and how they were kept (3.6-1)."""
    standings, kept = standings_of(about.ids), punctuality(about.ids, about.day)
    rows = (
        (site.id, _reviews(site, about, standings.get(site.id), kept.get(site.id, _NEVER)))
        for site in about.sites
        if site.id in standings or site.id in kept
    )
    return about.section(
        "reviews", "Regular reviews", "3.6-1", REVIEWS, rows,
        facts=True, empty="It is not in use and has never been reviewed.", url="/reviews/sites/{}",
    )  # fmt: skip


def _reviews(site: Site, about: About, found: Standing | None, kept: Punctuality) -> tuple[Value, ...]:
    last = found.last if found else None
    return (
        site.cadence.label,
        last.done_at if last else None,
        last.by if last else None,
        _RESULTS[last.result] if last else None,
        found.due if found else None,
        found.days_late(about.day) if found else None,
        kept.on_time, kept.late, kept.ever,
    )  # fmt: skip


def evidence(about: About) -> Section:
    """How much was captured and sealed (3.7-3)."""
    rows = (
        (found.site_id, (found.kind.value.capitalize(), found.pieces, found.sealed, found.last))
        for found in piece_counts(about.ids)
    )
    return about.section(
        "evidence", "Captured evidence", "3.7-3", EVIDENCE, rows, empty="Nothing was captured of it yet."
    )


def cases(about: About) -> Section:
    """Cases by state and outcome; whose words they were about is not on a record sheet."""
    rows = (
        (found.site_id, (found.state.label, found.outcome.label if found.outcome else None, found.cases))
        for found in tallies(about.ids)
    )
    return about.section(
        "cases", "Cases", "3.6-4", CASES, rows, empty="No case has been opened.", url="/triage?site={}"
    )


def incidents(about: About) -> Section:
    """Incidents on it, without what was reported in words (3.8)."""
    rows = (
        (
            found.site_id,
            (
                found.reference, found.kind.label, found.status.label,
                found.severity.capitalize() if found.severity else None, found.reported_at, found.over_on,
            ),
        )
        for found in incidents_of(about.actor, about.ids)
    )  # fmt: skip
    return about.section("incidents", "Incidents", "3.8", INCIDENTS, rows, empty="No incident has been reported.")
