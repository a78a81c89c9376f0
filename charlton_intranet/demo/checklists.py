"""The demo town's checklists: renewed over two years, and today one of each: in order, due, run out, failing, a draft.

The checks that let a site go live are played with the sites.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from PIL import Image, ImageDraw, ImageFont

from charlton_intranet.core import clock as clocks
from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.database import database
from charlton_intranet.core.permissions import Actor
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.core.uploads import inspect_picture
from charlton_intranet.demo import cast
from charlton_intranet.sites.models import Site
from charlton_intranet.sites.queries.checks import line_sheet, open_check
from charlton_intranet.sites.rules.checklists import Answer, ChecklistKind
from charlton_intranet.sites.service import checklists as service
from charlton_intranet.sites.service.checklists import LineFacts
from charlton_intranet.sites.service.proofs import ProofFacts

A, C = ChecklistKind.AUTHENTICITY, ChecklistKind.CONTROLS
SEEN = {
    "official_email": "Account settings, contact: the department's town address.",
    "contact_email": "The picture shows the page's contact information.",
    "contact_official": "“Official Town account” is the first line of the description.",
    "contact_link": "Leads to the department's page on the Town's website.",
    "identity": "The Town seal is the profile picture.",
    "guideline": "Pinned in the description; opens without signing in.",
    "second_factor": "Settings, security: both administrators have an authenticator app.",
    "password": "Kept in the password manager, folder Social Media; made there with 24 characters.",
    "recovery": "Recovery goes to the department's town mailbox and the desk phone.",
    "administrators": "Two people and the Town's own account are on the list.",
    "devices": "The desk computer and the town phone were updated this month.",
    "apps": "Only the Town's calendar is connected.",
    "alerts": "Alerts of new sign-ins go to the department's mailbox.",
}
Lines = Mapping[str, LineFacts]
NOTHING: Lines = {}


def no(words: str) -> LineFacts:
    """A line that is not in order."""
    return LineFacts(Answer.NO, proof=ProofFacts(note=words))


@dataclass(frozen=True, slots=True)
class Play:
    """The demo's clock and store; sites are named by their titles, people by their mailboxes."""

    clock: FixedClock
    store: EvidenceStore

    def who(self, box: str) -> Actor:
        return cast.actor(box, clocks.today(self.clock))

    def answer(
        self,
        box: str,
        title: str,
        kind: ChecklistKind,
        lines: Lines = NOTHING,
        *,
        only: Iterable[str] | None = None,
        anew: bool = False,
    ) -> None:
        """A check in which every line but ``lines`` is still so, or seen ``anew``; with ``only`` the draft of one."""
        actor, site = self.who(box), site_id(title)
        found = open_check(actor, site, kind)
        still = {
            key: LineFacts(kept=True)
            if found.kept(key) and not anew
            else LineFacts(Answer.YES, proof=ProofFacts(note=SEEN[key]))
            for key in (found.lines if only is None else only)
        }
        service.answer(
            actor, site, kind, number=found.number, version=found.version, lines={**still, **lines},
            complete=only is None, clock=self.clock,
        )  # fmt: skip

    def mend(self, box: str, title: str, kind: ChecklistKind, line: str, note: str) -> None:
        actor, site = self.who(box), site_id(title)
        run = line_sheet(actor, site, kind, line).run
        if run is None:
            raise LookupError(f"{title} has no check of {kind}")
        service.mend(
            actor, site, kind, line, number=run.number, version=run.version,
            proof=ProofFacts(note=note), clock=self.clock,
        )  # fmt: skip

    def advise(self, title: str, kind: ChecklistKind, line: str, text: str) -> None:
        service.advise(self.who("it"), site_id(title), kind, line, text=text, clock=self.clock)

    def shown(self, note: str, name: str, words: Iterable[str]) -> LineFacts:
        """A yes with a picture."""
        upload = inspect_picture(card(words), f"{name}.png", field="picture")
        return LineFacts(Answer.YES, proof=ProofFacts(note=note, picture=(upload, self.store.put(upload.data))))


