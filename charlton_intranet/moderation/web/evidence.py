"""The evidence on the case page: what is kept, more of it, what failed, and another look at the live post."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from charlton_intranet.core.permissions import Actor, Permission
from charlton_intranet.evidence.inspect import ACCEPT
from charlton_intranet.evidence.models import Failing
from charlton_intranet.evidence.queries import PieceFacts, facts_of
from charlton_intranet.moderation.forms.preserving import EvidenceForm, FailedForm, LookForm
from charlton_intranet.moderation.queries import CaseView, pieces_of
from charlton_intranet.moderation.queries.looks import LookView, looks_of
from charlton_intranet.moderation.rules import Step
from charlton_intranet.moderation.rules.looks import Part, Seen, compare
from charlton_intranet.moderation.service import preserving
from charlton_intranet.moderation.web.cases import attempt
from charlton_intranet.moderation.web.sections import section
from charlton_intranet.moderation.web.shared import CASE, blueprint
from charlton_intranet.moderation.web.story import StepLine, chapter, step_line
from charlton_intranet.moderation.web.uploads import take_evidence, take_picture
from charlton_intranet.web import context
from charlton_intranet.web.guard import needs

P = Permission


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """What the page shows: facts by piece, each look with the words compared, and what the viewer may do.

    ``gone`` is the last look when it found nothing, and the case can be closed as vanished for it.
    """

    facts: dict[int, PieceFacts]
    looks: tuple[tuple[LookView, tuple[Part, ...]], ...]
    damaged: tuple[int, ...]
    gone: LookView | None
    may_add: bool
    accept: str = ACCEPT


@section(
    "evidence",
    forms={
        "add_evidence": lambda _case: EvidenceForm(formdata=None),
        "failed": lambda case: FailedForm(formdata=None).offer(case.pieces),
        "look": lambda _case: LookForm(formdata=None),
    },
    in_queue=True,
)
def load(actor: Actor, case: CaseView) -> EvidencePart:
    """Two queries, one without pieces."""
    facts = facts_of([piece.id for piece in case.pieces])
    looks = looks_of(case.id)
    last = looks[-1] if looks else None
    return EvidencePart(
        facts=facts,
        looks=tuple((look, compare(case.text, look.words) if look.words else ()) for look in looks),
        damaged=tuple(piece_id for piece_id, known in facts.items() if known.damage),
        gone=last if last and last.seen is Seen.GONE and Step.VANISH in case.steps else None,
        may_add=actor.may(P.PRESERVE_EVIDENCE, case.department_id),
    )


@chapter
def looks_told(case: CaseView) -> Iterable[StepLine]:
    """A look that found something else than was captured; one that found the same is told beside the evidence."""
    for look in looks_of(case.id):
        if look.seen is not Seen.SAME:
            what = "It has changed since it was captured." if look.seen is Seen.CHANGED else "It was gone."
            yield step_line("Looked again", look.by, look.at, what)


@blueprint.post(f"{CASE}/evidence")
@needs(P.PRESERVE_EVIDENCE)
def add_evidence(case_id: int) -> ResponseReturnValue:
    """More pieces."""
    form = EvidenceForm()

    def act(version: int) -> None:
        preserving.add_evidence(
            context.actor(), case_id, version,
            uploads=take_evidence(form.evidence.data, "evidence"), clock=context.clock(),
        )  # fmt: skip

    return attempt(case_id, "add_evidence", form, act, "It is with the case.", answered=False)


@blueprint.post(f"{CASE}/failed")
@needs(P.PRESERVE_EVIDENCE)
def replace_failed(case_id: int) -> ResponseReturnValue:
    """A capture that shows nothing, something else, or only a part."""
    form = FailedForm().offer(pieces_of(case_id))

    def act(version: int) -> None:
        taken = take_evidence([form.replacement.data], "replacement")
        preserving.replace_failed(
            context.actor(), case_id, version, piece_id=form.piece.data or 0, why=Failing(form.why.data),
            reason=form.reason.data or "", upload=taken[0] if taken else None, clock=context.clock(),
        )  # fmt: skip

    return attempt(case_id, "failed", form, act, "It is marked as failed, and stays with the case.", answered=False)


@blueprint.post(f"{CASE}/look-again")
@needs(P.PRESERVE_EVIDENCE)
def look_again(case_id: int) -> ResponseReturnValue:
    """The live post held against what was captured."""
    form = LookForm()

    def act(version: int) -> None:
        taken = take_picture(form.picture.data, "picture")
        preserving.look_again(
            context.actor(), case_id, version, seen=Seen(form.seen.data), words=form.words.data or "",
            remark=form.remark.data or "", upload=taken, store=context.parts().store, clock=context.clock(),
        )  # fmt: skip

    return attempt(case_id, "look", form, act, "What you saw is with the case.", answered=False)
