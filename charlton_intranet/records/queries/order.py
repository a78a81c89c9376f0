"""What is not in order with a site today, one sentence each, as the features themselves say it."""

from collections.abc import Iterator, Mapping

from charlton_intranet.access.queries import Page
from charlton_intranet.core.permissions import Permission
from charlton_intranet.mail.messages import long_day
from charlton_intranet.records.queries.about import About
from charlton_intranet.records.rules import Field, Release, Section
from charlton_intranet.reviews.queries import standings_of
from charlton_intranet.sites.queries.approvals import Approval
from charlton_intranet.sites.queries.sheets import hindrances_of
from charlton_intranet.sites.rules import LIVE

# What is open on an account helps whoever wants to break into it.
CONCERNS = (Field("about", "About"), Field("what", "What", Release.REVIEW, "n"))

# A site's number, what it is about, and the sentence.
Concern = tuple[int, str, str]


def not_in_order(about: About, pages: Mapping[int, Page], approvals: Mapping[int, Approval]) -> Section:
    """The concerns of each live site, by site; those about reviews for who reads reviews."""
    found = [*_of_the_site(about), *_of_approvals(about, approvals), *_of_the_page(pages), *_of_reviews(about)]
    rows = ((site_id, (topic, what)) for site in about.sites for site_id, topic, what in found if site_id == site.id)
    return about.section("order", "Not in order", "3.7", CONCERNS, rows, empty="Everything is in order.")


def _of_the_site(about: About) -> Iterator[Concern]:
    """Why it may not be live: its network, its coordinator, its checklists."""
    live = [site for site in about.sites if site.state in LIVE]
    for site_id, sentences in hindrances_of(live, about.day).items():
        yield from ((site_id, "Conditions of use", sentence) for sentence in sentences)


def _of_approvals(about: About, approvals: Mapping[int, Approval]) -> Iterator[Concern]:
    for site in about.sites:
        held = approvals.get(site.id)
        if held is None:
            continue
        if site.state in LIVE and about.day > held.renew_by:
            yield site.id, "Approval", f"The yearly approval is overdue since {long_day(held.renew_by)}."
        if held.changes:
            changed = ", ".join(change.label for change in held.changes)
            yield site.id, "Approval", f"The record was changed after the approval: {changed}."


def _of_the_page(pages: Mapping[int, Page]) -> Iterator[Concern]:
    """What differs between who is on the page and who may be."""
    for site_id, page in pages.items():
        yield from ((site_id, "People on the page", difference.sentence) for difference in page.differences)


def _of_reviews(about: About) -> Iterator[Concern]:
    if not about.actor.may(Permission.READ_REVIEWS, about.department_id):
        return
    for site_id, standing in standings_of(about.ids).items():
        days = standing.days_late(about.day)
        if days:
            yield site_id, "Regular reviews", f"The regular review is {days} {'day' if days == 1 else 'days'} overdue."
