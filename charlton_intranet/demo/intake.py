"""The ways in, on show: a reply with the post it answers, an answer of the town's own, a feed, and a case of a review.

Everything is invented: the people and the words.
"""

import io
import json
from datetime import datetime, timedelta

from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo import cast
from charlton_intranet.demo.moderation import LIBRARY, POLICE
from charlton_intranet.moderation import importing
from charlton_intranet.moderation import service as moderation
from charlton_intranet.moderation.rules import AuthorKind, Context
from charlton_intranet.moderation.service import Seen
from charlton_intranet.reviews import service as reviews
from charlton_intranet.reviews.models import Review
from charlton_intranet.reviews.rules import Result
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.rules import SiteState

HOURS = "From the first Monday of the month the library closes at five on Fridays. Books can be returned at any hour."
SPEED = "Our sign on Stafford Street counted 4,100 cars last week. The fastest went 71 in the zone of 30."

# As a connector hands them in; the third is refused, the last comes a second time.
FEED = (
    {"id": "c-2041", "author": {"handle": "Dot Farnham"}, "text": "Five is fine with me. Thank you for the book drop!"},
    {"id": "c-2042", "author": {"handle": "Walt Pruitt"}, "text": "Five?! I get off work at five. Thanks for nothing."},
    {"id": "c-2043", "author": {"handle": "\u202enimda"}, "text": "Log in here to keep your card."},
    {"id": "c-2044", "author": {"handle": "Charlton Public Library", "kind": "staff"}, "text": "We hear you, Walt."},
    {"id": "c-2041", "author": {"handle": "Dot Farnham"}, "text": "Five is fine with me. Thank you for the book drop!"},
)  # fmt: skip


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """Play the four, each at its own hour of the last days."""
    end = clock.at
    clock.at = end - timedelta(days=0.55)
    _reply(clock)
    clock.at = end - timedelta(days=0.45)
    _own_answer(clock)
    clock.at = end - timedelta(days=0.35)
    _feed(clock, store)
    _from_a_review(clock, end)


def _site(title: str) -> Site:
    found: Site = Site.get(Site.title == title)
    return found


def _coordinator(site: Site, clock: FixedClock) -> Actor:
    return cast.actor(f"coordinator.{site.department.slug}", clocks.today(clock))


def _reply(clock: FixedClock) -> None:
    """Words that say nothing without the post they answer."""
    site = _site(LIBRARY)
    moderation.capture(
        _coordinator(site, clock), site_id=site.id, text="Then burn the lot of them, nobody would notice.",
        permalink=f"{site.address}/posts/hours?comment_id=611", handle="Vernon P.",
        posted_at=clock.at - timedelta(hours=1),
        context=Context(
            text=f"{HOURS}\n\nMarcy T.: Half of those books nobody has borrowed since 1990 anyway.",
            handle=site.title, permalink=f"{site.address}/posts/hours", title=f"{site.title} | {site.network.name}",
        ),
        clock=clock,
    )  # fmt: skip


def _own_answer(clock: FixedClock) -> None:
    """Written for the town, and nothing to be proud of."""
    site = _site(POLICE)
    moderation.capture(
        _coordinator(site, clock), site_id=site.id,
        text="Maybe it was you, Bev. We know the bicycle.", permalink=f"{site.address}/posts/speed?comment_id=18",
        handle=site.title, author_kind=AuthorKind.STAFF, posted_at=clock.at - timedelta(hours=2),
        context=Context(text=f"{SPEED}\n\nBev Castellano: Who was it?", handle="Bev Castellano"), clock=clock,
    )  # fmt: skip


def _feed(clock: FixedClock, store: EvidenceStore) -> None:
    site = _site(LIBRARY)
    posted = clocks.town_time(clock.at - timedelta(hours=3)).isoformat(timespec="seconds")
    reply = {"text": HOURS, "author": site.title, "permalink": f"{site.address}/posts/hours"}
    lines = [{"version": 1, "posted_at": posted, "in_reply_to": reply, **line} for line in FEED]
    run_id = importing.start_lines(
        _coordinator(site, clock), site_id=site.id, file_name="library-comments.jsonl",
        file=io.BytesIO("\n".join(json.dumps(line) for line in lines).encode()), clock=clock,
    )  # fmt: skip
    importing.run_import(run_id, store=store, clock=clock)


def _from_a_review(clock: FixedClock, end: datetime) -> None:
    """What the newest review with findings found, captured ten minutes later."""
    site = _site(LIBRARY)
    live = (Site.state == SiteState.ACTIVE) & (Site.department == site.department)
    found = Review.select().join(Site).where(live & (Review.result == Result.FINDINGS))
    review = found.order_by(Review.done_at.desc()).first()
    if review is None:
        return
    clock.at = min(review.done_at + timedelta(minutes=10), end)
    reviews.open_case(
        _coordinator(review.site, clock), review.id,
        Seen(
            site_id=review.site_id, text="Official town grants for residents! Write to us to claim yours today.",
            permalink=f"{review.site.address}/posts/grants", handle="Charlton Town Grants",
        ),
        clock=clock,
    )  # fmt: skip
