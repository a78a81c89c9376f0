"""What heads advise without leaving My work: the words, the concern, and two fields."""

from charlton_intranet.core.errors import StaleState
from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.moderation import queries, service
from charlton_intranet.moderation.duties import ADVISE
from charlton_intranet.moderation.forms import AdviceForm
from charlton_intranet.moderation.rules import Position, Step
from charlton_intranet.policy.queries import categories
from charlton_intranet.web import context
from charlton_intranet.web.in_place import Asked, in_place


def _asked(actor: Actor, case_id: int) -> Asked:
    view = queries.case_view(actor, case_id)
    actor.must_have(Permission.ADVISE_CASE, view.department_id)
    if Step.ADVISE not in view.steps:
        raise StaleState(f"The case is “{view.state.label}” now, so no advice is asked for any more.")
    named = categories().by_letter
    letters = view.consultation.categories if view.consultation else ()
    return Asked({"case": view, "categories": [named[letter] for letter in letters if letter in named]}, view.version)


@in_place(ADVISE, record="case", form=AdviceForm, template="moderation/_advise_in_place.html", load=_asked)
def advise(form: AdviceForm, case_id: int, version: int) -> str:
    """The department head's advice on a case."""
    service.give_advice(
        context.actor(), case_id, version,
        position=Position(form.position.data), text=form.text.data or "", clock=context.clock(),
    )  # fmt: skip
    return f"Your advice on case {case_id} is on record. The Town Administrator has a mail and decides."
