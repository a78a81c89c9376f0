"""Cases as a test needs them, taken there by the real use cases."""

import io
from typing import Any

from PIL import Image

from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload, inspect_picture
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Case
from charlton_intranet.moderation.rules import CaseState, Outcome, Position
from charlton_intranet.sites.models import Site
from tests.conftest import Town
from tests.sites import factories as sites

WORDS = "Somebody ought to burn that branch down tonight, and I have the matches."


def site(town: Town, department: str = "Library") -> Site:
    """The department's site, made when it is not there."""
    handle = f"Charlton{department}"
    return Site.get_or_none(Site.handle == handle) or sites.site(
        town, department, handle=handle, title=f"Charlton {department}"
    )


def coordinator(town: Town, department: str = "Library") -> Actor:
    return town.actor(f"coordinator.{department.lower()}")


def picture(colour: str = "navy", size: tuple[int, int] = (8, 6), picture_format: str = "PNG") -> bytes:
    """The bytes of a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, picture_format)
    return out.getvalue()


def upload(town: Town, colour: str = "navy") -> tuple[Upload, Stored]:
    """A picture that was looked at and stored, as a view hands it on."""
    found = inspect_picture(picture(colour), f"{colour}.png", field="screenshots")
    return found, town.parts.store.put(found.data)


def case(town: Town, text: str = WORDS, *, department: str = "Library", **facts: Any) -> Case:
    """An open case."""
    captured = service.capture(
        coordinator(town, department), site_id=site(town, department).id, text=text, clock=town.clock, **facts
    )
    return Case.get_by_id(captured.case_id)


def copies(case: Case, count: int) -> None:
    """Many more cases in the same state, in one statement: for what has to cost the same at any size."""
    facts: dict[str, Any] = Case.select().where(Case.id == case.id).dicts().get()  # type: ignore[assignment]
    same = {name: value for name, value in facts.items() if name not in {"id", "seal"}}
    Case.insert_many([{**same, "text": f"Words {n}"} for n in range(count)]).execute()


def again(case: Case) -> Case:
    """The case as it is now."""
    return Case.get_by_id(case.id)


def consulting(town: Town, text: str = WORDS, *, department: str = "Library", **facts: Any) -> Case:
    """A case whose head has been asked."""
    opened = case(town, text, department=department, **facts)
    service.raise_concern(
        coordinator(town, department), opened.id, opened.version, concern="A threat to set fire to the branch.",
        categories={"J"}, uploads=[upload(town)], store=town.parts.store, clock=town.clock,
    )  # fmt: skip
    return again(opened)


def advised(town: Town, text: str = WORDS, *, department: str = "Library", **facts: Any) -> Case:
    """A case that waits for the Town Administrator."""
    asked = consulting(town, text, department=department, **facts)
    service.give_advice(
        town.actor(f"head.{department.lower()}"), asked.id, asked.version, position=Position.VIOLATION,
        text="A reasonable person would fear this.", clock=town.clock,
    )  # fmt: skip
    return again(asked)


def determine(
    town: Town, case: Case, outcome: Outcome = Outcome.REMOVE, *, by: str = "administrator", **other: Any
) -> Case:
    """The Town Administrator's determination, right in every field that ``other`` does not replace."""
    facts: dict[str, Any] = {
        "categories": {"J"},
        "quote": "burn that branch down",
        "reason": "These words threaten to set fire to a named building tonight.",
        "same_if_praise": True,
    }
    service.determine(
        town.actor(by), case.id, case.version, outcome=outcome, clock=town.clock, **(facts | other)
    )  # fmt: skip
    return again(case)


def determined(town: Town, text: str = WORDS, *, department: str = "Library", **facts: Any) -> Case:
    """A case whose removal is ordered."""
    return determine(town, advised(town, text, department=department, **facts))


def closed(town: Town, text: str = WORDS, *, department: str = "Library", **facts: Any) -> Case:
    """A case whose content is gone."""
    ordered = determined(town, text, department=department, **facts)
    service.carry_out(
        coordinator(town, department), ordered.id, ordered.version, upload=upload(town, "white"), clock=town.clock
    )
    return again(ordered)


def in_state(town: Town, state: CaseState) -> Case:
    """A case in ``state``, if a case ever rests there."""
    if state is CaseState.OPEN:
        return case(town)
    if state in {CaseState.DISMISSED, CaseState.VANISHED}:
        opened = case(town)
        actor = coordinator(town)
        if state is CaseState.DISMISSED:
            service.dismiss(actor, opened.id, opened.version, clock=town.clock)
        else:
            service.mark_vanished(actor, opened.id, opened.version, note="Gone at noon.", clock=town.clock)
        return again(opened)
    return {
        CaseState.CONSULTING: consulting,
        CaseState.ADVISED: advised,
        CaseState.DETERMINED: determined,
        CaseState.CLOSED: closed,
    }[state](town)


RESTING = (
    CaseState.OPEN,
    CaseState.DISMISSED,
    CaseState.VANISHED,
    CaseState.CONSULTING,
    CaseState.ADVISED,
    CaseState.DETERMINED,
    CaseState.CLOSED,
)
