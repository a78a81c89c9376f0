"""What was approved of a site, what its record says differently now, and how it was closed (2.2, 3.7-1)."""

from collections.abc import Iterator, Mapping

from charlton_intranet.records.queries.about import About
from charlton_intranet.records.queries.checks import shown_by
from charlton_intranet.records.rules import Field, Release, Section, Value
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.queries.approvals import Approval, past_approvals
from charlton_intranet.sites.queries.closing import closing_of
from charlton_intranet.sites.rules import LIVE, Closing

Approvals = Mapping[int, Approval]

APPROVAL = (
    Field("approved_on", "Approved on"),
    Field("approved_by", "Approved by"),
    Field("renew_by", "To be approved anew by"),
    Field("changed", "Changed since"),
    Field("changed_on", "Changed on"),
    Field("changed_by", "Changed by"),
    Field("set_back", "Asked to set it back, because", Release.REVIEW, "d"),
    Field("needed", "Still needed, says the department"),
)
CHANGES = (Field("fact", "Fact"), Field("approved", "As approved"), Field("now", "Now"))
APPROVALS = (
    Field("kind", "Approval"),
    Field("on", "On"),
    Field("by", "By"),
    Field("note", "Note", Release.REVIEW, "d"),
)
CLOSING = (
    Field("step", "Step"),
    Field("shown_by", "Shown by", Release.REVIEW, "n"),
    Field("link", "Link", Release.REVIEW, "n"),
    Field("impossible", "Why it was impossible", Release.REVIEW, "n"),
    Field("who", "Who"),
    Field("at", "When"),
)


def people_of(approvals: Approvals) -> Iterator[int | None]:
    """Those named in ``approval``."""
    for held in approvals.values():
        yield from (held.approved_by_id, held.changed_by_id)


def approval(about: About, approvals: Approvals, names: dict[int, str]) -> Section:
    """The approval in force of each site that has one."""
    told = ((site.id, _approval(site, approvals[site.id], names)) for site in about.sites if site.id in approvals)
    return about.section(
        "approval", "Approval in force", "2.2", APPROVAL, told,
        facts=True, empty="It has not been approved.", url="/sites/{}/approval",
    )  # fmt: skip


def _approval(site: Site, held: Approval, names: dict[int, str]) -> tuple[Value, ...]:
    return (
        held.approved_on,
        names.get(held.approved_by_id or 0),
        held.renew_by if site.state in LIVE else None,
        ", ".join(change.label for change in held.changes),
        held.changed_on,
        names.get(held.changed_by_id or 0),
        held.refused,
        held.answer.needed if held.answer else None,
    )


def changes(about: About, approvals: Approvals) -> Section:
    """What the record says now and what was approved."""
    told = ((site_id, tuple(change)) for site_id, held in approvals.items() for change in held.changes)
    return about.section(
        "changes", "Changed since the approval", "2.2", CHANGES, told, empty="The record is as it was approved."
    )


def approvals_so_far(about: About) -> Section:
    """Every approval of the one site this is about, the latest first."""
    (site_id,) = about.ids
    told = ((site_id, (one.kind.label, one.on, one.by, one.note)) for one in past_approvals(site_id))
    return about.section(
        "approvals", "Approvals so far", "2.2", APPROVALS, told, empty="No approval was kept to the letter yet."
    )


def closing(about: About) -> Section:
    """The steps of the deactivation of the one site this is about, each with what shows it."""
    (site_id,) = about.ids
    return about.section(
        "closing", "Steps of the deactivation", "3.7-1", CLOSING, ((site_id, row) for row in _closing(site_id)),
        empty="None has been taken.", url="/sites/{}/deactivation",
    )  # fmt: skip


def _closing(site_id: int) -> Iterator[tuple[Value, ...]]:
    shown = closing_of(site_id)
    for step in Closing:
        if (done := shown.get(step)) is not None:
            link = done.proof.link if done.proof else ""
            yield step.label, shown_by(done.proof), link, done.impossible, done.by, done.at
