"""Looking at sites, one or several at a time, and what a look leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from charlton_intranet.accounts.queries import business_calendar
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Actor
from charlton_intranet.moderation.rules import Captured, Source
from charlton_intranet.moderation.service import Seen, take_in
from charlton_intranet.reviews import queries
from charlton_intranet.reviews.models import Review, ReviewCase
from charlton_intranet.reviews.queries import Standing
from charlton_intranet.reviews.rules import Result, check_record, next_due

REVIEWED = audit.declare("site.reviewed", "kind", "due", "edition", "result", "note", "findings", "pieces")
CASE_FOUND = audit.declare("site.case_found", "review", "case")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a record left: its id, and when the site is to be looked at again."""

    review_id: int
    next_due: date


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody found on a site; ``due_on`` says which look is meant."""

    site_id: int
    due_on: date
    result: Result
    note: str = ""


@dataclass(frozen=True, slots=True)
class Several:
    """What was recorded of several looks, and why the others were not, by site."""

    recorded: dict[int, Recorded]
    refused: dict[int, str]


def record(actor: Actor, site_id: int, due_on: date, *, result: Result, note: str = "", clock: Clock) -> Recorded:
    """Record the look at a site that was due on ``due_on``.

    The same press twice is recorded once. Raises ``StaleState`` when a colleague recorded this one, or the
    due date has moved since the page was opened; ``Forbidden`` for those who only read.
    """
    with unit_of_work():
        standing = queries.standing(site_id)
        queries.must_record(actor, [standing.site], today(clock))
        return _Recording(actor, clock).record(standing, Look(site_id, due_on, result, note.strip()))


def record_several(actor: Actor, looks: Sequence[Look], *, clock: Clock) -> Several:
    """Record several looks at once. One that can not be recorded is named, and keeps none of the others back."""
    done = Several({}, {})
    with unit_of_work():
        standings = queries.standings_of([look.site_id for look in looks])
        queries.must_record(actor, [found.site for found in standings.values()], today(clock))
        recording = _Recording(actor, clock)
        for look in looks:
            try:
                done.recorded[look.site_id] = recording.record(_of(standings, look.site_id), look)
            except StaleState as refusal:
                done.refused[look.site_id] = str(refusal)
            except Invalid as refusal:
                done.refused[look.site_id] = " ".join(refusal.problems.values())
    return done


def _of(standings: Mapping[int, Standing], site_id: int) -> Standing:
    if site_id not in standings:
        raise NotFound
    return standings[site_id]


class _Recording:
    """Checks and writes looks inside the caller's unit of work; whatever is refused is refused before it writes.

    The caller has checked that the actor records the reviews of these sites.
    """

    def __init__(self, actor: Actor, clock: Clock) -> None:
        self.actor, self.clock = actor, clock
        self.day, self.calendar = today(clock), business_calendar()

    def record(self, standing: Standing, look: Look) -> Recorded:
        actor, site = self.actor, standing.site
        check_record(look.result, look.note)
        made = Review.get_or_none((Review.site == site.id) & (Review.due_on == look.due_on))
        if made is not None and (made.done_by_id, made.result, made.note) == (actor.person_id, look.result, look.note):
            return Recorded(made.id, standing.due)
        if made is not None or look.due_on != standing.due:
            raise StaleState("This review was recorded while you had it open. Nothing of yours was saved.")
        if self.day < standing.opens:
            raise Invalid({"due_on": f"This review can be recorded from {standing.opens:%B} {standing.opens.day} on."})
        return Recorded(self._write(look), next_due(site.cadence, self.day, self.calendar))

    def _write(self, look: Look) -> int:
        review_id = int(
            Review.insert(
                site=look.site_id, due_on=look.due_on, done_at=self.clock.now(), done_by=self.actor.person_id,
                result=look.result, note=look.note,
            ).execute()
        )  # fmt: skip
        audit.record(
            REVIEWED, self.actor, f"site:{look.site_id}", clock=self.clock,
            due=look.due_on, result=look.result, note=audit.digest_of(look.note),
        )  # fmt: skip
        return review_id


def open_case(actor: Actor, review_id: int, seen: Seen, *, clock: Clock) -> Captured:
    """Capture what a review found, and keep that it was found there; a post that is a case already is joined to it.

    Raises ``NotFound`` for a review that found nothing, and ``Invalid`` for the fields of the capture.
    """
    review = queries.findings(actor, review_id)
    if seen.site_id != review.site.id:
        raise Invalid({"site_id": f"This review was of {review.site.title}. Capture what stands elsewhere by itself."})
    with unit_of_work():
        captured = take_in(actor, seen, source=Source.REVIEW, clock=clock)
        ReviewCase.insert(review=review.id, case=captured.case_id).on_conflict(
            conflict_target=[ReviewCase.review, ReviewCase.case], action="NOTHING"
        ).execute()
        audit.record(CASE_FOUND, actor, f"site:{review.site.id}", clock=clock, review=review.id, case=captured.case_id)
        return captured
