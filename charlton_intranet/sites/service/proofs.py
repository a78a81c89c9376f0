"""Proofs: what shows that something was done on a site."""

from dataclasses import dataclass

from charlton_intranet.core.clock import Clock
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.files import keep
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import Stored
from charlton_intranet.core.uploads import Upload
from charlton_intranet.sites.models import Proof
from charlton_intranet.sites.rules import host_of


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """What somebody handed in: a link, a note, a picture that lies in the store already; or nothing of them."""

    link: str = ""
    note: str = ""
    picture: tuple[Upload, Stored] | None = None

    @property
    def given(self) -> bool:
        return bool(self.link.strip() or self.note.strip() or self.picture)


def keep_proof(actor: Actor, site_id: int, facts: ProofFacts, *, clock: Clock) -> int:
    """Write a proof inside the caller's unit of work; returns its id. The caller has authorised it for the site.

    Raises ``Invalid`` for ``note`` when nothing was handed in, and for ``link``.
    """
    link, note = facts.link.strip(), facts.note.strip()
    if not facts.given:
        raise Invalid({"note": "Show it: paste a link, add a picture, or say in words what you saw."})
    if link and not (link.startswith(("https://", "http://")) and host_of(link)):
        raise Invalid({"link": "Paste the whole address, starting with https://."})
    picture_id = None
    if facts.picture is not None:
        upload, stored = facts.picture
        picture_id = keep(stored, media_type=upload.media_type, file_name=upload.file_name, clock=clock)
    row = Proof.insert(
        site=site_id,
        link=link,
        note=note,
        picture=picture_id,
        added_by=actor.person_id,
        added_at=clock.now(),
    )
    return int(row.execute())
