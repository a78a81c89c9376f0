"""A look that found nothing, recorded without leaving My work."""

from datetime import date

from charlton_intranet.core.permissions import Actor
from charlton_intranet.reviews import queries, service
from charlton_intranet.reviews.duties import REVIEW_SITE
from charlton_intranet.reviews.forms import CleanForm
from charlton_intranet.reviews.rules import CHECKLIST, Result
from charlton_intranet.web import context
from charlton_intranet.web.filters import day
from charlton_intranet.web.in_place import Asked, in_place


def _due(actor: Actor, site_id: int) -> Asked:
    found = queries.standing(site_id)
    queries.must_record(actor, [found.site], context.today())
    opens = found.opens if context.today() < found.opens else None
    return Asked({"site": found.site, "checklist": CHECKLIST, "opens": opens}, version=0, data={"due_on": found.due})


@in_place(REVIEW_SITE, record="site", form=CleanForm, template="reviews/_look_in_place.html", load=_due)
def looked(form: CleanForm, site_id: int, _version: int) -> str:
    """Record that somebody looked and found nothing to act on."""
    made = service.record(
        context.actor(), site_id, form.due_on.data or date.min, result=Result.CLEAN, clock=context.clock()
    )
    return f"Recorded: nothing to act on. The next one is due {day(made.next_due)}."
