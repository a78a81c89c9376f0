"""Handing the reviews of sites to a colleague for some days, and taking them back."""

from collections.abc import Collection
from datetime import date

from charlton_intranet.accounts.queries import names_of
from charlton_intranet.core import audit
from charlton_intranet.core.clock import Clock, today
from charlton_intranet.core.database import rows, unit_of_work, update_current
from charlton_intranet.core.errors import Forbidden, Invalid, NotFound, StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.reviews import queries
from charlton_intranet.reviews.models import HandedOver
from charlton_intranet.reviews.rules import check_hand_over
from charlton_intranet.sites.queries import SiteRef

HANDED_OVER = audit.declare("site.reviews_handed_over", "to", "starts", "ends", "note")
TAKEN_BACK = audit.declare("site.reviews_taken_back", "from")


def hand_over(
    actor: Actor,
    site_ids: Collection[int],
    person_id: int,
    *,
    starts: date,
    ends: date,
    note: str = "",
    clock: Clock,
) -> None:
    """Put the reviews of these sites into a colleague's hands from ``starts`` through ``ends``.

    The same again changes nothing. Raises ``Invalid`` for a colleague who can not, and for sites that are in
    somebody's hands on one of those days already.
    """
    note = note.strip()
    with unit_of_work():
        check_hand_over(site_ids, starts, ends, note, today(clock))
        standings = queries.standings_of(site_ids)
        if set(standings) != set(site_ids):
            raise NotFound
        sites = [found.site for found in standings.values()]
        for site in sites:
            _must_hand_over(actor, site, person_id, starts)
        there = _given(standings, starts, ends)
        if there == {(site.id, person_id, starts, ends) for site in sites}:
            return  # the button was pressed twice
        if there:
            taken = sorted(standings[site_id].site.title for site_id, *_ in there)
            raise Invalid({"sites": f"Handed over on some of these days already: {', '.join(taken)}."})
        for site in sites:
            HandedOver.insert(
                site=site.id, person=person_id, starts_on=starts, ends_on=ends, note=note,
                given_by=actor.person_id, given_at=clock.now(),
            ).execute()  # fmt: skip
            audit.record(
                HANDED_OVER, actor, f"site:{site.id}", clock=clock,
                to=person_id, starts=starts, ends=ends, note=audit.digest_of(note),
            )  # fmt: skip


def take_back(actor: Actor, hand_over_id: int, version: int, *, clock: Clock) -> None:
    """End a hand-over from today on: whoever may give it, or the colleague who has it."""
    with unit_of_work():
        found = HandedOver.get_or_none(HandedOver.id == hand_over_id)
        if found is None:
            raise NotFound
        department_id = found.site.department_id
        actor.must_see(Permission.READ_REVIEWS, department_id)
        if not queries.may_hand_over(actor, department_id) and found.person_id != actor.person_id:
            raise Forbidden
        if found.ended_on is not None:
            raise StaleState("This was taken back already.")
        update_current(HandedOver, hand_over_id, version, ended_on=today(clock))
        audit.record(TAKEN_BACK, actor, f"site:{found.site_id}", clock=clock, **{"from": found.person_id})


def _given(site_ids: Collection[int], starts: date, ends: date) -> set[tuple[int, int, date, date]]:
    """What is in somebody's hands on one of these days: site, person, first and last day of each hand-over."""
    h = HandedOver
    days = (h.starts_on <= ends) & (h.ends_on >= starts) & h.ended_on.is_null()
    query = h.select(h.site, h.person, h.starts_on, h.ends_on)
    return set(rows(query.where(days & h.site.in_(sorted(site_ids)))))


def _must_hand_over(actor: Actor, site: SiteRef, person_id: int, day: date) -> None:
    actor.must_see(Permission.READ_REVIEWS, site.department_id)
    if not queries.may_hand_over(actor, site.department_id):
        raise Forbidden("The department's Social Media Coordinator or its head hands its reviews over.")
    if person_id not in {contact.person_id for contact in queries.stand_ins(site.department_id, day)}:
        name = names_of([person_id]).get(person_id, "This person")
        raise Invalid(
            {
                "person": f"{name} is neither coordinator nor head of {site.department_name} on that day. "
                "Somebody else is named acting coordinator first."
            }
        )
