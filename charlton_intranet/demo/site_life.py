"""The demo town's sites over the years: approvals renewed, records changed, a network that lost its approval."""

from dataclasses import dataclass

from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo import cast
from charlton_intranet.demo.sites import LIBRARY, POLICE, Play, line, run
from charlton_intranet.sites.models import Network
from charlton_intranet.sites.rules import Cadence, Closing, NetworkKind, SiteFacts
from charlton_intranet.sites.service import approvals, living, networks
from charlton_intranet.sites.service.proofs import ProofFacts

LIBRARY_PAGE, PICTURES, FILMS = "Charlton Public Library", "Library in Pictures", "Library Films"
POLICE_PAGE, ALERTS = "Charlton Police", "Police Alerts"


@dataclass(frozen=True, slots=True)
class Life(Play):
    """What happens to a site after its approval, by title."""

    def change(self, head: str, title: str, *, purpose: str = "", audience: str = "", plan: str = "") -> None:
        found = self.site(title)
        facts = SiteFacts(
            address=found.address,
            title=found.title,
            account_email=found.account_email,
            purpose=purpose or found.purpose,
            audience=audience or found.audience,
            plan=plan or found.plan,
            cadence=found.cadence,
        )
        approvals.change_record(
            self.who(head), found.id, found.version, facts, domains=(cast.DOMAIN,), clock=self.clock
        )

    def confirm(self, title: str, note: str) -> None:
        found, actor = self.site(title), self.who("administrator")
        approvals.confirm_change(actor, found.id, found.version, note=note, clock=self.clock)

    def refuse(self, title: str, reason: str) -> None:
        found, actor = self.site(title), self.who("administrator")
        approvals.refuse_change(actor, found.id, found.version, reason=reason, clock=self.clock)

    def answer(self, head: str, title: str, note: str = "", *, needed: bool = True) -> None:
        found = self.site(title)
        approvals.answer_need(self.who(head), found.id, found.version, needed=needed, note=note, clock=self.clock)

    def renew(self, title: str) -> None:
        found = self.site(title)
        approvals.renew(self.who("administrator"), found.id, found.version, clock=self.clock)

    def show(self, box: str, title: str, step: Closing, note: str) -> None:
        found = self.site(title)
        living.show_closing(self.who(box), found.id, found.version, step, ProofFacts(note=note), clock=self.clock)

    def propose_anew(self, box: str, name: str, reason: str) -> None:
        found = Network.get(Network.name == name)
        networks.propose_anew(self.who(box), found.id, found.version, reason=reason, clock=self.clock)


SCRIPT = (
    # Renewed last year; one asked again now, one answered, one no longer needed and overdue.
    line(352, Life.answer, LIBRARY, LIBRARY_PAGE, "Cody still posts three times a week."),
    line(349, Life.renew, LIBRARY_PAGE),
    line(155, Life.answer, LIBRARY, PICTURES),
    line(150, Life.renew, PICTURES),
    line(345, Life.answer, POLICE, POLICE_PAGE),
    line(341, Life.renew, POLICE_PAGE),
    line(3, Life.answer, POLICE, POLICE_PAGE, "Used every day; the plan holds."),
    line(2, Life.answer, POLICE, ALERTS, "Alerts go out through the county's own system now.", needed=False),
    # Changes of the record: one confirmed, one to be set back, one that waits.
    line(200, Life.change, POLICE, POLICE_PAGE, audience="Residents of Charlton and everybody who passes through"),
    line(198, Life.confirm, POLICE_PAGE, "Fine: travelers read the road notices."),
    line(9, Life.change, LIBRARY, LIBRARY_PAGE, purpose="News of the library and of its Friends' book sales."),
    line(6, Life.refuse, LIBRARY_PAGE, "The Friends are a private group; their sales are advertising (3.6-3 D)."),
    line(5, Life.change, LIBRARY, PICTURES, plan="Three pictures a week from events, with descriptions."),
    # A network that lost its approval while a site is in use on it, and one that is proposed anew.
    line(290, Life.propose, LIBRARY, "Vimeo", NetworkKind.VIDEO, "vimeo.com"),
    line(287, Life.assess, "Vimeo"),
    line(285, Life.decide_network, "Vimeo"),
    line(
        280, Life.ask, LIBRARY, FILMS, "https://vimeo.com/charltonlibrary",
        plan="Recorded readings, one a month, with captions.", cadence=Cadence.MONTHLY,
    ),
    line(277, Life.advise, FILMS),
    line(275, Life.decide, FILMS),
    line(273, Life.activate, LIBRARY, FILMS),
    line(4, Life.withdraw_network, "Vimeo", "Its new terms let it train on what we publish."),
    line(
        2, Life.show, "coordinator.library", FILMS, Closing.LAST_CAPTURE,
        "All nine films with their captions are on the library's drive.",
    ),
    line(
        1, Life.show, "it", FILMS, Closing.CREDENTIALS_HANDED_OVER, "I hold the sign-in and have changed its password."
    ),
    line(170, Life.propose, POLICE, "Bluesky", NetworkKind.MICROBLOG, "bsky.app"),
    line(166, Life.assess, "Bluesky", "There is no way yet to show that an account is a public body's."),
    line(163, Life.decide_network, "Bluesky", approve=False, reason="People could not tell our page from a copy."),
    line(1.5, Life.propose_anew, POLICE, "Bluesky", "Accounts can now carry the town's own domain as their name."),
)  # fmt: skip


def load(clock: FixedClock, _store: EvidenceStore) -> None:
    """Play what came after the approvals."""
    run(clock, Life(clock), SCRIPT)