def site_id(title: str) -> int:
    """A site of the demo by its title."""
    return int(Site.get(Site.title == title).id)


def card(words: Iterable[str]) -> bytes:
    """A page's contact information as a network might show it."""
    picture = Image.new("RGB", (560, 200), "#f5f6f7")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((10, 10, 550, 190), 12, fill="white", outline="#d0d4d9")
    draw.multiline_text((32, 36), "\n".join(words), fill="#1b1b1b", font=ImageFont.load_default(20), spacing=14)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


Act = Callable[[Play], None]
LIBRARY, PICTURES, POLICE, ALERTS = "Charlton Public Library", "Library in Pictures", "Charlton Police", "Police Alerts"
# How many days ago each checklist was answered, the first of them after the site went live.
RENEWED: tuple[tuple[str, str, ChecklistKind, tuple[int, ...]], ...] = (
    ("coordinator.library", LIBRARY, A, (340,)),
    ("coordinator.library", LIBRARY, C, (618, 534, 450, 366, 249, 165)),
    ("coordinator.library", PICTURES, A, (165,)),
    ("it", PICTURES, C, (430, 346, 262, 178, 94)),
    ("coordinator.police", POLICE, A, (352,)),
    ("coordinator.police", POLICE, C, (619, 535, 451, 367, 283, 190, 98)),
    ("coordinator.police", ALERTS, A, (41,)),
    ("it", ALERTS, C, (310, 226, 142, 58)),
)


def script(play: Play) -> list[tuple[float, Act]]:
    """Everything that happened, as days before today and what was done."""
    renewals: list[tuple[float, Act]] = [
        (days, partial(Play.answer, box=box, title=title, kind=kind, anew=days == ages[0]))
        for box, title, kind, ages in RENEWED
        for days in ages
    ]
    contact = (LIBRARY, "library@charlton.example", "Official Town account", "charlton.example/library")
    page = play.shown(SEEN["contact_email"], "contact", contact)
    return [
        *renewals,
        # In order, after a line was mended; a picture shows it.
        (20, lambda p: p.answer("coordinator.library", LIBRARY, A, {
            "contact_email": page, "guideline": no("The link in the description still leads to the old website."),
        })),
        (17, lambda p: p.mend("coordinator.library", LIBRARY, A, "guideline", "Changed; opened it on my own phone.")),
        # Due soon, and begun.
        (82, lambda p: p.answer("coordinator.library", LIBRARY, C)),
        (1, lambda p: p.answer("it", LIBRARY, C, only=("second_factor", "password", "administrators"))),
        # Failing on both, one of them with advice; the network has nothing to say for one line.
        (4, lambda p: p.answer("coordinator.library", PICTURES, A, {
            "contact_official": LineFacts(
                Answer.DOES_NOT_APPLY, proof=ProofFacts(note="The profile takes 150 characters; seal and link fill it.")
            ),
            "guideline": no("The profile has room for one link only, and it leads to the catalog."),
        })),
        (3, lambda p: p.answer("coordinator.library", PICTURES, C, {
            "recovery": no("Recovery texts go to the former assistant's own phone."),
        })),
        (2, lambda p: p.advise(
            PICTURES, C, "recovery",
            "Put in the desk phone's number first, then take the old one out. I can sit with you on Tuesday.",
        )),
        # Why the alerts are stopped.
        (14, lambda p: p.answer("it", ALERTS, C, {
            "second_factor": no("The second administrator signs in with a password alone."),
        })),
    ]  # fmt: skip


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """Play the renewals of every live site up to today."""
    end, play = clock.at, Play(clock, store)
    with database.atomic():  # many small units of work, made durable together
        for days, act in sorted(script(play), key=lambda entry: -entry[0]):
            clock.at = _workday(end - timedelta(days=days))
            act(play)
    clock.at = end


def _workday(moment: datetime) -> datetime:
    """The moment itself, or the Friday before."""
    return moment - timedelta(days=max(0, clocks.town_time(moment).weekday() - 4))
